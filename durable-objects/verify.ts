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
 * @param extent `journal` where what the lane keeps beside it is not at hand
 */
export function auditLane(
  sql: Sql,
  anchors: readonly Head[] = [],
  hear: (recorded: Recorded) => void = () => undefined,
  extent: 'whole' | 'journal' = 'whole',
): Audit {
  const derived = derive(sql, anchors, hear)
  if (extent === 'journal') return derived
  comparePayments(sql, derived)
  compareBars(sql, derived)
  compareMarks(sql, derived)
  return derived
}

export const verifyLane = (sql: Sql, anchors: readonly Head[] = []): readonly LaneFault[] =>
  auditLane(sql, anchors).faults

/**
 * What the lane has made of its journal, against what had to come of it. A payment at rest must be there as it is; one
 * that waits may be as it was at any time since the lane last noted that everything is saved.
 */
function comparePayments(sql: Sql, derived: Derived) {
  const { payments, faults } = derived
  const missing = new Set(payments.keys())
  const stored = sql.rows<StoredPayment>('SELECT id, due, body, rows FROM payment ORDER BY id')
  for (const row of stored) {
    missing.delete(row.id)
    const found = stagesOf(row.id, derived).map(each => differenceOf(row, each))
    // Where it is like none of them, it is told how it differs from what it ought to be.
    const [difference = null] = found
    if (difference !== null && !found.includes(null)) {
      faults.push({ fault: difference, where: row.id })
    }
  }
  for (const id of missing) {
    const mayLag = stagesOf(id, derived).some(({ payment }) => payment === null)
    if (!mayLag) faults.push({ fault: 'payment_missing', where: id })
  }
}

interface StoredPayment extends Record<string, string | number | null> {
  readonly id: string
  readonly due: number | null
  readonly body: string
  readonly rows: string
}

interface Expected {
  readonly payment: Payment | null
  readonly rows: string
}

/** What the table may say of a payment, what it ought to first. */
function stagesOf(id: string, { payments, spoken, tail }: Derived): readonly Expected[] {
  const payment = payments.get(id) ?? null
  const names = spoken.get(id) ?? []
  const now = { payment, rows: names.join(' ') }
  if (payment === null || dueAt(payment) === null) return [now]
  const earlier = (tail.get(id) ?? []).map(stage => ({
    payment: stage.payment,
    rows: names.slice(0, stage.rows).join(' '),
  }))
  return [now, ...earlier]
}

function differenceOf(
  { due, body, rows }: StoredPayment,
  { payment, rows: expected }: Expected,
): LaneFault['fault'] | null {
  if (payment === null) return 'payment_unknown'
  if (!sameText(packJson(payment), body)) return 'payment_differs'
  if (due !== dueAt(payment)) return 'timer_differs'
  return rows.trim() === expected ? null : 'rows_differ'
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

/** How far the projection has been told and the table saved is the lane's own note; neither can be ahead of the journal. */
function compareMarks(sql: Sql, { seq, faults }: Derived) {
  const marks = sql.rows<{ name: string; value: number }>(
    "SELECT name, value FROM mark WHERE name IN ('projected', 'saved')",
  )
  for (const { name, value } of marks) {
    if (value > seq || value < 0) faults.push({ fault: 'mark_differs', where: name })
  }
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
