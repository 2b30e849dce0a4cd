/**
 * A lane's memory: the hash-chained journal, which is the truth, and the payments it has made so far.
 *
 * Here is what is done with both at once. The rows are in `chain`, payments and their timers in `payments` and `timers`,
 * what goes to the queue in `run`, and what is still at hand in `recent`.
 */
import type { ChainedRow, Head } from '../src/domain/anchor.ts'
import type { PackedBatch } from '../src/domain/lane-batch.ts'
import { packJson, unpackJson } from '../src/domain/pack.ts'
import type { Payment, PaymentEvent } from '../src/domain/payment.ts'
import type { Barred } from '../src/domain/payment-event.ts'
import type { Recorded } from '../src/domain/timeline.ts'
import { Chain, type Entry, isBarred } from './chain.ts'
import { Marks } from './marks.ts'
import { LanePayments } from './payments.ts'
import { Recent } from './recent.ts'
import { news, packRun, RUN_ENTRIES, toldAfter } from './run.ts'
import type { Sql } from './sql.ts'
import type { WaitingPlace } from './timers.ts'

/** What one commit does to one payment. */
export interface Change {
  readonly payment: Payment
  readonly events: readonly PaymentEvent[]
}

/** Rows of a timeline: duties that nobody acknowledges are told every hour for ever. */
const HISTORY_MAX = 300

export class Journal {
  readonly #sql: Sql
  readonly #marks: Marks
  readonly #chain: Chain
  readonly #recent = new Recent()
  readonly #payments: LanePayments
  #projected: number

  constructor(sql: Sql) {
    this.#sql = sql
    this.#marks = new Marks(sql)
    this.#chain = new Chain(sql)
    this.#projected = this.#marks.get('projected')
    this.#payments = new LanePayments(sql, this.#marks, this.#chain, this.#recent)
  }

  /** `seq` of the newest event, and up to which one the projection has acknowledged. */
  get seq(): number {
    return this.#chain.seq
  }
  get projected(): number {
    return this.#projected
  }

  /** The newest row. */
  get head(): Head {
    return this.#chain.head
  }

  load(id: string): Payment | null {
    return this.#payments.kept(id)?.payment ?? null
  }

  /** Whether nothing may be opened under this id any more. */
  isBarred(id: string): boolean {
    return this.#sql.rows('SELECT 1 AS one FROM bar WHERE id = ?', id).length > 0
  }

  /**
   * Writes a commit's changes: one row of the journal, one per payment that comes to rest and per id that was barred.
   * Call inside `transaction`.
   */
  record(changes: readonly Change[], bars: ReadonlyMap<string, Barred> = new Map()) {
    const before = this.#chain.seq
    const entries: string[] = []
    const add = (paymentId: string, event: PaymentEvent | Barred) => {
      const [seq, text, told] = [before + entries.length + 1, packJson(event), news(event)]
      const toldText = told === event ? text : packJson(told)
      this.#recent.tell({ seq, paymentId, isBar: isBarred(event), text: toldText })
      entries.push(`[${JSON.stringify(paymentId)},${text}]`)
      return text
    }
    for (const [id, bar] of bars) {
      this.#sql.rows('INSERT INTO bar (id, body) VALUES (?, ?)', id, add(id, bar))
    }
    for (const { payment, events } of changes) {
      for (const event of events) add(payment.terms.paymentId, event)
    }
    if (entries.length === 0) return
    const last = before + entries.length
    for (const { payment } of changes) this.#payments.change(payment, last, before)
    this.#chain.append(entries)
    this.#payments.saveOverdue()
  }

  /** Writes those to the table that wait for something later than this instant: they will not rest soon. */
  saveWaiting(later: number) {
    const patient = this.#payments.patient(later)
    if (patient.length > 0) this.transaction(() => this.#payments.save(patient))
  }

  /** What the journal says of a payment, oldest first; of a very long story the beginning. */
  history(id: string): readonly Recorded[] {
    const names = this.#payments.rowsOf(id).slice(0, HISTORY_MAX)
    return names.flatMap(name => {
      const stored = this.#chain.row(name)
      if (stored === undefined) return []
      const [row, body, hash] = stored
      const entries = unpackJson<[string, PaymentEvent][]>(body)
      const events = entries.filter(([of]) => of === id).map(([, event]) => event)
      return { row, hash, events }
    })
  }

  /** Rows as they are stored, after one: what an auditor verifies elsewhere. */
  chained(after: number): readonly ChainedRow[] {
    return this.#chain.page(after)
  }

  /** All of it or nothing. After a throw memory may be ahead of the disk: the head goes back, the rest is forgotten. */
  transaction<T>(work: () => T): T {
    const end = this.#chain.end
    try {
      return this.#sql.transaction(work)
    } catch (error) {
      this.#chain.goBack(end)
      this.#payments.forget()
      throw error
    }
  }

  /** Payments whose timer has come, the longest overdue first. */
  due(now: number, limit: number): string[] {
    return this.#payments.timers.due(now, limit)
  }

  /** The earliest live timer, or null where nothing waits. */
  nextDue(): number | null {
    return this.#payments.timers.next()
  }

  /** Payments that wait for the clock, the next one first, from a place on. */
  waiting(after: WaitingPlace, limit: number): readonly WaitingPlace[] {
    return this.#payments.timers.waiting(after, limit)
  }

  /**
   * The next run of the journal after `seq`, or null where there is none. It may end inside a row: a commit under
   * load holds more than one message can take, and a message that is too large would never be taken.
   */
  run(after: number, center: string, lane: string): PackedBatch | null {
    const events =
      this.#recent.eventsAfter(after, RUN_ENTRIES) ?? toldAfter(this.#chain.rowsAfter(after), after)
    return packRun({ center, lane, after }, events, id => this.#payments.kept(id))
  }

  /** Every event after this one with the payment it is about, oldest first. */
  *entriesAfter(after: number): Generator<Entry> {
    for (const { before, entries } of this.#chain.rowsAfter(after))
      yield* entries.slice(Math.max(after - before, 0))
  }

  /** The projection has everything up to and including `seq`. */
  acknowledge(seq: number) {
    if (seq > this.#projected) this.#project(seq)
  }

  /** The projection has lost what comes after `seq`. */
  rewind(seq: number) {
    if (seq < this.#projected) this.#project(seq)
  }

  #project(seq: number) {
    this.#marks.set('projected', seq)
    this.#projected = seq
  }
}
