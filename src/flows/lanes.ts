/** Which lane serves a request, and how to reach the lane of a payment. */
import type { Directory } from '../domain/directory.ts'
import type { Institution } from '../domain/institution.ts'
import { laneOf, type PaymentPlace, paymentId } from '../domain/payment-id.ts'
import { sha256 } from '../trust/digest.ts'
import type { LanePort, World } from './world.ts'

const encoder = new TextEncoder()

/**
 * The id of the payment that this request makes, whatever else is in it. The epoch in force when the requester
 * first asked names center and lane count; a hash of its requestId picks the lane. Undefined where the institution
 * had no epoch at that time.
 */
export async function paymentIdOf(
  directory: Directory,
  requester: Institution,
  requestId: string,
  requestedAt: number,
): Promise<string | undefined> {
  const epoch = directory.epochAt(requester.id, requestedAt)
  const center = epoch && directory.center(epoch.center)
  if (epoch === undefined || center === undefined) return undefined
  const hash = await sha256(encoder.encode(`${requester.id}\n${requestId}`))
  const place: PaymentPlace = {
    center: center.number,
    institution: requester.number,
    epoch: epoch.epoch,
    lane: laneOf(hash, epoch.lanes),
  }
  return paymentId(place, hash)
}

/** The lane of a payment; undefined where the id names nothing in this network. */
export function laneOfPayment(world: World, id: string): LanePort | undefined {
  const found = world.directory.locate(id)
  return found && world.lane(found.center.id, found.place)
}
