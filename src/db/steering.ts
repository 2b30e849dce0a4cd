/** Carries out plans of epochs: read, plan, write if nothing has moved meanwhile, or plan again. */
import { leaves, type Plan, type Planner } from '../domain/epoch-plan.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { changeDirectory, readDirectory } from './directory.ts'
import { putCenter, putEpoch } from './directory-change.ts'

export interface Steered extends Plan {
  /** Of the directory with the plan in it. */
  readonly version: number
}

/** What was said to the centers before epochs are written. */
export interface Before {
  /** Written by then or not at all, milliseconds since 1970. */
  readonly by: number
  /** Centers that could not be told. */
  readonly untold: readonly string[]
}

export interface SteerPorts {
  /** Milliseconds since 1970. */
  now(): number
  /** Written by then or not at all. */
  readonly by?: number
  /** Tells the centers that epochs are about to be written. */
  before?(): Promise<Before>
}

/** Others change the directory too, and the database may be slow; then it is tried so often. */
const TRIES = 8

/**
 * Refusals: those of the planner; CENTER_UNAVAILABLE where lanes would leave a center that could not be told; BUSY
 * where the directory kept moving, or the time was over. Throws where the directory fails: whether the plan was
 * written is then known by planning again, because what is so already is planned by nobody.
 */
export async function steer(
  database: D1Database,
  planner: Planner,
  { now, by: given = Number.POSITIVE_INFINITY, before }: SteerPorts,
): Promise<Result<Steered>> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const rows = await readDirectory(database)
    const first = planner(rows, now())
    if (!first.ok) return first
    if (isNothing(first.value)) return ok({ ...first.value, version: rows.version })

    const told = first.value.epochs.length === 0 ? undefined : await before?.()
    const untold = told?.untold.find(center => leaves(center, first.value.epochs, rows))
    if (untold !== undefined) {
      return refuse('CENTER_UNAVAILABLE', {
        says: `${untold} could not be told; give it up first.`,
      })
    }
    const by = Math.min(given, told?.by ?? Number.POSITIVE_INFINITY)
    const at = now()
    if (at >= by) continue
    const plan = planner(rows, at)
    if (!plan.ok) return plan
    const changes = [...plan.value.centers.map(putCenter), ...plan.value.epochs.map(putEpoch)]
    const terms = { now: at, by, sandbox: false }
    const outcome = await changeDirectory(database, rows.version, changes, terms)
    if (outcome.ok) return ok({ ...plan.value, version: outcome.version })
    if (outcome.reason === 'change_invalid') {
      return refuse('PARAM_ILLEGAL', { fields: outcome.fields })
    }
  }
  return refuse('BUSY', { says: 'The directory kept moving.', retryAfterMs: 1_000 })
}

const isNothing = ({ centers, epochs }: Plan): boolean => centers.length + epochs.length === 0
