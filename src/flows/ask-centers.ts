/** Asks every center's projection at once; one that is away or slow is left out, and named. */

/** A list is worth waiting for, but not as long as a person stays. */
const PATIENCE_MS = 3_000

/** What each center said, null for one that could not be asked in time. */
export async function askCenters<Page>(
  projections: Readonly<Record<string, D1Database>>,
  ask: (database: D1Database, center: string) => Promise<Page>,
  log: (line: object) => void,
): Promise<Map<string, Page | null>> {
  const asked = Object.entries(projections).map(async ([center, database]) => {
    const patience = new AbortController()
    const late = scheduler.wait(PATIENCE_MS, { signal: patience.signal }).then(() => null)
    try {
      return [center, await Promise.race([ask(database, center), late])] as const
    } catch (error) {
      log({ log: 'projection', center, failed: String(error) })
      return [center, null] as const
    } finally {
      patience.abort()
      late.catch(() => null)
    }
  })
  return new Map(await Promise.all(asked))
}
