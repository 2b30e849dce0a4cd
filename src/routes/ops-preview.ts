/** What a change would touch: the steps as things are now, what is dangerous about them, and the traffic they are about. */
import { readDirectory } from '../db/directory.ts'
import { type Desk, wishFaults } from '../db/steer.ts'
import { NO_TRAFFIC, together, trafficOf } from '../db/traffic.ts'
import { factsOf, type Wish } from '../domain/change.ts'
import type { DirectoryRows } from '../domain/directory.ts'
import { dangersOf, factOf, isIdle, type Step } from '../domain/steering.ts'
import { askCenters } from '../flows/ask-centers.ts'
import { log } from '../log.ts'
import { hexOf, sha256 } from '../trust/digest.ts'
import type { Preview, TrafficView } from '../wire/ops-change.ts'
import { stepView } from '../wire/ops-change-view.ts'
import { instantText } from '../wire/view.ts'

const HOUR_MS = 3_600_000

/** Names facts in little room, so that a program can say which it has looked at. */
export const basisOf = async (facts: readonly string[]): Promise<string> =>
  hexOf((await sha256(new TextEncoder().encode(JSON.stringify(facts)))).subarray(0, 16))

export async function previewOf(
  desk: Desk,
  wish: Pick<Wish, 'steps' | 'until'>,
  projections: Readonly<Record<string, D1Database>>,
): Promise<Preview> {
  const now = desk.now()
  const { steps, until } = wish
  const rows = await readDirectory(desk.db)
  const whole = { ...wish, id: '', reason: 'preview', plan: null, undoOf: null }
  const dangers = dangersOf(steps, until, rows, now)
  return {
    version: rows.version,
    steps: steps.map(step => ({
      step: stepView(step),
      now: factOf(step, rows),
      idle: isIdle(step, rows, now),
    })),
    dangers: [...dangers],
    needsApproval: dangers.length > 0,
    basis: await basisOf(factsOf(steps, rows)),
    faults: [...(wishFaults(whole, rows, desk, now)?.fields ?? [])],
    traffic: await lastHour(steps, rows, projections, now),
  }
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
