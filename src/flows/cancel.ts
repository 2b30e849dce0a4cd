/** Cancel: the requester takes its payment back; the other side hears of it behind the answer. */
import type { Institution } from '../domain/institution.ts'
import type { Payment } from '../domain/payment.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { tellDecision } from './duty.ts'
import { laneOfPayment } from './lanes.ts'
import type { World } from './world.ts'

export interface CancelOrder {
  /** The cancel's own. */
  readonly requestId: string
  /** Hash of the request's canonical form, hex. */
  readonly bodyHash: string
}

/**
 * Cancels in full. A cancel that arrives before the payment bars its id, so that a request to pay that is still on
 * its way makes nothing any more.
 *
 * Refusals: PAYMENT_NOT_EXIST for whoever did not ask for it, PAYMENT_BARRED, CANCEL_WINDOW_EXCEEDED,
 * REPEAT_REQ_INCONSISTENT, BUSY.
 */
export async function cancel(
  requester: Institution,
  id: string,
  order: CancelOrder,
  world: World,
): Promise<Result<Payment>> {
  const lane = laneOfPayment(world, id)
  const isOwn = world.directory.locate(id)?.requester.id === requester.id
  if (lane === undefined || !isOwn) return refuse('PAYMENT_NOT_EXIST')
  const cancelled = await lane.submit(id, { kind: 'cancel', ...order })
  if (!cancelled.ok) return cancelled
  tellDecision(cancelled.value, world)
  return ok(cancelled.value.payment)
}
