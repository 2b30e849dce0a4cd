/**
 * Payments that the journal knows and the table of payments does not yet. Most payments are opened, decided and
 * acknowledged within a moment, so a row is written once they rest, and not three times on the way; rows written are
 * what storage costs. Memory only: a lane that begins anew makes them again from the end of its journal.
 */
import type { Payment } from '../src/domain/payment.ts'

export interface Unsaved {
  readonly payment: Payment
  /** When its timer fires, in milliseconds since 1970; null at rest. */
  readonly due: number | null
  /** Rows of the journal that speak of it and of which the table does not know, oldest first. */
  readonly rows: readonly number[]
  /** `seq` of the event before the first of them. */
  readonly since: number
}

/** Each is a few kilobytes of memory, and so many payments are tried again when a lane begins anew. */
const PAYMENTS_MAX = 256
/** So far back a lane reads its journal at the most when it begins anew. */
const EVENTS_MAX = 2_000

export class UnsavedPayments {
  /** The one that has waited longest comes first. */
  readonly #unsaved = new Map<string, Unsaved>()

  get size(): number {
    return this.#unsaved.size
  }

  get(id: string): Unsaved | undefined {
    return this.#unsaved.get(id)
  }

  /** @param before the newest event before the row */
  change(payment: Payment, due: number | null, row: number, before: number): Unsaved {
    const id = payment.terms.paymentId
    const known = this.#unsaved.get(id)
    const { rows, since } = known ?? { rows: [], since: before }
    const unsaved = { payment, due, rows: [...rows, row], since }
    // A known one keeps its place.
    this.#unsaved.set(id, unsaved)
    return unsaved
  }

  all(): readonly Unsaved[] {
    return [...this.#unsaved.values()]
  }

  saved(id: string) {
    this.#unsaved.delete(id)
  }

  forget() {
    this.#unsaved.clear()
  }

  /** Those that must be saved now, because there are too many or the journal has gone on too far. */
  overdue(seq: number): readonly Unsaved[] {
    const overdue: Unsaved[] = []
    let left = this.#unsaved.size
    for (const unsaved of this.#unsaved.values()) {
      if (left <= PAYMENTS_MAX && seq - unsaved.since <= EVENTS_MAX) break
      overdue.push(unsaved)
      left -= 1
    }
    return overdue
  }

  /** Up to which event the table knows everything, `seq` being the newest. */
  savedUpTo(seq: number): number {
    for (const { since } of this.#unsaved.values()) return since
    return seq
  }

  /** Those with a timer. */
  waiting(): { readonly id: string; readonly due: number }[] {
    const waiting: { id: string; due: number }[] = []
    for (const [id, { due }] of this.#unsaved) if (due !== null) waiting.push({ id, due })
    return waiting
  }
}
