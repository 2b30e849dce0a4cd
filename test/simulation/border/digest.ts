/**
 * Stands for `src/trust/digest.ts`: the same SHA-256, at once. WebCrypto answers from another thread, and the order in
 * which threads finish is no part of a seed.
 */
import { createHash } from 'node:crypto'

export const sha256 = (bytes: Uint8Array): Promise<Uint8Array> =>
  Promise.resolve(new Uint8Array(createHash('sha256').update(bytes).digest()))

export const contentDigest = async (body: Uint8Array): Promise<string> =>
  `sha-256=:${createHash('sha256').update(body).digest('base64')}:`

export const digestMatches = async (header: string, body: Uint8Array): Promise<boolean> =>
  header === (await contentDigest(body))

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export const codeHashOf = async (code: string): Promise<string> =>
  createHash('sha256').update(code).digest('hex').slice(0, 32)
