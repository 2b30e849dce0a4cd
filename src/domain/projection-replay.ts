/**
 * Replay of a projection: what a center's database has lost, its lanes tell again. The database itself says how far it
 * has each lane; a lane that believes it to be further goes back to that, and sends what follows as it always does.
 */
import type { Directory } from './directory.ts'
import { laneName, type PaymentPlace } from './payment-id.ts'

/** Lanes asked in one call. */
export const REPLAY_LANES = 50

/** What became of some lanes. */
export interface ProjectionReplay {
  readonly lanes: number
  /** Of those, the ones that go back. */
  readonly rewound: number
  /** Events that their journals have and the projection does not. */
  readonly behind: number
  /** Lanes that could not be asked. */
  readonly unreached: readonly string[]
  /** The lane to go on after; null where there are no more. */
  readonly next: string | null
}

/**
 * Lanes that a center has or had, in the order of their names' numbers, after one of them, at most `REPLAY_LANES` and
 * one more. Those of epochs to come have nothing yet.
 */
export function lanesOf(
  { rows, center, institution }: Directory,
  id: string,
  after: PaymentPlace | null,
  now: number,
): readonly PaymentPlace[] {
  const number = center(id)?.number ?? 0
  return rows.epochs
    .filter(epoch => epoch.center === id && epoch.from <= now)
    .flatMap(epoch => {
      const requester = institution(epoch.institution)?.number ?? 0
      return Array.from({ length: epoch.lanes }, (_, lane) => ({
        center: number,
        institution: requester,
        epoch: epoch.epoch,
        lane,
      }))
    })
    .filter(place => after === null || byPlace(place, after) > 0)
    .sort(byPlace)
    .slice(0, REPLAY_LANES + 1)
}

const byPlace = (one: PaymentPlace, other: PaymentPlace): number =>
  one.institution - other.institution || one.epoch - other.epoch || one.lane - other.lane

/** Adds up what lanes said; null for one that said nothing. */
export function replayOf(
  places: readonly PaymentPlace[],
  said: readonly (LaneSaid | null)[],
): ProjectionReplay {
  const page = places.slice(0, REPLAY_LANES)
  const heard = said.filter(each => each !== null)
  const last = page.at(-1)
  return {
    lanes: page.length,
    rewound: heard.filter(({ isBack }) => isBack).length,
    behind: heard.reduce((sum, { seq, stored }) => sum + Math.max(seq - stored, 0), 0),
    unreached: page.flatMap((place, index) => (said[index] === null ? [laneName(place)] : [])),
    next: places.length > REPLAY_LANES && last !== undefined ? laneName(last) : null,
  }
}

export interface LaneSaid {
  /** Of the journal's newest event. */
  readonly seq: number
  /** How far the projection has it. */
  readonly stored: number
  /** Whether the lane goes back to what is stored. */
  readonly isBack: boolean
}
