/**
 * Payments that a lane may still open in this second and the next. In memory only: what is forgotten is not opened, so
 * a crash never makes more of them.
 */
import { limitPlace } from '../src/domain/limit.ts'

interface Second {
  readonly granted: number
  readonly taken: number
}

const NONE: Second = { granted: 0, taken: 0 }

export const secondOf = (now: number): number => Math.floor(now / 1_000)

export class Tokens {
  readonly #limits = new Map<string, Map<number, Second>>()
  readonly #kept: number

  /** @param kept how many seconds before the newest one are remembered */
  constructor(kept = 1) {
    this.#kept = kept
  }

  /** How many are left in the second of this instant. */
  left(limit: string, now: number): number {
    const { granted, taken } = this.at(limit, secondOf(now))
    return granted - taken
  }

  at(limit: string, second: number): Second {
    return this.#limits.get(limit)?.get(second) ?? NONE
  }

  take(limit: string, now: number) {
    const second = secondOf(now)
    const { granted, taken } = this.at(limit, second)
    this.#put(limit, second, { granted, taken: taken + 1 })
  }

  add(limit: string, second: number, count: number) {
    const { granted, taken } = this.at(limit, second)
    this.#put(limit, second, { granted: granted + count, taken })
  }

  #put(limit: string, second: number, value: Second) {
    const seconds = this.#limits.get(limit) ?? new Map<number, Second>()
    this.#limits.set(limit, seconds)
    seconds.set(second, value)
    for (const past of seconds.keys()) if (past < second - this.#kept) seconds.delete(past)
  }

  drop(institution: string) {
    for (const limit of this.#limits.keys()) {
      if (limitPlace(limit).institution === institution) this.#limits.delete(limit)
    }
  }
}
