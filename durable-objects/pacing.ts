/**
 * Payments of each second, lent a little ahead to lanes and centers. In memory, because a second is soon over; what
 * memory may have forgotten is never lent a second time.
 */
import { CENTER_MARK, type LendingTerms } from '../src/domain/lending.ts'
import type { Result } from '../src/domain/result.ts'
import type { Ask, AskedPace, Drawn, Pace } from '../src/domain/share.ts'
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
/** A second is soon over: whoever answers later answers for nothing. */
const PATIENCE_MS = 500

export class Pacing {
  readonly #center: string
  readonly #loans: Loans
  readonly #ports: PacePorts
  /** What the root has lent to this center. */
  readonly #held = new Tokens()
  /** What was lent from here. */
  readonly #given = new Tokens()
  readonly #silentUntil: number

  constructor(center: string, loans: Loans, ports: PacePorts) {
    this.#center = center
    this.#loans = loans
    this.#ports = ports
    const now = ports.now()
    this.#silentUntil = loans.mark('paced') > now ? secondOf(now) + 1 : 0
  }

  async draw(ask: Ask, termsOf: (limit: string) => LendingTerms | null): Promise<readonly Pace[]> {
    if (ask.paces.length === 0) return []
    const now = this.#ports.now()
    if (this.#loans.mark('paced') < now + PACED_MS / 2) {
      this.#loans.transaction(() => this.#loans.setMark('paced', now + PACED_MS))
    }
    const known = ask.paces.flatMap(asked => {
      const terms = termsOf(asked.limit)
      return terms === null ? [] : { asked, terms }
    })
    await Promise.all(known.map(({ asked, terms }) => this.#fetch(asked, terms)))
    return known.map(({ asked, terms }) => this.#lend(asked, terms))
  }

  #lend({ limit, second, need, want }: AskedPace, terms: LendingTerms): Pace {
    const count = this.#give(limit, second, need, terms)
    // Half of what is left stays for whoever asks after this one.
    const spare = Math.ceil(this.#left(limit, second + 1, terms) / 2)
    const next = this.#give(limit, second + 1, Math.min(want, spare), terms)
    const left = BigInt(this.#left(limit, second, terms))
    return { limit, second, count, next, standing: { ...terms.standing, left } }
  }

  #give(limit: string, second: number, wanted: number, terms: LendingTerms): number {
    const count = Math.min(wanted, this.#left(limit, second, terms))
    if (count > 0) this.#given.add(limit, second, count)
    return count
  }

  #left(limit: string, second: number, terms: LendingTerms): number {
    if (second <= this.#silentUntil) return 0
    const { value, role, kept, standbys, portion } = terms
    if (value === null) return Number.MAX_SAFE_INTEGER
    const own = role === 'home' ? value - kept * BigInt(standbys.length) : portion
    const held = this.#held.at(limit, second).granted
    return Math.max(Number(own) + held - this.#given.at(limit, second).granted, 0)
  }

  /** What is lacking here comes from the root, for the next second at least. */
  async #fetch({ limit, second, need, want }: AskedPace, terms: LendingTerms): Promise<void> {
    if (terms.role !== 'standby' || second <= this.#silentUntil) return
    const lacking = need - this.#left(limit, second, terms)
    const wanting = 2 * want - this.#left(limit, second + 1, terms)
    if (lacking <= 0 && wanting <= 0) return
    const paces = [{ limit, second, need: Math.max(lacking, 0), want: Math.max(wanting, 0) }]
    const at = this.#ports.now()
    const ask: Ask = { borrower: CENTER_MARK + this.#center, at, shares: [], paces }
    try {
      const drawn = await within(PATIENCE_MS, this.#ports.draw(terms.home, ask), this.#ports.pause)
      for (const pace of drawn.ok ? drawn.value.paces : []) {
        this.#held.add(limit, pace.second, pace.count)
        this.#held.add(limit, pace.second + 1, pace.next)
      }
    } catch (error) {
      this.#ports.failed(`drawing payments of a second from ${terms.home}`, error)
    }
  }
}
