/**
 * Stops: what is dangerous about switching something off, and on again. A corridor or a family may be stopped by one
 * person for an hour; stops of one day add up, and what two have stopped takes two to open before its time.
 */
import type { DirectoryRows, Switch } from './directory.ts'

type SwitchName = Pick<Switch, 'subject' | 'name'>

export type SwitchStep =
  | ({ readonly kind: 'switch_off' | 'switch_on' } & SwitchName)
  /** Puts back a switch that was there, with its own reason and end; only ever a step back. */
  | { readonly kind: 'restore_switch'; readonly row: Switch }

/** How long a corridor or a family may be stopped by one person: until somebody else has been woken. */
export const STOP_ALONE_MS = 60 * 60_000
/** Stops add up for so long: whoever closes the same again every hour, closes it for good. */
export const STOPS_ADD_UP_MS = 24 * 60 * 60_000

export type StopDanger =
  | 'cuts_off_member'
  | 'reopens_member'
  | 'stops_scenario'
  | 'reopens_scenario'
  | 'stops_for_long'
  | 'reopens_early'

export const switchOf = (
  rows: Pick<DirectoryRows, 'switches'>,
  { subject, name }: SwitchName,
): Switch | null =>
  rows.switches.find(each => each.subject === subject && each.name === name) ?? null

export const switchNameOf = (step: SwitchStep): SwitchName =>
  step.kind === 'restore_switch' ? step.row : step

/** Whether it has not ended by itself. */
export const stands = ({ until }: Pick<Switch, 'until'>, now: number): boolean =>
  until === null || until > now

/** For how long each has been off lately, by subject and name, in milliseconds. */
export type Stopped = ReadonlyMap<string, number>

/** @param until when the change ends by itself, milliseconds since 1970; null for never */
export function dangersOfSwitch(
  step: SwitchStep,
  until: number | null,
  rows: Pick<DirectoryRows, 'switches'>,
  now: number,
  stopped: Stopped,
): readonly StopDanger[] {
  const { subject, name } = switchNameOf(step)
  const isBack = step.kind === 'restore_switch'
  // What has ended meanwhile stays ended.
  const isOff = isBack ? stands(step.row, now) : step.kind === 'switch_off'
  if (subject === 'institution') return [isOff ? 'cuts_off_member' : 'reopens_member']
  if (subject === 'scenario') return [isOff ? 'stops_scenario' : 'reopens_scenario']
  const end = isOff ? (isBack ? step.row.until : until) : now
  const row = switchOf(rows, { subject, name })
  const isEarly = row !== null && tookTwo(row, now) && end !== null && end < (row.until ?? Infinity)
  const before = stopped.get(`${subject} ${name}`) ?? 0
  const isLong = isOff && (end === null || before + end - now > STOP_ALONE_MS)
  return [
    ...(isLong ? ['stops_for_long' as const] : []),
    ...(isEarly ? ['reopens_early' as const] : []),
  ]
}

/** Whether what stands was agreed on by two; of a row that does not say so, its end does. */
const tookTwo = (row: Switch, now: number): boolean =>
  stands(row, now) && (row.byTwo === true || row.until === null || row.until > now + STOP_ALONE_MS)

/** Something was switched, as the changes say. */
export interface Switched extends SwitchName {
  readonly at: number
  /** Until when it is off, null for good; as long as nothing, where it was opened. */
  readonly until: number | null
}

/** @param switched of some time up to now, in any order */
export function stoppedFor(switched: readonly Switched[], now: number): Stopped {
  const found = new Map<string, number>()
  const byName = Map.groupBy(switched, ({ subject, name }) => `${subject} ${name}`)
  for (const [name, deeds] of byName) {
    const sorted = deeds.toSorted((one, other) => one.at - other.at)
    let sum = 0
    for (const [place, { at, until }] of sorted.entries()) {
      const end = Math.min(until ?? now, sorted[place + 1]?.at ?? now, now)
      sum += Math.max(0, end - at)
    }
    found.set(name, sum)
  }
  return found
}
