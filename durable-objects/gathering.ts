/**
 * Gathering: what a lender does before it says that nothing is left. Headroom lies unspent with lanes that asked before,
 * and with the other centers; so the last of a limit can be used wherever it is needed.
 */
import { CENTER_MARK, isLane, type LendingTerms } from '../src/domain/lending.ts'
import type { Result } from '../src/domain/result.ts'
import {
  type Ask,
  type Drawn,
  type Grant,
  type Lent,
  lent,
  type Report,
} from '../src/domain/share.ts'
import type { Books, Lacking } from './books.ts'
import type { Loans } from './loans.ts'
import { within } from './within.ts'

export interface GatherPorts {
  now(): number
  /** Resolves after `ms`, or never once the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
  /** Has a lane give back what it has not spent. Throws when it cannot be reached, like the two below. */
  yield(lane: string, lent: readonly Lent[]): Promise<readonly Report[]>
  /** Has another center give back what it has not lent. */
  cede(center: string, lent: readonly Lent[]): Promise<readonly Report[]>
  /** Draws on the root, for this center. */
  draw(center: string, ask: Ask): Promise<Result<Drawn>>
  /** Hears of what should not happen; must not throw. */
  failed(what: string, error: unknown): void
}

/** Lanes asked at a time, those with the most first. */
const LANES_MAX = 16
/** Somebody waits for the answer; who has not answered by then is not waited for. */
const PATIENCE_MS = 1_500
/** Where nobody had any of a limit, nobody is asked again for this long. */
const DRY_MS = 1_000
/** Who could not be reached is left alone for this long, so that only one payment waits for it. */
const AWAY_MS = 2_000

export class Gathering {
  readonly #center: string
  readonly #loans: Loans
  readonly #books: Books
  readonly #ports: GatherPorts
  readonly #dry = new Map<string, number>()
  readonly #away = new Map<string, number>()
  /** Limits whose root said nothing of them when it was last to be asked. */
  readonly #unheard = new Set<string>()
  /** One gathering of a limit at a time: whoever comes meanwhile waits for it. */
  readonly #running = new Map<string, Promise<boolean>>()

  constructor(center: string, loans: Loans, books: Books, ports: GatherPorts) {
    this.#center = center
    this.#loans = loans
    this.#books = books
    this.#ports = ports
  }

  /** Asks everybody who may have some of what is lacking; false where nothing came of it. Never rejects. */
  async gather(lacking: readonly Lacking[], asker: string): Promise<boolean> {
    const now = this.#ports.now()
    const open = lacking.filter(({ limit }) => (this.#dry.get(limit) ?? 0) <= now)
    const others = open.flatMap(({ limit }) => this.#running.get(limit) ?? [])
    const fresh = open.filter(({ limit }) => !this.#running.has(limit))
    const work = this.#askAll(fresh, asker).catch(error => {
      this.#ports.failed('gathering what is left', error)
      for (const { limit } of fresh) this.#unheard.add(limit)
      return false
    })
    for (const { limit } of fresh) this.#running.set(limit, work)
    const asked = await work
    for (const { limit } of fresh) this.#running.delete(limit)
    const until = this.#ports.now() + DRY_MS
    for (const { limit } of asked ? [] : fresh) this.#dry.set(limit, until)
    await Promise.all(others)
    // What others gathered was for them, and this asker was among those that were asked.
    return others.length > 0 || asked
  }

  async #askAll(lacking: readonly Lacking[], asker: string): Promise<boolean> {
    if (lacking.length === 0) return false
    const limits = lacking.map(({ limit }) => limit)
    const before = this.#books.cameBack(limits)
    const [isComing] = await Promise.all([
      this.fromLanes(limits, asker),
      this.#fromCenters(lacking, asker),
      this.fromRoots(lacking),
    ])
    return isComing || this.#books.cameBack(limits) > before
  }

  /**
   * Lanes give back what they have not spent, those first that seem to have the most.
   *
   * @returns whether one was asked for something that it has not got yet
   */
  async fromLanes(limits: readonly string[], asker: string | null): Promise<boolean> {
    const unspent = new Map<string, bigint>()
    for (const [borrower, loan] of limits.flatMap(limit => [...this.#loans.of(limit)])) {
      // One that had spent all may have it back from a payment that was aborted.
      if (!isLane(borrower) || borrower === asker || lent(loan) === 0n) continue
      unspent.set(borrower, (unspent.get(borrower) ?? 0n) + lent(loan) - loan.used)
    }
    const lanes = [...unspent].sort(([, one], [, other]) => (one > other ? -1 : 1))
    const coming = await Promise.all(
      lanes.slice(0, LANES_MAX).map(([lane]) => this.fromLane(lane, limits)),
    )
    return coming.some(each => each)
  }

  /** @returns whether it was asked for something that it had not got yet */
  fromLane(lane: string, limits: readonly string[]): Promise<boolean> {
    return this.#reports(lane, limits, () => this.#ports.yield(lane, this.#lentTo(lane, limits)))
  }

  #lentTo(borrower: string, limits: readonly string[]): readonly Lent[] {
    return limits.map(limit => ({ limit, granted: this.#loans.loan(limit, borrower).granted }))
  }

  async #fromCenters(lacking: readonly Lacking[], asker: string): Promise<void> {
    const asked = new Map<string, string[]>()
    for (const { limit, terms } of lacking) {
      for (const center of terms.role === 'home' ? terms.standbys : []) {
        const borrower = CENTER_MARK + center
        const has = terms.kept + lent(this.#loans.loan(limit, borrower)) > 0n
        if (has && borrower !== asker) asked.set(center, [...(asked.get(center) ?? []), limit])
      }
    }
    await Promise.all(
      [...asked].map(([center, limits]) =>
        this.#reports(CENTER_MARK + center, limits, () =>
          this.#ports.cede(center, this.#lentTo(CENTER_MARK + center, limits)),
        ),
      ),
    )
  }

  /** The root of each limit; of most institutions it is one and the same. */
  async fromRoots(lacking: readonly Lacking[]): Promise<void> {
    const standby = lacking.filter(({ terms }) => terms.role === 'standby')
    const roots = Map.groupBy(standby, ({ terms }) => terms.home)
    await Promise.all([...roots].map(([home, list]) => this.#fromRoot(home, list)))
  }

  async #fromRoot(home: string, lacking: readonly Lacking[]): Promise<void> {
    // Where a limit has become less the root must find all that is lent within it: so what is free here goes back first.
    this.#books.giveUp(lacking.filter(({ limit, terms }) => !this.#books.isCovered(limit, terms)))
    const shares = lacking.map(({ limit, need, want }) => ({
      ...this.#books.report(limit),
      need,
      want,
    }))
    const borrower = CENTER_MARK + this.#center
    const ask: Ask = { borrower, at: this.#ports.now(), shares, paces: [] }
    const drawn = await this.#reached(CENTER_MARK + home, () => this.#ports.draw(home, ask))
    const grants = drawn?.ok === true ? drawn.value.grants : []
    for (const grant of grants) this.#books.receive(grant)
    this.#heard(lacking, grants)
  }

  /** A root that answers, and says nothing of a limit, does not know that it is its root. */
  #heard(asked: readonly Lacking[], grants: readonly Grant[]) {
    const known = new Set(grants.map(({ limit }) => limit))
    for (const { limit } of asked) {
      if (known.has(limit)) this.#unheard.delete(limit)
      else this.#unheard.add(limit)
    }
  }

  async #reports(
    borrower: string,
    limits: readonly string[],
    call: () => Promise<readonly Report[]>,
  ): Promise<boolean> {
    if (limits.length === 0) return false
    const reports = (await this.#reached(borrower, call)) ?? []
    this.#books.hear(borrower, reports, this.#ports.now())
    return reports.some(({ limit, granted }) => granted < this.#loans.loan(limit, borrower).granted)
  }

  /** Whether there may be more of a limit than is known here: whoever knows was not heard since that was last asked. */
  isUnsure(limit: string, { role }: LendingTerms): boolean {
    return role === 'unsure' || (role === 'standby' && this.#unheard.has(limit))
  }

  /** A period is over. */
  forget(limit: string) {
    this.#dry.delete(limit)
    this.#unheard.delete(limit)
  }

  /** Null from whoever cannot be reached; it is left alone for a moment. */
  async #reached<T>(who: string, call: () => Promise<T>): Promise<T | null> {
    if ((this.#away.get(who) ?? 0) > this.#ports.now()) return null
    try {
      return await within(PATIENCE_MS, call(), this.#ports.pause)
    } catch (error) {
      this.#away.set(who, this.#ports.now() + AWAY_MS)
      this.#ports.failed(`asking ${who} for what is left`, error)
      return null
    }
  }
}
