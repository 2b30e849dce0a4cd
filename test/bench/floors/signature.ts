/** Floor: one bare Ed25519 verification, or one signature, over 600 bytes behind a Hono route. */
import { Hono } from 'hono'

const bytes = new Uint8Array(600).fill(7)
const pair = crypto.subtle.generateKey({ name: 'Ed25519' }, true, [
  'sign',
  'verify',
]) as Promise<CryptoKeyPair>
let signature: ArrayBuffer | undefined

export default new Hono()
  .get('/hello', c => c.json({ hello: 'world' }))
  .get('/sign', async c => {
    const { privateKey } = await pair
    await crypto.subtle.sign('Ed25519', privateKey, bytes)
    return c.json({ ok: true })
  })
  .get('/verify', async c => {
    const { privateKey, publicKey } = await pair
    signature ??= await crypto.subtle.sign('Ed25519', privateKey, bytes)
    return c.json({ ok: await crypto.subtle.verify('Ed25519', publicKey, signature, bytes) })
  })
  // What no signed call can do without: one signature checked, one made.
  .get('/both', async c => {
    const { privateKey, publicKey } = await pair
    signature ??= await crypto.subtle.sign('Ed25519', privateKey, bytes)
    const ok = await crypto.subtle.verify('Ed25519', publicKey, signature, bytes)
    await crypto.subtle.sign('Ed25519', privateKey, bytes)
    return c.json({ ok })
  })
