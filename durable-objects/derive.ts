/** Derivation: what a lane's journal alone says of its payments, row by row, and whether its chain holds. */
import type { Head } from '../src/domain/anchor.ts'
import { unpackJson } from '../src/domain/pack.ts'
import { apply, type Payment, type PaymentEvent } from '../src/domain/payment.ts'
import type { Barred } from '../src/domain/payment-event.ts'
import { chain, hexOf } from './chain.ts'
import type { Sql } from './sql.ts'

export const laneFaults = [
  'row_order',
  'row_length',
  'row_unreadable',
  'hash',
  'anchor',
  'event_impossible',
  'payment_missing',
  'payment_unknown',
  'payment_differs',
  'timer_differs',
  'rows_differ',
  'bar_missing',
  'bar_unknown',
  'bar_differs',
  'mark_differs',
] as const

export interface LaneFault {
  readonly fault: (typeof laneFaults)[number]
  /** The journal's row, or the payment. */
  readonly where: string
}

/** One event as the journal has it. */
export interface Recorded {
  readonly seq: number
  readonly id: string
  readonly event: PaymentEvent | Barred
  /** As the payment is after it; null where the event is of none, or cannot be. */
  readonly payment: Payment | null
}

/** A payment as it was after so many of the rows that speak of it; null before the first. */
export interface Stage {
  readonly rows: number
  readonly payment: Payment | null
}

export interface Derived {
  readonly faults: LaneFault[]
  readonly payments: Map<string, Payment>
  readonly bars: Map<string, Barred>
  /** Names of the rows that speak of each payment. */
  readonly spoken: Map<string, number[]>
  /**
   * Payments of the journal's end, as they were before it and after each of its rows: as long as such a payment waits
   * for something, the lane may not have written it to its table yet.
   */
  readonly tail: Map<string, Stage[]>
  rows: number
  seq: number
}

/** Rows of a journal read at a time. */
const PAGE = 500

interface Row extends Record<string, number | string | ArrayBuffer> {
  readonly last: number
  readonly body: string
  readonly hash: ArrayBuffer
}

function* journalOf(sql: Sql): Generator<Row> {
  let page = sql.rows<Row>(`SELECT last, body, hash FROM journal ORDER BY last LIMIT ${PAGE}`)
  while (page.length > 0) {
    yield* page
    page = sql.rows<Row>(
      `SELECT last, body, hash FROM journal WHERE last > ? ORDER BY last LIMIT ${PAGE}`,
      page.at(-1)?.last ?? 0,
    )
  }
}

export function derive(
  sql: Sql,
  anchors: readonly Head[],
  hear: (recorded: Recorded) => void,
): Derived {
  const derived: Derived = {
    faults: [],
    payments: new Map(),
    bars: new Map(),
    spoken: new Map(),
    tail: new Map(),
    rows: 0,
    seq: 0,
  }
  const [saved] = sql.rows<{ value: number }>("SELECT value FROM mark WHERE name = 'saved'")
  const kept = Map.groupBy(anchors, ({ seq }) => seq)
  let hash: Uint8Array = new Uint8Array(32)
  for (const { last, body, hash: stored } of journalOf(sql)) {
    const found = (fault: LaneFault['fault']) =>
      derived.faults.push({ fault, where: `row ${last}` })
    hash = chain(hash, body)
    const differs = hexOf(hash) !== hexOf(new Uint8Array(stored))
    if (differs) found('hash')
    // From here on the stored chain is followed, so that each row is judged for itself.
    if (differs) hash = new Uint8Array(stored)
    const anchored = kept.get(last) ?? []
    kept.delete(last)
    if (anchored.some(anchor => anchor.hash !== hexOf(hash))) found('anchor')

    const entries = entriesOf(body)
    const first = last - (entries?.length ?? 0) + 1
    if (entries === null) found('row_unreadable')
    else if (first !== derived.seq + 1) found(last > derived.seq ? 'row_length' : 'row_order')
    derived.rows += 1
    derived.seq = last
    const isTail = saved !== undefined && last > saved.value
    if (isTail) stage(derived, entries ?? [])
    for (const [place, [id, event]] of (entries ?? []).entries()) {
      const payment = replay(derived, id, event, found)
      if (payment !== null) note(derived.spoken, id, last)
      hear({ seq: first + place, id, event, payment })
    }
    if (isTail) stage(derived, entries ?? [])
  }
  for (const seq of kept.keys()) derived.faults.push({ fault: 'anchor', where: `row ${seq}` })
  return derived
}

function entriesOf(body: string): [string, PaymentEvent | Barred][] | null {
  try {
    const entries: unknown = unpackJson(body)
    const isList = Array.isArray(entries) && entries.length > 0
    return isList && entries.every(isEntry) ? entries : null
  } catch {
    return null
  }
}

const isEntry = (entry: unknown): boolean =>
  Array.isArray(entry) &&
  typeof entry[0] === 'string' &&
  typeof entry[1] === 'object' &&
  entry[1] !== null

function replay(
  { payments, bars }: Derived,
  id: string,
  event: PaymentEvent | Barred,
  found: (fault: LaneFault['fault']) => void,
): Payment | null {
  if (event.type === 'barred') {
    bars.set(id, event)
    return null
  }
  try {
    const payment = apply(payments.get(id) ?? null, event)
    payments.set(id, payment)
    return payment
  } catch {
    found('event_impossible')
    return null
  }
}

/** Keeps each payment that a row speaks of as it is now. */
function stage({ payments, spoken, tail }: Derived, entries: readonly [string, unknown][]) {
  for (const id of new Set(entries.map(([of]) => of))) {
    const stages = tail.get(id) ?? []
    const rows = spoken.get(id)?.length ?? 0
    if (stages.at(-1)?.rows !== rows) stages.push({ rows, payment: payments.get(id) ?? null })
    tail.set(id, stages)
  }
}

function note(spoken: Map<string, number[]>, id: string, row: number) {
  const rows = spoken.get(id) ?? []
  if (rows.at(-1) !== row) rows.push(row)
  spoken.set(id, rows)
}
