/** An identity service for tests: its key, tokens of any shape, and its published keys. */
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export const ISSUER = 'https://team.example'
export const AUDIENCE = 'console'

/** `undefined` leaves one out. */
export type Claims = Readonly<Record<string, unknown>>

export async function makeIssuer(alg: 'ES256' | 'RS256' = 'ES256', kid = 'key-1') {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }] }
  /** A good token for `now`, or one with these claims and headers instead. */
  const token = (
    now: number,
    claims: Claims = {},
    header: { alg?: string; kid?: string } = {},
    key: CryptoKey | Uint8Array = privateKey,
  ) => {
    const at = Math.floor(now / 1_000)
    const good = { iss: ISSUER, aud: [AUDIENCE], sub: 'mei', iat: at, nbf: at, exp: at + 600 }
    return new SignJWT({ ...good, email: 'mei@ops.example', ...claims } as JWTPayload)
      .setProtectedHeader({ alg, kid, ...header })
      .sign(key)
  }
  return { jwks, keys: createLocalJWKSet(jwks), token }
}
