/**
 * Verification of a lane: derives the chain and every payment anew from the journal alone, and names whatever does not
 * agree. It trusts nothing that it could compute itself.
 */
import type { Head } from '../src/domain/anchor.ts'
import { packJson } from '../src/domain/pack.ts'
import { dueAt, type Payment } from '../src/domain/payment.ts'
import type { Barred } from '../src/domain/payment-event.ts'
import { type Derived, derive, type LaneFault, type Recorded } from './derive.ts'
import type { Sql } from './sql.ts'

/** What the journal alone says. */
export interface Audit {
  readonly faults: readonly LaneFault[]
  readonly rows: number
  /** `seq` of the last event, which is also how many there are. */
  readonly seq: number
  readonly payments: ReadonlyMap<string, Payment>
  readonly bars: ReadonlyMap<string, Barred>
}

/**
 * Every disagreement, first those of the journal itself; no faults mean that all of it holds.
 *
 * @param anchors hashes that somebody outside the lane has kept, of the rows that end with their `seq`
 * @param hear hears every event in order
 */
export function auditLane(
  sql: Sql,
  anchors: readonly Head[] = [],
  hear: (recorded: Recorded) => void = () => undefined,
): Audit {
  const derived = derive(sql, anchors, hear)
  comparePayments(sql, derived)
  compareBars(sql, derived)
  compareMarks(sql, derived)
  return derived
}

export const verifyLane = (sql: Sql, anchors: readonly Head[] = []): readonly LaneFault[] =>
  auditLane(sql, anchors).faults

/** What the lane has made of its journal, against what had to come of it. */
function comparePayments(sql: Sql, { payments, spoken, faults }: Derived) {
  const missing = new Set(payments.keys())
  const stored = sql.rows<{ id: string; due: number | null; body: string; rows: string }>(
    'SELECT id, due, body, rows FROM payment ORDER BY id',
  )
  for (const { id, due, body, rows } of stored) {
    const found = (fault: LaneFault['fault']) => faults.push({ fault, where: id })
    missing.delete(id)
    const payment = payments.get(id)
    if (payment === undefined) found('payment_unknown')
    else if (!sameText(packJson(payment), body)) found('payment_differs')
    else if (due !== dueAt(payment)) found('timer_differs')
    else if (rows.trim() !== (spoken.get(id) ?? []).join(' ')) found('rows_differ')
  }
  for (const id of missing) faults.push({ fault: 'payment_missing', where: id })
}

function compareBars(sql: Sql, { bars, faults }: Derived) {
  const missing = new Set(bars.keys())
  for (const { id, body } of sql.rows<{ id: string; body: string }>(
    'SELECT id, body FROM bar ORDER BY id',
  )) {
    const bar = bars.get(id)
    missing.delete(id)
    if (bar === undefined) faults.push({ fault: 'bar_unknown', where: id })
    else if (!sameText(packJson(bar), body)) faults.push({ fault: 'bar_differs', where: id })
  }
  for (const id of missing) faults.push({ fault: 'bar_missing', where: id })
}

/** How far the projection has been told is the lane's own bookkeeping; it cannot be further than the journal. */
function compareMarks(sql: Sql, { seq, faults }: Derived) {
  const marks = sql.rows<{ value: number }>("SELECT value FROM mark WHERE name = 'projected'")
  const wrong = marks.some(({ value }) => value > seq || value < 0)
  if (wrong) faults.push({ fault: 'mark_differs', where: 'projected' })
}

/** The same value is the same text, in whatever order its fields were set. */
export const sameText = (one: string, other: string): boolean =>
  one === other || sorted(one) === sorted(other)

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
