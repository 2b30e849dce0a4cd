/** From a payment to what the staff sees of it. Who may not see payers is shown nothing that leads to one. */
import { dutyState, type Rung } from '../domain/ladder.ts'
import type { Payment } from '../domain/payment.ts'
import { acquirerOf, walletOf } from '../domain/quote.ts'
import { resultCodes } from '../domain/refusal.ts'
import type { Moment } from '../domain/timeline.ts'
import type { DutyView, FoundPayment, PaymentPage, RungView } from './ops-payment.ts'
import { instantText, momentView, moneyView, paymentView } from './view.ts'

const instantOrNull = (at: number | null) => (at === null ? null : instantText(at))

const corridorOf = ({ terms }: Payment) => `${terms.payerMarket}>${terms.payeeMarket}`

export function foundPaymentView(payment: Payment, center: string): FoundPayment {
  const { terms, status, resultCode, refunds = [], duties } = payment
  return {
    paymentId: terms.paymentId,
    requestId: terms.requestId,
    center,
    openedAt: instantText(payment.openedAt),
    decidedAt: instantOrNull(payment.decidedAt),
    result: resultCodes[resultCode].outcome ?? 'U',
    status,
    resultCode,
    presentment: terms.presentment,
    scenario: terms.scenario,
    corridor: corridorOf(payment),
    family: terms.family,
    wallet: walletOf(terms),
    acquirer: acquirerOf(terms),
    merchant: { id: terms.merchant.id, name: terms.merchant.name },
    payer: moneyView(terms.payer),
    payee: moneyView(terms.payee),
    refunds: refunds.length,
    dutiesOpen: duties.filter(({ nextAt }) => nextAt !== null).length,
  }
}

export const dutyView = (duty: Payment['duties'][number]): DutyView => ({
  duty: duty.kind,
  owner: duty.owner,
  refundId: duty.about ?? null,
  since: instantText(duty.since),
  attempts: duty.attempts,
  nextAt: instantOrNull(duty.nextAt),
  state: dutyState(duty),
})

const rungView = (rung: Rung): RungView => ({ ...rung, at: instantText(rung.at) })

export interface WholePayment {
  readonly payment: Payment
  readonly center: string
  readonly lane: string
  readonly moments: readonly Moment[]
  readonly ladder: readonly Rung[]
}

const stated = ({ reference, key }: Payment['hold']) => ({ reference, key })

/** @param receipt the signed receipt of a committed payment, null otherwise */
export function paymentPageView(
  { payment, center, lane, moments, ladder }: WholePayment,
  receipt: string | null,
  showsPayer: boolean,
): PaymentPage {
  const { terms, hold, acceptance, respondBy, duties } = payment
  return {
    payment: paymentView(payment, receipt),
    center,
    lane,
    requester: terms.requester,
    responder: terms.responder,
    corridor: corridorOf(payment),
    payer: showsPayer ? { reference: terms.payerReference ?? null } : null,
    codeHash: terms.codeHash ?? null,
    hold: hold.reference === '' ? null : stated(hold),
    acceptance: acceptance && stated(acceptance),
    respondBy: instantText(respondBy),
    duties: duties.map(dutyView),
    moments: moments.map(momentView),
    ladder: ladder.map(rungView),
  }
}
