/** How far the lanes of a center have been projected. */

/** A lane for each requester, epoch and slice; old ones are many after years, and rest. */
const LANES_MAX = 10_000

export async function listProgress(
  db: D1Database,
): Promise<readonly (readonly [lane: string, seq: number])[]> {
  const { results } = await db
    .prepare('SELECT lane, seq FROM lane_progress LIMIT ?1')
    .bind(LANES_MAX)
    .all<{ lane: string; seq: number }>()
  return results.map(({ lane, seq }) => [lane, seq] as const)
}

/** How far these lanes are projected; those that are not known are left out. */
export async function progressOfLanes(
  db: D1Database,
  lanes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { results } = await db
    .prepare('SELECT lane, seq FROM lane_progress WHERE lane IN (SELECT value FROM json_each(?1))')
    .bind(JSON.stringify(lanes))
    .all<{ lane: string; seq: number }>()
  return new Map(results.map(({ lane, seq }) => [lane, seq]))
}
