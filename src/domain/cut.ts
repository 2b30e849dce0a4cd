/**
 * The cut: until when a committed payment can still be cancelled in full. The day of the acquirer's market ends at
 * its midnight, and a quarter of an hour later what was committed on it goes into clearing.
 */

import { dayAt } from './zone.ts'

const AFTER_MIDNIGHT_MS = 15 * 60_000

/**
 * @param committedAt milliseconds since 1970
 * @param zone IANA time zone of the acquirer
 * @returns the first instant at which it is too late
 */
export const cutAfter = (committedAt: number, zone: string): number =>
  dayAt(committedAt, zone).until + AFTER_MIDNIGHT_MS
