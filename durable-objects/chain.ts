/**
 * The rows of a journal, each bound by hash to the one before it.
 *
 * One row holds every event of one commit: rows written are what storage costs, and a commit under load holds many
 * payments. Its hash is SHA-256 over the previous row's hash and its own body, so no row can be changed, dropped or put
 * elsewhere without every later hash showing it.
 */
import { createHash } from 'node:crypto'
import type { ChainedRow, Head } from '../src/domain/anchor.ts'
import { unpackJson } from '../src/domain/pack.ts'
import type { PaymentEvent } from '../src/domain/payment.ts'
import type { Barred } from '../src/domain/payment-event.ts'
import type { Sql } from './sql.ts'

export type Entry = readonly [id: string, event: PaymentEvent | Barred]

export const isBarred = (event: PaymentEvent | Barred): event is Barred => event.type === 'barred'

/** One row, read. */
export interface JournalRow {
  /** `seq` of its last event, which is its name. */
  readonly last: number
  /** `seq` of the last event before the row. */
  readonly before: number
  readonly entries: readonly Entry[]
}

/** Where a chain ends. */
interface End {
  readonly seq: number
  readonly hash: Uint8Array
}

interface Row extends Record<string, string | number | ArrayBuffer> {
  readonly last: number
  readonly body: string
  readonly hash: ArrayBuffer
}

/** Rows given at a time: one of a busy moment holds half a megabyte. */
export const CHAINED_ROWS = 20
/** Rows read in one go. */
const PAGE_ROWS = 16

const GENESIS = new Uint8Array(32)

export class Chain {
  readonly #sql: Sql
  #seq = 0
  #hash: Uint8Array = GENESIS

  constructor(sql: Sql) {
    this.#sql = sql
    const [head] = sql.rows<{ last: number; hash: ArrayBuffer }>(
      'SELECT last, hash FROM journal ORDER BY last DESC LIMIT 1',
    )
    if (head !== undefined) {
      this.#seq = head.last
      this.#hash = new Uint8Array(head.hash)
    }
  }

  /** `seq` of the newest event. */
  get seq(): number {
    return this.#seq
  }

  /** The newest row. */
  get head(): Head {
    return { seq: this.#seq, hash: hexOf(this.#hash) }
  }

  get end(): End {
    return { seq: this.#seq, hash: this.#hash }
  }

  /** What was appended since then has been taken back. */
  goBack({ seq, hash }: End) {
    this.#seq = seq
    this.#hash = hash
  }

  /** Writes one row with these entries, each as its text. */
  append(entries: readonly string[]) {
    const last = this.#seq + entries.length
    const body = `[${entries.join(',')}]`
    const hash = chain(this.#hash, body)
    this.#sql.rows('INSERT INTO journal (last, body, hash) VALUES (?, ?, ?)', last, body, hash)
    this.#seq = last
    this.#hash = hash
  }

  /** One row as it is stored. */
  row(name: number): ChainedRow | undefined {
    return this.#sql
      .rows<Row>('SELECT last, body, hash FROM journal WHERE last = ?', name)
      .map(chainedRow)[0]
  }

  /** Rows as they are stored, after one: what an auditor verifies elsewhere. */
  page(after: number): readonly ChainedRow[] {
    return this.#sql
      .rows<Row>(
        'SELECT last, body, hash FROM journal WHERE last > ? ORDER BY last LIMIT ?',
        after,
        CHAINED_ROWS,
      )
      .map(chainedRow)
  }

  *rowsAfter(after: number): Generator<JournalRow> {
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
}

const chainedRow = ({ last, body, hash }: Row): ChainedRow => [
  last,
  body,
  hexOf(new Uint8Array(hash)),
]

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

/** One link of the chain. */
export function chain(previous: Uint8Array, body: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(previous).update(body).digest())
}
