/**
 * The cut: until when a committed payment can still be cancelled in full. The day of the acquirer's market ends at
 * its midnight, and a quarter of an hour later what was committed on it goes into clearing.
 */

import { offsetAt } from './zone.ts'

const DAY_MS = 86_400_000
const AFTER_MIDNIGHT_MS = 15 * 60_000

/**
 * @param committedAt milliseconds since 1970
 * @param zone IANA time zone of the acquirer
 * @returns the first instant at which it is too late
 */
export function cutAfter(committedAt: number, zone: string): number {
  const localDay = Math.floor((committedAt + offsetAt(committedAt, zone)) / DAY_MS)
  const localCut = (localDay + 1) * DAY_MS + AFTER_MIDNIGHT_MS
  // The offset at the cut is found by trying: clocks may change in the night between.
  const guess = localCut - offsetAt(committedAt, zone)
  return localCut - offsetAt(guess, zone)
}
