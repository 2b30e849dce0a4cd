/**
 * Shares: headroom of a limit, lent from root to center and from center to lane.
 *
 * Both ends count from the beginning of the period, and what they count only rises: so a message that is lost, comes
 * twice or comes late changes nothing. The lender lends `granted`, and takes headroom back only once the borrower
 * says that it has made it `returned`, which the borrower makes durable first. What lies between is spent, as far as
 * anybody else is concerned: so no limit is overshot, and who cannot be reached keeps at most what it holds.
 */
import type { LimitStanding } from './limit.ts'

/** What a borrower holds of one limit over one period. */
export interface Share {
  /** Lent to it so far, as far as it has heard. */
  readonly granted: bigint
  /** Given back by it so far, for good. */
  readonly returned: bigint
  /** Taken by payments that are open or committed; falls where one aborts. */
  readonly used: bigint
  /** Milliseconds since 1970, by the lender's clock: nothing is taken afterwards, only given back. */
  readonly expiresAt: number
}

export const NO_SHARE: Share = { granted: 0n, returned: 0n, used: 0n, expiresAt: 0 }

/** A share lives this long without a word from its lender: as long, at most, as an unreachable lane can spend. */
export const SHARE_LIFE_MS = 30_000
/** Clocks of two machines differ by less than this, so a borrower stops so much before its share ends. */
export const SHARE_MARGIN_MS = 3_000

/** Headroom that no payment has taken. */
export const unspent = ({ granted, returned, used }: Share): bigint => granted - returned - used

/** What can be taken now. */
export const spendable = (share: Share, now: number): bigint =>
  now < share.expiresAt - SHARE_MARGIN_MS ? unspent(share) : 0n

/** With so much taken; given back where it is negative. */
export const withUse = (share: Share, minor: bigint): Share => ({
  ...share,
  used: share.used + minor,
})

/** What is unspent given back, but for so much. Must be durable before the lender hears of it. */
export function withReturn(share: Share, kept: bigint): Share {
  const back = unspent(share) - kept
  return back > 0n ? { ...share, returned: share.returned + back } : share
}

/** What a lender knows of one borrower. */
export interface Loan {
  readonly granted: bigint
  readonly returned: bigint
  /** As the borrower last said; a lender's decisions do not rest on it. */
  readonly used: bigint
  readonly expiresAt: number
  /** When the borrower said so, by its own clock. */
  readonly heardAt: number
  /** Recalls before this one do not concern it: counted when it was last granted. */
  readonly recalls: number
}

export const NO_LOAN: Loan = {
  granted: 0n,
  returned: 0n,
  used: 0n,
  expiresAt: 0,
  heardAt: 0,
  recalls: 0,
}

/** What counts as spent with this borrower, whatever it does and whether it is ever heard of again. */
export const lent = ({ granted, returned }: Loan): bigint => granted - returned

/** With another loan counted in, or out of it where `sign` is below zero. */
export const withLoan = (all: Loan, { granted, returned, used }: Loan, sign: 1n | -1n): Loan => ({
  ...all,
  granted: all.granted + sign * granted,
  returned: all.returned + sign * returned,
  used: all.used + sign * used,
})

/** What a borrower says of itself: the same again, or an older one, changes nothing. */
export interface Report {
  readonly limit: string
  readonly granted: bigint
  readonly returned: bigint
  readonly used: bigint
}

/** What a lender has lent a borrower since the beginning of the period: the answer that said so may be lost. */
export type Lent = Pick<Grant, 'limit' | 'granted'>

/** What one center knows of the use of a limit. */
export interface UseThere {
  readonly limit: string
  /** Taken by payments of its lanes, as they last said. */
  readonly used: bigint
  /** Lent to its lanes and not taken, as far as they have said. */
  readonly held: bigint
  /** The oldest word of a lane that may have used more since; null where all have said their last. */
  readonly asOf: number | null
}

/** A report, and what the borrower lacks now and would like to have besides. */
export interface Asked extends Report {
  readonly need: bigint
  readonly want: bigint
}

/** Payments of one second, asked for a little ahead: nothing of them is ever returned. */
export interface AskedPace {
  readonly limit: string
  /** Seconds since 1970; what is lacking in it, and what is wanted of the next one. */
  readonly second: number
  readonly need: number
  readonly want: number
}

export interface Pace {
  readonly limit: string
  readonly second: number
  readonly count: number
  readonly next: number
  readonly standing: LimitStanding
  /** As in a grant. */
  readonly isUnsure?: boolean
}

export interface Ask {
  /** The lane, or `@sg` for a center. */
  readonly borrower: string
  /** The borrower's clock, milliseconds since 1970. */
  readonly at: number
  readonly shares: readonly Asked[]
  readonly paces: readonly AskedPace[]
  /** A lane's: of how many recalls it was told. Absent of a center. */
  readonly recalls?: number
}

export interface Grant {
  readonly limit: string
  /** Lent since the beginning of the period, this time included. */
  readonly granted: bigint
  /** Since when the limit is what it was when this was lent. */
  readonly from: number
  /** 0 where more is lent than the limit now is: then nothing may be spent of it. */
  readonly expiresAt: number
  /** What is left with the lender, for a refusal. */
  readonly standing: LimitStanding
  /** What is lacking may be with the root, which could not be asked. */
  readonly isUnsure?: boolean
}

export interface Drawn {
  /** How often shares were recalled; a grant from before a recall that the borrower has heard of counts for nothing. */
  readonly recalls: number
  /** Of the directory, with the newest change that has recalled shares: older ones let nothing through any more. */
  readonly version: number
  readonly grants: readonly Grant[]
  readonly paces: readonly Pace[]
}

export const heard = (loan: Loan, report: Report, at: number): Loan => ({
  ...loan,
  returned: report.returned > loan.returned ? report.returned : loan.returned,
  used: at >= loan.heardAt ? report.used : loan.used,
  heardAt: Math.max(loan.heardAt, at),
})

/**
 * How much to lend: what is needed, and of what is wanted besides a fair part of what is free, which grows smaller
 * the less there is. So the last of it is not scattered over lanes that happen to have asked before.
 *
 * @param borrowers how many hold shares of it
 */
export function loanOf(
  free: bigint,
  { need, want }: Pick<Asked, 'need' | 'want'>,
  borrowers: number,
) {
  if (free <= need) return free > 0n ? free : 0n
  const fair = (free - need) / BigInt(2 * Math.max(borrowers, 1))
  return need + (want < fair ? want : fair)
}
