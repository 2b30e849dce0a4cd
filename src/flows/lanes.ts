/** Which lane serves a request, and how to reach the lane of a payment. */
import type { Directory } from '../domain/directory.ts'
import { type KnownEpoch, standingOf } from '../domain/epoch.ts'
import type { Institution } from '../domain/institution.ts'
import { laneOf, type PaymentPlace, paymentId } from '../domain/payment-id.ts'
import { type Result, refuse } from '../domain/result.ts'
import { sha256 } from '../trust/digest.ts'
import type { LanePort, Seen, World } from './world.ts'

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
export function laneOfPayment(seen: Seen, id: string): LanePort | undefined {
  const found = seen.directory.locate(id)
  return found && seen.lane(found.center.id, found.place)
}

/** The epoch of a payment's lane as this world knows it; undefined where it knows of none. */
export function knownEpochOf(seen: Seen, id: string): KnownEpoch | undefined {
  const found = seen.directory.locate(id)
  const bounds = found && seen.directory.epochBounds(found.requester.id, found.place.epoch)
  return bounds && { ...bounds, confirmedAt: seen.confirmedAt }
}

/** Where a request goes, and how the one who sends it there knows. */
export interface Route {
  readonly id: string
  /** Id of the center. */
  readonly center: string
  readonly lane: LanePort
  readonly known: KnownEpoch
  readonly requestedAt: number
}

export interface Requested {
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly requestedAt: number
}

/**
 * Where this request goes. Looks at the directory again where an epoch may have begun that this world has not seen.
 * Undefined where the institution had no epoch at that time.
 */
export async function routeOf(
  requester: Institution,
  request: Requested,
  world: World,
): Promise<Route | undefined> {
  const route = await routeIn(world, requester, request)
  const isSure = route !== undefined && standingOf(route.known, request.requestedAt) !== 'unsure'
  return isSure ? route : routeIn(await world.renewed(), requester, request)
}

/**
 * Does the work at the lane that serves this request. A lane that says LANE_CLOSED knows of a newer epoch, so the
 * work is done once more where the directory, as it is now, says.
 *
 * Refusals: those of the work, and `none` where the institution had no epoch at that time.
 */
export async function atLane<T>(
  requester: Institution,
  request: Requested,
  world: World,
  work: (route: Route) => Promise<Result<T>>,
  none: () => Result<never> = notYetMember,
): Promise<Result<T>> {
  const route = await routeOf(requester, request, world)
  if (route === undefined) return none()
  const done = await work(route)
  if (done.ok || done.refusal.code !== 'LANE_CLOSED') return done
  const moved = await routeIn(await world.renewed(), requester, request)
  return moved === undefined || moved.id === route.id ? done : work(moved)
}

export const notYetMember = (): Result<never> =>
  refuse('PARAM_ILLEGAL', {
    fields: [{ pointer: '/requestedAt', says: 'before this institution was a member' }],
  })

async function routeIn(
  seen: Seen,
  requester: Institution,
  { requestId, requestedAt }: Requested,
): Promise<Route | undefined> {
  const id = await paymentIdOf(seen.directory, requester, requestId, requestedAt)
  const place = id === undefined ? undefined : seen.directory.locate(id)
  const known = id === undefined ? undefined : knownEpochOf(seen, id)
  if (id === undefined || place === undefined || known === undefined) return undefined
  const center = place.center.id
  return { id, center, lane: seen.lane(center, place.place), known, requestedAt }
}
