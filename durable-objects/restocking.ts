/**
 * Restocking: what a center may lend by itself is for the time when the root is away. So what it has lent of that while
 * the root is there it has back from it, behind the answer; and one that is drained gives back all that is free.
 */
import type { LendingTerms } from '../src/domain/lending.ts'
import type { Books, Lacking } from './books.ts'

export interface RestockPorts {
  now(): number
  /** Asks the root of each limit, and hears what it lends. */
  ask(lacking: readonly Lacking[]): Promise<void>
  /** Hears of what should not happen; must not throw. */
  failed(what: string, error: unknown): void
}

/** The root is asked when less than three quarters are left, so that few payments make it be asked. */
const LOW_PARTS = 3n
const PARTS = 4n
/** One that had too little, or did not answer, is left alone for so long. */
const REST_MS = 5_000
/** A root that has just called in what was free here is short of it itself. */
const SHORT_MS = 30_000

export class Restocking {
  readonly #books: Books
  readonly #ports: RestockPorts
  readonly #restUntil = new Map<string, number>()
  readonly #asked = new Set<string>()

  constructor(books: Books, ports: RestockPorts) {
    this.#books = books
    this.#ports = ports
  }

  /**
   * Something was lent here of these limits.
   *
   * @param isUp whether this center serves
   */
  after(
    limits: readonly string[],
    termsOf: (limit: string) => LendingTerms | null,
    isUp: boolean,
  ): void {
    const due = limits.flatMap(limit => this.#due(limit, termsOf(limit), isUp) ?? [])
    if (due.length > 0) void this.#restock(due, isUp)
  }

  /** The root has called these in. */
  ceded(limits: readonly string[]) {
    for (const limit of limits) this.#restUntil.set(limit, this.#ports.now() + SHORT_MS)
  }

  /** A period is over. */
  forget(limit: string) {
    this.#restUntil.delete(limit)
  }

  #due(limit: string, terms: LendingTerms | null, isUp: boolean): Lacking | null {
    if (terms?.role !== 'standby' || terms.value === null || this.#asked.has(limit)) return null
    if (!this.#books.isCovered(limit, terms)) return null
    const free = this.#books.free(limit, terms) ?? 0n
    if (!isUp) return free > 0n ? { limit, terms, need: 0n, want: 0n } : null
    if ((this.#restUntil.get(limit) ?? 0) > this.#ports.now()) return null
    return isLow(free, terms) ? { limit, terms, need: 0n, want: terms.portion - free } : null
  }

  async #restock(due: readonly Lacking[], isUp: boolean): Promise<void> {
    for (const { limit } of due) this.#asked.add(limit)
    try {
      // Durable here before the root hears of it.
      if (!isUp) this.#books.giveUp(due)
      await this.#ports.ask(due)
    } catch (error) {
      this.#ports.failed('restocking', error)
    }
    const until = this.#ports.now() + REST_MS
    for (const { limit, terms } of due) {
      this.#asked.delete(limit)
      if (isLow(this.#books.free(limit, terms) ?? 0n, terms)) this.#restUntil.set(limit, until)
    }
  }
}

const isLow = (free: bigint, { portion }: LendingTerms): boolean =>
  PARTS * free < LOW_PARTS * portion
