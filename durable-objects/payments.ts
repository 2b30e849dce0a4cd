/**
 * The payments that a lane's journal has made so far: those at rest and those that wait for long in a table, the others
 * in memory, made again from the end of the journal when a lane begins anew.
 */
import { packJson, unpackJson } from '../src/domain/pack.ts'
import { apply, dueAt, type Payment } from '../src/domain/payment.ts'
import { type Chain, type Entry, isBarred } from './chain.ts'
import type { Marks } from './marks.ts'
import { Kept, type Recent } from './recent.ts'
import type { Sql } from './sql.ts'
import { Timers } from './timers.ts'
import { type Unsaved, UnsavedPayments } from './unsaved.ts'

/** Events between two notes of how far everything is saved: a note is a row, too, and a start reads what it lacks. */
const NOTE_EVENTS = 100

export class LanePayments {
  readonly timers: Timers
  readonly #sql: Sql
  readonly #marks: Marks
  readonly #chain: Chain
  readonly #recent: Recent
  readonly #unsaved = new UnsavedPayments()
  /** The note of how far everything is saved. */
  #noted = 0

  constructor(sql: Sql, marks: Marks, journal: Chain, recent: Recent) {
    this.#sql = sql
    this.#marks = marks
    this.#chain = journal
    this.#recent = recent
    this.timers = new Timers(sql, this.#unsaved)
    this.#recover()
  }

  kept(id: string): Kept | null {
    const known = this.#recent.payment(id)
    if (known !== undefined) return known
    const unsaved = this.#unsaved.get(id)?.payment
    if (unsaved !== undefined) {
      return this.#recent.keep(new Kept(unsaved))
    }
    const [row] = this.#sql.rows<{ body: string }>('SELECT body FROM payment WHERE id = ?', id)
    if (row === undefined) return null
    return this.#recent.keep(new Kept(unpackJson<Payment>(row.body), row.body))
  }

  /**
   * A row of the journal has made this of a payment. One that rests is written at once.
   *
   * @param before the newest event before the row
   */
  change(payment: Payment, row: number, before: number) {
    const unsaved = this.#unsaved.change(payment, dueAt(payment), row, before)
    this.timers.moved(payment.terms.paymentId)
    this.#recent.keep(new Kept(payment))
    if (unsaved.due === null) this.#save(unsaved)
  }

  /** The journal has gone on: writes what was kept in memory for too long. */
  saveOverdue() {
    const { seq } = this.#chain
    for (const unsaved of this.#unsaved.overdue(seq)) this.#save(unsaved)
    if (this.#unsaved.savedUpTo(seq) - this.#noted > NOTE_EVENTS) this.#note()
  }

  /** Those in memory that wait for something later than this instant. */
  patient(later: number): readonly Unsaved[] {
    return this.#unsaved.all().filter(({ due }) => due !== null && due > later)
  }

  save(patient: readonly Unsaved[]) {
    for (const unsaved of patient) this.#save(unsaved)
    if (this.#noted < this.#unsaved.savedUpTo(this.#chain.seq)) this.#note()
  }

  #note() {
    this.#noted = this.#unsaved.savedUpTo(this.#chain.seq)
    this.#marks.set('saved', this.#noted)
  }

  #save({ payment, due, rows }: Unsaved) {
    const id = payment.terms.paymentId
    this.#unsaved.saved(id)
    this.timers.saved(due)
    const text = this.#recent.payment(id)?.text ?? packJson(payment)
    this.#sql.rows(
      `INSERT INTO payment (id, due, body, rows) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET due = excluded.due, body = excluded.body,
           rows = payment.rows || ' ' || excluded.rows`,
      id,
      due,
      text,
      rows.join(' '),
    )
  }

  /** A commit has failed: nothing in memory is sure any more. */
  forget() {
    this.#recent.forget()
    this.#recover()
  }

  /** Makes what is not in the table from the end of the journal. */
  #recover() {
    this.#unsaved.forget()
    this.timers.forget()
    this.#noted = this.#marks.get('saved')
    const stored = new Map<string, number>()
    for (const { last, before, entries } of this.#chain.rowsAfter(this.#noted)) {
      for (const [id, events] of Map.groupBy(entries, ([of]) => of)) {
        const known = stored.get(id) ?? this.#storedRows(id).at(-1) ?? 0
        stored.set(id, known)
        if (last > known) this.#again(id, events, last, before)
      }
    }
  }

  /** What one row made of a payment. One that cannot be made must not keep all others from going on. */
  #again(id: string, events: readonly Entry[], row: number, before: number) {
    try {
      const payment = events.reduce(
        (made, [, event]) => (isBarred(event) ? made : apply(made, event)),
        this.kept(id)?.payment ?? null,
      )
      if (payment === null) return
      this.#unsaved.change(payment, dueAt(payment), row, before)
      this.#recent.keep(new Kept(payment))
    } catch {
      this.#unsaved.saved(id)
    }
  }

  /** Names of the journal's rows that speak of a payment, oldest first. */
  rowsOf(id: string): readonly number[] {
    return [...this.#storedRows(id), ...(this.#unsaved.get(id)?.rows ?? [])]
  }

  #storedRows(id: string): readonly number[] {
    const [payment] = this.#sql.rows<{ rows: string }>('SELECT rows FROM payment WHERE id = ?', id)
    return (payment?.rows ?? '')
      .split(' ')
      .filter(name => name !== '')
      .map(Number)
  }
}
