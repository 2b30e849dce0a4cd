/** Cancel: a party takes a payment back, in full, as long as that can still be done. */
import { isSameBody } from './body-hash.ts'
import { cutAfter } from './cut.ts'
import { kept } from './evidence.ts'
import type { Payment } from './payment.ts'
import type { PaymentEvent, Stated } from './payment-event.ts'
import { refundedMinor } from './refund.ts'
import { ok, type Result, refuse } from './result.ts'
import { may } from './status.ts'

export type CancelParty = 'wallet' | 'acquirer'

/**
 * From when on this party cannot cancel a committed payment any more: the acquirer at the cut, the wallet where its
 * corridor lets it, and never for longer. Null where there is nothing that it may cancel.
 */
export function cancelUntil({ status, decidedAt, terms }: Payment, by: CancelParty): number | null {
  if (status !== 'committed' || decidedAt === null) return null
  const cut = cutAfter(decidedAt, terms.payeeZone ?? 'UTC')
  if (by === 'acquirer') return cut
  const { walletCancelMs = 0 } = terms
  return walletCancelMs === 0 ? null : Math.min(decidedAt + walletCancelMs, cut)
}

/**
 * Before the decision a cancel aborts, after a commit it reverses as long as whoever asks may still do so, and a
 * payment that is aborted already stays so. Sticky: the payment keeps the first cancel, and the same one again changes
 * nothing.
 *
 * Refusals: REPEAT_REQ_INCONSISTENT, PAYMENT_DEEMED, CANCEL_AFTER_REFUND, CANCEL_WINDOW_EXCEEDED.
 */
export function cancel(
  payment: Payment,
  asked: Stated & {
    readonly requestId: string
    readonly bodyHash: string
    readonly by?: 'acquirer'
  },
  now: number,
): Result<readonly PaymentEvent[]> {
  const { requestId, bodyHash } = asked
  const first = payment.cancel
  if (first?.requestId === requestId && !isSameBody(first.bodyHash, bodyHash)) {
    return refuse('REPEAT_REQ_INCONSISTENT')
  }
  if (first !== undefined) return ok([])

  const by = asked.by === undefined ? {} : { by: asked.by }
  const noted: PaymentEvent = {
    type: 'cancel_asked',
    at: now,
    requestId,
    bodyHash,
    ...by,
    ...kept(asked.evidence),
  }
  if (may(payment.status, 'cancel')) {
    return ok([noted, { type: 'aborted', at: now, resultCode: 'CANCELLED' }])
  }
  // What a silent switch may have credited cannot be promised back before it has said so.
  if (payment.status === 'deemed') return refuse('PAYMENT_DEEMED')
  if (!may(payment.status, 'reverse')) return ok([noted])
  if (refundedMinor(payment) > 0n) return refuse('CANCEL_AFTER_REFUND')
  const party = asked.by ?? (payment.terms.presentment === 'cpm' ? 'acquirer' : 'wallet')
  if (now >= (cancelUntil(payment, party) ?? 0)) return refuse('CANCEL_WINDOW_EXCEEDED')
  return ok([noted, { type: 'reversed', at: now }])
}
