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
