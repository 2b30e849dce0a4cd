/** When a market's day is cut, worked out without any rules of zones: none of these markets changes its clocks. */
import { acquirers } from '../../../src/members/cast.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const AFTER_MIDNIGHT_MS = 15 * 60_000

const hoursAhead: Readonly<Record<string, number>> = {
  'Asia/Shanghai': 8,
  'Asia/Kuala_Lumpur': 8,
  'Asia/Bangkok': 7,
  'Asia/Jakarta': 7,
  'Asia/Ho_Chi_Minh': 7,
}
/** The calendar year of an acquirer's market at an instant. */
export function yearOf(acquirer: string, at: number): string {
  return `${new Date(at + hoursOf(acquirer) * HOUR_MS).getUTCFullYear()}`
}

const zones = new Map(acquirers.map(({ id, zone }) => [id, zone]))

/** From when on what was committed at an instant goes into clearing, and cannot be taken back any more. */
export function clearedFrom(acquirer: string, committedAt: number): number {
  const hours = hoursOf(acquirer)
  const local = committedAt + hours * HOUR_MS
  return (Math.floor(local / DAY_MS) + 1) * DAY_MS + AFTER_MIDNIGHT_MS - hours * HOUR_MS
}

function hoursOf(acquirer: string): number {
  const hours = hoursAhead[zones.get(acquirer) ?? '']
  if (hours === undefined) throw new Error(`nobody knows the day of ${acquirer}`)
  return hours
}
