/**
 * A lane's circuit breaker: an endpoint that does not acknowledge is left alone, but for a probe now and then, so that
 * one member that is away costs nobody else the gateway's time. Whatever is told counts: by the lane's own timers, and
 * for the first time by whoever made a decision. It is in memory only; a lane that starts anew sees in what still
 * waits who was away.
 */
import { attemptsOf, type Errand, errandName, type Heard, memberOf } from '../src/domain/errand.ts'

/** Tellings in a row that had to be repeated and found no acknowledgement, after which an endpoint counts as away. */
const BREAK_AFTER = 10
/** One telling goes to an endpoint that is away in so many milliseconds. */
const PROBE_MS = 15_000
/** Of what waits for an endpoint that is well again, so much is told at a time: fewer than would break it again. */
const WINDOW = 8
/** A telling that has found no acknowledgement by then finds none any more: its call has ended. */
const FLIGHT_MS = 10_000
/** Probes remembered, so that what the endpoint refuses for good is not the only thing it is ever asked. */
const PROBED_MAX = 256
/** Invitations not followed at once; there are some only where a commit failed. */
const INVITED_MAX = 256

interface Endpoint {
  /** Tellings that had to be repeated since the last acknowledgement. */
  misses: number
  probeAt: number
  readonly probed: Set<string>
  /** It was away and is well again: what of the backlog is under way, and since when. Null while nothing waits. */
  flights: Map<string, number> | null
}

export class Breaker {
  readonly #endpoints = new Map<string, Endpoint>()
  readonly #invited = new Set<string>()

  /** @param waiting what a lane that starts has told before and still has to tell */
  constructor(waiting: readonly Errand[] = []) {
    for (const [owner, errands] of Map.groupBy(waiting.filter(isRepeated), memberOf)) {
      if (errands.length < BREAK_AFTER) continue
      this.#endpoints.set(owner, { ...fresh(), misses: BREAK_AFTER })
    }
  }

  /** The errands that may go now. What may not has had its turn, and comes again with its own timer or at recovery. */
  admit(errands: readonly Errand[], now: number): readonly Errand[] {
    // A probe goes to what has not been one, first of all.
    const turn = (errand: Errand) =>
      this.#endpoints.get(memberOf(errand))?.probed.has(errandName(errand)) ? 1 : 0
    return errands
      .toSorted((one, other) => turn(one) - turn(other))
      .filter(errand => !isTelling(errand) || this.#may(errand, now))
  }

  /** Its owner asks for what has this name, so it goes whatever we think of the endpoint. */
  invite(name: string) {
    if (this.#invited.size >= INVITED_MAX) this.#invited.clear()
    this.#invited.add(name)
  }

  #may(errand: Errand, now: number): boolean {
    const owner = memberOf(errand)
    const endpoint = this.#endpoints.get(owner) ?? fresh()
    const invited = this.#invited.delete(errandName(errand))
    if (isAway(endpoint)) return invited || mayProbe(endpoint, errand, now)
    if (attemptsOf(errand) === 0) return true
    if (endpoint.flights !== null) {
      land(endpoint.flights, now)
      if (endpoint.flights.size >= WINDOW && !invited) return false
      endpoint.flights.set(errandName(errand), now)
    }
    // Only a telling that is repeated proves a miss: many first ones at once are a busy hour, not an outage.
    if (!isRepeated(errand)) return true
    endpoint.misses += 1
    if (isAway(endpoint)) endpoint.probeAt = now + PROBE_MS
    this.#endpoints.set(owner, endpoint)
    return true
  }

  /** It has acknowledged what has this name. True where it was away until now. */
  heard({ owner, name }: Heard): boolean {
    const endpoint = this.#endpoints.get(owner)
    if (endpoint === undefined) return false
    const wasAway = isAway(endpoint)
    if (wasAway) endpoint.flights = new Map()
    else if (endpoint.flights === null) this.#endpoints.delete(owner)
    else endpoint.flights.delete(name)
    endpoint.misses = 0
    return wasAway
  }

  /** How much of what waits for this endpoint may be told now, before its time. */
  room(owner: string, now: number): number {
    const endpoint = this.#endpoints.get(owner)
    if (endpoint === undefined || endpoint.flights === null || isAway(endpoint)) return 0
    land(endpoint.flights, now)
    return WINDOW - endpoint.flights.size
  }

  /** Whether this was told just now, as a part of the backlog. */
  isUnderWay(errand: Errand): boolean {
    return this.#endpoints.get(memberOf(errand))?.flights?.has(errandName(errand)) === true
  }

  /** Nothing waits for it any more. */
  recovered(owner: string) {
    this.#endpoints.delete(owner)
  }
}

const fresh = (): Endpoint => ({ misses: 0, probeAt: 0, probed: new Set(), flights: null })

const isAway = ({ misses }: Endpoint): boolean => misses >= BREAK_AFTER

function mayProbe(endpoint: Endpoint, errand: Errand, now: number): boolean {
  if (now < endpoint.probeAt) return false
  endpoint.probeAt = now + PROBE_MS
  const name = errandName(errand)
  if (endpoint.probed.has(name) || endpoint.probed.size >= PROBED_MAX) endpoint.probed.clear()
  endpoint.probed.add(name)
  return true
}

function land(flights: Map<string, number>, now: number) {
  for (const [name, since] of flights) if (now >= since + FLIGHT_MS) flights.delete(name)
}

/** An inquiry is no telling: a payment in doubt cannot wait, and its deadline bounds it. */
const isTelling = (errand: Errand): boolean =>
  // A refund without cover only asks whether there is some by now; nobody is called.
  errand.kind === 'deliver' ||
  (errand.kind === 'refund' && errand.refund.resultCode !== 'COVER_SHORT')

const isRepeated = (errand: Errand): boolean => isTelling(errand) && attemptsOf(errand) > 1
