import { describe, expect, it } from 'vitest'
import { makeKeyPair, signingKey, verifyingKey } from '../../src/trust/keys.ts'
import { addWebhook, verifyWebhook } from '../../src/trust/webhook.ts'

const NOW = Date.UTC(2026, 0, 31)
const pair = await makeKeyPair('gateway-1', 'gateway', 'ed25519')
const key = await signingKey(pair)
const keys = [await verifyingKey(pair)]
const body = new TextEncoder().encode('{"type":"payment.committed"}')

async function sent(by = key): Promise<Headers> {
  const headers = new Headers()
  await addWebhook(headers, 'msg_1', body, by, NOW)
  return headers
}
const changed = async (name: string, value: string) => {
  const headers = await sent()
  headers.set(name, value)
  return headers
}

describe('a webhook', () => {
  it('is known by its id when it is genuine', async () => {
    expect(await verifyWebhook(await sent(), body, keys, NOW)).toBe('msg_1')
  })

  it('has the form of the standard', async () => {
    const headers = await sent()
    expect(headers.get('webhook-timestamp')).toBe(String(NOW / 1000))
    expect(headers.get('webhook-signature')).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/)
  })

  it('counts among signatures of other versions and keys', async () => {
    const headers = await sent()
    headers.set('webhook-signature', `v1,abc= ${headers.get('webhook-signature')}`)
    expect(await verifyWebhook(headers, body, keys, NOW)).toBe('msg_1')
  })

  it('is nothing once any part of it is another', async () => {
    expect(await verifyWebhook(await changed('webhook-id', 'msg_2'), body, keys, NOW)).toBeNull()
    const later = await changed('webhook-timestamp', String(NOW / 1000 + 1))
    expect(await verifyWebhook(later, body, keys, NOW)).toBeNull()
    expect(await verifyWebhook(await sent(), new Uint8Array(2), keys, NOW)).toBeNull()
    expect(await verifyWebhook(new Headers(), body, keys, NOW)).toBeNull()
    const other = await signingKey(await makeKeyPair('x', 'gateway', 'ed25519'))
    expect(await verifyWebhook(await sent(other), body, keys, NOW)).toBeNull()
  })

  it('is good for five minutes either way', async () => {
    expect(await verifyWebhook(await sent(), body, keys, NOW + 300_000)).toBe('msg_1')
    expect(await verifyWebhook(await sent(), body, keys, NOW + 301_000)).toBeNull()
    expect(await verifyWebhook(await sent(), body, keys, NOW - 301_000)).toBeNull()
  })
})
