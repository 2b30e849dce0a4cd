/** What a change would touch: the steps as things are now, what is dangerous about them, and the traffic they are about. */
import { stoppedLately } from '../db/change.ts'
import { readDirectory } from '../db/directory.ts'
import { type Desk, wishFaults } from '../db/steer.ts'
import { NO_TRAFFIC, together, trafficOf } from '../db/traffic.ts'
import { type Change, factsOf, type Wish } from '../domain/change.ts'
import type { DirectoryRows } from '../domain/directory.ts'
import { begun, dueStep } from '../domain/steer-begin.ts'
import { type Standing, standingOf } from '../domain/steer-standing.ts'
import { dangersOf, isIdle, type Step } from '../domain/steering.ts'
import { type Dimension, Window } from '../domain/window.ts'
import { askCenters } from '../flows/ask-centers.ts'
import { type MonitorsWorld, windows } from '../flows/monitor.ts'
import { log } from '../log.ts'
import { hexOf, sha256 } from '../trust/digest.ts'
import type { WindowCell } from '../wire/monitor.ts'
import { cellView } from '../wire/monitor-view.ts'
import type { Preview, TrafficView } from '../wire/ops-change.ts'
import { stepView } from '../wire/ops-change-view.ts'
import { standingText, standingView } from '../wire/standing-view.ts'
import { instantText } from '../wire/view.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Names facts in little room, so that a program can say which it has looked at. */
const basisOf = async (facts: readonly string[]): Promise<string> =>
  hexOf((await sha256(new TextEncoder().encode(JSON.stringify(facts)))).subarray(0, 16))

/**
 * The facts that whoever asks has looked at; null where it has looked at none. Where they are no longer so, the facts
 * of nothing: they fit no new change, and who asks for one again that is made already still hears of it.
 */
export async function factsSeen(
  db: D1Database,
  steps: readonly Step[],
  basis: string | null,
): Promise<readonly string[] | null> {
  if (basis === null) return null
  const facts = factsOf(steps, await readDirectory(db))
  return (await basisOf(facts)) === basis ? facts : []
}

const standsAs = (standing: Standing) => ({
  now: standingText(standing),
  standing: standingView(standing),
})

export async function previewOf(
  desk: Desk,
  wish: Pick<Wish, 'steps' | 'until' | 'lastsMs'>,
  projections: Readonly<Record<string, D1Database>>,
  monitors: MonitorsWorld,
): Promise<Preview> {
  const now = desk.now()
  const { steps, until } = begun(wish, now)
  const rows = await readDirectory(desk.db)
  const whole = { ...wish, id: '', reason: 'preview', plan: null, undoOf: null }
  const dangers = dangersOf(steps, until, rows, now, await stoppedLately(desk.db, steps, now))
  const [days, traffic] = await Promise.all([
    lastDay(steps, monitors, now),
    lastHour(steps, rows, projections, now),
  ])
  return {
    version: rows.version,
    steps: steps.map(step => ({
      step: stepView(step),
      ...standsAs(standingOf(step, rows, now)),
      idle: isIdle(step, rows, now, until),
      lastDay: days.of(step),
    })),
    dangers: [...dangers],
    needsApproval: dangers.length > 0,
    basis: await basisOf(factsOf(steps, rows)),
    faults: [...(wishFaults(whole, rows, desk, now)?.fields ?? [])],
    traffic,
    missing: [...new Set([...days.missing, ...traffic.missing])],
  }
}

/** What whoever decides about a change is shown: what it would touch now, and why it was for two. */
export async function previewOfChange(
  desk: Desk,
  change: Change,
  projections: Readonly<Record<string, D1Database>>,
  monitors: MonitorsWorld,
): Promise<Preview> {
  // What was to begin while it waited would begin with the approval.
  const steps = change.steps.map(step => dueStep(step, desk.now()))
  const preview = await previewOf(desk, { ...change, steps }, projections, monitors)
  const facts = factsOf(change.steps, await readDirectory(desk.db))
  const moved = facts.flatMap((fact, place) =>
    fact === change.facts[place] ? [] : { pointer: `/steps/${place}`, says: MOVED },
  )
  const dangers = [...new Set([...change.dangers, ...preview.dangers])]
  const faults = [...moved, ...preview.faults]
  return { ...preview, dangers, needsApproval: dangers.length > 0, faults }
}

const MOVED = 'is no longer as it was when it was proposed'

/** What the monitors counted of each step in the last day: asked for once for each kind of thing. */
async function lastDay(steps: readonly Step[], monitors: MonitorsWorld, now: number) {
  const kinds = new Set(steps.flatMap(step => namedBy(step)?.dimension ?? []))
  const found = await Promise.all(
    [...kinds].map(async dimension => {
      const wanted = {
        span: 'hour',
        from: now - DAY_MS,
        until: now + 1,
        dimension,
        name: null,
      } as const
      const day = new Window()
      const { periods, missing } = await windows(wanted, monitors)
      for (const { cells } of periods) day.merge(cells)
      return { dimension, day, missing }
    }),
  )
  const days = new Map(found.map(({ dimension, day }) => [dimension, day]))
  return {
    missing: found.flatMap(({ missing }) => missing),
    of(step: Step): WindowCell | null {
      const named = namedBy(step)
      if (named === null) return null
      const cell = days.get(named.dimension)?.find(named.dimension, named.name)
      return cell === undefined ? null : cellView({ ...named, cell })
    },
  }
}

/** What monitors call the thing that a step is about. */
function namedBy(step: Step): { dimension: Dimension; name: string } | null {
  if (step.kind === 'set_limit') return { dimension: 'institution', name: step.limit.institution }
  if (step.kind === 'set_allowance') return { dimension: 'corridor', name: step.allowance.corridor }
  if (step.kind === 'set_lanes') return { dimension: 'institution', name: step.institution }
  if ('center' in step) return null
  const { subject, name } = step.kind === 'restore_switch' ? step.row : step
  return { dimension: subject, name }
}

async function lastHour(
  steps: readonly Step[],
  rows: DirectoryRows,
  projections: Readonly<Record<string, D1Database>>,
  now: number,
): Promise<TrafficView> {
  const members = rows.institutions.map(({ id }) => id)
  const from = now - HOUR_MS
  const asked = await askCenters(
    projections,
    (database, center) => trafficOf(database, center, steps, members, from),
    log,
  )
  const { value, more, ...counts } = [...asked.values()]
    .filter(each => each !== null)
    .reduce(together, NO_TRAFFIC)
  return {
    from: instantText(from),
    to: instantText(now),
    ...counts,
    members: [...counts.members],
    value: Object.entries(value).map(([currency, minor]) => ({ currency, minor: `${minor}` })),
    atLeast: more,
    missing: [...asked].flatMap(([center, each]) => (each === null ? [center] : [])),
  }
}
