/**
 * The season of a rate: what is usual at each hour of the week, in events a second.
 *
 * Robust: an hour is taken over only within bounds of what is known, so that one odd day, or one incident, moves little.
 * Until a week is known, the same hour of other days stands in; before a day is known, nothing does.
 */

export const HOURS = 168
const HOUR_MS = 3_600_000
/** 1 January 1970 was a Thursday: hours of the week count from Monday. */
const MONDAY_MS = 4 * 24 * HOUR_MS

/** Weeks after which an old one counts for little. */
const WEEKS_MAX = 6
/** An hour beyond these bounds of what is known is taken for that bound. */
const LEAST = 0.5
const MOST = 2

export const hourOfWeek = (at: number): number =>
  Math.floor((at - MONDAY_MS) / HOUR_MS + HOURS * 10_000) % HOURS

export class Season {
  readonly #rates = new Float64Array(HOURS)
  readonly #weeks = new Uint8Array(HOURS)

  /** What an hour that is over was like. */
  learn(hour: number, perSecond: number) {
    const weeks = this.#weeks[hour] ?? 0
    const known = this.#rates[hour] ?? 0
    if (weeks === 0) this.#rates[hour] = perSecond
    else {
      // A single week says little about what is odd, so the first ones are bounded less.
      const room = weeks === 1 ? 2 : 1
      const bounded = Math.min(Math.max(perSecond, (known * LEAST) / room), known * MOST * room)
      this.#rates[hour] = known + (bounded - known) / (Math.min(weeks, WEEKS_MAX) + 1)
    }
    this.#weeks[hour] = Math.min(weeks + 1, WEEKS_MAX)
  }

  /** Events a second that are usual at this moment, between the middles of two hours; null where unknown. */
  at(at: number): number | null {
    const middle = at - HOUR_MS / 2
    const before = this.#rate(hourOfWeek(middle))
    const after = this.#rate(hourOfWeek(middle + HOUR_MS))
    if (before === null || after === null) return null
    const part = (middle % HOUR_MS) / HOUR_MS
    return before + (after - before) * part
  }

  /** How well this hour is known: 0 not at all, 1 from other days only, 2 from its own. */
  knows(at: number): 0 | 1 | 2 {
    const hour = hourOfWeek(at)
    if ((this.#weeks[hour] ?? 0) > 0) return 2
    return this.#rate(hour) === null ? 0 : 1
  }

  #rate(hour: number): number | null {
    if ((this.#weeks[hour] ?? 0) > 0) return this.#rates[hour] ?? 0
    let sum = 0
    let days = 0
    for (let other = hour % 24; other < HOURS; other += 24) {
      if ((this.#weeks[other] ?? 0) === 0) continue
      sum += this.#rates[other] ?? 0
      days += 1
    }
    return days === 0 ? null : sum / days
  }

  pack(): readonly number[] {
    return [...this.#rates].flatMap((rate, hour) => [
      Math.round(rate * 1e4) / 1e4,
      this.#weeks[hour] ?? 0,
    ])
  }

  unpack(packed: readonly number[]) {
    for (let hour = 0; hour < HOURS; hour += 1) {
      this.#rates[hour] = packed[2 * hour] ?? 0
      this.#weeks[hour] = packed[2 * hour + 1] ?? 0
    }
  }
}
