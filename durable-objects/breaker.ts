/**
 * A lane's circuit breaker: an endpoint that does not acknowledge is left alone, but for a probe now and then, so that
 * one member that is away costs nobody else the gateway's time. It is in the lane's memory only: a lane that forgets
 * it makes a few calls more.
 */
import type { Duty } from '../src/domain/duty.ts'
import type { Errand } from '../src/domain/errand.ts'

/** Deliveries in a row without an acknowledgement, after which an endpoint counts as away. */
const BREAK_AFTER = 10
/** One delivery goes to an endpoint that is away in so many milliseconds. */
const PROBE_MS = 15_000

interface Endpoint {
  /** Deliveries that had to be repeated since the last acknowledgement. */
  misses: number
  probeAt: number
  /** It was away and is well again, and more waits for it than may be sent at once. */
  recovering: boolean
}

export class Breaker {
  readonly #endpoints = new Map<string, Endpoint>()

  /** The errands that may go now. What may not has had its turn, and comes again with its own timer or at recovery. */
  admit(errands: readonly Errand[], now: number): readonly Errand[] {
    return errands.filter(errand => errand.kind !== 'deliver' || this.#may(errand.duty, now))
  }

  #may({ owner, attempts }: Duty, now: number): boolean {
    const endpoint = this.#endpoints.get(owner) ?? { misses: 0, probeAt: 0, recovering: false }
    this.#endpoints.set(owner, endpoint)
    if (endpoint.misses >= BREAK_AFTER) {
      if (now < endpoint.probeAt) return false
      endpoint.probeAt = now + PROBE_MS
    }
    // Only a telling that is repeated proves a miss: many first ones at once are a busy hour, not an outage.
    if (attempts > 1 || endpoint.misses >= BREAK_AFTER) endpoint.misses += 1
    return true
  }

  /** It has acknowledged. Gives how many of those that wait for it may go at once. */
  heard(owner: string): number {
    const endpoint = this.#endpoints.get(owner)
    if (endpoint === undefined) return 0
    if (endpoint.recovering && endpoint.misses < BREAK_AFTER) {
      endpoint.misses = Math.max(endpoint.misses - 1, 0)
      return 1
    }
    if (endpoint.misses < BREAK_AFTER) {
      this.#endpoints.delete(owner)
      return 0
    }
    this.#endpoints.set(owner, { misses: 0, probeAt: 0, recovering: true })
    return BREAK_AFTER - 1
  }

  /** Nothing waits for it any more. */
  recovered(owner: string) {
    this.#endpoints.delete(owner)
  }
}
