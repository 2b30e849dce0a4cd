/** Which lanes of a center wait for the archive, and how far each is in it. */
import type { Archived, LaneToArchive } from '../domain/archive.ts'

// Only what is anchored, so that whatever is archived can be held against an anchor.
// ?1 now · ?2 rows. A center has few hundred lanes that move, so all of them are looked at.
const DUE = `
SELECT lane, archived_seq AS archivedSeq FROM lane_progress
WHERE archive_at <= ?1 AND seq > archived_seq AND anchored_seq >= seq ORDER BY archive_at, lane LIMIT ?2`

/** Those that have waited longest first. */
export async function lanesToArchive(
  db: D1Database,
  now: number,
  limit: number,
): Promise<readonly LaneToArchive[]> {
  const { results } = await db.prepare(DUE).bind(now, limit).all<LaneToArchive>()
  return results
}

// ?1 [[lane, archived_seq, archive_at], …]
const MARK = `
UPDATE lane_progress SET archived_seq = max(archived_seq, told.value ->> 1), archive_at = told.value ->> 2
FROM json_each(?1) AS told WHERE lane_progress.lane = told.value ->> 0`

export async function markArchived(db: D1Database, told: readonly Archived[]): Promise<void> {
  await db.prepare(MARK).bind(JSON.stringify(told)).run()
}
