/**
 * Anchors in D1: each center's own are kept in its own database and in that of another center, its witness.
 * A row is never changed; the oldest ones go when their number is reached.
 */
import { ANCHORS_MAX, type Anchor, type LaneHead } from '../domain/anchor.ts'
import type { Read } from './projected.ts'

interface Row {
  readonly center: string
  readonly number: number
  readonly at: number
  readonly heads: string
  readonly hash: string
}

const anchorOf = ({ heads, ...row }: Row): Anchor => ({
  ...row,
  heads: JSON.parse(heads) as readonly LaneHead[],
})

// ?1 last anchored at or before this instant · ?2 rows. A center has few hundred lanes, so all of them are looked at.
const DUE = `
SELECT lane FROM lane_progress WHERE seq > anchored_seq AND anchored_at <= ?1 ORDER BY anchored_at, lane LIMIT ?2`

/** Lanes that have moved since they were last anchored, those that wait longest first. */
export async function lanesToAnchor(
  db: D1Database,
  until: number,
  limit: number,
): Promise<readonly string[]> {
  const [result] = await db.batch<{ lane: string }>([db.prepare(DUE).bind(until, limit)])
  return (result?.results ?? []).map(({ lane }) => lane)
}

const LAST = 'SELECT * FROM anchors WHERE center = ?1 ORDER BY number DESC LIMIT 1'

export async function lastAnchor(db: D1Database, center: string): Promise<Anchor | null> {
  const [result] = await db.batch<Row>([db.prepare(LAST).bind(center)])
  const row = result?.results[0]
  return row === undefined ? null : anchorOf(row)
}

const NEWEST = 'SELECT * FROM anchors WHERE center = ?1 ORDER BY number DESC LIMIT ?2'

/** The newest anchors of a center that a database keeps, oldest first. */
export async function newestAnchors(
  db: D1Database,
  center: string,
  limit: number,
): Promise<readonly Anchor[]> {
  const [result] = await db.batch<Row>([db.prepare(NEWEST).bind(center, limit)])
  return (result?.results ?? []).map(anchorOf).toReversed()
}

/** Every anchor of a center that a database keeps, oldest first. */
export const readAnchors = (read: Read, center: string): readonly Anchor[] =>
  read<Row & Record<string, string | number>>(
    'SELECT * FROM anchors WHERE center = ? ORDER BY number',
    center,
  ).map(anchorOf)

const KEEP = `
INSERT INTO anchors (center, number, at, heads, hash) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO NOTHING RETURNING number`
const LET_GO = 'DELETE FROM anchors WHERE center = ?1 AND number <= ?2'

const keeping = (db: D1Database, { center, number, at, heads, hash }: Anchor) => [
  db.prepare(KEEP).bind(center, number, at, JSON.stringify(heads), hash),
  db.prepare(LET_GO).bind(center, number - ANCHORS_MAX),
]

/** False where there is one of this number already: another consumer was faster. */
export async function keepAnchor(db: D1Database, anchor: Anchor): Promise<boolean> {
  const [kept] = await db.batch(keeping(db, anchor))
  return (kept?.results.length ?? 0) > 0
}

// ?1 [[lane, seq], …] · ?2 instant
const MARK = `
UPDATE lane_progress SET anchored_seq = max(anchored_seq, head.value ->> 1), anchored_at = ?2
FROM json_each(?1) AS head WHERE lane_progress.lane = head.value ->> 0`

/** What the center keeps itself of an anchor that its witness has. */
export async function markAnchored(db: D1Database, anchor: Anchor): Promise<void> {
  const heads = JSON.stringify(anchor.heads.map(([lane, seq]) => [lane, seq]))
  await db.batch([...keeping(db, anchor), db.prepare(MARK).bind(heads, anchor.at)])
}
