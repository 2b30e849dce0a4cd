/** What a lender writes down: who holds what, what is free, and what it has from its root. Nothing in here waits. */
import { CENTER_MARK, freeOf, isLane, type LendingTerms, RESTED } from '../src/domain/lending.ts'
import {
  type Ask,
  type Asked,
  type Grant,
  heard,
  type Lent,
  type Loan,
  lent,
  loanOf,
  type Report,
  type UseThere,
} from '../src/domain/share.ts'
import type { Loans } from './loans.ts'

/** What was asked for and is not there. */
export interface Lacking {
  readonly limit: string
  readonly terms: LendingTerms
  readonly need: bigint
  readonly want: bigint
}

/** A root that has less left than this many stocks of a center keeps it for who needs it. */
const STOCKS_LEFT = 2n

export class Books {
  readonly #loans: Loans
  /** Where a limit has become less: the row under which the root has found all that is lent to be within it. */
  readonly #covered = new Map<string, number>()

  readonly #cameBack = new Map<string, bigint>()

  constructor(loans: Loans) {
    this.#loans = loans
  }

  /** Everything in one transaction: what the borrower says, and what it is lent. */
  lend(
    ask: Ask,
    termsOf: (limit: string) => LendingTerms | null,
    now: number,
  ): { grants: Grant[]; lacking: Lacking[]; recalls: number } {
    return this.#loans.transaction(() => {
      // Whoever was told of more recalls than are known here was told by books that have been lost or set back since:
      // what is lent from now on comes after them, or that borrower could never spend it.
      const told = ask.recalls ?? 0
      if (told > this.#loans.mark('recalls')) this.#loans.setMark('recalls', told)
      const grants: Grant[] = []
      const lacking: Lacking[] = []
      for (const asked of ask.shares) {
        const terms = termsOf(asked.limit)
        if (terms === null || terms.value === null) {
          // A period that is over is not begun anew by a late word about it. And of a limit that was lifted nothing is
          // lent: what every center lent without end could never be counted, were the limit to come back.
          const known = this.#loans.knows(asked.limit, ask.borrower)
          if (known) this.#hear(ask.borrower, asked, ask.at)
          continue
        }
        const { grant, need, want } = this.#grant(ask, asked, terms, now)
        grants.push(grant)
        if (need > 0n) lacking.push({ limit: asked.limit, terms, need, want })
      }
      return { grants, lacking, recalls: this.#loans.mark('recalls') }
    })
  }

  #grant(ask: Ask, asked: Asked, terms: LendingTerms, now: number) {
    const { limit } = asked
    const before = heard(this.#loans.loan(limit, ask.borrower), asked, ask.at)
    this.#loans.lend(limit, ask.borrower, before)
    // What was lent and has not been heard of is on its way, or comes with this answer.
    const unheard = before.granted - asked.granted
    const need = most(asked.need - unheard, 0n)
    const want = least(most(asked.need + asked.want - unheard, 0n), asked.want)
    const isCovered = this.isCovered(limit, terms)
    // What a center only wants to have at hand is not taken from the last of it.
    const isStock = ask.borrower.startsWith(CENTER_MARK) && asked.need === 0n
    const kept = isStock ? STOCKS_LEFT * terms.kept : 0n
    const minor = isCovered ? this.#lendable(limit, terms, { need, want }, kept, now) : 0n
    const expiresAt = isCovered ? terms.expiresAt : 0
    const loan = {
      ...before,
      granted: before.granted + minor,
      // What it was lent before may be spent until then, if this answer is lost: a recall must still tell it.
      expiresAt: Math.max(before.expiresAt, expiresAt),
      recalls: isCovered ? this.#loans.mark('recalls') : before.recalls,
    }
    this.#loans.lend(limit, ask.borrower, loan)
    const { granted } = loan
    const left = isCovered ? this.free(limit, terms) : 0n
    const standing = { ...terms.standing, left }
    const grant: Grant = { limit, granted, from: terms.from, expiresAt, standing }
    return { grant, need: most(need - minor, 0n), want }
  }

  /**
   * Whether what is lent already is within the limit. Where the limit has become less it may not be, and then nobody
   * may spend what it still holds; what all hold together only the root knows.
   */
  isCovered(limit: string, terms: LendingTerms): boolean {
    if (terms.role !== 'home' && terms.isLowered) return this.#covered.get(limit) === terms.from
    const free = this.free(limit, terms)
    return free === null || free >= 0n
  }

  /** What is lent now of what is asked for. */
  #lendable(
    limit: string,
    terms: LendingTerms,
    asked: Pick<Asked, 'need' | 'want'>,
    kept: bigint,
    now: number,
  ): bigint {
    const free = this.free(limit, terms)
    if (free === null || free <= kept) return 0n
    const holders = [...this.#loans.of(limit).values()].filter(({ expiresAt }) => expiresAt > now)
    return loanOf(free - kept, asked, holders.length)
  }

  /** Null for a limit that was lifted. */
  free(limit: string, terms: LendingTerms): bigint | null {
    return freeOf(terms, this.#loans.of(limit), this.#loans.held(limit))
  }

  /** A borrower's word, later than its ask. */
  hear(borrower: string, reports: readonly Report[], at: number) {
    this.#loans.transaction(() => {
      for (const report of reports) this.#hear(borrower, report, at)
    })
  }

  #hear(borrower: string, report: Report, at: number) {
    const loan = this.#loans.loan(report.limit, borrower)
    const after = heard(loan, report, at)
    this.#came(report.limit, after.returned - loan.returned)
    this.#loans.lend(report.limit, borrower, after)
  }

  /** What lanes of this center have used and hold, as they last said. */
  use(limit: string, now: number): UseThere {
    const loans = [...this.#loans.of(limit)].filter(
      ([borrower]) => isLane(borrower) || borrower === RESTED,
    )
    const sum = (of: (loan: Loan) => bigint) =>
      loans.reduce((total, [, loan]) => total + of(loan), 0n)
    const live = loans.filter(([, loan]) => loan.expiresAt > now)
    return {
      limit,
      used: sum(({ used }) => used),
      held: sum(loan => most(lent(loan) - loan.used, 0n)),
      asOf: live.reduce<number | null>(
        (oldest, [, { heardAt }]) => Math.min(oldest ?? heardAt, heardAt),
        null,
      ),
    }
  }

  /** What this center is, to its root: a borrower like any other. */
  report(limit: string): Report {
    const { granted, returned } = this.#loans.held(limit)
    const used = [...this.#loans.of(limit).values()].reduce((sum, loan) => sum + lent(loan), 0n)
    return { limit, granted, returned, used }
  }

  /** How much of these limits has come back so far, or from the root. In memory: it only tells before from after. */
  cameBack(limits: readonly string[]): bigint {
    return limits.reduce((sum, limit) => sum + (this.#cameBack.get(limit) ?? 0n), 0n)
  }

  #came(limit: string, minor: bigint) {
    this.#cameBack.set(limit, (this.#cameBack.get(limit) ?? 0n) + minor)
  }

  /** Gives what is free back to the root: durably, before the root hears of it. */
  giveUp(limits: readonly { readonly limit: string; readonly terms: LendingTerms }[]) {
    this.#loans.transaction(() => {
      for (const { limit, terms } of limits) {
        const held = this.#loans.held(limit)
        const free = this.free(limit, terms) ?? 0n
        if (free > 0n) this.#loans.hold(limit, { ...held, returned: held.returned + free })
      }
    })
  }

  /** The root has lent so much since the beginning of the period, and said under which row of the limit. */
  receive({ limit, granted, from, expiresAt }: Grant) {
    const isNews = expiresAt > 0 && this.#covered.get(limit) !== from
    if (isNews) this.#covered.set(limit, from)
    // Now this center may go on by itself, so there may be more than there was.
    this.#came(limit, isNews ? 1n : 0n)
    this.learn([{ limit, granted }])
  }

  learn(lent: readonly Lent[]) {
    this.#loans.transaction(() => {
      for (const { limit, granted } of lent) {
        const held = this.#loans.held(limit)
        if (granted <= held.granted) continue
        this.#loans.hold(limit, { ...held, granted })
        this.#came(limit, granted - held.granted)
      }
    })
  }
}

const most = (one: bigint, other: bigint): bigint => (one > other ? one : other)
const least = (one: bigint, other: bigint): bigint => (one < other ? one : other)
