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
  directory: Directory,
  id: string,
  after: PaymentPlace | null,
  now: number,
): readonly PaymentPlace[] {
  const stretches = stretchesOf(directory, id)
  const places: PaymentPlace[] = []
  for (let next = firstAfter(stretches, after); next < stretches.length; next += 1) {
    const { from, lanes, place } = stretches[next] as Stretch
    if (from > now) continue
    for (let lane = 0; lane < lanes; lane += 1) {
      if (after !== null && byPlace({ ...place, lane }, after) <= 0) continue
      if (places.push({ ...place, lane }) > REPLAY_LANES) return places
    }
  }
  return places
}

/** The lanes of one epoch. */
interface Stretch {
  readonly from: number
  readonly lanes: number
  /** Of the first one. */
  readonly place: PaymentPlace
}

/** By center: sorted once for each directory, because somebody asks for one page after another. */
const sorted = new WeakMap<Directory, Map<string, readonly Stretch[]>>()

function stretchesOf(directory: Directory, id: string): readonly Stretch[] {
  const centers = sorted.get(directory) ?? new Map<string, readonly Stretch[]>()
  sorted.set(directory, centers)
  const known = centers.get(id)
  if (known !== undefined) return known
  const center = directory.center(id)?.number ?? 0
  const made = directory.rows.epochs
    .filter(epoch => epoch.center === id)
    .map(({ institution: name, epoch, from, lanes }) => {
      const institution = directory.institution(name)?.number ?? 0
      return { from, lanes, place: { center, institution, epoch, lane: 0 } }
    })
    .sort((one, other) => byPlace(one.place, other.place))
  centers.set(id, made)
  return made
}

/** The first epoch that may have a lane after this one. */
function firstAfter(stretches: readonly Stretch[], after: PaymentPlace | null): number {
  let [low, high] = [0, after === null ? 0 : stretches.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const { place, lanes } = stretches[middle] as Stretch
    const isBefore = after !== null && byPlace({ ...place, lane: lanes - 1 }, after) <= 0
    if (isBefore) low = middle + 1
    else high = middle
  }
  return low
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
