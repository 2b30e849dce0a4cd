/**
 * Verification of a lane: derives the chain and every payment anew from the journal alone, and names whatever does not
 * agree. It trusts nothing that it could compute itself.
 */
import { packJson, unpackJson } from '../src/domain/pack.ts'
import { apply, dueAt, type Payment, type PaymentEvent } from '../src/domain/payment.ts'
import type { Barred } from '../src/domain/payment-event.ts'
import { chain, hexOf } from './journal.ts'
import type { Sql } from './sql.ts'

export interface LaneFault {
  readonly fault:
    | 'row_order'
    | 'row_length'
    | 'row_unreadable'
    | 'hash'
    | 'anchor'
    | 'event_impossible'
    | 'payment_missing'
    | 'payment_unknown'
    | 'payment_differs'
    | 'timer_differs'
    | 'bar_missing'
    | 'bar_unknown'
  /** The journal's row, or the payment. */
  readonly where: string
}

/** A hash that somebody outside the lane has kept, of the row that ends with `row`. */
export interface Anchor {
  readonly row: number
  /** Hex. */
  readonly hash: string
}

interface Derived {
  readonly payments: Map<string, Payment>
  readonly bars: Set<string>
}

/** Every disagreement, first those of the journal itself; an empty list means that all of it holds. */
export function verifyLane(sql: Sql, anchors: readonly Anchor[] = []): readonly LaneFault[] {
  const faults: LaneFault[] = []
  const derived = deriveFrom(sql, anchors, faults)
  compare(sql, derived, faults)
  return faults
}

function deriveFrom(sql: Sql, anchors: readonly Anchor[], faults: LaneFault[]): Derived {
  const derived: Derived = { payments: new Map(), bars: new Set() }
  const kept = new Map(anchors.map(({ row, hash }) => [row, hash]))
  let hash: Uint8Array = new Uint8Array(32)
  let before = 0
  const rows = sql.rows<{ last: number; body: string; hash: ArrayBuffer }>(
    'SELECT last, body, hash FROM journal ORDER BY last',
  )
  for (const { last, body, hash: stored } of rows) {
    const where = `row ${last}`
    const found = (fault: LaneFault['fault']) => faults.push({ fault, where })
    hash = chain(hash, body)
    if (hexOf(hash) !== hexOf(new Uint8Array(stored))) {
      found('hash')
      // From here on the stored chain is followed, so that each row is judged for itself.
      hash = new Uint8Array(stored)
    }
    const anchor = kept.get(last)
    kept.delete(last)
    if (anchor !== undefined && anchor !== hexOf(hash)) found('anchor')
    const entries = entriesOf(body)
    if (entries === null) found('row_unreadable')
    else if (last !== before + entries.length) found(last > before ? 'row_length' : 'row_order')
    before = last
    for (const [id, event] of entries ?? []) replay(derived, id, event, found)
  }
  for (const row of kept.keys()) faults.push({ fault: 'anchor', where: `row ${row}` })
  return derived
}

function entriesOf(body: string): [string, PaymentEvent | Barred][] | null {
  try {
    const entries: unknown = unpackJson(body)
    return Array.isArray(entries) && entries.length > 0 ? entries : null
  } catch {
    return null
  }
}

function replay(
  { payments, bars }: Derived,
  id: string,
  event: PaymentEvent | Barred,
  found: (fault: LaneFault['fault']) => void,
) {
  if (event.type === 'barred') {
    bars.add(id)
    return
  }
  try {
    payments.set(id, apply(payments.get(id) ?? null, event))
  } catch {
    found('event_impossible')
  }
}

/** What the lane has made of its journal, against what had to come of it. */
function compare(sql: Sql, { payments, bars }: Derived, faults: LaneFault[]) {
  const found = (fault: LaneFault['fault'], where: string) => faults.push({ fault, where })
  const missing = new Set(payments.keys())
  const stored = sql.rows<{ id: string; due: number | null; body: string }>(
    'SELECT id, due, body FROM payment ORDER BY id',
  )
  for (const { id, due, body } of stored) {
    missing.delete(id)
    const payment = payments.get(id)
    if (payment === undefined) found('payment_unknown', id)
    else if (textOf(payment) !== sorted(body)) found('payment_differs', id)
    else if (due !== dueAt(payment)) found('timer_differs', id)
  }
  for (const id of missing) found('payment_missing', id)

  const unbarred = new Set(bars)
  for (const { id } of sql.rows<{ id: string }>('SELECT id FROM bar ORDER BY id')) {
    if (!unbarred.delete(id)) found('bar_unknown', id)
  }
  for (const id of unbarred) found('bar_missing', id)
}

const textOf = (payment: Payment): string => sorted(packJson(payment))

/** The same value is the same text, in whatever order its fields were set. */
function sorted(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), (_key, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    )
  } catch {
    return 'unreadable'
  }
}
