/**
 * A lane's memory: the hash-chained journal, which is the truth, and the payments it has made so far.
 *
 * One row of the journal holds every event of one commit: rows written are what storage costs, and a commit
 * under load holds many payments. Its hash is SHA-256 over the previous row's hash and its own body, so no row
 * can be changed, dropped or put elsewhere without every later hash showing it.
 */
import { createHash } from 'node:crypto'
import type { Head } from '../src/domain/anchor.ts'
import { type PackedBatch, packBatch, packEntry } from '../src/domain/lane-batch.ts'
import { packJson, unpackJson } from '../src/domain/pack.ts'
import { dueAt, type Payment, type PaymentEvent } from '../src/domain/payment.ts'
import type { Barred } from '../src/domain/payment-event.ts'
import { assert } from '../src/domain/result.ts'
import type { Recorded } from '../src/domain/timeline.ts'
import { type Kept, Recent, type Told } from './recent.ts'
import type { Sql } from './sql.ts'

/** What one commit does to one payment. */
export interface Change {
  readonly payment: Payment
  readonly events: readonly PaymentEvent[]
}

/** Where a payment stands among those that wait. */
export interface WaitingPlace {
  /** Milliseconds since 1970. */
  readonly due: number
  readonly id: string
}

/** The schema, oldest first; a lane runs those it has not run yet. Append only. */
const migrations = [
  `CREATE TABLE payment (
     id   TEXT PRIMARY KEY,
     due  INTEGER,
     body TEXT NOT NULL
   ) STRICT, WITHOUT ROWID`,
  // Partial, so that only payments with a live timer are in it: the index stays small for ever.
  'CREATE INDEX payment_due ON payment (due) WHERE due IS NOT NULL',
  `CREATE TABLE journal (
     last INTEGER PRIMARY KEY,
     body TEXT NOT NULL,
     hash BLOB NOT NULL
   ) STRICT`,
  // Ids that were cancelled before anything was opened under them.
  `CREATE TABLE bar (
     id   TEXT PRIMARY KEY,
     body TEXT NOT NULL
   ) STRICT, WITHOUT ROWID`,
  // Names of the journal's rows that speak of the payment, so that its timeline is read without a search.
  "ALTER TABLE payment ADD COLUMN rows TEXT NOT NULL DEFAULT ''",
] as const

/** Rows of a timeline: duties that nobody acknowledges are told every hour for ever. */
const HISTORY_MAX = 300

const GENESIS = new Uint8Array(32)

/**
 * How much one message to the queue holds. A queue takes 128 KB and a character may be three bytes long, so this
 * many characters always fit; a run of usual letters is billed as one unit of 64 KB.
 */
const RUN_ENTRIES = 100
const RUN_CHARACTERS = 40_000
/** Names, ids and brackets around one entry. */
const ENTRY_CHARACTERS = 100

export class Journal {
  readonly #sql: Sql
  readonly #recent = new Recent()
  #seq = 0
  #hash: Uint8Array = GENESIS
  #projected = 0

  constructor(sql: Sql) {
    this.#sql = sql
    sql.transaction(() => this.#migrate())
    const [head] = sql.rows<{ last: number; hash: ArrayBuffer }>(
      'SELECT last, hash FROM journal ORDER BY last DESC LIMIT 1',
    )
    if (head !== undefined) {
      this.#seq = head.last
      this.#hash = new Uint8Array(head.hash)
    }
    this.#projected = this.#mark('projected')
  }

  #migrate() {
    this.#sql.rows(
      'CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    )
    const done = this.#mark('schema')
    for (const statement of migrations.slice(done)) this.#sql.rows(statement)
    if (done < migrations.length) this.#setMark('schema', migrations.length)
  }

  #mark(name: string): number {
    return (
      this.#sql.rows<{ value: number }>('SELECT value FROM mark WHERE name = ?', name)[0]?.value ??
      0
    )
  }

  #setMark(name: string, value: number) {
    this.#sql.rows(
      'INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    )
  }

  /** `seq` of the newest event, and up to which one the projection has acknowledged. */
  get seq(): number {
    return this.#seq
  }
  get projected(): number {
    return this.#projected
  }

  /** The newest row. */
  get head(): Head {
    return { seq: this.#seq, hash: hexOf(this.#hash) }
  }

  load(id: string): Payment | null {
    return this.#kept(id)?.payment ?? null
  }

  #kept(id: string): Kept | null {
    const known = this.#recent.payment(id)
    if (known !== undefined) return known
    const [row] = this.#sql.rows<{ body: string }>('SELECT body FROM payment WHERE id = ?', id)
    if (row === undefined) return null
    return this.#recent.keep({ payment: unpackJson<Payment>(row.body), text: row.body })
  }

  /** Whether nothing may be opened under this id any more. */
  isBarred(id: string): boolean {
    return this.#sql.rows('SELECT 1 AS one FROM bar WHERE id = ?', id).length > 0
  }

  /**
   * Writes a commit's changes: one row of the journal, one row per payment and per id that was barred.
   * Call inside `transaction`.
   */
  record(changes: readonly Change[], bars: ReadonlyMap<string, Barred> = new Map()) {
    const entries: string[] = []
    const add = (paymentId: string, event: PaymentEvent | Barred) => {
      const [seq, text, told] = [this.#seq + entries.length + 1, packJson(event), news(event)]
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
    const last = this.#seq + entries.length
    for (const { payment } of changes) this.#put(payment, last)
    const body = `[${entries.join(',')}]`
    const hash = chain(this.#hash, body)
    this.#sql.rows('INSERT INTO journal (last, body, hash) VALUES (?, ?, ?)', last, body, hash)
    this.#seq = last
    this.#hash = hash
  }

  #put(payment: Payment, row: number) {
    const { text } = this.#recent.keep({ payment, text: packJson(payment) })
    this.#sql.rows(
      `INSERT INTO payment (id, due, body, rows) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET due = excluded.due, body = excluded.body,
           rows = payment.rows || ' ' || excluded.rows`,
      payment.terms.paymentId,
      dueAt(payment),
      text,
      `${row}`,
    )
  }

  /** What the journal says of a payment, oldest first; of a very long story the beginning. */
  history(id: string): readonly Recorded[] {
    const [payment] = this.#sql.rows<{ rows: string }>('SELECT rows FROM payment WHERE id = ?', id)
    const names = (payment?.rows ?? '').split(' ').filter(name => name !== '')
    return names.slice(0, HISTORY_MAX).flatMap(name => {
      const [row] = this.#sql.rows<{ last: number; body: string; hash: ArrayBuffer }>(
        'SELECT last, body, hash FROM journal WHERE last = ?',
        Number(name),
      )
      if (row === undefined) return []
      const entries = unpackJson<[string, PaymentEvent][]>(row.body)
      const events = entries.filter(([of]) => of === id).map(([, event]) => event)
      return { row: row.last, hash: hexOf(new Uint8Array(row.hash)), events }
    })
  }

  /** All of it or nothing. After a throw memory may be ahead of the disk: the head goes back, the rest is forgotten. */
  transaction<T>(work: () => T): T {
    const [seq, hash] = [this.#seq, this.#hash]
    try {
      return this.#sql.transaction(work)
    } catch (error) {
      this.#seq = seq
      this.#hash = hash
      this.#recent.forget()
      throw error
    }
  }

  /** Payments whose timer has come, the longest overdue first. */
  due(now: number, limit: number): string[] {
    return this.#sql
      .rows<{ id: string }>(
        'SELECT id FROM payment WHERE due IS NOT NULL AND due <= ? ORDER BY due LIMIT ?',
        now,
        limit,
      )
      .map(row => row.id)
  }

  /** The earliest live timer, or null where nothing waits. */
  nextDue(): number | null {
    const [row] = this.#sql.rows<{ due: number | null }>(
      'SELECT min(due) AS due FROM payment WHERE due IS NOT NULL',
    )
    return row?.due ?? null
  }

  /** Payments that wait for the clock, the next one first, from a place on. */
  waiting(after: WaitingPlace, limit: number): readonly WaitingPlace[] {
    return this.#sql.rows<{ due: number; id: string }>(
      `SELECT due, id FROM payment WHERE due IS NOT NULL AND (due, id) > (?, ?) ORDER BY due, id LIMIT ?`,
      after.due,
      after.id,
      limit,
    )
  }

  /**
   * The next run of the journal after `seq`, or null where there is none. It may end inside a row: a commit under
   * load holds more than one message can take, and a message that is too large would never be taken.
   */
  run(after: number, center: string, lane: string): PackedBatch | null {
    const entries: string[] = []
    const payments = new Map<string, string>()
    let characters = 0
    const events = this.#recent.eventsAfter(after, RUN_ENTRIES) ?? this.#eventsAfter(after)
    for (const { seq, paymentId, isBar, text } of events) {
      const spoken = !isBar && !payments.has(paymentId)
      const payment = spoken ? this.#kept(paymentId) : null
      assert(!spoken || payment !== null, `the journal speaks of ${paymentId}, which is not there`)
      characters += text.length + ENTRY_CHARACTERS + (payment?.text.length ?? 0)
      const full = entries.length >= RUN_ENTRIES || characters > RUN_CHARACTERS
      if (full && entries.length > 0) break
      entries.push(packEntry(seq, paymentId, text))
      if (payment !== null) payments.set(paymentId, payment.text)
    }
    if (entries.length === 0) return null
    return packBatch({ center, lane, after, entries, payments: [...payments.values()] })
  }

  /** Event by event from here on, row by row: what a run does not take is not even parsed. */
  *#eventsAfter(after: number): Generator<Told> {
    for (let read = after; ; ) {
      const [row] = this.#sql.rows<{ last: number; body: string }>(
        'SELECT last, body FROM journal WHERE last > ? ORDER BY last LIMIT 1',
        read,
      )
      if (row === undefined) return
      const events = unpackJson<[string, PaymentEvent | Barred][]>(row.body)
      const first = row.last - events.length + 1
      for (const [index, [paymentId, event]] of events.entries()) {
        const [seq, isBar] = [first + index, isBarred(event)]
        if (seq > after) yield { seq, paymentId, isBar, text: packJson(news(event)) }
      }
      read = row.last
    }
  }

  /** The projection has everything up to and including `seq`. */
  acknowledge(seq: number) {
    if (seq <= this.#projected) return
    this.#setMark('projected', seq)
    this.#projected = seq
  }
}

/** Evidence stays in the journal: whoever reads what happened needs no proof of it, and it is most of the bytes. */
function news(event: PaymentEvent | Barred): PaymentEvent | Barred {
  if (!('evidence' in event)) return event
  const { evidence: _, ...told } = event
  return told
}

const isBarred = (event: PaymentEvent | Barred): boolean => event.type === 'barred'

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

/** One link of the chain. */
export function chain(previous: Uint8Array, body: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(previous).update(body).digest())
}
