/** Orders: what an acquirer's merchant sells in an app or on a page; a link stands for it like a code for a shop. */
import type { Money } from './money.ts'

/** The family of order links, in routes, switches and payments. */
export const ORDER_FAMILY = 'order'

/** What is sealed in an order's link. One-letter names, because the link is also shown as a QR code. */
export interface OrderClaims {
  readonly v: 'order'
  /** The acquirer, and its own reference of the order. */
  readonly q: string
  readonly o: string
  /** Exactly what it costs. */
  readonly a: Money
  /** Milliseconds since 1970; it can be quoted before this instant. */
  readonly x: number
}

/** How long an order may wait for its payer. */
export const ORDER_LIFE_MAX_MS = 30 * 86_400_000
export const ORDER_LIFE_MS = 2 * 3_600_000
