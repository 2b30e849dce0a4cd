/** The clocks of one world: when it begins, and how far off everybody's clock is. */
import { CLOCK_SKEW_MS } from '../../src/domain/epoch.ts'
import type { Dice } from './dice.ts'
import type { Chaos } from './faults.ts'

const USUAL_START = Date.UTC(2026, 9, 1)
/** When the markets' days end: China and Malaysia first, an hour later Thailand, Indonesia and Viet Nam. */
const MIDNIGHTS = [Date.UTC(2026, 9, 1, 16), Date.UTC(2026, 9, 1, 17)] as const
/** The same of a year. */
const NEW_YEARS = [Date.UTC(2026, 11, 31, 16), Date.UTC(2026, 11, 31, 17)] as const
const CUT_MS = 15 * 60_000

/** Machines of one center keep their clocks this close, and so far off they are where something is wrong. */
const GATEWAY_MS = 50
const APART_MS = 1_000
/** Where epochs are written while people pay they are never further apart than the gateway counts on. */
const STEERED_MS = CLOCK_SKEW_MS / 2
/** Members, as agreed, and where they do not keep to it. */
const MEMBER_MS = 2_000
const ASTRAY_MS = 120_000
const WRONG_MS = 3_600_000
/** Nobody believes a signature that was made longer ago, or is to be made only then. */
const SIGNED_MS = 300_000

/** Whether no signature holds that is made or judged by a clock that is so far off. */
export const isWrong = (skewMs: number): boolean => Math.abs(skewMs) > SIGNED_MS

export class Clocks {
  /** The world's first instant, milliseconds since 1970. */
  readonly startsAt: number
  /** When what was paid until midnight goes into clearing, where that comes in this world. */
  readonly cutAt: number | null
  /** No clock of the gateway is further off. */
  readonly gatewayMs: number
  readonly #dice: Dice
  readonly #chaos: Chaos

  /**
   * @param livelyMs how long people pay in this world
   * @param years whether it may be a year that ends with a day
   * @param steered whether epochs are written while people pay
   */
  constructor(dice: Dice, chaos: Chaos, livelyMs: number, years: boolean, steered: boolean) {
    this.#dice = dice
    this.#chaos = chaos
    const apartMs = steered ? STEERED_MS : APART_MS
    this.gatewayMs = chaos.strikes('clocks apart', 0) ? apartMs : GATEWAY_MS
    const midnights = years ? [...MIDNIGHTS, ...NEW_YEARS] : MIDNIGHTS
    const midnight = chaos.strikes('day ends', 0) ? dice.pick(midnights, 'midnight', 0) : null
    this.cutAt = midnight === null ? null : midnight + CUT_MS
    this.startsAt =
      midnight === null ? USUAL_START : Math.floor(midnight - dice.between(0, livelyMs, 'day', 0))
  }

  /** How far off the clock of a part of the gateway is. */
  ofGateway(part: string, number: number): number {
    return this.#dice.between(-this.gatewayMs, this.gatewayMs, `${part} skew`, number)
  }

  /** How far off the clock of a member is. */
  ofMember(number: number): number {
    const most = this.#mostOf(number)
    const skew = this.#dice.between(-most, most, 'member skew', number)
    return most === WRONG_MS ? Math.sign(skew) * most : skew
  }

  #mostOf(number: number): number {
    if (this.#chaos.strikes('clock wrong', number)) return WRONG_MS
    return this.#chaos.strikes('clock astray', number) ? ASTRAY_MS : MEMBER_MS
  }
}
