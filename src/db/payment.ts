/** Payments as the projection knows them: an institution's list, newest first. */
import type { Scenario } from '../domain/corridor.ts'
import { unpackJson } from '../domain/pack.ts'
import type { Payment, Status } from '../domain/payment.ts'
import type { PaymentPlace } from './cursor.ts'
import type { CenterPage } from './page.ts'

export interface PaymentFilter {
  readonly status?: Status | undefined
  readonly result?: 'S' | 'F' | 'U' | undefined
  readonly payerMarket?: string | undefined
  readonly payeeMarket?: string | undefined
  readonly scenario?: Scenario | undefined
  readonly family?: string | undefined
  readonly requestId?: string | undefined
  /** Milliseconds since 1970: opened at or after `openedFrom` and before `openedTo`. */
  readonly openedFrom?: number | undefined
  readonly openedTo?: number | undefined
}

export interface PaymentQuery extends PaymentFilter {
  /** Payments that this institution asked for or answered. */
  readonly institution: string
  /** Where the page before ended; null for the newest. */
  readonly after: PaymentPlace | null
  /** 1 to 200. */
  readonly limit: number
}

/**
 * How many payments one call looks at when a filter may pass few of them over: D1 answers one query at a time, so
 * no query may be long. A page can then be short and still have more behind it.
 */
export const WINDOW = 2_000

/** Columns that are compared as they are. */
const compared = {
  status: 'status',
  result: 'result',
  payerMarket: 'payer_market',
  payeeMarket: 'payee_market',
  scenario: 'scenario',
  family: 'family',
  requestId: 'request_id',
} as const satisfies Partial<Record<keyof PaymentFilter, string>>

// ?1 institution · ?2 ?3 before this instant and id · ?4 not before this instant · ?5 rows
const ofParty = (party: 'requester' | 'responder'): string => `
  SELECT * FROM (
    SELECT requester, opened_at, id FROM payments
    WHERE ${party} = ?1 AND opened_at >= ?4 AND (opened_at, id) < (?2, ?3)
    ORDER BY opened_at DESC, id DESC LIMIT ?5)`

/** What this call looks at, whatever the filter lets through. */
const WITHIN = `
WITH looked AS (
  ${ofParty('requester')} UNION ${ofParty('responder')}
  ORDER BY opened_at DESC, id DESC LIMIT ?5)`

const EDGE = `${WITHIN}
SELECT opened_at, id FROM looked ORDER BY opened_at DESC, id DESC LIMIT 1 OFFSET ?5 - 1`

const page = (wanted: readonly string[]): string => `${WITHIN}
SELECT p.opened_at, p.id, p.body FROM looked CROSS JOIN payments AS p
ON p.requester = looked.requester AND p.opened_at = looked.opened_at AND p.id = looked.id
WHERE ${['true', ...wanted.map((column, place) => `p.${column} = ?${place + 7}`)].join(' AND ')}
ORDER BY looked.opened_at DESC, looked.id DESC LIMIT ?6`

interface Row {
  readonly opened_at: number
  readonly id: string
  readonly body: string
}

/** Newest first: by the instant of opening, then by id. */
export async function listPayments(
  db: D1Database,
  query: PaymentQuery,
): Promise<CenterPage<Payment, PaymentPlace>> {
  const { institution, after, limit, openedFrom = 0, openedTo = FOREVER } = query
  if (after === 'end') return { items: [], end: 'end', more: false }
  const wanted = (Object.keys(compared) as (keyof typeof compared)[]).filter(
    name => query[name] !== undefined,
  )
  const before = after === null || after[0] >= openedTo ? [openedTo, ''] : after
  const looks = wanted.length === 0 ? limit + 1 : WINDOW
  const values = [institution, ...before, openedFrom, looks]
  const [rows, edges] = await db.batch<Row>([
    db
      .prepare(page(wanted.map(name => compared[name])))
      .bind(...values, limit + 1, ...wanted.map(name => query[name])),
    db.prepare(EDGE).bind(...values),
  ])

  const found = rows?.results ?? []
  const items = found
    .slice(0, limit)
    .map(row => ({ item: unpackJson<Payment>(row.body), place: placeOf(row) }))
  // Either the page is full, or all that this call may look at has been looked at, or there is no more.
  const last = found.length > limit ? found[limit - 1] : edges?.results[0]
  return { items, end: last === undefined ? 'end' : placeOf(last), more: last !== undefined }
}

/** The order of the list, for merging what several centers say. */
export const isNewer = (one: Payment, other: Payment): boolean =>
  one.openedAt === other.openedAt
    ? one.terms.paymentId > other.terms.paymentId
    : one.openedAt > other.openedAt

const placeOf = (row: Pick<Row, 'opened_at' | 'id'>): PaymentPlace => [row.opened_at, row.id]

/** After every instant there is. */
const FOREVER = Number.MAX_SAFE_INTEGER
