/**
 * How fast a lane gets through what waits, and so how long one more would wait. Only groups that leave others waiting
 * tell it: how long a group took is seen when the next one begins, because no clock moves while a lane decides.
 */

/** What one message takes on a machine that has nothing else to do: believed until something else is seen. */
const USUAL_MS = 0.2
/** Smaller groups say more about a commit than about a message. */
const TELLING = 64
/** How much the newest group counts beside all before it. */
const NEWEST = 0.5
/** Slowness is forgotten by half in this time: a lane that sheds has no large groups to see that it is over. */
const HALF_MS = 3_000

export class Tempo {
  #eachMs = USUAL_MS
  #seenAt = 0

  /** A group of so many took so long until the next one began. */
  saw(size: number, tookMs: number, now: number) {
    if (size < TELLING) return
    // Only what nobody saw is forgotten: not the time of this very group.
    const before = this.#eachAt(now - tookMs)
    this.#eachMs = before + (Math.max(tookMs / size, USUAL_MS) - before) * NEWEST
    this.#seenAt = now
  }

  /** Milliseconds until so many are done. */
  waitMs(count: number, now: number): number {
    return count * this.#eachAt(now)
  }

  #eachAt(now: number): number {
    const halves = Math.max(now - this.#seenAt, 0) / HALF_MS
    return USUAL_MS + (this.#eachMs - USUAL_MS) * 0.5 ** halves
  }
}
