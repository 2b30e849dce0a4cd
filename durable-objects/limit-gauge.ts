/**
 * What a monitor knows of the limits of its center's members: how much of each was used when it last asked. It asks by
 * itself, every few seconds those who were busy, and now and then all: lenders and payments have no part in it.
 */
import { Bounded } from '../src/domain/bounded.ts'
import type { Gauged, Gauging } from '../src/domain/limit-near.ts'

export interface LimitGaugePorts {
  read(active: readonly string[], after: string | null): Promise<Gauging>
  failed(error: unknown): void
}

/** Between two rounds. */
const ROUND_MS = 5_000
/** Members asked in a round; of more busy ones those that were not asked for longest. */
const ACTIVE_MAX = 24
/** All members are gone through this often: one that is idle uses nothing, but its day may end. */
const CIRCLE_MS = 3_600_000
/** Limits kept; of more those that are nearest to their end. */
const KEPT_MAX = 400
const ASKED_MAX = 1_024

export class LimitGauge {
  readonly #ports: LimitGaugePorts
  /** By the name of the limit; never more than a round's worth above the most. */
  #kept = new Map<string, Gauged & { readonly institution: string }>()
  readonly #askedAt = new Bounded<string, number>(ASKED_MAX)
  /** How far the circle has come; null once it is closed. */
  #after: string | null = ''
  #circledAt = 0
  #roundAt = 0
  #isAsking = false

  constructor(ports: LimitGaugePorts) {
    this.#ports = ports
  }

  /** What is kept, nearest first. */
  get uses(): readonly Gauged[] {
    return [...this.#kept.values()]
      .sort((one, other) => other.share - one.share)
      .map(({ institution: _, ...gauged }) => gauged)
  }

  /**
   * Asks, if it is time to.
   *
   * @param active members that were seen lately
   */
  async round(active: () => readonly string[], now: number): Promise<void> {
    if (this.#isAsking || now - this.#roundAt < ROUND_MS) return
    this.#isAsking = true
    this.#roundAt = now
    if (this.#after === null && now - this.#circledAt >= CIRCLE_MS) this.#after = ''
    if (this.#after === '') this.#circledAt = now
    const asked = active()
      .toSorted((one, other) => this.#last(one) - this.#last(other))
      .slice(0, ACTIVE_MAX)
    for (const member of asked) this.#askedAt.set(member, now)
    try {
      const { members, next } = await this.#ports.read(asked, this.#after)
      this.#after = next
      for (const [institution, limits] of members) this.#keep(institution, limits)
      this.#trim()
    } catch (error) {
      this.#ports.failed(error)
    } finally {
      this.#isAsking = false
    }
  }

  #last(member: string): number {
    return this.#askedAt.get(member) ?? 0
  }

  /** What was known of the member before is no more. */
  #keep(institution: string, limits: readonly Gauged[]) {
    for (const [name, kept] of this.#kept) {
      if (kept.institution === institution) this.#kept.delete(name)
    }
    for (const each of limits) this.#kept.set(each.limit, { ...each, institution })
  }

  #trim() {
    if (this.#kept.size <= KEPT_MAX) return
    const nearest = [...this.#kept].sort(([, one], [, other]) => other.share - one.share)
    this.#kept = new Map(nearest.slice(0, KEPT_MAX))
  }
}
