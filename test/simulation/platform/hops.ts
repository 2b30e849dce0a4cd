/** How long messages take: inside a center, across the world, and when something is wrong. */

import type { Dice } from '../dice.ts'
import type { Chaos } from '../faults.ts'

/** Medians of one way, milliseconds. */
const INSIDE_MS = 2
const OUTSIDE_MS = 40
/** Log-normal: one in a hundred takes three times as long. */
const SPREAD = 0.5

export class Hops {
  readonly #dice: Dice
  readonly #chaos: Chaos

  constructor(dice: Dice, chaos: Chaos) {
    this.#dice = dice
    this.#chaos = chaos
  }

  /** Between two parts of the gateway. */
  inside(subject: number): number {
    return this.#delay(INSIDE_MS, subject)
  }

  /** Between the gateway and a member. */
  outside(subject: number): number {
    return this.#delay(OUTSIDE_MS, subject)
  }

  #delay(medianMs: number, subject: number): number {
    const usual = this.#dice.delay(medianMs, SPREAD, 'delay', subject)
    if (this.#chaos.strikes('overtaken', subject)) {
      return usual + this.#dice.between(100, 3_000, 'detour', subject)
    }
    if (this.#chaos.strikes('slow', subject)) {
      return usual + this.#dice.between(1_000, 60_000, 'slowness', subject) ** 2 / 60_000
    }
    if (this.#chaos.strikes('stuck', subject)) {
      return this.#dice.between(60_000, 600_000, 'stuckness', subject)
    }
    return usual
  }
}
