/** Cancel: its requester, or its acquirer, takes a payment back; the other side hears of it behind the answer. */
import type { Evidence } from '../domain/evidence.ts'
import type { Institution } from '../domain/institution.ts'
import type { Payment } from '../domain/payment.ts'
import { acquirerOf } from '../domain/quote.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { tellDecision } from './duty.ts'
import { atLane, laneOfPayment, type Requested, type Route } from './lanes.ts'
import type { LanePort, World } from './world.ts'

export interface CancelOrder {
  /** The cancel's own. */
  readonly requestId: string
  /** Hash of the request's canonical form, hex. */
  readonly bodyHash: string
  /** Set where it is not the requester's. */
  readonly by?: 'acquirer'
  /** The signature of whoever asks. */
  readonly evidence?: Evidence
}

/**
 * Cancels in full. A cancel that arrives before the payment bars its id, so that a request to pay that is still on
 * its way makes nothing any more.
 *
 * Refusals: PAYMENT_NOT_EXIST for whoever is neither its requester nor its acquirer, PAYMENT_BARRED,
 * CANCEL_WINDOW_EXCEEDED, REPEAT_REQ_INCONSISTENT, BUSY.
 */
export async function cancel(
  party: Institution,
  id: string,
  order: CancelOrder,
  world: World,
): Promise<Result<Payment>> {
  const lane = laneOfPayment(world, id)
  if (lane === undefined) return refuse('PAYMENT_NOT_EXIST')
  if (world.directory.locate(id)?.requester.id === party.id) return cancelAt(lane, id, order, world)
  // Only a payment that is there says who its acquirer is, so only its requester can bar one that is not.
  const payment = await lane.read(id)
  if (payment === null || acquirerOf(payment.terms) !== party.id) return refuse('PAYMENT_NOT_EXIST')
  return cancelAt(lane, id, { ...order, by: 'acquirer' }, world)
}

/**
 * The same for one that never heard an id, by the request that was to make it. Only the lane that would open it can
 * promise that it never will, so it is sought there first. Refuses with LANE_CLOSED besides.
 */
export const cancelRequested = (
  requester: Institution,
  request: Requested,
  order: CancelOrder,
  world: World,
): Promise<Result<Payment>> => {
  const work = async ({ id, lane, requestedAt, known }: Route) => {
    const sought = await lane.seek(id, requestedAt, known)
    return sought.ok ? cancelAt(lane, id, order, world) : sought
  }
  return atLane(requester, request, world, work, () => refuse('PAYMENT_NOT_EXIST'))
}

async function cancelAt(
  lane: LanePort,
  id: string,
  order: CancelOrder,
  world: World,
): Promise<Result<Payment>> {
  const cancelled = await lane.submit(id, { kind: 'cancel', ...order })
  if (!cancelled.ok) return cancelled
  tellDecision(cancelled.value, world)
  return ok(cancelled.value.payment)
}
