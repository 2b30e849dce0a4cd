/** Tokens that stand for what must not be shown: the same text gives the same one, and there is no way back. */
import { createHash, createHmac } from 'node:crypto'

/** Characters of a token: 60 bits, so that two texts never meet in a network's lifetime. */
const LENGTH = 10

/** A deployment has one secret, and it is long. */
let derived: { readonly secret: string; readonly key: Buffer } | null = null

/** @param secret any secret of the deployment; what is derived from it here is of no other use */
export function tokener(secret: string): (text: string) => string {
  if (derived?.secret !== secret) {
    derived = { secret, key: createHash('sha256').update(`tokens\n${secret}`).digest() }
  }
  const { key } = derived
  return text => createHmac('sha256', key).update(text).digest('base64url').slice(0, LENGTH)
}
