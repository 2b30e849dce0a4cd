/**
 * A lender: lends shares of one institution's limits to the lanes of its center and, where it is the root, to the other
 * centers. It never lends more than there is, whatever is lost, repeated or late between it and its borrowers.
 */
import { isUp } from '../src/domain/directory.ts'
import { isLane, type LendingTerms, lendingTerms, type Sight } from '../src/domain/lending.ts'
import { limitPlace } from '../src/domain/limit.ts'
import { ok, type Result, refuse } from '../src/domain/result.ts'
import type { Ask, Drawn, Grant, Lent, Report, UseThere } from '../src/domain/share.ts'
import { Books, type Lacking } from './books.ts'
import { Gathering, type GatherPorts } from './gathering.ts'
import type { Loans } from './loans.ts'
import { Pacing } from './pacing.ts'
import { Recalling, type RecallPorts } from './recalling.ts'
import { Reclaiming } from './reclaiming.ts'
import { Resting } from './resting.ts'
import { Restocking } from './restocking.ts'

export interface LenderPorts extends GatherPorts, RecallPorts {
  /** The directory, of at least this version if that can be had. */
  sight(version: number): Promise<Sight>
}

/** Others may be lent something while one lane is asked to give back: then it is asked for again. */
const ROUNDS_MAX = 4
/** A directory may be older than a recall that came while it was asked for; older again, it cannot be had. */
const SIGHTS_MAX = 3
/** Periods are forgotten so long after their day, when no lane speaks of them any more. */
const KEEP_MS = 4 * 86_400_000

interface LentHere extends ReturnType<Books['lend']> {
  readonly termsOf: TermsOf
  /** Whether this center serves. */
  readonly isUp: boolean
}

type TermsOf = (limit: string, at?: number) => LendingTerms | null

export class Lender {
  readonly #institution: string
  readonly #center: string
  readonly #loans: Loans
  readonly #ports: LenderPorts
  readonly #books: Books
  readonly #gathering: Gathering
  readonly #recalling: Recalling
  readonly #reclaiming: Reclaiming
  readonly #pacing: Pacing
  readonly #resting: Resting
  readonly #restocking: Restocking

  constructor(institution: string, center: string, loans: Loans, ports: LenderPorts) {
    this.#institution = institution
    this.#center = center
    this.#loans = loans
    this.#ports = ports
    this.#books = new Books(loans)
    this.#gathering = new Gathering(center, loans, this.#books, ports)
    this.#recalling = new Recalling(institution, loans, this.#books, ports)
    this.#reclaiming = new Reclaiming(loans, this.#gathering, ports)
    this.#pacing = new Pacing(center, loans, ports)
    this.#resting = new Resting(loans)
    const ask = (lacking: readonly Lacking[]) => this.#gathering.fromRoots(lacking)
    this.#restocking = new Restocking(this.#books, { ...ports, ask })
  }

  /**
   * Hears what a borrower holds and has used, and lends it what it needs. What is lacking then is gathered: from lanes
   * that hold more than they have spent, and from the other centers. Refuses with MEMBER_SUSPENDED.
   */
  async draw(ask: Ask): Promise<Result<Drawn>> {
    let lent = await this.#lend(ask)
    for (
      let round = 0;
      lent.ok && lent.value.lacking.length > 0 && round < ROUNDS_MAX;
      round += 1
    ) {
      if (!(await this.#gathering.gather(lent.value.lacking, ask.borrower))) break
      lent = await this.#lend(ask)
    }
    if (!lent.ok) return lent
    const { recalls, lacking, termsOf, isUp } = lent.value
    const grants = lent.value.grants.map(grant =>
      this.#isUnsure(grant, lacking) ? { ...grant, isUnsure: true as const } : grant,
    )
    const limits = ask.shares.map(({ limit }) => limit)
    if (isLane(ask.borrower)) this.#restocking.after(limits, termsOf, isUp)
    const paces = await this.#pacing.draw(ask, termsOf)
    this.#tidy(this.#ports.now())
    // As it was when this was lent: a recall that has come since is about it.
    return ok({ recalls, version: this.#loans.mark('version'), grants, paces })
  }

  /** What is lacking here may be with the root, and nobody has heard from it. */
  #isUnsure({ limit }: Grant, lacking: readonly Lacking[]): boolean {
    const terms = lacking.find(each => each.limit === limit)?.terms
    return terms !== undefined && this.#gathering.isUnsure(limit, terms)
  }

  /** Lends by a directory that is no older than the last recall, even where that came while this was asked for. */
  async #lend(ask: Ask): Promise<Result<LentHere>> {
    for (let tries = 0; tries < SIGHTS_MAX; tries += 1) {
      const sight = await this.#sight(ask)
      if (sight.directory.version < this.#loans.mark('version')) continue
      const now = this.#ports.now()
      if (!sight.directory.isOpen(this.#institution, now)) {
        this.#books.lend(ask, () => null, now)
        return refuse('MEMBER_SUSPENDED')
      }
      const termsOf = this.#lendsBy(sight, ask.borrower)
      const lent = this.#books.lend(ask, termsOf, now)
      // In the same turn, so that nothing is ever lent of which nobody asks what became of it.
      this.watch()
      const center = sight.directory.center(this.#center)
      return ok({ ...lent, termsOf, isUp: center !== undefined && isUp(center) })
    }
    return refuse('CENTER_UNAVAILABLE')
  }

  /** A limit that nobody here knows of may be one that has come into the directory just now. */
  async #sight({ shares, paces }: Ask): Promise<Sight> {
    const sight = await this.#ports.sight(this.#loans.mark('version'))
    const termsOf = this.#termsBy(sight)
    // Of a period that is over lanes only tell, and want nothing.
    const asked = [...shares.filter(({ need, want }) => need + want > 0n), ...paces]
    const known = asked.every(({ limit }) => termsOf(limit) !== null)
    return known ? sight : this.#ports.sight(sight.directory.version + 1)
  }

  #termsBy(sight: Sight): TermsOf {
    return (limit, at) => lendingTerms(limit, this.#center, sight, at ?? this.#ports.now())
  }

  /**
   * Of this a borrower may be lent. A center counts whatever it holds of a limit as its one root's, and gives it back to
   * that: so whoever is not the root for certain lends it nothing.
   */
  #lendsBy(sight: Sight, borrower: string): TermsOf {
    const termsOf = this.#termsBy(sight)
    if (isLane(borrower)) return termsOf
    return (limit, at) => {
      const terms = termsOf(limit, at)
      return terms?.role === 'home' ? terms : null
    }
  }

  /** Gives back to the root what nobody here needs, what lanes have not spent included. */
  async cede(lent: readonly Lent[]): Promise<readonly Report[]> {
    const limits = lent.map(({ limit }) => limit)
    this.#books.learn(lent)
    const sight = await this.#ports.sight(this.#loans.mark('version'))
    await this.#gathering.fromLanes(limits, null)
    const termsOf = this.#termsBy(sight)
    this.#restocking.ceded(limits)
    this.#books.giveUp(
      limits.flatMap(limit => {
        const terms = termsOf(limit)
        return terms === null || terms.role === 'home' ? [] : { limit, terms }
      }),
    )
    return limits.map(limit => this.#books.report(limit))
  }

  /** What this center's lanes have used and hold of every limit that is in force now. */
  async uses(): Promise<readonly UseThere[]> {
    const sight = await this.#ports.sight(this.#loans.mark('version'))
    const termsOf = this.#termsBy(sight)
    const now = this.#ports.now()
    return this.#loans.limits
      .filter(limit => termsOf(limit) !== null)
      .map(limit => this.#books.use(limit, now))
  }

  /** @returns how many lanes could not be reached */
  async recall(version: number): Promise<number> {
    const unreached = await this.#recalling.recall(version)
    this.#reclaiming.watch()
    return unreached
  }

  /** Wakes for what is lent, as long as any of it is. */
  watch() {
    this.#recalling.watch()
    this.#reclaiming.watch()
  }

  async wake(): Promise<void> {
    await this.#reclaiming.wake()
    await this.#recalling.wake(() => this.#ports.sight(this.#loans.mark('version')))
    await this.#leave()
  }

  /** A center that does not serve any more gives back what no lane of it holds. Never rejects. */
  async #leave(): Promise<void> {
    try {
      const sight = await this.#ports.sight(this.#loans.mark('version'))
      const center = sight.directory.center(this.#center)
      if (center !== undefined && isUp(center)) return
      this.#restocking.after([...this.#loans.limits], this.#termsBy(sight), false)
    } catch (error) {
      this.#ports.failed('giving back what is free', error)
    }
  }

  #tidy(now: number) {
    this.#resting.look(now)
    const over = this.#loans.limits.filter(limit => {
      const { period } = limitPlace(limit)
      return period !== '-' && Date.parse(period) + KEEP_MS < now
    })
    if (over.length === 0) return
    this.#loans.transaction(() => {
      for (const limit of over) this.#loans.forget(limit)
    })
    for (const limit of over) {
      this.#gathering.forget(limit)
      this.#restocking.forget(limit)
    }
  }
}
