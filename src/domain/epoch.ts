/**
 * Epochs: which lanes serve what was requested when, and how sure anybody can be of that.
 *
 * Snapshots of the directory differ in age, so two edges may name two lanes for one request. Lanes do not: a lane
 * opens nothing unless it is sure that the request belongs to its epoch, and of two epochs only one can be sure.
 * What makes it sure is the notice: an epoch is written so long before it is in force that whoever saw the directory
 * a moment ago has seen every epoch which can be in force now.
 */

/** How long before it is in force an epoch is in the directory, at the least, by the directory's own clock. */
export const EPOCH_NOTICE_MS = 6_000

/** Clocks of the gateway's own machines are no further apart. */
export const CLOCK_SKEW_MS = 500

/** What was so at some instant is so for everything requested until this much later, unless a next epoch is known. */
export const SURE_MS = EPOCH_NOTICE_MS - CLOCK_SKEW_MS

/** An epoch as somebody knows it. Instants are milliseconds since 1970. */
export interface KnownEpoch {
  readonly from: number
  /** Where the next one begins; null while none is known. Once known, it never changes. */
  readonly until: number | null
  /** When the directory was last known to say so. */
  readonly confirmedAt: number
}

/** How a request stands to an epoch. `unsure`: a next one may be in force by then that nobody here knows of. */
export type Standing = 'in_force' | 'early' | 'over' | 'unsure'

export function standingOf(
  { from, until, confirmedAt }: KnownEpoch,
  requestedAt: number,
): Standing {
  if (requestedAt < from) return 'early'
  if (until !== null) return requestedAt < until ? 'in_force' : 'over'
  return requestedAt < confirmedAt + SURE_MS ? 'in_force' : 'unsure'
}

/** What two know of the same epoch together. */
export const merged = (one: KnownEpoch | null, other: KnownEpoch): KnownEpoch => ({
  from: other.from,
  until: one?.until ?? other.until,
  confirmedAt: Math.max(one?.confirmedAt ?? 0, other.confirmedAt),
})
