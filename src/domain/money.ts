/** Exact money: whole minor units and an ISO 4217 code. Nothing here is ever a float. */

export interface Money {
  /** ISO 4217 alphabetic code. */
  readonly currency: string
  /** Whole minor units: 125000n of THB is 1250.00 baht. */
  readonly minor: bigint
}

/** The largest amount the gateway takes, in minor units; it also stays exact as a JSON number. */
export const AMOUNT_MAX = 1_000_000_000_000_000n

/** An exact decimal: `digits` × 10^-`scale`. */
export interface Decimal {
  readonly digits: bigint
  /** Places after the point, 0 to 18. */
  readonly scale: number
}

const decimalShape = /^\d{1,18}(?:\.\d{1,18})?$/

/** Reads `123.45`; null where the text is no plain decimal of at most 18 digits on either side. */
export function decimal(text: string): Decimal | null {
  if (!decimalShape.test(text)) return null
  const [whole = '', fraction = ''] = text.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}

/** Writes a decimal with exactly its own scale. */
export function decimalText({ digits, scale }: Decimal): string {
  const text = digits.toString().padStart(scale + 1, '0')
  return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`
}

/** How a quotient becomes whole: towards zero, away from zero, or to the nearest with ties to even. */
export type Rounding = 'down' | 'up' | 'half_even'

/** Divides two non-negative integers and rounds as told. The divisor must be positive. */
export function divide(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const quotient = dividend / divisor
  const rest = dividend % divisor
  if (rest === 0n || rounding === 'down') return quotient
  if (rounding === 'up') return quotient + 1n
  const twice = rest * 2n
  if (twice !== divisor) return twice > divisor ? quotient + 1n : quotient
  return quotient % 2n === 0n ? quotient : quotient + 1n
}

/** A share of an amount in basis points (1 bp = 0.01 %), rounded as told. */
export const basisPoints = (minor: bigint, bp: number, rounding: Rounding): bigint =>
  divide(minor * BigInt(bp), 10_000n, rounding)
