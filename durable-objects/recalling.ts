/**
 * Recalls: lanes are told at once to spend nothing more of what they hold. Who cannot be reached is told again until its
 * shares have ended by themselves.
 */
import type { Sight } from '../src/domain/lending.ts'
import type { Report } from '../src/domain/share.ts'
import type { Books } from './books.ts'
import type { Loans } from './loans.ts'
import { within } from './within.ts'

export interface RecallPorts {
  now(): number
  /** Resolves after `ms`, or never once the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
  /**
   * Has a lane spend nothing more, and give back what it has not spent. Throws when it cannot be reached.
   *
   * @param version of the directory; an older one lets nothing through there any more
   */
  recall(lane: string, recalls: number, version: number): Promise<readonly Report[]>
  /** Wakes the lender at this instant or earlier. */
  arm(at: number): void
  /** Hears of what should not happen; must not throw. */
  failed(what: string, error: unknown): void
}

/** Lanes told at a time. */
const LANES_MAX = 64
const PATIENCE_MS = 1_500
/** Between two attempts to tell a lane. */
const AGAIN_MS = 1_000
/** While shares are out, the directory is looked at this often, for a suspension that nobody has told of. */
const WATCH_MS = 5_000

export class Recalling {
  readonly #institution: string
  readonly #loans: Loans
  readonly #books: Books
  readonly #ports: RecallPorts

  constructor(institution: string, loans: Loans, books: Books, ports: RecallPorts) {
    this.#institution = institution
    this.#loans = loans
    this.#books = books
    this.#ports = ports
  }

  /**
   * Durable before any lane hears of it.
   *
   * @param version of the directory below which nothing is lent any more
   * @returns how many lanes could not be reached
   */
  async recall(version: number): Promise<number> {
    this.#loans.transaction(() => {
      this.#loans.setMark('recalls', this.#loans.mark('recalls') + 1)
      const known = this.#loans.mark('version')
      if (version > known) this.#loans.setMark('version', version)
    })
    return this.#tell()
  }

  /** Lanes whose shares are from before the last recall, and have not ended. */
  #untold(): readonly string[] {
    const [now, recalls] = [this.#ports.now(), this.#loans.mark('recalls')]
    const lanes = new Set<string>()
    for (const { lane, loan } of this.#loans.lanes()) {
      if (loan.expiresAt > now && loan.recalls < recalls) lanes.add(lane)
    }
    return [...lanes]
  }

  /** Whether any share is out that has not ended. */
  #isLive(now: number): boolean {
    for (const { loan } of this.#loans.lanes()) if (loan.expiresAt > now) return true
    return false
  }

  async #tell(): Promise<number> {
    const [recalls, version] = [this.#loans.mark('recalls'), this.#loans.mark('version')]
    const lanes = this.#untold().slice(0, LANES_MAX)
    await Promise.all(
      lanes.map(async lane => {
        try {
          const told = this.#ports.recall(lane, recalls, version)
          const reports = await within(PATIENCE_MS, told, this.#ports.pause)
          this.#told(lane, recalls, reports)
        } catch (error) {
          this.#ports.failed(`recalling shares from ${lane}`, error)
        }
      }),
    )
    const left = this.#untold().length
    if (left > 0) this.#ports.arm(this.#ports.now() + AGAIN_MS)
    return left
  }

  #told(lane: string, recalls: number, reports: readonly Report[]) {
    const now = this.#ports.now()
    this.#books.hear(lane, reports, now)
    this.#loans.transaction(() => {
      for (const limit of this.#loans.limits) {
        const loan = this.#loans.of(limit).get(lane)
        if (loan === undefined || loan.recalls >= recalls) continue
        this.#loans.lend(limit, lane, { ...loan, recalls, expiresAt: now })
      }
    })
  }

  /** Tells those that were not reached, and recalls what a suspension must end. */
  async wake(sight: () => Promise<Sight>): Promise<void> {
    const now = this.#ports.now()
    if (this.#untold().length > 0) await this.#tell()
    if (!this.#isLive(now)) return
    try {
      const { directory } = await sight()
      if (!directory.isOpen(this.#institution, now)) await this.recall(directory.version)
    } finally {
      this.watch()
    }
  }

  /** Shares are out: looks at the directory from now on, until they have come back. */
  watch() {
    const now = this.#ports.now()
    if (this.#isLive(now)) this.#ports.arm(now + WATCH_MS)
  }
}
