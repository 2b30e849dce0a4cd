/**
 * A lane's purse: the shares it holds of institutions' limits, and what its payments have taken of them.
 *
 * What a payment takes is taken in the very commit that opens it, and costs no row: after a crash it is read from the
 * journal. A row is written only when a lender has been heard, or is about to be told something.
 */
import { limitKinds, limitPlace, type Reserve } from '../src/domain/limit.ts'
import { givenBack, givesBack, lasting, takenBy } from '../src/domain/limit-effect.ts'
import type { Payment, PaymentEvent } from '../src/domain/payment.ts'
import {
  type Grant,
  type Lent,
  NO_SHARE,
  type Report,
  type Share,
  spendable,
  unspent,
  withReturn,
  withUse,
} from '../src/domain/share.ts'
import type { Journal } from './journal.ts'
import { type Holding, PurseRow } from './purse-row.ts'
import type { Sql } from './sql.ts'
import { Tokens } from './tokens.ts'

/** Events since the purse's own row, which are read again after a crash. */
const REPLAY_MAX = 500
/** Nothing changes any more what was used of a day that began so long ago, wherever it was. */
const KEEP_MS = 3 * 86_400_000

/** An opening that was let through, as far as limits go. */
export interface Passed {
  readonly limits?: readonly Reserve[]
  /** Of the directory; absent where whoever let it through does not say. */
  readonly version?: number
}

const NOTHING: ReadonlyMap<string, bigint> = new Map()

export class Purse {
  readonly #row: PurseRow
  readonly #sql: Sql
  readonly #journal: Journal
  readonly #now: () => number
  readonly #recalls: Map<string, number>
  readonly #versions: Map<string, number>
  #holdings: Map<string, Holding>
  #keptSeq: number
  readonly tokens = new Tokens()

  constructor(sql: Sql, journal: Journal, now: () => number) {
    this.#sql = sql
    this.#row = new PurseRow(sql)
    this.#journal = journal
    this.#now = now
    const kept = this.#row.load()
    this.#holdings = kept.holdings
    this.#recalls = kept.recalls
    this.#versions = kept.versions
    this.#keptSeq = kept.seq
    if (this.#holdings.size > 0) this.#replay()
  }

  #replay() {
    for (const [paymentId, event] of this.#journal.entriesAfter(this.#keptSeq)) {
      if (event.type === 'barred') continue
      this.#use(lasting(takenBy([event])), 1n)
      // The payment as it is now says what any event before gave back.
      const payment = givesBack(event) ? this.#journal.load(paymentId) : null
      if (payment !== null) this.#use(givenBack(payment, event), -1n)
    }
  }

  #use(reserves: readonly Reserve[], sign: 1n | -1n) {
    for (const { limit, minor } of reserves) {
      this.#change(limit, share => withUse(share, sign * minor))
    }
  }

  #change(limit: string, change: (share: Share) => Share) {
    const holding = this.#holdings.get(limit)
    if (holding !== undefined)
      this.#holdings.set(limit, { ...holding, share: change(holding.share) })
  }

  /** A commit begins. What is given undoes what the commit does to the purse. */
  begin(): () => void {
    const [holdings, seq] = [new Map(this.#holdings), this.#keptSeq]
    return () => {
      this.#holdings = holdings
      this.#keptSeq = seq
    }
  }

  /** Takes all of it or nothing. Gives what there is too little of; an empty list where it was taken. */
  take(reserves: readonly Reserve[], now: number): readonly Reserve[] {
    const short = reserves.filter(({ limit, minor }) => this.spendable(limit, now) < minor)
    if (short.length > 0) return short
    this.#use(lasting(reserves), 1n)
    for (const { limit } of reserves) if (isPace(limit)) this.tokens.take(limit, now)
    return []
  }

  spendable(limit: string, now: number): bigint {
    return isPace(limit) ? BigInt(this.tokens.left(limit, now)) : spendable(this.share(limit), now)
  }

  share(limit: string): Share {
    return this.#holdings.get(limit)?.share ?? NO_SHARE
  }

  /** Takes back what events of a commit give back. */
  settle(payment: Payment, events: readonly PaymentEvent[]) {
    for (const event of events) this.#use(givenBack(payment, event), -1n)
  }

  /** Part of a commit: keeps short what a crash would have to read again. */
  record() {
    if (this.#holdings.size > 0 && this.#journal.seq - this.#keptSeq > REPLAY_MAX) this.#write()
  }

  reports(limits: readonly string[]): readonly Report[] {
    return limits.map(limit => {
      const { granted, returned, used } = this.share(limit)
      return { limit, granted, returned, used }
    })
  }

  /** A lender has answered these reports with these grants. */
  receive(institution: string, recalls: number, told: readonly Report[], grants: readonly Grant[]) {
    // What was lent before a recall that has been heard of is held, but nothing more is taken of it.
    const isOld = this.isOld(institution, recalls)
    for (const { limit, granted, expiresAt } of grants) {
      const share = this.share(limit)
      this.#holdings.set(limit, {
        share: {
          ...share,
          granted: maxOf(granted, share.granted),
          expiresAt: isOld ? share.expiresAt : expiresAt,
        },
        told: NO_SHARE,
      })
    }
    this.told(told)
  }

  /** Whether this was lent before a recall that has been heard of. */
  isOld(institution: string, recalls: number): boolean {
    return recalls < this.recallsOf(institution)
  }

  /** How many recalls of an institution's shares have been heard of. */
  recallsOf(institution: string): number {
    return this.#recalls.get(institution) ?? 0
  }

  /** A lender has heard these reports, of periods that are over, too, of which it lends no more. */
  told(reports: readonly Report[]) {
    for (const { limit, returned, used } of reports) {
      const holding = this.#holdings.get(limit)
      if (holding !== undefined) this.#holdings.set(limit, { ...holding, told: { returned, used } })
    }
    this.#keep()
  }

  /** The lender asks for what it has lent; it may have lent more than has been heard of. */
  learn(lent: readonly Lent[]) {
    for (const { limit, granted } of lent) {
      const known = this.#holdings.get(limit) ?? { share: NO_SHARE, told: NO_SHARE }
      const share = { ...known.share, granted: maxOf(granted, known.share.granted) }
      this.#holdings.set(limit, { ...known, share })
    }
  }

  /**
   * Gives back what is unspent of these limits: durably, before anybody hears of it.
   *
   * @param kept what is not given back, by limit
   */
  giveBack(limits: readonly string[], kept: ReadonlyMap<string, bigint> = NOTHING) {
    for (const limit of limits) {
      this.#change(limit, share => withReturn(share, kept.get(limit) ?? 0n))
    }
    this.#keep()
    return this.reports(limits)
  }

  /** Takes nothing more of what this institution's lenders have lent before this recall, and gives it back. */
  recall(institution: string, recalls: number, version: number): readonly Report[] {
    this.heed(institution, version)
    const limits = this.limitsOf(institution)
    if (recalls > this.recallsOf(institution)) {
      this.#recalls.set(institution, recalls)
      this.tokens.drop(institution)
      for (const limit of limits) this.#change(limit, share => ({ ...share, expiresAt: 0 }))
    }
    return this.giveBack(limits)
  }

  /** Shares of this institution were recalled by a change of the directory, of this version. */
  heed(institution: string, version: number) {
    if (version > (this.#versions.get(institution) ?? 0)) this.#versions.set(institution, version)
  }

  /** Whether shares that this takes were recalled by a change that whoever let it through did not know of. */
  isBehind({ limits = [], version = Number.MAX_SAFE_INTEGER }: Passed): boolean {
    return limits.some(
      ({ limit }) => version < (this.#versions.get(limitPlace(limit).institution) ?? 0),
    )
  }

  limitsOf(institution: string): readonly string[] {
    return [...this.#holdings.keys()].filter(limit => limitPlace(limit).institution === institution)
  }

  /** Institutions whose lender must hear something: a share has run out, and how it ended is not told. */
  untold(now: number): readonly string[] {
    const due = [...this.#holdings].filter(([, holding]) => dueOf(holding) <= now)
    return [...new Set(due.map(([limit]) => limitPlace(limit).institution))]
  }

  /** When `untold` next has something to say, or null. */
  get dueAt(): number | null {
    let due = Number.POSITIVE_INFINITY
    for (const holding of this.#holdings.values()) due = Math.min(due, dueOf(holding))
    return due === Number.POSITIVE_INFINITY ? null : due
  }

  #keep() {
    this.#sql.transaction(() => this.#write())
  }

  #write() {
    const now = this.#now()
    for (const limit of this.#holdings.keys()) {
      const { period } = limitPlace(limit)
      if (period !== '-' && Date.parse(period) + KEEP_MS < now) this.#holdings.delete(limit)
    }
    this.#keptSeq = this.#journal.seq
    this.#row.save({
      seq: this.#keptSeq,
      holdings: this.#holdings,
      recalls: this.#recalls,
      versions: this.#versions,
    })
  }
}

const maxOf = (one: bigint, other: bigint): bigint => (one > other ? one : other)

export const isPace = (limit: string): boolean =>
  limitKinds[limitPlace(limit).kind].period === 'second'

function dueOf({ share, told }: Holding): number {
  const isTold = told.returned === share.returned && told.used === share.used
  return isTold && unspent(share) === 0n ? Number.POSITIVE_INFINITY : share.expiresAt
}
