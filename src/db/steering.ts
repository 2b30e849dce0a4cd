/** Carries out plans of epochs: read, plan, write if nothing has moved meanwhile, or plan again. */
import type { Plan, Planner } from '../domain/epoch-plan.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { changeDirectory, readDirectory } from './directory.ts'
import { putCenter, putEpoch } from './directory-change.ts'

export interface Steered extends Plan {
  /** Of the directory with the plan in it. */
  readonly version: number
}

/** Others change the directory too, and the database may be slow; then it is tried so often. */
const TRIES = 8

/**
 * Refusals: those of the planner; BUSY where the directory kept moving. Throws where the directory fails: whether
 * the plan was written is then known by planning again, because what is so already is planned by nobody.
 *
 * @param now milliseconds since 1970
 */
export async function steer(
  database: D1Database,
  planner: Planner,
  now: () => number,
): Promise<Result<Steered>> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const at = now()
    const rows = await readDirectory(database)
    const plan = planner(rows, at)
    if (!plan.ok) return plan
    const { centers, epochs } = plan.value
    const changes = [...centers.map(putCenter), ...epochs.map(putEpoch)]
    if (changes.length === 0) return ok({ ...plan.value, version: rows.version })
    const outcome = await changeDirectory(database, rows.version, changes, {
      now: at,
      sandbox: false,
    })
    if (outcome.ok) return ok({ ...plan.value, version: outcome.version })
    if (outcome.reason === 'change_invalid') {
      return refuse('PARAM_ILLEGAL', { fields: outcome.fields })
    }
  }
  return refuse('BUSY', { says: 'The directory kept moving.', retryAfterMs: 1_000 })
}
