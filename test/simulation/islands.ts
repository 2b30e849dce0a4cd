/**
 * Islands: a center that does not reach the directory goes on by the word of the others, and so do the edges next to it.
 * This is where it shows whether that word is kept: the others may be about to move what it serves.
 */
import type { Dice } from './dice.ts'
import type { Stretch } from './faults.ts'
import { limitedCenters } from './members/cast.ts'

export interface Island extends Stretch {
  readonly center: string
  /** Nobody reached the directory from then on, until shortly after the island began. */
  readonly awayFrom: number | null
  readonly awayUntil: number
  /** The other centers do not reach it either; or an operator gives it up. */
  readonly isApart: boolean
}

/** Nobody reaches the directory for so long before an island begins, and a little longer. */
const AWAY_MS = 8_000
const LONGER_MS = 2_000

export const islandsOf = (stretches: readonly Stretch[], dice: Dice): readonly Island[] =>
  stretches.map((stretch, number) => ({
    ...stretch,
    center: dice.pick(limitedCenters, 'island', number).id,
    awayFrom: dice.draw('island', number) < 0.6 ? stretch.from - AWAY_MS : null,
    awayUntil: stretch.from + dice.between(0, LONGER_MS, 'island', number),
    isApart: dice.draw('island', number) < 0.5,
  }))

/** When the other centers do not reach this one. */
export const apartOn = (islands: readonly Island[], center: string): readonly Stretch[] =>
  islands.filter(island => island.isApart && island.center === center)

/** When a center does not reach the directory; or, with one's name, the edges next to an island, and all others. */
export const blindOn = (islands: readonly Island[], where: string): readonly Stretch[] =>
  islands.flatMap(island => {
    const { awayFrom, awayUntil, from } = island
    const isOn = island.center === where || where === EDGES_ON
    if (isOn) return { ...island, from: awayFrom ?? from }
    return awayFrom === null ? [] : { ...island, from: awayFrom, until: awayUntil }
  })

/** The edges next to whatever island there is. */
export const EDGES_ON = 'on'
/** Those that are not. */
export const EDGES_OFF = 'off'

export const isIn = (stretches: readonly Stretch[], now: number): boolean =>
  stretches.some(({ from, until }) => now >= from && now < until)

/** Since when one of them has lasted; now where none does. */
export const sinceWhen = (stretches: readonly Stretch[], now: number): number =>
  Math.min(now, ...stretches.filter(each => isIn([each], now)).map(({ from }) => from))
