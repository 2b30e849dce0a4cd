/**
 * Who may lend how much of a limit. The root, in the institution's home center, lends all of it but a tenth for each
 * other center, which that one lends by itself, so that it goes on while the root is gone. Root and centers pass on
 * what one has and another needs; what they count of each other only rises, like between center and lane.
 */
import type { Directory } from './directory.ts'
import { SURE_MS } from './epoch.ts'
import {
  type Limit,
  type LimitHistory,
  type LimitStanding,
  limitAt,
  limitKinds,
  limitPlace,
} from './limit.ts'
import { type Loan, lent, SHARE_LIFE_MS } from './share.ts'
import { dayAt } from './zone.ts'

/** A center that is not home may lend this part of a limit by itself, and all of them together half at the most. */
const STANDBY_PART = 10
const STANDBY_ALL = 2

/** Payments of a day's last moments come to their lanes in the first moments of the next one. */
const LATE_MS = 60_000

/**
 * - `home`: the root, for certain: nobody else can take itself for it.
 * - `standby`: another center; it asks the root for what it lacks. If it is wrong about who that is, it is lent nothing.
 * - `unsure`: the root, were the directory in hand the last word; but that is from before it could say so.
 */
export type Role = 'home' | 'standby' | 'unsure'

/** What lending of one limit over one period rests on, here and now. */
export interface LendingTerms {
  readonly role: Role
  /** The center of the root. */
  readonly home: string
  /** Since when this row of the limit is in force. */
  readonly from: number
  /** Null where it was lifted: then no payment takes of it, and nothing is lent. */
  readonly value: bigint | null
  /** The other centers, and what the root takes each of them to have lent by itself. */
  readonly standbys: readonly string[]
  readonly kept: bigint
  /** What this center may lend by itself where it is not home. */
  readonly portion: bigint
  /** It has become less within its period: more may be lent than there is now, and only the root, which counts all, knows. */
  readonly isLowered: boolean
  /** When shares lent now end. */
  readonly expiresAt: number
  readonly standing: LimitStanding
}

/** What a center knows of the network. */
export interface Sight {
  readonly directory: Directory
  /** The directory in hand has every epoch, written before this, by which lanes leave this center. */
  readonly confirmedAt: number
}

/** @returns null for a limit that is not in force, and for a period that is not now */
export function lendingTerms(
  limit: string,
  center: string,
  { directory, confirmedAt }: Sight,
  now: number,
): LendingTerms | null {
  const { institution: id, scope, kind, period } = limitPlace(limit)
  const institution = directory.institution(id)
  const history = directory.limits(id).find(each => each.scope === scope && each.kind === kind)
  const span = institution && spanOf(period, institution.zone, now)
  if (institution === undefined || history === undefined || span === undefined) return null
  const at = Math.min(now, span.until - 1)
  const row = limitAt(history, at)
  if (row === undefined) return null

  const { counts, period: kindOfPeriod } = limitKinds[kind]
  // A second's root is where the lanes are as it begins, so whoever asks about it names its first instant.
  const isSecond = kindOfPeriod === 'second'
  const sureFrom = isSecond ? now : span.from
  const home = homeOf(id, sureFrom, directory)
  const centers = directory.centers.filter(({ since = 0 }) => since <= span.from)
  const part = BigInt(Math.max(STANDBY_PART, STANDBY_ALL * (centers.length - 1)))
  const portionIn = (rows: readonly Limit[]): bigint =>
    rows.reduce((most, { value }) => maxOf(most, (value ?? 0n) / part), 0n)
  // Of a second nothing was lent before it began: what the limit was once does not count.
  const past = rowsIn(history, isSecond ? at : span.from, at)
  const isSure = sureFrom < confirmedAt + SURE_MS
  const { value } = row
  return {
    role: roleOf(center === home, isSure),
    home,
    from: row.from,
    value,
    standbys: centers.map(each => each.id).filter(each => each !== home),
    // Another center may know of a row, or reach its instant, a moment before this one, or after it.
    kept: portionIn(rowsIn(history, isSecond ? at - SURE_MS : span.from, at + SURE_MS)),
    portion: centers.some(each => each.id === center) ? portionIn(past) : 0n,
    isLowered: past.some((each, index) => isLess(each, past[index + 1])),
    expiresAt: Math.min(now + SHARE_LIFE_MS, span.until + LATE_MS, lessFrom(history, row)),
    standing: {
      institution: id,
      scope,
      kind,
      currency: counts === 'amount' ? (institution.currencies[0] ?? null) : null,
      value,
      left: null,
      resetsAt: kindOfPeriod === 'day' ? span.until : null,
    },
  }
}

/**
 * Being home takes certainty: two that both took themselves for it would lend twice as much as there is. Standing by does
 * not: it lends its portion whoever is home, and what it holds besides comes from one who is home for certain.
 */
function roleOf(isHome: boolean, isSure: boolean): Role {
  if (!isHome) return 'standby'
  return isSure ? 'home' : 'unsure'
}

interface Instants {
  readonly from: number
  readonly until: number
}

const EVER: Instants = { from: 0, until: Number.MAX_SAFE_INTEGER }

/** The period of this name, if it is now or within a moment of now. */
function spanOf(period: string, zone: string, now: number): Instants | undefined {
  if (period === '-') return EVER
  return [0, -LATE_MS, LATE_MS]
    .map(ms => dayAt(now + ms, zone))
    .find(({ label }) => label === period)
}

/**
 * The center of the epoch in force as the period begins: no move of lanes within a period moves its root, and with the
 * next period the root is where the lanes are.
 */
function homeOf(institution: string, at: number, directory: Directory): string {
  const epochs = directory.epochs(institution)
  return (epochs.find(({ from }) => from <= at) ?? epochs.at(-1))?.center ?? ''
}

/** Rows that were in force at some time from one instant to another, the newest first. */
function rowsIn({ rows }: LimitHistory, from: number, until: number): readonly Limit[] {
  const begun = rows.filter(row => row.from <= until)
  const last = begun.findIndex(row => row.from <= from)
  return last < 0 ? begun : begun.slice(0, last + 1)
}

const isLess = ({ value }: Limit, before: Limit | undefined): boolean =>
  before !== undefined && value !== null && (before.value === null || value < before.value)

/** When less than this row is in force. */
const lessFrom = ({ rows }: LimitHistory, row: Limit): number =>
  rows
    .filter(({ from }) => from > row.from)
    .reduce((least, next) => (isLess(next, row) ? Math.min(least, next.from) : least), EVER.until)

const maxOf = (one: bigint, other: bigint): bigint => (one > other ? one : other)

/** What a center holds of the root's: counted like a share, from the beginning of the period. */
export interface Held {
  readonly granted: bigint
  readonly returned: bigint
}

/** In a lender's books, a center's name begins like this. */
export const CENTER_MARK = '@'
/** All lanes together that have spent what they were lent, and have been silent since. */
export const RESTED = '~rested'

export const isLane = (borrower: string): boolean =>
  !borrower.startsWith(CENTER_MARK) && borrower !== RESTED

/** What is left to lend; below zero where a limit has become less than what was lent. Null where it was lifted. */
export function freeOf(
  terms: LendingTerms,
  loans: ReadonlyMap<string, Loan>,
  held: Held,
): bigint | null {
  const { role, value, portion, standbys, kept } = terms
  if (value === null) return null
  const out = [...loans].reduce((sum, [borrower, loan]) => sum + outOf(borrower, loan, kept), 0n)
  if (role !== 'home') return portion + held.granted - held.returned - out
  return value - kept * BigInt(standbys.length) - out
}

/**
 * Of what it may lend by itself a center gives back no more than is kept for it, whatever it takes that to be: where it has
 * not heard of the newest row, that is a part of another limit.
 */
const outOf = (borrower: string, loan: Loan, kept: bigint): bigint =>
  borrower.startsWith(CENTER_MARK) ? maxOf(lent(loan), -kept) : lent(loan)
