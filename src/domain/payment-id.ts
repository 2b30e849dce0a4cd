/**
 * Self-routing payment ids: an id names its center, institution, epoch and lane, so a read needs no lookup.
 *
 * Layout, 20 bytes, written as `pay_` and 32 characters of Crockford's base 32 in lower case:
 * center 1 · institution 3 · epoch 2 · lane 1 · request hash 13.
 *
 * The hash is taken from the requester's own requestId. So the same request always has the same id and meets
 * the same lane and row, which is what makes idempotency a matter of one primary key.
 */

export interface PaymentPlace {
  /** Number of the center, 1 to 255. */
  readonly center: number
  /** Number of the requesting institution. */
  readonly institution: number
  readonly epoch: number
  /** 0 to 63. */
  readonly lane: number
}

/** Bytes of the request hash that go into an id: 104 bits, so that two requests of one lane never meet. */
export const REQUEST_HASH_BYTES = 13

const PREFIX = 'pay_'
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const BYTES = 7 + REQUEST_HASH_BYTES
const LENGTH = PREFIX.length + (BYTES * 8) / 5

/** Which lane serves a request: a hash decides, so that requests spread evenly and retries come back. */
export const laneOf = (requestHash: Uint8Array, lanes: number): number =>
  (((requestHash[0] ?? 0) << 8) | (requestHash[1] ?? 0)) % lanes

/** @param requestHash at least 13 bytes of SHA-256 over institution and requestId */
export function paymentId(place: PaymentPlace, requestHash: Uint8Array): string {
  const bytes = new Uint8Array(BYTES)
  bytes[0] = place.center
  bytes[1] = place.institution >>> 16
  bytes[2] = place.institution >>> 8
  bytes[3] = place.institution
  bytes[4] = place.epoch >>> 8
  bytes[5] = place.epoch
  bytes[6] = place.lane
  bytes.set(requestHash.subarray(0, REQUEST_HASH_BYTES), 7)
  return PREFIX + base32(bytes)
}

/** Where a payment lives; null where the text is no payment id. */
export function placeOf(id: string): PaymentPlace | null {
  if (id.length !== LENGTH || !id.startsWith(PREFIX)) return null
  const bytes = unbase32(id.slice(PREFIX.length))
  if (bytes === null) return null
  const at = (index: number) => bytes[index] ?? 0
  return {
    center: at(0),
    institution: (at(1) << 16) | (at(2) << 8) | at(3),
    epoch: (at(4) << 8) | at(5),
    lane: at(6),
  }
}

const REFUND_PREFIX = 'rfd_'

/** A refund's id carries its payment's: `rfd_`, the payment's 32 letters, and its number among the refunds, 0 to 1023. */
export const refundId = (payment: string, number: number): string =>
  REFUND_PREFIX +
  payment.slice(PREFIX.length) +
  (ALPHABET[number >>> 5] ?? '') +
  (ALPHABET[number & 31] ?? '')

/** The payment that a refund is of; null where the text is no refund id. */
export const paymentOfRefund = (id: string): string | null =>
  id.length === LENGTH + 2 && id.startsWith(REFUND_PREFIX)
    ? PREFIX + id.slice(REFUND_PREFIX.length, -2)
    : null

/** The name of the Durable Object of a lane. The epoch is in it, so a new epoch is a new object. */
export const laneName = (place: PaymentPlace): string =>
  `${place.institution}:${place.epoch}:${place.lane}`

/** The place that a lane's name says, in this center; null where the text names none. */
export function placeNamed(name: string, center: number): PaymentPlace | null {
  if (!/^\d{1,8}:\d{1,5}:\d{1,2}$/.test(name)) return null
  const [institution = 0, epoch = 0, lane = 0] = name.split(':').map(Number)
  return { center, institution, epoch, lane }
}

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(held >>> bits) & 31]
    }
    held &= 0xff
  }
  return text
}

function unbase32(text: string): Uint8Array | null {
  const bytes = new Uint8Array((text.length * 5) / 8)
  let bits = 0
  let held = 0
  let next = 0
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter)
    if (value < 0) return null
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[next++] = held >>> bits
      held &= 0xff
    }
  }
  return bytes
}
