/** Content-Digest (RFC 9530): which bytes a signature speaks of. */
import { base64Of } from './keys.ts'

export const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))

/** The header's value for a body: `sha-256=:…:`. */
export const contentDigest = async (body: Uint8Array): Promise<string> =>
  `sha-256=:${base64Of(await sha256(body))}:`

/** Whether the header holds the body's SHA-256, alone or beside digests of other algorithms. */
export async function digestMatches(header: string, body: Uint8Array): Promise<boolean> {
  const expected = await contentDigest(body)
  return header.split(',').some(member => member.trim() === expected)
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

/** Names a scanned code without repeating it: half of its SHA-256, which no two codes share. */
export const codeHashOf = async (code: string): Promise<string> =>
  hexOf((await sha256(new TextEncoder().encode(code))).subarray(0, 16))
