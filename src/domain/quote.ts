/** A quote: what a payment would be, binding until it expires. It is sealed in a token and written nowhere. */
import type { Person } from './allowance.ts'
import type { Corridor, Presentment, Scenario } from './corridor.ts'
import type { Currency } from './currency.ts'
import { bestRate, type Market, payeeMinor, payerMinor, type QuotedRate } from './fx.ts'
import { AMOUNT_MAX, basisPoints, type Money } from './money.ts'
import { ok, type Result, refuse } from './result.ts'

/** How long a quote binds. Nexus honours 600 s, Rafiki 300 s; a traveller at a till needs far less. */
export const QUOTE_LIFE_MS = 300_000

export interface Merchant {
  readonly id: string
  readonly name: string
  readonly city: string | null
  /** ISO 18245, four digits. */
  readonly mcc: string | null
  /** ISO 3166-1 alpha-2. */
  readonly country: string
}

export interface FeeLine {
  /** `interchange` goes from the acquirer to the wallet, `service` from the acquirer to the gateway. */
  readonly kind: 'interchange' | 'service'
  readonly bearer: 'acquirer'
  readonly amount: Money
}

/** Everything a payment is about; fixed by the quote and never changed afterwards. */
export interface Terms {
  readonly paymentId: string
  /** The requester's own id of this purchase, and when it first asked, in milliseconds since 1970. */
  readonly requestId: string
  readonly requestedAt: number
  readonly requester: string
  readonly responder: string
  readonly presentment: Presentment
  readonly scenario: Scenario
  readonly payerMarket: string
  readonly payeeMarket: string
  /** IANA zone of the acquirer: its day decides until when a payment can be cancelled. Absent in old rows: UTC. */
  readonly payeeZone?: string
  /** The scheme code family by which the code was routed. */
  readonly family: string
  /** SHA-256 of the scanned code's bytes, its first half, hex: finds every payment of one code. Absent in old rows. */
  readonly codeHash?: string
  readonly payer: Money
  readonly payee: Money
  /** CPM: the wallet's own word for its user, as it was issued with the code; null for codes of the wallet's own. */
  readonly payerReference?: string | null
  /** A wallet that takes the money at once instead of holding it, and so must return it. Absent: it holds. */
  readonly walletDebits?: true
  /** MPM: for so long after the commit the wallet may still cancel, milliseconds. Absent: not at all. */
  readonly walletCancelMs?: number
  /** A switch that credits at once and cannot undo: its silence decides nothing. Absent: it accepts first. */
  readonly singlePhase?: true
  /** Null where both sides use one currency. */
  readonly rate: QuotedRate | null
  readonly fees: readonly FeeLine[]
  readonly merchant: Merchant
  /** The acquirer's own reference of the order. */
  readonly order: string
  /** Milliseconds since 1970; the quote can be paid before this instant. */
  readonly expiresAt: number
}

/**
 * Which shape of terms a token seals. Another one with every change by which a token of before could not be read as
 * it was meant; what is merely added and may be absent is none.
 */
export const QUOTE_SHAPE = 'quote1'

/** What a quote seals: the terms; and who pays and what was scanned, which are no part of the payment's records. */
export interface Quoted extends Terms {
  /** Absent where nobody's payments are counted, or the wallet has not said it. */
  readonly person?: Person
  /** What was scanned, where the acquirer has not been asked about it and first sees it when it is to accept. */
  readonly code?: string
}

export type SealedTerms = Quoted & { readonly v: typeof QUOTE_SHAPE }

/** The institution that holds the payer's money, whichever side asked. */
export const walletOf = ({ presentment, requester, responder }: Parties): string =>
  presentment === 'mpm' ? requester : responder

/** The institution that serves the merchant. */
export const acquirerOf = ({ presentment, requester, responder }: Parties): string =>
  presentment === 'mpm' ? responder : requester

type Parties = Pick<Terms, 'presentment' | 'requester' | 'responder'>

export interface Price {
  readonly payer: Money
  readonly payee: Money
  readonly rate: QuotedRate | null
  readonly fees: readonly FeeLine[]
}

/** Which side the amount was fixed on. */
export type FixedSide = 'payee' | 'payer'

/**
 * Prices a purchase.
 *
 * Refusals, in order: AMOUNT_INVALID, RATE_UNAVAILABLE, RATE_STALE, LIMIT_SINGLE.
 */
export function price(
  fixed: Money,
  side: FixedSide,
  payeeCurrency: Currency,
  payerCurrency: Currency,
  corridor: Corridor,
  market: Market,
): Result<Price> {
  if (!inRange(fixed.minor)) return refuse('AMOUNT_INVALID')
  if (payeeCurrency.code === payerCurrency.code) return settle(fixed, fixed, null, corridor)

  const best = bestRate(market)
  if (best === null) return refuse('RATE_UNAVAILABLE')
  if (best === 'stale') return refuse('RATE_STALE')
  const { rate, quoted } = best
  const payee =
    side === 'payee' ? fixed.minor : payeeMinor(fixed.minor, rate, payeeCurrency, payerCurrency)
  const payer =
    side === 'payer' ? fixed.minor : payerMinor(fixed.minor, rate, payeeCurrency, payerCurrency)
  return settle(
    { currency: payerCurrency.code, minor: payer },
    { currency: payeeCurrency.code, minor: payee },
    quoted,
    corridor,
  )
}

function settle(
  payer: Money,
  payee: Money,
  rate: QuotedRate | null,
  corridor: Corridor,
): Result<Price> {
  // The converted side may leave the range although the fixed one is inside it.
  if (!inRange(payer.minor) || !inRange(payee.minor)) return refuse('AMOUNT_INVALID')
  if (corridor.singleMaxMinor !== null && payee.minor > corridor.singleMaxMinor) {
    const { payerMarket, payeeMarket, singleMaxMinor: value } = corridor
    const scope = `${payerMarket}>${payeeMarket}`
    const { currency } = payee
    const bound = { scope, kind: 'single_max', currency, value, left: value } as const
    return refuse('LIMIT_SINGLE', { limit: { institution: null, ...bound, resetsAt: null } })
  }
  return ok({ payer, payee, rate, fees: feesOf(payee, corridor) })
}

/** Fees are rounded to the nearest minor unit with ties to even, so that no side gains over many payments. */
function feesOf(payee: Money, corridor: Corridor): readonly FeeLine[] {
  const line = (kind: FeeLine['kind'], bp: number): FeeLine => ({
    kind,
    bearer: 'acquirer',
    amount: { currency: payee.currency, minor: basisPoints(payee.minor, bp, 'half_even') },
  })
  return [line('interchange', corridor.interchangeBp), line('service', corridor.serviceFeeBp)]
}

const inRange = (minor: bigint): boolean => minor >= 1n && minor <= AMOUNT_MAX
