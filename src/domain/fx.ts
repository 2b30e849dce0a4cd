/** Foreign exchange: what one side pays so that the other gets an exact amount, and who quotes it best. */
import type { Currency } from './currency.ts'
import { type Decimal, decimal, decimalText, divide } from './money.ts'

/** A provider's standing offer: one whole unit of `base` costs `value` whole units of `counter`. */
export interface FxRate {
  readonly provider: string
  /** The payee's currency. */
  readonly base: string
  /** The payer's currency. */
  readonly counter: string
  /** Exact decimal, up to 18 places. */
  readonly value: string
  /** The provider's markup over its own mid rate, basis points, already disclosed to the payer. */
  readonly markupBp: number
  /** When the provider took it, in milliseconds since 1970, and for how long it stands by it. */
  readonly asOf: number
  readonly goodForMs: number
}

/** What may be taken when a price is made. */
export interface Market {
  readonly rates: readonly FxRate[]
  isOpen(provider: string): boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The rate a quote is bound to: `value` includes the markup, so that amounts can be checked by hand. */
export interface QuotedRate {
  readonly provider: string
  readonly base: string
  readonly counter: string
  readonly mid: string
  readonly markupBp: number
  readonly value: string
  /** How many providers offered this pair when the best was taken. */
  readonly offers: number
  /** When its provider took it, in milliseconds since 1970. Absent in payments of before. */
  readonly asOf?: number
}

/** Mid rate plus markup, exact: four more places hold any basis point. */
export function effectiveRate(rate: FxRate): Decimal | null {
  const mid = decimal(rate.value)
  if (mid === null || mid.digits === 0n) return null
  return { digits: mid.digits * BigInt(10_000 + rate.markupBp), scale: mid.scale + 4 }
}

/** Minor units of `counter` per minor unit of `base`, as a fraction. */
function perMinor(rate: Decimal, base: Currency, counter: Currency): [bigint, bigint] {
  const numerator = rate.digits * 10n ** BigInt(counter.exponent)
  const denominator = 10n ** BigInt(rate.scale + base.exponent)
  return [numerator, denominator]
}

/**
 * What the payer pays so that the payee gets exactly `payeeMinor`.
 * Rounds up to the next minor unit, so that the acquirer is always covered; a quote says so.
 *
 * @param payeeMinor minor units of `base`, 1 to 10^15
 * @returns minor units of `counter`, at least 1
 */
export function payerMinor(
  payeeMinor: bigint,
  rate: Decimal,
  base: Currency,
  counter: Currency,
): bigint {
  const [numerator, denominator] = perMinor(rate, base, counter)
  return divide(payeeMinor * numerator, denominator, 'up')
}

/**
 * What the payee gets when the payer pays exactly `fixedMinor`. Rounds down, for the same reason.
 *
 * @param fixedMinor minor units of `counter`, 1 to 10^15
 * @returns minor units of `base`; 0 when the amount is too small to reach one
 */
export function payeeMinor(
  fixedMinor: bigint,
  rate: Decimal,
  base: Currency,
  counter: Currency,
): bigint {
  const [numerator, denominator] = perMinor(rate, base, counter)
  return divide(fixedMinor * denominator, numerator, 'down')
}

/** Nobody stands by a rate for longer than its provider said: the market has moved on. */
export const isGood = ({ asOf, goodForMs }: FxRate, now: number): boolean => now < asOf + goodForMs

/**
 * The cheapest executable rate for the payer; ties go to the provider first by name, so that it is stable.
 * `stale` where open providers offer the pair and all their rates are too old, null where none offers it.
 */
export function bestRate({
  rates,
  isOpen,
  now,
}: Market): { rate: Decimal; quoted: QuotedRate } | 'stale' | null {
  let best: { offer: FxRate; rate: Decimal } | null = null
  let offers = 0
  let stale = 0
  for (const offer of rates) {
    const rate = effectiveRate(offer)
    if (rate === null || !isOpen(offer.provider)) continue
    if (!isGood(offer, now)) {
      stale += 1
      continue
    }
    offers += 1
    const order = best === null ? -1 : compare(rate, best.rate)
    if (best === null || order < 0 || (order === 0 && offer.provider < best.offer.provider)) {
      best = { offer, rate }
    }
  }
  if (best === null) return stale > 0 ? 'stale' : null
  const { offer, rate } = best
  const { provider, base, counter, markupBp, asOf } = offer
  const value = shown(rate)
  return {
    rate,
    quoted: { provider, base, counter, mid: offer.value, markupBp, value, offers, asOf },
  }
}

/** Trailing zeros are cut, because the exact product of rate and markup always ends in some. */
function shown(rate: Decimal): string {
  const text = decimalText(rate)
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}

function compare(a: Decimal, b: Decimal): number {
  const left = a.digits * 10n ** BigInt(b.scale)
  const right = b.digits * 10n ** BigInt(a.scale)
  return left < right ? -1 : left > right ? 1 : 0
}
