/** Which payments of a lane wait for the clock: those in its table and those that are not in it yet. */
import type { Sql } from './sql.ts'
import type { UnsavedPayments } from './unsaved.ts'

/** Where a payment stands among those that wait. */
export interface WaitingPlace {
  /** Milliseconds since 1970. */
  readonly due: number
  readonly id: string
}

/** Rows read in one go. */
const PAGE_ROWS = 16

export class Timers {
  readonly #sql: Sql
  readonly #unsaved: UnsavedPayments
  /** The first timer of those that are in the table and nowhere else; undefined where it has to be looked up. */
  #firstStored: WaitingPlace | null | undefined = undefined

  constructor(sql: Sql, unsaved: UnsavedPayments) {
    this.#sql = sql
    this.#unsaved = unsaved
  }

  /** What the table says of a payment is not how it is any more. */
  moved(id: string) {
    if (this.#firstStored?.id === id) this.#firstStored = undefined
  }

  /** A payment with this timer was written to the table. */
  saved(due: number | null) {
    if (due !== null) this.#firstStored = undefined
  }

  /** The table may be another one. */
  forget() {
    this.#firstStored = undefined
  }

  /** Payments whose timer has come, the longest overdue first. */
  due(now: number, limit: number): string[] {
    const first = this.#first()
    if (first === null || first.due > now) {
      const unsaved = this.#unsaved.waiting().filter(({ due }) => due <= now)
      return unsaved
        .sort(byPlace)
        .slice(0, limit)
        .map(({ id }) => id)
    }
    return this.waiting(BEGINNING, limit, now).map(({ id }) => id)
  }

  /** The earliest live timer, or null where nothing waits. */
  next(): number | null {
    const unsaved = this.#unsaved.waiting().map(({ due }) => due)
    const next = Math.min(this.#first()?.due ?? Number.POSITIVE_INFINITY, ...unsaved)
    return Number.isFinite(next) ? next : null
  }

  /** Looked up once and kept: a lane asks with every commit, and it hardly ever changes. */
  #first(): WaitingPlace | null {
    if (this.#firstStored === undefined) {
      this.#firstStored = this.#stored(BEGINNING, 1, Number.MAX_SAFE_INTEGER)[0] ?? null
    }
    return this.#firstStored
  }

  /** Payments that wait for the clock, the next one first, from a place on and up to an instant. */
  waiting(
    after: WaitingPlace,
    limit: number,
    until = Number.MAX_SAFE_INTEGER,
  ): readonly WaitingPlace[] {
    const isMeant = (place: WaitingPlace) => place.due <= until && isAfter(place, after)
    const unsaved = this.#unsaved.waiting().filter(isMeant)
    const stored = this.#stored(after, limit, until)
    if (unsaved.length === 0) return stored
    return [...unsaved, ...stored].sort(byPlace).slice(0, limit)
  }

  /** Those of them that are in the table and nowhere else: what lives on in memory is stored as it was. */
  #stored(after: WaitingPlace, limit: number, until: number): WaitingPlace[] {
    const found: WaitingPlace[] = []
    // Of what comes first hardly anything is in memory, too; only where it is, more has to be read.
    let rows = limit
    for (let place = after; ; rows = Math.max(limit, PAGE_ROWS)) {
      const page = this.#sql.rows<{ due: number; id: string }>(
        `SELECT due, id FROM payment
           WHERE due IS NOT NULL AND (due, id) > (?, ?) AND due <= ? ORDER BY due, id LIMIT ?`,
        place.due,
        place.id,
        until,
        rows,
      )
      found.push(...page.filter(({ id }) => this.#unsaved.get(id) === undefined))
      const last = page.at(-1)
      if (last === undefined || page.length < rows || found.length >= limit) break
      place = last
    }
    return found.slice(0, limit)
  }
}

const BEGINNING: WaitingPlace = { due: Number.MIN_SAFE_INTEGER, id: '' }

const byPlace = (one: WaitingPlace, other: WaitingPlace): number =>
  one.due - other.due || (one.id < other.id ? -1 : 1)

const isAfter = (place: WaitingPlace, after: WaitingPlace): boolean => byPlace(after, place) < 0
