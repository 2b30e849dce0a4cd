/**
 * Reach: what an edge knows of the centers from its own calls. A center that does not answer is left alone, so that
 * nobody waits for it; but for one call now and then, which finds out when it is back.
 */

/** Calls in a row, of whatever lanes, that found nobody: fewer may be one lane's own trouble. */
const AWAY_AFTER = 3
/** Between two tries of a center that is away. */
const TRY_MS = 500

interface Sight {
  misses: number
  triedAt: number
}

export class Reach {
  readonly #sights = new Map<string, Sight>()

  /** Calls that failed since the last one that went well. */
  misses(center: string): number {
    return this.#sights.get(center)?.misses ?? 0
  }

  isAway(center: string): boolean {
    return this.misses(center) >= AWAY_AFTER
  }

  /** Whether to call it now: always, or as the one that tries. */
  mayTry(center: string, now: number): boolean {
    const sight = this.#sights.get(center)
    if (sight === undefined || !this.isAway(center)) return true
    if (now - sight.triedAt < TRY_MS) return false
    sight.triedAt = now
    return true
  }

  /** Somebody is there. Gives whether that is news. */
  heard(center: string): boolean {
    return this.#sights.delete(center)
  }

  missed(center: string, now: number) {
    const sight = this.#sights.get(center) ?? { misses: 0, triedAt: now }
    this.#sights.set(center, { ...sight, misses: sight.misses + 1 })
  }
}
