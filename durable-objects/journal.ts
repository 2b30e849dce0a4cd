/**
 * A lane's memory: the hash-chained journal, which is the truth, and the payments it has made so far.
 *
 * One row of the journal holds every event of one commit: rows written are what storage costs, and a commit
 * under load holds many payments. Its hash is SHA-256 over the previous row's hash and its own body, so no row
 * can be changed, dropped or put elsewhere without every later hash showing it.
 */
import { createHash } from 'node:crypto'
import type { ChainedRow, Head } from '../src/domain/anchor.ts'
import { type News, type PackedBatch, packBatch, packEntry } from '../src/domain/lane-batch.ts'
import { packJson, unpackJson } from '../src/domain/pack.ts'
import { apply, dueAt, type Payment, type PaymentEvent } from '../src/domain/payment.ts'
import type { Barred } from '../src/domain/payment-event.ts'
import { assert } from '../src/domain/result.ts'
import type { Recorded } from '../src/domain/timeline.ts'
import { Kept, Recent, type Told } from './recent.ts'
import type { Sql } from './sql.ts'
import { type Unsaved, UnsavedPayments } from './unsaved.ts'

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
  // With a rowid: without one, a body of more than a kilobyte has a page of its own, and every change of it writes two.
  `CREATE TABLE payment (
     id   TEXT PRIMARY KEY,
     due  INTEGER,
     body TEXT NOT NULL
   ) STRICT`,
  // Partial, so that only payments with a live timer are in it: the index stays small for ever.
  'CREATE INDEX payment_due ON payment (due, id) WHERE due IS NOT NULL',
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
  // Up to which event the table of payments knows everything; what comes later is in the journal alone.
  "INSERT INTO mark (name, value) SELECT 'saved', coalesce(max(last), 0) FROM journal",
] as const

/** Rows of a timeline: duties that nobody acknowledges are told every hour for ever. */
const HISTORY_MAX = 300

const GENESIS = new Uint8Array(32)

/** Rows given at a time: one of a busy moment holds half a megabyte. */
export const CHAINED_ROWS = 20

/** Events between two notes of how far everything is saved: a note is a row, too, and a start reads what it lacks. */
const NOTE_EVENTS = 100
/** Rows read in one go. */
const PAGE_ROWS = 16

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
  readonly #unsaved = new UnsavedPayments()
  /** The first timer of those that are in the table and nowhere else; undefined where it has to be looked up. */
  #firstStored: WaitingPlace | null | undefined = undefined
  /** The note of how far everything is saved. */
  #noted = 0
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
    this.#recover()
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
    const unsaved = this.#unsaved.get(id)?.payment
    if (unsaved !== undefined) {
      return this.#recent.keep(new Kept(unsaved))
    }
    const [row] = this.#sql.rows<{ body: string }>('SELECT body FROM payment WHERE id = ?', id)
    if (row === undefined) return null
    return this.#recent.keep(new Kept(unpackJson<Payment>(row.body), row.body))
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
    const [before, last] = [this.#seq, this.#seq + entries.length]
    for (const { payment } of changes) this.#change(payment, last, before)
    const body = `[${entries.join(',')}]`
    const hash = chain(this.#hash, body)
    this.#sql.rows('INSERT INTO journal (last, body, hash) VALUES (?, ?, ?)', last, body, hash)
    this.#seq = last
    this.#hash = hash
    for (const unsaved of this.#unsaved.overdue(last)) this.#save(unsaved)
    if (this.#unsaved.savedUpTo(last) - this.#noted > NOTE_EVENTS) this.#note()
  }

  #change(payment: Payment, row: number, before: number) {
    const unsaved = this.#unsaved.change(payment, dueAt(payment), row, before)
    if (this.#firstStored?.id === payment.terms.paymentId) this.#firstStored = undefined
    this.#recent.keep(new Kept(payment))
    if (unsaved.due === null) this.#save(unsaved)
  }

  /** Writes those to the table that wait for something later than this instant: they will not rest soon. */
  saveWaiting(later: number) {
    const patient = this.#unsaved.all().filter(({ due }) => due !== null && due > later)
    if (patient.length === 0) return
    this.transaction(() => {
      for (const unsaved of patient) this.#save(unsaved)
      if (this.#noted < this.#unsaved.savedUpTo(this.#seq)) this.#note()
    })
  }

  #note() {
    this.#noted = this.#unsaved.savedUpTo(this.#seq)
    this.#setMark('saved', this.#noted)
  }

  #save({ payment, due, rows }: Unsaved) {
    const id = payment.terms.paymentId
    this.#unsaved.saved(id)
    if (due !== null) this.#firstStored = undefined
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

  /** Makes what is not in the table from the end of the journal, after a start and after a commit that failed. */
  #recover() {
    this.#unsaved.forget()
    this.#firstStored = undefined
    this.#noted = this.#mark('saved')
    const stored = new Map<string, number>()
    for (const { last, before, entries } of this.#rowsAfter(this.#noted)) {
      for (const [id, events] of Map.groupBy(entries, ([of]) => of)) {
        const known = stored.get(id) ?? this.#rowNames(id).at(-1) ?? 0
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
        this.load(id),
      )
      if (payment === null) return
      this.#unsaved.change(payment, dueAt(payment), row, before)
      this.#recent.keep(new Kept(payment))
    } catch {
      this.#unsaved.saved(id)
    }
  }

  #rowNames(id: string): readonly number[] {
    const [payment] = this.#sql.rows<{ rows: string }>('SELECT rows FROM payment WHERE id = ?', id)
    return (payment?.rows ?? '')
      .split(' ')
      .filter(name => name !== '')
      .map(Number)
  }

  /** What the journal says of a payment, oldest first; of a very long story the beginning. */
  history(id: string): readonly Recorded[] {
    const names = [...this.#rowNames(id), ...(this.#unsaved.get(id)?.rows ?? [])]
    return names.slice(0, HISTORY_MAX).flatMap(name => {
      const [row] = this.#sql.rows<{ last: number; body: string; hash: ArrayBuffer }>(
        'SELECT last, body, hash FROM journal WHERE last = ?',
        name,
      )
      if (row === undefined) return []
      const entries = unpackJson<[string, PaymentEvent][]>(row.body)
      const events = entries.filter(([of]) => of === id).map(([, event]) => event)
      return { row: row.last, hash: hexOf(new Uint8Array(row.hash)), events }
    })
  }

  /** Rows as they are stored, after one: what an auditor verifies elsewhere. */
  chained(after: number): readonly ChainedRow[] {
    return this.#sql
      .rows<{ last: number; body: string; hash: ArrayBuffer }>(
        'SELECT last, body, hash FROM journal WHERE last > ? ORDER BY last LIMIT ?',
        after,
        CHAINED_ROWS,
      )
      .map(({ last, body, hash }) => [last, body, hexOf(new Uint8Array(hash))])
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
      this.#recover()
      throw error
    }
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
  nextDue(): number | null {
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
    for (const { before, entries } of this.#rowsAfter(after)) {
      for (const [index, [paymentId, event]] of entries.entries()) {
        const [seq, isBar] = [before + index + 1, isBarred(event)]
        if (seq > after) yield { seq, paymentId, isBar, text: packJson(news(event)) }
      }
    }
  }

  /** Every event after this one with the payment it is about, oldest first. */
  *entriesAfter(after: number): Generator<Entry> {
    for (const { before, entries } of this.#rowsAfter(after))
      yield* entries.slice(Math.max(after - before, 0))
  }

  *#rowsAfter(after: number): Generator<JournalRow> {
    for (let read = after; ; ) {
      const rows = this.#sql.rows<{ last: number; body: string }>(
        'SELECT last, body FROM journal WHERE last > ? ORDER BY last LIMIT ?',
        read,
        PAGE_ROWS,
      )
      for (const { last, body } of rows) {
        const entries = unpackJson<readonly Entry[]>(body)
        yield { last, before: last - entries.length, entries }
        read = last
      }
      if (rows.length < PAGE_ROWS) return
    }
  }

  /** The projection has everything up to and including `seq`. */
  acknowledge(seq: number) {
    if (seq <= this.#projected) return
    this.#setMark('projected', seq)
    this.#projected = seq
  }

  /** The projection has lost what comes after `seq`. */
  rewind(seq: number) {
    if (seq >= this.#projected) return
    this.#setMark('projected', seq)
    this.#projected = seq
  }
}

/**
 * Evidence stays in the journal: whoever reads what happened needs no proof of it, and it is most of the bytes. Terms
 * are told once, with the payment.
 */
function news(event: PaymentEvent | Barred): News {
  if (event.type === 'opened') {
    const { terms: _, evidence: __, ...told } = event
    return told
  }
  if (!('evidence' in event)) return event
  const { evidence: _, ...told } = event
  return told
}

/** One row of the journal, read. */
interface JournalRow {
  readonly last: number
  /** `seq` of the last event before the row. */
  readonly before: number
  readonly entries: readonly Entry[]
}

type Entry = readonly [id: string, event: PaymentEvent | Barred]

const BEGINNING: WaitingPlace = { due: Number.MIN_SAFE_INTEGER, id: '' }

const byPlace = (one: WaitingPlace, other: WaitingPlace): number =>
  one.due - other.due || (one.id < other.id ? -1 : 1)

const isAfter = (place: WaitingPlace, after: WaitingPlace): boolean => byPlace(after, place) < 0

const isBarred = (event: PaymentEvent | Barred): event is Barred => event.type === 'barred'

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

/** One link of the chain. */
export function chain(previous: Uint8Array, body: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(previous).update(body).digest())
}
