/** What time alone does to a payment, and when it next needs the clock. */
import { type Duty, nameOf } from './duty.ts'
import type { Payment } from './payment.ts'
import { apply } from './payment-apply.ts'
import type { PaymentEvent } from './payment-event.ts'
import { isFinal, may } from './status.ts'

/** Doubt, inquiry, abort at the deadline, and duties told again. */
export function timers(payment: Payment, now: number): readonly PaymentEvent[] {
  if (isFinal(payment.status)) {
    return [
      ...tell(payment, duty => duty.nextAt !== null && now >= duty.nextAt, now),
      ...tryRefunds(payment, now),
    ]
  }
  if (now >= payment.decideBy) {
    if (payment.terms.singlePhase && may(payment.status, 'deem')) {
      return [{ type: 'deemed', at: now }]
    }
    const aborted: PaymentEvent = { type: 'aborted', at: now, resultCode: 'DEADLINE_EXCEEDED' }
    // Nobody else knows of a decision that time made, so its duties are told with it.
    return [aborted, ...tell(apply(payment, aborted), () => true, now)]
  }
  if (payment.status === 'pending' && now >= payment.respondBy) {
    return [
      { type: 'doubted', at: now },
      { type: 'inquired', at: now },
    ]
  }
  const asks = payment.nextInquiryAt !== null && now >= payment.nextInquiryAt
  return asks ? [{ type: 'inquired', at: now }] : []
}

const tell = (payment: Payment, when: (duty: Duty) => boolean, now: number): PaymentEvent[] =>
  payment.duties.filter(when).map(duty => ({ type: 'duty_told', at: now, ...nameOf(duty) }))

const tryRefunds = ({ refunds = [] }: Payment, now: number): PaymentEvent[] =>
  refunds
    .filter(({ nextAt }) => nextAt !== null && now >= nextAt)
    .map(({ id }) => ({ type: 'refund_tried', at: now, refund: id }))

/** When the payment next needs the clock; null for one that is final with nothing owed (I3). */
export function dueAt(payment: Payment): number | null {
  const waiting = [...payment.duties, ...(payment.refunds ?? [])]
  const instants = waiting.flatMap(({ nextAt }) => nextAt ?? [])
  if (!isFinal(payment.status)) {
    instants.push(payment.decideBy)
    if (payment.status === 'pending') instants.push(payment.respondBy)
    if (payment.nextInquiryAt !== null) instants.push(payment.nextInquiryAt)
  }
  return instants.length === 0 ? null : Math.min(...instants)
}
