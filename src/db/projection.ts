/**
 * Writes what lanes tell into a center's D1.
 *
 * Runs come twice, late, overlapping, out of order, and to several consumers at once. So each statement judges for
 * itself, inside one transaction, against what is stored: events count only where they follow on without a gap,
 * and a payment only ever moves to a higher version.
 *
 * Rows written (index entries included) for one run: a new payment 2, a known one that moved 1, the feed 1 for each
 * institution with news in it, the lane's progress 1. A run that is known already writes nothing.
 */
import { getTableColumns } from 'drizzle-orm'
import { DEAD_AFTER } from '../domain/duty.ts'
import type { JournalEntry, LaneBatch } from '../domain/lane-batch.ts'
import { packJson } from '../domain/pack.ts'
import type { Payment, PaymentEvent } from '../domain/payment.ts'
import { resultCodes } from '../domain/refusal.ts'
import { assert } from '../domain/result.ts'
import { payments } from './projection-schema.ts'

/** Events that members hear of, by what the journal calls them; others only move the stored payment on. */
export const publicTypes = {
  opened: 'payment.opened',
  doubted: 'payment.in_doubt',
  user_asked: 'payment.awaiting_user',
  deemed: 'payment.deemed',
  committed: 'payment.committed',
  aborted: 'payment.aborted',
  reversed: 'payment.reversed',
  refund_queued: 'refund.queued',
  refund_sent: 'refund.sent',
  refund_done: 'refund.refunded',
  refund_failed: 'refund.failed',
  refund_unapplied: 'refund.unapplied',
} as const satisfies Partial<Record<PaymentEvent['type'], string>>

export type PublicType = (typeof publicTypes)[keyof typeof publicTypes]

/**
 * `projected`: all of the run is stored, now or before. `gap`: none of its events is, because the lane's journal is
 * known only up to `seq` and the run begins later; it must come again after the one that is missing.
 */
export interface Projected {
  readonly state: 'projected' | 'gap'
  readonly seq: number
  /** When the lane was last anchored; 0 for never. */
  readonly anchoredAt: number
}

/** How far the lane has been projected. */
const PROGRESS = '(SELECT coalesce(max(seq), 0) FROM lane_progress WHERE lane = ?1)'

// One row for each institution with news. A run that follows on, which nearly every one does, is taken as it is; of one
// that overlaps, what is new. Positions follow the clock, so that after the loss of a database none is given out that a
// reader has behind it already.
// ?1 lane · ?2 first seq · ?3 [[institution, [[seq, type, at, paymentId, openedAt], …]], …] · ?4 now · ?5 requester
const FEED = `
INSERT INTO feed (institution, position, lane, requester, events)
SELECT institution,
       max(?4, 1 + coalesce((SELECT max(position) FROM feed WHERE feed.institution = news.institution), 0)),
       ?1,
       ?5,
       events
FROM (SELECT value ->> 0 AS institution,
             CASE WHEN ?2 = ${PROGRESS} + 1 THEN value ->> 1
                  ELSE (SELECT json_group_array(json(event.value) ORDER BY event.key)
                        FROM json_each(told.value, '$[1]') AS event
                        WHERE event.value ->> 0 > ${PROGRESS}) END AS events
      FROM json_each(?3) AS told) AS news
WHERE ?2 <= ${PROGRESS} + 1 AND events <> '[]'`

const columns = Object.entries(getTableColumns(payments))
const ROW = `(${columns.map(() => '?').join(', ')})`
/** Payments in one statement: D1 binds a hundred values. Bound, a payment costs a third of what one in a list does. */
const PAYMENTS_MAX = Math.floor(100 / columns.length)

// What never changes is not in the update, so no index is touched.
const paymentsSql = (count: number) => `
INSERT INTO payments (${columns.map(([, { name }]) => name).join(', ')})
VALUES ${Array.from({ length: count }, () => ROW).join(', ')}
ON CONFLICT (requester, opened_at, id) DO UPDATE SET version = excluded.version, status = excluded.status, result = excluded.result,
  body = excluded.body
WHERE excluded.version > payments.version`
const PAYMENTS = Array.from({ length: PAYMENTS_MAX }, (_, place) => paymentsSql(place + 1))

// ?1 lane · ?2 first seq · ?3 last seq
const ADVANCE = `
INSERT INTO lane_progress (lane, seq)
SELECT ?1, ?3 WHERE ?2 <= ${PROGRESS} + 1
ON CONFLICT (lane) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > lane_progress.seq`

/** Writes one run: all of it, what is new of it, or, after a gap, only its payments. Throws when D1 fails. */
export async function project(
  db: D1Database,
  batch: LaneBatch,
  now = Date.now(),
): Promise<Projected> {
  const { lane, from, to } = batch
  const news = newsOf(batch)
  const statements = [
    ...(news.size === 0
      ? []
      : [db.prepare(FEED).bind(lane, from, JSON.stringify([...news]), now, requesterOf(batch))]),
    ...chunksOf(
      batch.payments.map((payment, place) => valuesOf(payment, batch.texts?.[place])),
    ).map(rows => db.prepare(PAYMENTS[rows.length - 1] ?? '').bind(...rows.flat())),
    ...deadLetterStatements(db, batch),
    db.prepare(ADVANCE).bind(lane, from, to),
    db
      .prepare('SELECT seq, anchored_at AS anchoredAt FROM lane_progress WHERE lane = ?1')
      .bind(lane),
  ]
  const results = await db.batch<{ seq: number; anchoredAt: number }>(statements)
  const { seq, anchoredAt } = results.at(-1)?.results[0] ?? { seq: 0, anchoredAt: 0 }
  return { state: seq >= to ? 'projected' : 'gap', seq, anchoredAt }
}

// ?1 [[payment, requester, openedAt, version, …], …] of those that have, or had, a duty told too often. Only the newest
// version counts, and it is stored by now.
const newest = (fields: string, from: string) => `
SELECT ${fields} FROM json_each(${from}) CROSS JOIN payments
ON payments.requester = value ->> 1 AND payments.opened_at = value ->> 2 AND payments.id = value ->> 0
AND payments.version = value ->> 3 WHERE true`

const BURY = `DELETE FROM dead_letters WHERE payment IN (${newest('value ->> 0', '?1')})`

// ?1 [[payment, requester, openedAt, version, duty, institution, about, since, attempts], …]
const KEEP = `
INSERT INTO dead_letters (payment, duty, institution, about, since, attempts)
${newest([0, 4, 5, 6, 7, 8].map(at => `value ->> ${at}`).join(', '), '?1')}
ON CONFLICT DO UPDATE SET attempts = excluded.attempts`

/** Nothing at all for a run of payments whose duties go well, which is nearly every run. */
function deadLetterStatements(db: D1Database, { payments: told }: LaneBatch) {
  const tried = told.filter(({ duties }) => duties.some(({ attempts }) => attempts >= DEAD_AFTER))
  if (tried.length === 0) return []
  const named = ({ terms, openedAt, version }: Payment) =>
    [terms.paymentId, terms.requester, openedAt, version] as const
  const letters = tried.flatMap(payment =>
    payment.duties
      .filter(({ attempts, nextAt }) => attempts >= DEAD_AFTER && nextAt !== null)
      .map(({ kind, owner, about = '', since, attempts }) => [
        ...named(payment),
        kind,
        owner,
        about,
        since,
        attempts,
      ]),
  )
  return [
    db.prepare(BURY).bind(JSON.stringify(tried.map(named))),
    db.prepare(KEEP).bind(JSON.stringify(letters)),
  ]
}

type News = readonly [
  seq: number,
  type: PublicType,
  at: number,
  paymentId: string,
  openedAt: number,
]

/** Of one requester are all payments of a lane. */
function requesterOf({ lane, payments }: LaneBatch): string {
  const requesters = new Set(payments.map(({ terms }) => terms.requester))
  const [requester] = requesters
  assert(requester !== undefined && requesters.size === 1, `lane ${lane} is of one requester`)
  return requester
}

/** By institution: each public event once for either party, oldest first. */
function newsOf(batch: LaneBatch): ReadonlyMap<string, readonly News[]> {
  const byId = new Map(batch.payments.map(payment => [payment.terms.paymentId, payment]))
  const news = new Map<string, News[]>()
  for (const { seq, paymentId, event } of batch.entries) {
    const type = typeOf(event)
    if (type === undefined) continue
    const payment = byId.get(paymentId)
    assert(payment !== undefined, `a run brings the payments it speaks of, ${paymentId} too`)
    const { terms, openedAt } = payment
    for (const party of new Set([terms.requester, terms.responder])) {
      const known = news.get(party)
      const told: News = [seq, type, event.at, paymentId, openedAt]
      if (known === undefined) news.set(party, [told])
      else known.push(told)
    }
  }
  return news
}

export const typeOf = (event: JournalEntry['event']): PublicType | undefined =>
  (publicTypes as Partial<Record<JournalEntry['event']['type'], PublicType>>)[event.type]

/** @param text the payment, packed; made here where it is not at hand */
export function rowOf(payment: Payment, text = packJson(payment)): typeof payments.$inferInsert {
  const { terms, version, status, openedAt } = payment
  const { requester, responder, requestId, payerMarket, payeeMarket, scenario, family } = terms
  const { outcome } = resultCodes[payment.resultCode]
  assert(outcome !== null, `${payment.resultCode} is no result of a payment`)
  return {
    id: terms.paymentId,
    version,
    requester,
    responder,
    openedAt,
    requestId,
    status,
    result: outcome,
    payerMarket,
    payeeMarket,
    scenario,
    family,
    body: text,
  }
}

function valuesOf(payment: Payment, text: string | undefined): unknown[] {
  const row: Readonly<Record<string, unknown>> = rowOf(payment, text)
  return columns.map(([field]) => row[field])
}

const chunksOf = <T>(rows: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / PAYMENTS_MAX) }, (_, chunk) =>
    rows.slice(chunk * PAYMENTS_MAX, (chunk + 1) * PAYMENTS_MAX),
  )
