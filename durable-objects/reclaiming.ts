/**
 * Reclaiming: a lane whose share has ended gives back by itself what it has not spent. One that was not heard of since
 * is asked, because an answer may have been lost either way; until it says so, all of it counts as spent.
 */
import { lent } from '../src/domain/share.ts'
import type { Gathering } from './gathering.ts'
import type { Loans } from './loans.ts'

export interface ReclaimPorts {
  now(): number
  /** Wakes the lender at this instant or earlier. */
  arm(at: number): void
}

/** A lane gets so long to tell by itself how its share ended. */
const PATIENCE_MS = 5_000
/** Between two questions to a lane that does not answer; doubles up to an hour. */
const AGAIN_MS = 10_000
const AGAIN_MAX_MS = 3_600_000
/** Lanes asked at a time. */
const LANES_MAX = 16

export class Reclaiming {
  readonly #loans: Loans
  readonly #gathering: Gathering
  readonly #ports: ReclaimPorts
  #againMs = AGAIN_MS
  #restUntil = 0

  constructor(loans: Loans, gathering: Gathering, ports: ReclaimPorts) {
    this.#loans = loans
    this.#gathering = gathering
    this.#ports = ports
  }

  async wake(): Promise<void> {
    const now = this.#ports.now()
    const before = this.#overdue(now)
    if (now >= this.#restUntil && before.size > 0) {
      await Promise.all(
        [...before]
          .slice(0, LANES_MAX)
          .map(([lane, limits]) => this.#gathering.fromLane(lane, limits)),
      )
      const isBetter = this.#overdue(now).size < before.size
      this.#againMs = isBetter ? AGAIN_MS : Math.min(this.#againMs * 2, AGAIN_MAX_MS)
      this.#restUntil = this.#ports.now() + this.#againMs
    }
    this.watch()
  }

  /** Wakes when the next share is overdue, if any can be. */
  watch() {
    let due = Number.POSITIVE_INFINITY
    for (const { loan } of this.#open()) due = Math.min(due, loan.expiresAt + PATIENCE_MS)
    if (Number.isFinite(due)) this.#ports.arm(Math.max(due, this.#restUntil))
  }

  /** By lane: limits of which it holds more than it has spent, as far as it has said. */
  #overdue(now: number): Map<string, string[]> {
    const lanes = new Map<string, string[]>()
    for (const { limit, lane, loan } of this.#open()) {
      if (loan.expiresAt + PATIENCE_MS > now) continue
      lanes.set(lane, [...(lanes.get(lane) ?? []), limit])
    }
    return lanes
  }

  *#open(): ReturnType<Loans['lanes']> {
    for (const each of this.#loans.lanes()) if (lent(each.loan) !== each.loan.used) yield each
  }
}
