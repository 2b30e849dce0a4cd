/** Which lanes of a center wait for the archive, and how far each is in it. */
import { type Archived, CLAIM_MS, type LaneToArchive } from '../domain/archive.ts'

// Only what is anchored, so that whatever is archived can be held against an anchor. In one statement, so that of two
// runs only one gets a lane. A center has few hundred lanes that move, so all of them are looked at.
// ?1 now · ?2 rows · ?3 when they are due again, should nobody say anything else
const CLAIM = `
UPDATE lane_progress SET archive_at = ?3 WHERE lane IN (
  SELECT lane FROM lane_progress WHERE archive_at <= ?1 AND anchored_seq > archived_seq ORDER BY archive_at, lane LIMIT ?2
) RETURNING lane, archived_seq AS archivedSeq, anchored_seq AS anchoredSeq`

/** Those that have waited longest, for whoever asks and for nobody else until they are marked or the claim ends. */
export async function claimLanes(
  db: D1Database,
  now: number,
  limit: number,
): Promise<readonly LaneToArchive[]> {
  const claim = db.prepare(CLAIM).bind(now, limit, now + CLAIM_MS)
  const { results } = await claim.all<LaneToArchive>()
  return results.toSorted((one, other) => (one.lane < other.lane ? -1 : 1))
}

// ?1 [[lane, archived_seq, archive_at], …]
const MARK = `
UPDATE lane_progress SET archived_seq = max(archived_seq, told.value ->> 1), archive_at = told.value ->> 2
FROM json_each(?1) AS told WHERE lane_progress.lane = told.value ->> 0`

export async function markArchived(db: D1Database, told: readonly Archived[]): Promise<void> {
  await db.prepare(MARK).bind(JSON.stringify(told)).run()
}
