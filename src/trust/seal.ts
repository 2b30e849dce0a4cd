/**
 * Sealed quotes: JWE (RFC 7516) under a key only the gateway has, so that a quote costs no write, cannot be
 * changed, and shows its holder nothing of routes and margins. jose does the format.
 */
import { CompactEncrypt, compactDecrypt } from 'jose'
import { packJson, unpackJson } from '../domain/pack.ts'
import { QUOTE_SHAPE, type Quoted, type SealedTerms } from '../domain/quote.ts'
import { bytesOf } from './keys.ts'

/** Keys by id, the first one seals; the others still open what they sealed until it has expired. */
export interface SealKeys {
  readonly sealing: string
  readonly keys: ReadonlyMap<string, Promise<CryptoKey>>
}

/** Imported once: jose would import bytes anew for every token. */
const importKey = (base64: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytesOf(base64), 'AES-GCM', false, ['encrypt', 'decrypt'])

/** @param stored `{ "id": "base64 of 32 bytes", … }`, the first entry seals */
export function sealKeys(stored: Readonly<Record<string, string>>): SealKeys {
  const entries = Object.entries(stored).map(([id, key]) => [id, importKey(key)] as const)
  const [first] = entries
  if (first === undefined) throw new Error('SEAL_KEYS holds no key')
  return { sealing: first[0], keys: new Map(entries) }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const seal = (terms: Quoted, keys: SealKeys): Promise<string> =>
  sealValue({ v: QUOTE_SHAPE, ...terms } satisfies SealedTerms, keys)

/**
 * The terms, or null when the token was not sealed here, has been changed, is no quote, or is one of another shape:
 * a release that changes the shape ends the quotes before it, which live five minutes anyway.
 */
export async function unseal(token: string, keys: SealKeys): Promise<Quoted | null> {
  const sealed = await unsealValue<SealedTerms>(token, keys)
  if (sealed?.v !== QUOTE_SHAPE) return null
  const { v: _, ...terms } = sealed
  return terms
}

/** Seals anything of ours; what it is must be told by its own fields, because one key seals all. */
export async function sealValue(value: object, { sealing, keys }: SealKeys): Promise<string> {
  const key = keys.get(sealing)
  if (key === undefined) throw new Error(`no seal key ${sealing}`)
  return new CompactEncrypt(encoder.encode(packJson(value)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: sealing })
    .encrypt(await key)
}

/** What was sealed, or null when it was not sealed here or has been changed. */
export async function unsealValue<T>(token: string, { keys }: SealKeys): Promise<T | null> {
  try {
    const { plaintext } = await compactDecrypt(
      token,
      header => {
        const key = header.kid === undefined ? undefined : keys.get(header.kid)
        if (key === undefined) throw new Error('unknown key')
        return key
      },
      { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
    )
    return unpackJson<T>(decoder.decode(plaintext))
  } catch {
    return null
  }
}
