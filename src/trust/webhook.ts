/**
 * Standard Webhooks (standardwebhooks.com, 1.0): the headers that receivers of ordinary webhooks know. They stand
 * beside our own signature, so a member may verify either; `v1a` is their Ed25519 form, under our published keys.
 */
import { base64Of, bytesOf, type SigningKey, sign, type VerifyingKey, verify } from './keys.ts'

/** A timestamp may be this far from the receiver's clock, either way (seconds). */
const WINDOW_S = 300

const encoder = new TextEncoder()

/** What is signed: id, timestamp and body, joined by points. */
function signedBytes(id: string, timestamp: string, body: Uint8Array): Uint8Array {
  const head = encoder.encode(`${id}.${timestamp}.`)
  const bytes = new Uint8Array(head.length + body.length)
  bytes.set(head)
  bytes.set(body, head.length)
  return bytes
}

/**
 * Adds the three headers in place; without a signature where the key is none of Ed25519.
 *
 * @param id the same in every repetition of the message, and of no other one
 */
export async function addWebhook(
  headers: Headers,
  id: string,
  body: Uint8Array,
  by: SigningKey,
  now: number,
): Promise<void> {
  const timestamp = Math.floor(now / 1000).toString()
  headers.set('webhook-id', id)
  headers.set('webhook-timestamp', timestamp)
  if (by.algorithm !== 'ed25519') return
  const signature = await sign(by, signedBytes(id, timestamp, body))
  headers.set('webhook-signature', `v1a,${base64Of(signature)}`)
}

/** The id of a genuine webhook, by which a repetition is told; null for any other. */
export async function verifyWebhook(
  headers: Headers,
  body: Uint8Array,
  keys: readonly VerifyingKey[],
  now: number,
): Promise<string | null> {
  const id = headers.get('webhook-id')
  const timestamp = headers.get('webhook-timestamp')
  if (id === null || timestamp === null || !/^\d{1,12}$/.test(timestamp)) return null
  if (Math.abs(now / 1000 - Number(timestamp)) > WINDOW_S) return null
  const bytes = signedBytes(id, timestamp, body)
  for (const text of (headers.get('webhook-signature') ?? '').split(' ')) {
    const [version, signature = ''] = text.split(',')
    if (version !== 'v1a' || !/^[A-Za-z0-9+/]{86}==$/.test(signature)) continue
    for (const key of keys) {
      if (key.algorithm === 'ed25519' && (await verify(key, bytes, bytesOf(signature)))) return id
    }
  }
  return null
}
