/**
 * Payments of each second, lent a little ahead to lanes and centers. In memory, because a second is soon over; what
 * memory may have forgotten is never lent a second time.
 */
import { CENTER_MARK, type LendingTerms } from '../src/domain/lending.ts'
import type { Result } from '../src/domain/result.ts'
import {
  type Ask,
  type AskedPace,
  type Drawn,
  type Pace,
  SHARE_MARGIN_MS,
} from '../src/domain/share.ts'
import type { Loans } from './loans.ts'
import { secondOf, Tokens } from './tokens.ts'
import { within } from './within.ts'

export interface PacePorts {
  now(): number
  /** Resolves after `ms`, or never once the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
  /** Draws on the root, for this center. Throws when it cannot be reached. */
  draw(center: string, ask: Ask): Promise<Result<Drawn>>
  /** Hears of what should not happen; must not throw. */
  failed(what: string, error: unknown): void
}

/** A restart within this time of the last lending keeps silent for the seconds that may have been lent before it. */
const PACED_MS = 60_000
/** Seconds are those of lanes' clocks, which differ from a lender's by no more; of others nothing is lent. */
const CLOCKS_S = SHARE_MARGIN_MS / 1_000
/** So that nothing which may still be asked for is forgotten, whoever is first to ask for the newest second. */
const KEPT_S = 2 * (CLOCKS_S + 1)
/** A second is soon over: whoever answers later answers for nothing. */
const PATIENCE_MS = 500

/** What lending rests on at an instant, which may be a moment ahead. */
type TermsAt = (limit: string, at: number) => LendingTerms | null

interface Known {
  readonly asked: AskedPace
  readonly terms: LendingTerms
  /** Those of the second after it; null where nothing of it is lent to whoever asks. */
  readonly after: LendingTerms | null
}

export class Pacing {
  readonly #center: string
  readonly #loans: Loans
  readonly #ports: PacePorts
  /** What the root has lent to this center. */
  readonly #held = new Tokens(KEPT_S)
  /** What was lent from here. */
  readonly #given = new Tokens(KEPT_S)
  readonly #silentUntil: number

  constructor(center: string, loans: Loans, ports: PacePorts) {
    this.#center = center
    this.#loans = loans
    this.#ports = ports
    const now = ports.now()
    this.#silentUntil = loans.mark('paced') > now ? secondOf(now) + 1 + CLOCKS_S : 0
  }

  async draw(ask: Ask, termsOf: TermsAt): Promise<readonly Pace[]> {
    if (ask.paces.length === 0) return []
    const now = this.#ports.now()
    if (this.#loans.mark('paced') < now + PACED_MS / 2) {
      this.#loans.transaction(() => this.#loans.setMark('paced', now + PACED_MS))
    }
    const known = ask.paces.flatMap(asked => {
      const { limit, second } = asked
      // Whose a second is does not depend on when it is asked for, nor on who asks.
      const terms = termsOf(limit, second * 1_000)
      const after = termsOf(limit, (second + 1) * 1_000)
      return terms === null ? [] : { asked, terms, after }
    })
    const heard = await Promise.all(known.map(each => this.#fetch(each)))
    return known.map((each, index) => {
      const pace = this.#lend(each)
      // There may be more than is known here, so nobody is told that a second is used up.
      const isUnsure = pace.count < each.asked.need && heard[index] === false
      return isUnsure ? { ...pace, isUnsure } : pace
    })
  }

  #lend({ asked: { limit, second, need, want }, terms, after }: Known): Pace {
    const count = this.#give(limit, second, need, terms)
    const next = after === null ? 0 : this.#ahead(limit, second + 1, want, after)
    const left = BigInt(this.#left(limit, second, terms))
    return { limit, second, count, next, standing: { ...terms.standing, left } }
  }

  /** Half of what is left stays for whoever asks after this one. */
  #ahead(limit: string, second: number, want: number, terms: LendingTerms): number {
    const spare = Math.ceil(this.#left(limit, second, terms) / 2)
    return this.#give(limit, second, Math.min(want, spare), terms)
  }

  #give(limit: string, second: number, wanted: number, terms: LendingTerms): number {
    const count = Math.min(wanted, this.#left(limit, second, terms))
    if (count > 0) this.#given.add(limit, second, count)
    return count
  }

  #left(limit: string, second: number, terms: LendingTerms): number {
    const now = secondOf(this.#ports.now())
    if (second <= this.#silentUntil || Math.abs(second - now) > CLOCKS_S + 1) return 0
    const { value, role, kept, standbys, portion } = terms
    if (value === null) return Number.MAX_SAFE_INTEGER
    const own = role === 'home' ? value - kept * BigInt(standbys.length) : portion
    const held = this.#held.at(limit, second).granted
    return Math.max(Number(own) + held - this.#given.at(limit, second).granted, 0)
  }

  /**
   * What is lacking here comes from the root, for the next second at least.
   *
   * @returns false where there may be more with the root, and it has not said so
   */
  async #fetch({ asked: { limit, second, need, want }, terms, after }: Known): Promise<boolean> {
    if (second <= this.#silentUntil) return true
    if (terms.role !== 'standby') return terms.role === 'home'
    const lacking = need - this.#left(limit, second, terms)
    const wanting = after === null ? 0 : 2 * want - this.#left(limit, second + 1, after)
    if (lacking <= 0 && wanting <= 0) return true
    const paces = [{ limit, second, need: Math.max(lacking, 0), want: Math.max(wanting, 0) }]
    const at = this.#ports.now()
    const ask: Ask = { borrower: CENTER_MARK + this.#center, at, shares: [], paces }
    try {
      const drawn = await within(PATIENCE_MS, this.#ports.draw(terms.home, ask), this.#ports.pause)
      // Who is not the root of this second, or not for certain, says nothing of it.
      const pace = drawn.ok ? drawn.value.paces.find(each => each.limit === limit) : undefined
      if (pace === undefined) return false
      this.#held.add(limit, pace.second, pace.count)
      this.#held.add(limit, pace.second + 1, pace.next)
      return true
    } catch (error) {
      this.#ports.failed(`drawing payments of a second from ${terms.home}`, error)
      return false
    }
  }
}
