/**
 * Refunds: what an acquirer gives back of a committed payment. They live inside their payment, so that the one lane
 * which decides it also sees to it that they never exceed it (I6).
 */
import { isSameBody } from './body-hash.ts'
import { kept } from './evidence.ts'
import type { Reserve } from './limit.ts'
import type { Money } from './money.ts'
import type { Payment } from './payment.ts'
import type { PaymentEvent, Stated } from './payment-event.ts'
import { refundId } from './payment-id.ts'
import type { ResponderCode, ResultCode } from './refusal.ts'
import { ok, type Result, refuse } from './result.ts'

/**
 * - `QUEUED`: nothing has left the gateway yet, for want of cover or of a way to the wallet.
 * - `SENT`: the wallet was asked and has not answered usably; it is asked again under the same id.
 * - `REFUNDED`: the wallet has given the user the money.
 * - `FAILED`: the wallet refused; the amount can be refunded anew.
 * - `UNAPPLIED`: the wallet has the money and no account to give it to; it must find another way.
 */
export type RefundStatus = 'QUEUED' | 'SENT' | 'REFUNDED' | 'FAILED' | 'UNAPPLIED'

export interface Refund {
  readonly id: string
  /** The acquirer's own id of this refund, unique within the payment. */
  readonly requestId: string
  readonly bodyHash: string
  /** What comes off the merchant's amount, and what the payer gets for it. */
  readonly payee: Money
  readonly payer: Money
  readonly status: RefundStatus
  readonly resultCode: ResultCode
  /** Instants in milliseconds since 1970. */
  readonly queuedAt: number
  readonly sentAt: number | null
  readonly endedAt: number | null
  readonly attempts: number
  /** When the wallet is asked next; null once it has ended. */
  readonly nextAt: number | null
  /** The wallet's own reference of what it gave back. */
  readonly reference: string | null
  /** What it has taken of its acquirer's cover, until it ends. Absent where nothing bounds that. */
  readonly limits?: readonly Reserve[]
}

/** What came of asking the wallet once. `unsent`: nothing left the gateway. `sent`: it did, and no usable answer came. */
export type RefundAnswer =
  | { readonly said: 'uncovered' | 'unsent' | 'sent' }
  | (Stated & { readonly said: 'unapplied' })
  | (Stated & { readonly said: 'refunded'; readonly reference: string })
  | (Stated & { readonly said: 'failed'; readonly code: ResponderCode })

/** A year and a day, so that the last day of any calendar year's warranty is inside. */
export const REFUND_DAYS = 366
/** Refunds of one payment: a payment is one row, and a row is bounded. */
export const REFUNDS_MAX = 50

export const isEnded = ({ status }: Refund): boolean => status !== 'QUEUED' && status !== 'SENT'

/** Refunds that count against what can still be refunded: all but those that failed. */
const counted = (payment: Payment): readonly Refund[] =>
  (payment.refunds ?? []).filter(({ status }) => status !== 'FAILED')

const total = (refunds: readonly Refund[], side: 'payee' | 'payer'): bigint =>
  refunds.reduce((sum, refund) => sum + refund[side].minor, 0n)

/** What has been, or is being, given back; minor units of the payee's currency. */
export const refundedMinor = (payment: Payment): bigint => total(counted(payment), 'payee')

/**
 * What the payer gets back for so much of the payee amount: the payment's own rate, rounded down, and for the last
 * part whatever is left, so that all refunds together give back exactly what was paid and never more.
 */
export function payerShare(payment: Payment, payeeMinor: bigint): bigint {
  const { payer, payee } = payment.terms
  const before = counted(payment)
  const left = payer.minor - total(before, 'payer')
  if (total(before, 'payee') + payeeMinor === payee.minor) return left
  const share = (payer.minor * payeeMinor) / payee.minor
  return share < left ? share : left
}

/**
 * Refusals, in order: REPEAT_REQ_INCONSISTENT, REFUND_NOT_POSSIBLE, REFUND_WINDOW_EXCEEDED, AMOUNT_INVALID,
 * REFUND_AMOUNT_EXCEEDED, REFUND_COUNT_EXCEEDED.
 */
export function refund(
  payment: Payment,
  asked: Stated & {
    readonly requestId: string
    readonly bodyHash: string
    readonly amount: Money
  },
  now: number,
): Result<readonly PaymentEvent[]> {
  const { terms, status, decidedAt, refunds = [] } = payment
  const { requestId, bodyHash, amount } = asked
  const known = refunds.find(each => each.requestId === requestId)
  if (known !== undefined) {
    return isSameBody(known.bodyHash, bodyHash) ? ok([]) : refuse('REPEAT_REQ_INCONSISTENT')
  }
  if (status !== 'committed' || decidedAt === null) return refuse('REFUND_NOT_POSSIBLE')
  if (now >= decidedAt + REFUND_DAYS * 86_400_000) return refuse('REFUND_WINDOW_EXCEEDED')
  if (amount.currency !== terms.payee.currency) return refuse('AMOUNT_INVALID')
  if (refundedMinor(payment) + amount.minor > terms.payee.minor) {
    return refuse('REFUND_AMOUNT_EXCEEDED')
  }
  if (refunds.length >= REFUNDS_MAX) return refuse('REFUND_COUNT_EXCEEDED')
  const payer = { currency: terms.payer.currency, minor: payerShare(payment, amount.minor) }
  if (payer.minor === 0n) {
    return refuse('AMOUNT_INVALID', { says: "Worth less than one unit of the payer's currency." })
  }
  const id = refundId(terms.paymentId, refunds.length)
  return ok([
    {
      type: 'refund_queued',
      at: now,
      refund: id,
      requestId,
      bodyHash,
      payee: amount,
      payer,
      ...kept(asked.evidence),
    },
  ])
}

/** Taken once, before anything is sent: what was sent once is asked for to its end. */
export function coverRefund(
  { refunds = [] }: Payment,
  id: string,
  limits: readonly Reserve[],
  now: number,
): readonly PaymentEvent[] {
  const found = refunds.find(each => each.id === id)
  const lacks = found?.status === 'QUEUED' && found.limits === undefined && limits.length > 0
  return lacks ? [{ type: 'refund_covered', at: now, refund: id, limits }] : []
}

/** An answer to a refund that has ended changes nothing: the wallet's first word counts. */
export function answerRefund(
  payment: Payment,
  id: string,
  answer: RefundAnswer,
  now: number,
): readonly PaymentEvent[] {
  const found = payment.refunds?.find(each => each.id === id)
  if (found === undefined || isEnded(found)) return []
  const at = { at: now, refund: id }
  const signed = kept('evidence' in answer ? answer.evidence : undefined)
  const sent: PaymentEvent[] = found.status === 'SENT' ? [] : [{ type: 'refund_sent', ...at }]
  switch (answer.said) {
    case 'uncovered': {
      // What was sent once may have been applied, so it is no longer a question of cover.
      const isNews = found.status === 'QUEUED' && found.resultCode !== 'COVER_SHORT'
      return isNews ? [{ type: 'refund_held', ...at }] : []
    }
    case 'unsent':
      return []
    case 'sent':
      return sent
    case 'refunded':
      return [...sent, { type: 'refund_done', ...at, reference: answer.reference, ...signed }]
    case 'failed':
      return [...sent, { type: 'refund_failed', ...at, resultCode: answer.code, ...signed }]
    case 'unapplied':
      return [...sent, { type: 'refund_unapplied', ...at, ...signed }]
  }
}

/**
 * Whether the acquirer's cover carries this refund beside what is under way of the same payment. What is under way of
 * other payments is in other lanes, and unseen here. What was sent once is asked for to its end: the wallet may have
 * given the money already.
 *
 * @param coverMinor minor units of the payee's currency; null for no bound
 */
export function isCovered(
  { refunds = [] }: Payment,
  { id, status, payee }: Refund,
  coverMinor: bigint | null,
): boolean {
  if (status === 'SENT' || coverMinor === null) return true
  const underWay = refunds.filter(each => each.id !== id && each.status === 'SENT')
  return total(underWay, 'payee') + payee.minor <= coverMinor
}

/** Who owes the payer: the acquirer until the wallet has the money, the wallet until its user has it. */
export function debtorOf({ status }: Refund): 'acquirer' | 'wallet' | 'none' {
  if (status === 'UNAPPLIED') return 'wallet'
  return status === 'REFUNDED' || status === 'FAILED' ? 'none' : 'acquirer'
}
