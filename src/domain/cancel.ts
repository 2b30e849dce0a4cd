/** Cancel: the requester takes its payment back, in full, as long as that can still be done. */
import { isSameBody } from './body-hash.ts'
import { cutAfter } from './cut.ts'
import type { Payment } from './payment.ts'
import type { PaymentEvent } from './payment-event.ts'
import { refundedMinor } from './refund.ts'
import { ok, type Result, refuse } from './result.ts'
import { may } from './status.ts'

/** From when on a committed payment cannot be cancelled any more; null where there is nothing to cancel. */
export const cancelUntil = ({ status, decidedAt, terms }: Payment): number | null =>
  status === 'committed' && decidedAt !== null
    ? cutAfter(decidedAt, terms.payeeZone ?? 'UTC')
    : null

/**
 * Before the decision a cancel aborts, after a commit it reverses until the cut, and a payment that is aborted
 * already stays so. Sticky: the payment keeps the first cancel, and the same one again changes nothing.
 *
 * Refusals: REPEAT_REQ_INCONSISTENT, PAYMENT_DEEMED, CANCEL_AFTER_REFUND, CANCEL_WINDOW_EXCEEDED.
 */
export function cancel(
  payment: Payment,
  { requestId, bodyHash }: { readonly requestId: string; readonly bodyHash: string },
  now: number,
): Result<readonly PaymentEvent[]> {
  const first = payment.cancel
  if (first?.requestId === requestId && !isSameBody(first.bodyHash, bodyHash)) {
    return refuse('REPEAT_REQ_INCONSISTENT')
  }
  if (first !== undefined) return ok([])

  const asked: PaymentEvent = { type: 'cancel_asked', at: now, requestId, bodyHash }
  if (may(payment.status, 'cancel')) {
    return ok([asked, { type: 'aborted', at: now, resultCode: 'CANCELLED' }])
  }
  // What a silent switch may have credited cannot be promised back before it has said so.
  if (payment.status === 'deemed') return refuse('PAYMENT_DEEMED')
  if (!may(payment.status, 'reverse')) return ok([asked])
  if (refundedMinor(payment) > 0n) return refuse('CANCEL_AFTER_REFUND')
  if (now >= (cancelUntil(payment) ?? 0)) return refuse('CANCEL_WINDOW_EXCEEDED')
  return ok([asked, { type: 'reversed', at: now }])
}
