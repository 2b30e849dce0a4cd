/**
 * Plans of new epochs: more lanes or fewer, lanes that leave a center and come back, and the monthly roll. A plan is
 * made from the directory as it is; whoever writes it does so only if the directory is still the same.
 */
import { type Center, type DirectoryRows, isUp } from './directory.ts'
import { EPOCH_NOTICE_MS } from './epoch.ts'
import type { Epoch } from './institution.ts'
import { ok, type Result, refuse } from './result.ts'

/** What is written: whole rows, none of an empty plan. */
export interface Plan {
  readonly centers: readonly Center[]
  readonly epochs: readonly Epoch[]
}

/** The directory as far as plans look at it. */
export type Planned = Pick<DirectoryRows, 'centers' | 'institutions' | 'epochs'>

/** @param now milliseconds since 1970 */
export type Planner = (rows: Planned, now: number) => Result<Plan>

/** From the plan to the database; a plan that takes longer is refused by it and made anew. */
const WRITE_MS = 1_000
export const LANES_MAX = 64

/** Refuses with PARAM_ILLEGAL where there is no such member, or so many lanes cannot be. */
export const planLanes =
  (institution: string, lanes: number): Planner =>
  (rows, now) => {
    if (!Number.isInteger(lanes) || lanes < 1 || lanes > LANES_MAX) {
      return illegal('/lanes', `lanes are 1 to ${LANES_MAX}`)
    }
    const newest = newestEpochs(rows).get(institution)
    if (newest === undefined) return illegal('/institution', `${institution} has no lanes`)
    return ok({
      centers: [],
      epochs: newest.lanes === lanes ? [] : [after(newest, now, { lanes })],
    })
  }

/** The center takes nothing new; the standby does. Refuses with PARAM_ILLEGAL where no other center is up. */
export const planDrain = (center: string): Planner => planAway(center, 'draining')

/** The same for a center that is lost, which nobody can ask to finish first. */
export const planLoss = (center: string): Planner => planAway(center, 'down')

/** The center serves again, and whatever was at home there comes back. */
export const planReturn =
  (id: string): Planner =>
  (rows, now) => {
    const center = rows.centers.find(each => each.id === id)
    if (center === undefined) return illegal('/center', `there is no center ${id}`)
    const away = [...newestEpochs(rows).values()].filter(epoch => epoch.home === id)
    return ok({
      centers: isUp(center) ? [] : [{ ...center, status: 'up', statusSince: now }],
      epochs: away.map(epoch => after(epoch, now, { center: id, home: null })),
    })
  }

/** Whether the other centers may move what this one serves without asking anybody. */
export const planPin =
  (id: string, pinned: boolean): Planner =>
  rows => {
    const center = rows.centers.find(each => each.id === id)
    if (center === undefined) return illegal('/center', `there is no center ${id}`)
    const isSame = (center.pinned ?? false) === pinned
    return ok({ centers: isSame ? [] : [{ ...center, pinned }], epochs: [] })
  }

/**
 * Every institution gets new lanes once a month, so that no object grows for ever. They roll over one day, one after
 * another, and each center may roll all of them: what is rolled is not due any more. Lanes that began in the week
 * before, because they were moved or became more, wait for the next month.
 */
export const planRoll: Planner = (rows, now) => {
  const newest = newestEpochs(rows)
  const due = rows.institutions.flatMap(({ id, number }) => {
    const epoch = newest.get(id)
    const moment = rollAt(number, now)
    const isDue = epoch !== undefined && moment <= now && epoch.from < moment - YOUNG_MS
    return isDue ? [after(epoch, now, {})] : []
  })
  return ok({ centers: [], epochs: due })
}

const MINUTE_MS = 60_000
const YOUNG_MS = 7 * 24 * 60 * MINUTE_MS
const MINUTES_A_DAY = 1_440

/** This month's moment for an institution: on its first day in UTC, in a minute of its own. */
function rollAt(number: number, now: number): number {
  const today = new Date(now)
  const month = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1)
  return month + (number % MINUTES_A_DAY) * MINUTE_MS
}

/** Whether these epochs make lanes of this center end. */
export function leaves(
  center: string,
  epochs: readonly Epoch[],
  rows: Pick<Planned, 'epochs'>,
): boolean {
  const moved = new Set(epochs.map(({ institution, epoch }) => `${institution} ${epoch - 1}`))
  return rows.epochs.some(
    row => row.center === center && moved.has(`${row.institution} ${row.epoch}`),
  )
}

/** The center that takes over: the one that is named if it is up, otherwise the first that is. */
export function standbyOf(centers: readonly Center[], id: string): Center | undefined {
  const others = centers.filter(each => each.id !== id && isUp(each))
  const named = centers.find(each => each.id === id)?.standby
  return (
    others.find(each => each.id === named) ??
    others.toSorted((one, other) => one.number - other.number)[0]
  )
}

const planAway =
  (id: string, status: 'draining' | 'down'): Planner =>
  (rows, now) => {
    const center = rows.centers.find(each => each.id === id)
    if (center === undefined) return illegal('/center', `there is no center ${id}`)
    const standby = standbyOf(rows.centers, id)
    if (standby === undefined) return illegal('/center', 'no other center is up')
    const there = [...newestEpochs(rows).values()].filter(epoch => epoch.center === id)
    return ok({
      centers: center.status === status ? [] : [{ ...center, status, statusSince: now }],
      epochs: there.map(epoch => {
        const home = epoch.home ?? id
        return after(epoch, now, { center: standby.id, home: home === standby.id ? null : home })
      }),
    })
  }

function newestEpochs({ epochs }: Planned): Map<string, Epoch> {
  const newest = new Map<string, Epoch>()
  for (const epoch of epochs) {
    const known = newest.get(epoch.institution)
    if (known === undefined || epoch.epoch > known.epoch) newest.set(epoch.institution, epoch)
  }
  return newest
}

/** The next epoch, as soon as may be. */
const after = (epoch: Epoch, now: number, change: Partial<Epoch>): Epoch => ({
  ...epoch,
  ...change,
  epoch: epoch.epoch + 1,
  from: Math.max(now + EPOCH_NOTICE_MS + WRITE_MS, epoch.from + 1),
})

const illegal = (pointer: string, says: string): Result<never> =>
  refuse('PARAM_ILLEGAL', { fields: [{ pointer, says }] })
