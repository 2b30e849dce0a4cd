/** What anyone may know: the gateway's public keys, what its codes mean, and that it is there. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { resultTable } from '../domain/result-text.ts'
import type { Door } from '../middleware/door.ts'
import { gatewayKeys } from '../peers/ports.ts'

const joseAlgorithm = { ed25519: 'EdDSA', 'ecdsa-p256-sha256': 'ES256' } as const

/** Keys change by overlap, so an hour-old copy is always good. */
const KEYS_AGE_S = 3_600

export const wellKnown = new OpenAPIHono<Door>()
  .get('/.well-known/jwks.json', async c => {
    const { published } = await gatewayKeys(c.env.GATEWAY_KEYS)
    const keys = []
    for (const { id, algorithm, key } of published) {
      const { kty, crv, x, y } = (await crypto.subtle.exportKey('jwk', key)) as JsonWebKey
      keys.push({
        kid: id,
        use: 'sig',
        alg: joseAlgorithm[algorithm],
        kty,
        crv,
        x,
        ...(y && { y }),
      })
    }
    c.header('cache-control', `public, max-age=${KEYS_AGE_S}`)
    return c.json({ keys })
  })
  .get('/result-codes.json', c => {
    c.header('cache-control', `public, max-age=${KEYS_AGE_S}`)
    return c.json({ codes: resultTable() })
  })
  .get('/health', c => c.json({ ok: true }))
