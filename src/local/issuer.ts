/**
 * The identity service of the box: what Cloudflare Access is in production. It publishes its key where Access does and
 * makes tokens of the same shape, for whoever is chosen; so it listens on loopback only, and the gateway asks for
 * tokens here in the sandbox alone.
 */
import { SignJWT } from 'jose'
import { type Serving, serve } from '../members/server.ts'
import { type StoredKeyPair, signingKey, verifyingKey } from '../trust/keys.ts'
import { type Person, staff } from './staff.ts'

/** The application whose tokens count. */
export const BOX_AUDIENCE = 'opencpg-box'
const TOKEN_LIFE_S = 12 * 3_600

/** @param port 0 for any that is free */
export async function startIssuer(keyPair: StoredKeyPair, port: number): Promise<Serving> {
  const certs = JSON.stringify({ keys: [await publicJwk(keyPair)] })
  const { key } = await signingKey(keyPair)

  const issued = async (who: Person, issuer: string) => {
    const { email, name, groups } = who
    const now = Math.floor(Date.now() / 1_000)
    const token = await new SignJWT({ email, type: 'app', custom: { name, groups } })
      .setProtectedHeader({ alg: 'ES256', kid: keyPair.id, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience([BOX_AUDIENCE])
      .setSubject(who.id)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + TOKEN_LIFE_S)
      .sign(key)
    return Response.json({ token, seconds: TOKEN_LIFE_S })
  }
  return serve(async request => {
    const { pathname, origin } = new URL(request.url)
    if (pathname === '/cdn-cgi/access/certs') {
      return new Response(certs, { headers: { 'content-type': 'application/json' } })
    }
    if (pathname === '/people') return Response.json({ people: staff })
    const who = staff.find(({ id }) => pathname === `/token/${id}`)
    if (who === undefined || request.method !== 'POST') return new Response(null, { status: 404 })
    return issued(who, origin)
  }, port)
}

async function publicJwk({ id, algorithm, publicKey }: StoredKeyPair): Promise<JsonWebKey> {
  const { key } = await verifyingKey({ id, algorithm, publicKey })
  const { kty, crv, x, y } = (await crypto.subtle.exportKey('jwk', key)) as JsonWebKey
  return { kid: id, use: 'sig', alg: 'ES256', kty, crv, x, y } as JsonWebKey
}
