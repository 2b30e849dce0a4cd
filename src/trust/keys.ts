/** Keys as WebCrypto wants them: imported once and kept, because an import costs as much as a signature. */
import type { InstitutionKey, SignatureAlgorithm } from '../domain/institution.ts'

const parameters = {
  ed25519: { importing: { name: 'Ed25519' }, using: { name: 'Ed25519' } },
  'ecdsa-p256-sha256': {
    importing: { name: 'ECDSA', namedCurve: 'P-256' },
    using: { name: 'ECDSA', hash: 'SHA-256' },
  },
} as const satisfies Record<SignatureAlgorithm, unknown>

/** A private key that signs for one institution, or for the gateway itself. */
export interface SigningKey {
  readonly id: string
  readonly institution: string
  readonly algorithm: SignatureAlgorithm
  readonly key: CryptoKey
}

/** A public key that verifies for one institution. */
export interface VerifyingKey {
  readonly id: string
  readonly algorithm: SignatureAlgorithm
  readonly key: CryptoKey
}

/** A key pair as it is stored: both halves base64, PKCS #8 and SubjectPublicKeyInfo. */
export interface StoredKeyPair {
  readonly id: string
  readonly institution: string
  readonly algorithm: SignatureAlgorithm
  readonly privateKey: string
  readonly publicKey: string
}

export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))

export const base64Of = (bytes: ArrayBuffer | Uint8Array): string =>
  btoa(String.fromCharCode(...(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes))))

export async function makeKeyPair(
  id: string,
  institution: string,
  algorithm: SignatureAlgorithm,
): Promise<StoredKeyPair> {
  const pair = (await crypto.subtle.generateKey(parameters[algorithm].importing, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const [privateKey, publicKey] = (await Promise.all([
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
    crypto.subtle.exportKey('spki', pair.publicKey),
  ])) as [ArrayBuffer, ArrayBuffer]
  return {
    id,
    institution,
    algorithm,
    privateKey: base64Of(privateKey),
    publicKey: base64Of(publicKey),
  }
}

export async function signingKey(stored: StoredKeyPair): Promise<SigningKey> {
  const { id, institution, algorithm } = stored
  const form = parameters[algorithm].importing
  const key = await crypto.subtle.importKey('pkcs8', bytesOf(stored.privateKey), form, false, [
    'sign',
  ])
  return { id, institution, algorithm, key }
}

const imported = new Map<string, VerifyingKey>()

/** Imports a published key, or gives the one imported before. The cache is keyed by content, so a changed key is never stale. */
export async function verifyingKey(
  key: Pick<InstitutionKey, 'id' | 'algorithm' | 'publicKey'>,
): Promise<VerifyingKey> {
  const known = imported.get(key.publicKey)
  if (known !== undefined && known.id === key.id) return known
  const form = parameters[key.algorithm].importing
  const made: VerifyingKey = {
    id: key.id,
    algorithm: key.algorithm,
    key: await crypto.subtle.importKey('spki', bytesOf(key.publicKey), form, true, ['verify']),
  }
  if (imported.size >= 10_000) imported.clear()
  imported.set(key.publicKey, made)
  return made
}

export const sign = async (key: SigningKey, bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(
    await crypto.subtle.sign(
      parameters[key.algorithm].using,
      key.key,
      bytes as Uint8Array<ArrayBuffer>,
    ),
  )

/** Both algorithms' signatures have this many bytes (RFC 8032, and r and s of RFC 9421, section 3.3.4). */
const SIGNATURE_BYTES = 64

/** False also for a signature of another length, at which workerd throws. */
export const verify = async (
  key: VerifyingKey,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> =>
  signature.length === SIGNATURE_BYTES &&
  crypto.subtle.verify(
    parameters[key.algorithm].using,
    key.key,
    signature as Uint8Array<ArrayBuffer>,
    bytes as Uint8Array<ArrayBuffer>,
  )
