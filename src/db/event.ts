/** An institution's events, oldest first: what it reads to catch up after it was away. */
import { unpackJson } from '../domain/pack.ts'
import type { Payment } from '../domain/payment.ts'
import type { EventPlace } from './cursor.ts'
import type { CenterPage } from './page.ts'
import type { PublicType } from './projection.ts'

export interface ProjectedEvent {
  /** `lane:seq`; the same for ever, also when a center projects its lanes anew. */
  readonly id: string
  readonly type: PublicType
  /** Milliseconds since 1970. */
  readonly at: number
  /** As it is now, which may be later than the event. */
  readonly payment: Payment
}

// ?1 institution · ?2 ?3 after this event of this row · ?4 rows. The joins are crossed to keep their order: the
// feed is read by its key and stops with the page.
const EVENTS = `
SELECT feed.position, event.key AS place, feed.lane, event.value ->> 0 AS seq, event.value ->> 1 AS type,
       event.value ->> 2 AS at, payments.body
FROM feed CROSS JOIN json_each(feed.events) AS event
     CROSS JOIN payments ON payments.requester = feed.requester AND payments.opened_at = event.value ->> 4
                        AND payments.id = event.value ->> 3
WHERE feed.institution = ?1 AND feed.position >= ?2 AND (feed.position > ?2 OR event.key > ?3)
ORDER BY feed.position, event.key LIMIT ?4`

interface Row {
  readonly position: number
  readonly place: number
  readonly lane: string
  readonly seq: number
  readonly type: PublicType
  readonly at: number
  readonly body: string
}

/** How events of several centers are merged; each center's own order stays as it is. */
export const isEarlier = (one: ProjectedEvent, other: ProjectedEvent): boolean => one.at < other.at

/** @param limit 1 to 200 */
export async function listEvents(
  db: D1Database,
  { institution, after, limit }: { institution: string; after: EventPlace | null; limit: number },
): Promise<CenterPage<ProjectedEvent, EventPlace>> {
  const { results } = await db
    .prepare(EVENTS)
    .bind(institution, ...(after ?? [0, 0]), limit + 1)
    .all<Row>()
  const items = results.slice(0, limit).map(({ position, place, lane, seq, type, at, body }) => ({
    item: { id: `${lane}:${seq}`, type, at, payment: unpackJson<Payment>(body) },
    place: [position, place] as const,
  }))
  return { items, end: items.at(-1)?.place ?? null, more: results.length > limit }
}
