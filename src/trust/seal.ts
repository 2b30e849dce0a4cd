/**
 * Sealed quotes: JWE (RFC 7516) under a key only the gateway has, so that a quote costs no write, cannot be
 * changed, and shows its holder nothing of routes and margins. jose does the format.
 */
import { CompactEncrypt, compactDecrypt } from 'jose'
import { packJson, unpackJson } from '../domain/pack.ts'
import type { Terms } from '../domain/quote.ts'
import { bytesOf } from './keys.ts'

/** Keys by id, the first one seals; the others still open what they sealed until it has expired. */
export interface SealKeys {
  readonly sealing: string
  readonly keys: ReadonlyMap<string, Uint8Array>
}

/** @param stored `{ "id": "base64 of 32 bytes", … }`, the first entry seals */
export function sealKeys(stored: Readonly<Record<string, string>>): SealKeys {
  const entries = Object.entries(stored).map(([id, key]) => [id, bytesOf(key)] as const)
  const [first] = entries
  if (first === undefined) throw new Error('SEAL_KEYS holds no key')
  return { sealing: first[0], keys: new Map(entries) }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export async function seal(terms: Terms, { sealing, keys }: SealKeys): Promise<string> {
  const key = keys.get(sealing)
  if (key === undefined) throw new Error(`no seal key ${sealing}`)
  return new CompactEncrypt(encoder.encode(packJson(terms)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: sealing })
    .encrypt(key)
}

/** The terms, or null when the token was not sealed here or has been changed. */
export async function unseal(token: string, { keys }: SealKeys): Promise<Terms | null> {
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
    return unpackJson<Terms>(decoder.decode(plaintext))
  } catch {
    return null
  }
}
