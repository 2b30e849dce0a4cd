/** From the domain's values to the wire's: the one place where a payment becomes what members see. */
import { cancelUntil } from '../domain/cancel.ts'
import type { QuotedRate } from '../domain/fx.ts'
import { liabilityOf } from '../domain/liability.ts'
import type { Money } from '../domain/money.ts'
import type { Payment } from '../domain/payment.ts'
import { acquirerOf, type FeeLine, type Terms, walletOf } from '../domain/quote.ts'
import { debtorOf, type Refund } from '../domain/refund.ts'
import { resultCodes } from '../domain/refusal.ts'
import { assert } from '../domain/result.ts'
import type { Moment } from '../domain/timeline.ts'
import type { PaymentView, Quote } from './payment.ts'
import type { RefundView } from './refund.ts'
import type { Timeline } from './timeline.ts'

export const instantText = (at: number): string => new Date(at).toISOString()

const instantOrNull = (at: number | null) => (at === null ? null : instantText(at))

export const moneyView = ({ currency, minor }: Money) => ({ currency, minor: minor.toString() })

export const feeView = ({ kind, bearer, amount }: FeeLine) => ({
  kind,
  bearer,
  amount: moneyView(amount),
})

export const rateView = (rate: QuotedRate | null) =>
  rate && ({ ...rate, asOf: instantOrNull(rate.asOf ?? null), rounding: 'payer_up' } as const)

export const quoteView = (terms: Terms, token: string): Quote => ({
  paymentId: terms.paymentId,
  requestId: terms.requestId,
  scenario: terms.scenario,
  family: terms.family,
  merchant: terms.merchant,
  payer: moneyView(terms.payer),
  payee: moneyView(terms.payee),
  rate: rateView(terms.rate),
  fees: terms.fees.map(feeView),
  acquirer: terms.responder,
  expiresAt: instantText(terms.expiresAt),
  quote: token,
})

export function refundView({ payment, refund }: { payment: Payment; refund: Refund }): RefundView {
  const { id, requestId, status, resultCode, payee, payer } = refund
  const { outcome } = resultCodes[resultCode]
  assert(outcome !== null, `${resultCode} is no result of a refund`)
  return {
    refundId: id,
    paymentId: payment.terms.paymentId,
    requestId,
    status,
    result: outcome,
    resultCode,
    payee: moneyView(payee),
    payer: moneyView(payer),
    rounding: 'payer_down_last_takes_rest',
    queuedAt: instantText(refund.queuedAt),
    sentAt: instantOrNull(refund.sentAt),
    endedAt: instantOrNull(refund.endedAt),
    liableParty: debtorOf(refund),
  }
}

export const momentView = (moment: Moment): Timeline['moments'][number] => ({
  ...moment,
  at: instantText(moment.at),
})

/** @param receipt the signed receipt of a committed payment, null otherwise */
export function paymentView(payment: Payment, receipt: string | null): PaymentView {
  const { terms, status, resultCode } = payment
  const { outcome } = resultCodes[resultCode]
  assert(outcome !== null, `${resultCode} is no result of a payment`)
  const liability = liabilityOf(payment)
  return {
    paymentId: terms.paymentId,
    requestId: terms.requestId,
    requestedAt: instantText(terms.requestedAt),
    result: outcome,
    status,
    resultCode,
    presentment: terms.presentment,
    scenario: terms.scenario,
    family: terms.family,
    wallet: walletOf(terms),
    acquirer: acquirerOf(terms),
    merchant: terms.merchant,
    order: terms.order,
    payer: moneyView(terms.payer),
    payee: moneyView(terms.payee),
    rate: rateView(terms.rate),
    fees: terms.fees.map(feeView),
    openedAt: instantText(payment.openedAt),
    decideBy: instantText(payment.decideBy),
    decidedAt: instantOrNull(payment.decidedAt),
    cancelUntil: instantOrNull(cancelUntil(payment, 'acquirer')),
    walletCancelUntil: instantOrNull(
      terms.presentment === 'mpm' ? cancelUntil(payment, 'wallet') : null,
    ),
    reversedAt: instantOrNull(payment.reversedAt ?? null),
    refunds: (payment.refunds ?? []).map(refund => refundView({ payment, refund })),
    liability: {
      ...liability,
      since: instantText(liability.since),
      until: instantOrNull(liability.until),
    },
    receipt,
    resetsAt: instantOrNull(payment.resetsAt ?? null),
    version: payment.version,
  }
}
