/** How fast a lane uses each limit: what says how much headroom it should have at hand. */
import { limitPlace } from '../src/domain/limit.ts'
import { SHARE_LIFE_MS } from '../src/domain/share.ts'

export interface Use {
  /** Headroom to have at hand: what is used within the horizon at the present rate. */
  readonly target: bigint
}

interface Counted extends Use {
  readonly taken: bigint
  readonly since: number
  readonly lastAt: number
  /** Per millisecond, of the second before. */
  readonly rate: number
}

/** Long enough that a lender is asked a few times a minute, short enough that little lies idle. */
const HORIZON_MS = 10_000
const SECOND_MS = 1_000
/** A rate that has fallen is believed by halves. */
const DECAY = 0.5
/** Limits remembered; those not used for a while are forgotten first. */
const USES_MAX = 1_000

export class Uses {
  readonly #uses = new Map<string, Counted>()

  note(limit: string, minor: bigint, now: number): Use {
    const before = this.#uses.get(limit)
    const { taken, since, rate } = before ?? { taken: 0n, since: now, rate: 0 }
    const sum = taken + minor
    const elapsed = now - since
    const current = Math.max(rate, Number(sum) / Math.max(elapsed, SECOND_MS))
    const target = BigInt(Math.ceil(current * HORIZON_MS))
    const isOver = elapsed >= SECOND_MS
    const next = isOver
      ? { taken: 0n, since: now, rate: Math.max(Number(sum) / elapsed, rate * DECAY) }
      : { taken: sum, since, rate }
    if (before === undefined && this.#uses.size >= USES_MAX) this.#forget(now)
    this.#uses.set(limit, { ...next, lastAt: now, target })
    return { target }
  }

  /** What is wanted besides what is lacking. @param lacking below zero where there is headroom left */
  want(limit: string, lacking: bigint, now: number): bigint {
    const use = this.#uses.get(limit)
    // Of one that has only just begun, as much again is expected.
    if (use === undefined) return lacking > 0n ? lacking : 0n
    if (now - use.lastAt > HORIZON_MS) return 0n
    const want = lacking > 0n ? use.target : use.target + lacking
    return want > 0n ? want : 0n
  }

  /** Those used within the last seconds. */
  limitsOf(institution: string): readonly string[] {
    return [...this.#uses.keys()].filter(limit => limitPlace(limit).institution === institution)
  }

  #forget(now: number) {
    for (const [limit, { lastAt }] of this.#uses) {
      if (now - lastAt > SHARE_LIFE_MS) this.#uses.delete(limit)
    }
  }
}
