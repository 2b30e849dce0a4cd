/** Reading a payment: straight from its lane, for its two parties only. */
import type { Institution } from '../domain/institution.ts'
import type { Payment } from '../domain/payment.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { atLane, laneOfPayment, type Requested, type Route } from './lanes.ts'
import type { LanePort, World } from './world.ts'

/**
 * The payment once it is final, or as it is after `patienceMs`.
 * Refuses with PAYMENT_NOT_EXIST whoever is no party, exactly as if there were none.
 */
export async function readPayment(
  reader: Institution,
  id: string,
  patienceMs: number,
  world: World,
): Promise<Result<Payment>> {
  const lane = laneOfPayment(world, id)
  if (lane === undefined) return refuse('PAYMENT_NOT_EXIST')
  const payment = await (patienceMs > 0 ? waitFor(reader, id, patienceMs, lane) : lane.read(id))
  return heard(reader, id, payment, lane)
}

/** The same by the request that was to make it; LANE_CLOSED and BUSY besides. */
export const readRequested = (
  reader: Institution,
  request: Requested,
  world: World,
): Promise<Result<Payment>> => {
  const work = async ({ id, lane, requestedAt, known }: Route) => {
    const sought = await lane.seek(id, requestedAt, known)
    return sought.ok ? heard(reader, id, sought.value, lane) : sought
  }
  return atLane(reader, request, world, work, () => refuse('PAYMENT_NOT_EXIST'))
}

async function heard(
  reader: Institution,
  id: string,
  payment: Payment | null,
  lane: LanePort,
): Promise<Result<Payment>> {
  if (payment === null || !isParty(reader, payment)) return refuse('PAYMENT_NOT_EXIST')
  if (payment.status !== 'pending' || payment.terms.requester !== reader.id) return ok(payment)
  // It goes away with U, so it is owed word of the decision; and it may have been made this very moment.
  const left = await lane.submit(id, { kind: 'left' })
  return ok(left.ok ? left.value.payment : payment)
}

/** Strangers must not be able to tell by the time it takes whether a payment exists. */
async function waitFor(reader: Institution, id: string, patienceMs: number, lane: LanePort) {
  const now = await lane.read(id)
  return now !== null && isParty(reader, now) ? lane.wait(id, patienceMs) : now
}

const isParty = ({ id }: Institution, { terms }: Payment): boolean =>
  terms.requester === id || terms.responder === id
