/**
 * What a projection has of one lane, compared with what the lane's journal makes: nothing may be missing, more or
 * other. Reads whatever holds the tables, D1 itself or a copy of its file.
 */

import { getTableColumns } from 'drizzle-orm'
import type { Payment, PaymentEvent } from '../domain/payment.ts'
import type { Barred } from '../domain/payment-event.ts'
import { rowOf, typeOf } from './projection.ts'
import { payments } from './projection-schema.ts'

/** Runs one query and gives its rows. */
export type Read = <Row extends Record<string, string | number | null>>(
  query: string,
  ...values: (string | number)[]
) => Row[]

export const projectionFaults = [
  'progress_ahead',
  'progress_behind',
  'projection_missing',
  'projection_unknown',
  'projection_ahead',
  'projection_behind',
  'projection_differs',
  'feed_missing',
  'feed_unknown',
] as const

export interface ProjectionFault {
  readonly fault: (typeof projectionFaults)[number]
  /** The payment, or the lane's `seq`. */
  readonly where: string
}

export interface Progress {
  readonly seq: number
  readonly anchoredSeq: number
}

type Row = Readonly<Record<string, string | number>>

/** A lane's rows, read before its journal is, so that a lane that goes on meanwhile is only ever further. */
export interface Projected {
  readonly progress: Progress
  readonly rows: ReadonlyMap<string, Row>
  /** Every entry of the feed in one line. */
  readonly feed: ReadonlySet<string>
}

/** How far each lane is projected, and anchored by the center's own word. */
export function readProgress(read: Read): ReadonlyMap<string, Progress> {
  const rows = read<{ lane: string; seq: number; anchored: number }>(
    'SELECT lane, seq, anchored_seq AS anchored FROM lane_progress',
  )
  return new Map(rows.map(({ lane, seq, anchored }) => [lane, { seq, anchoredSeq: anchored }]))
}

export const progressOf = (read: Read, lane: string): number =>
  read<{ seq: number }>('SELECT seq FROM lane_progress WHERE lane = ?', lane)[0]?.seq ?? 0

/** What finds a payment in a projection. */
export type ProjectedKey = readonly [requester: string, openedAt: number, id: string]

/** Of all payments that a projection has, in its order. */
export const projectedKeys = (read: Read): readonly ProjectedKey[] =>
  read<{ requester: string; openedAt: number; id: string }>(
    'SELECT requester, opened_at AS openedAt, id FROM payments',
  ).map(({ requester, openedAt, id }) => [requester, openedAt, id])

// ? [[requester, openedAt, id], …]
const ROWS = `
SELECT payments.* FROM json_each(?) AS sought CROSS JOIN payments
ON payments.requester = sought.value ->> 0 AND payments.opened_at = sought.value ->> 1
  AND payments.id = sought.value ->> 2`
/** Keys in one query. */
const KEYS_MAX = 1_000

export function readRows(read: Read, keys: readonly ProjectedKey[]): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>()
  for (let from = 0; from < keys.length; from += KEYS_MAX) {
    const sought = JSON.stringify(keys.slice(from, from + KEYS_MAX))
    for (const row of read<Record<string, string | number>>(ROWS, sought)) {
      // A payment that is there twice is one payment and one that is unknown.
      rows.set(rows.has(`${row.id}`) ? `${row.id} again` : `${row.id}`, row)
    }
  }
  return rows
}

const FEED = `
SELECT feed.lane, feed.institution || ' ' || (event.value ->> 0) || ' ' || (event.value ->> 1) || ' ' ||
       (event.value ->> 2) || ' ' || (event.value ->> 3) || ' ' || (event.value ->> 4) || ' ' || feed.requester AS line
FROM feed, json_each(feed.events) AS event`

/** The whole feed, by lane. */
export function readFeed(read: Read): ReadonlyMap<string, ReadonlySet<string>> {
  const lanes = new Map<string, Set<string>>()
  for (const { lane, line } of read<{ lane: string; line: string }>(FEED)) {
    const lines = lanes.get(lane) ?? new Set()
    // A line that is there twice is told twice.
    lines.add(lines.has(line) ? `${line} again` : line)
    lanes.set(lane, lines)
  }
  return lanes
}

/** Compares as the journal is heard, event by event. */
export class ProjectionCheck {
  readonly #projected: Projected
  readonly #matched = new Set<string>()
  /** The newest version of each payment, and the one at which the projection says that it is. */
  readonly #newest = new Map<string, { version: number; told: number }>()
  readonly #untold: Set<string>
  readonly #faults: ProjectionFault[] = []

  constructor(projected: Projected) {
    this.#projected = projected
    this.#untold = new Set(projected.feed)
  }

  hear(seq: number, id: string, event: PaymentEvent | Barred, payment: Payment | null) {
    if (payment === null) return
    const isTold = seq <= this.#projected.progress.seq
    const { version } = payment
    const told = isTold ? version : (this.#newest.get(id)?.told ?? 0)
    this.#newest.set(id, { version, told })
    const row = this.#projected.rows.get(id)
    if (row?.version === version) this.#compare(payment, row)
    this.#tell(seq, event, payment, isTold)
  }

  #compare(payment: Payment, row: Row) {
    const id = payment.terms.paymentId
    this.#matched.add(id)
    if (differs(payment, row)) this.#faults.push({ fault: 'projection_differs', where: id })
  }

  #tell(seq: number, event: PaymentEvent | Barred, payment: Payment, isTold: boolean) {
    const type = typeOf(event)
    if (type === undefined) return
    const { paymentId, requester, responder } = payment.terms
    for (const party of new Set([requester, responder])) {
      const line = `${party} ${seq} ${type} ${event.at} ${paymentId} ${payment.openedAt} ${requester}`
      const known = this.#untold.delete(line)
      if (!known && isTold) this.#faults.push({ fault: 'feed_missing', where: `${party} ${seq}` })
    }
  }

  /**
   * @param seq of the journal's last event
   * @param acknowledged how far the lane believes it has been projected
   * @param by how far it is projected by now
   */
  end(seq: number, acknowledged: number, by: number): readonly ProjectionFault[] {
    const { progress, rows } = this.#projected
    const found = (fault: ProjectionFault['fault'], where: string) =>
      this.#faults.push({ fault, where })
    if (progress.seq > seq) found('progress_ahead', `${progress.seq}`)
    if (by < acknowledged) found('progress_behind', `${by}`)
    for (const [id, { told }] of this.#newest) {
      const version = Number(rows.get(id)?.version ?? 0)
      if (version === 0 && told > 0) found('projection_missing', id)
      else if (version < told) found('projection_behind', id)
    }
    for (const id of rows.keys()) {
      if (!this.#newest.has(id)) found('projection_unknown', id)
      else if (!this.#matched.has(id)) found('projection_ahead', id)
    }
    for (const line of this.#untold) found('feed_unknown', line.split(' ').slice(0, 2).join(' '))
    return this.#faults
  }
}

const columns = Object.entries(getTableColumns(payments))

/** A payment that was tampered with may be none that could ever be projected. */
function differs(payment: Payment, row: Row): boolean {
  try {
    const made: Record<string, unknown> = rowOf(payment)
    return columns.some(([field, { name }]) => made[field] !== row[name])
  } catch {
    return true
  }
}
