/** Asks every center at once; one that is away or slow is left out, and named. */
import { within } from '../patience.ts'

/** A list is worth waiting for, but not as long as a person stays. */
const PATIENCE_MS = 3_000

/**
 * What each center said, null for one that could not be asked in time.
 *
 * @param there what is asked in each center, by its id: its projection, or one of its objects
 */
export async function askCenters<There, Page>(
  there: Readonly<Record<string, There>>,
  ask: (there: There, center: string) => Promise<Page>,
  log: (line: object) => void,
): Promise<Map<string, Page | null>> {
  const answers = Object.entries(there).map(async ([center, asked]) => {
    try {
      return [center, await within(PATIENCE_MS, ask(asked, center))] as const
    } catch (error) {
      log({ log: 'center', center, failed: String(error) })
      return [center, null] as const
    }
  })
  return new Map(await Promise.all(answers))
}
