/** Steps of steering as changes of the directory. */
import type { DirectoryRows } from '../domain/directory.ts'
import {
  type Plan,
  planDrain,
  planLanes,
  planLoss,
  planPin,
  planReturn,
} from '../domain/epoch-plan.ts'
import type { Refusal } from '../domain/refusal.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { type AllowanceStep, allowanceRows } from '../domain/steer-allowance.ts'
import { ANNOUNCED_MAX, courseOf, turnsAhead } from '../domain/steer-course.ts'
import { type LimitStep, limitRows } from '../domain/steer-limit.ts'
import { stands } from '../domain/steer-stop.ts'
import { type Danger, isPlanned, type Step } from '../domain/steering.ts'
import {
  type DirectoryChange,
  dropAllowance,
  dropLimit,
  liftSwitch,
  putAllowance,
  putCenter,
  putEpoch,
  putLimit,
  putSwitch,
  rowsAfter,
} from './directory-change.ts'

interface Reasoned {
  readonly steps: readonly Step[]
  readonly reason: string
  /** When the change ends by itself, null for never. */
  readonly until: number | null
  /** Why it took a second person, where it is a change already. */
  readonly dangers?: readonly Danger[]
}

interface Made {
  readonly changes: readonly DirectoryChange[]
  /** For each change the place of the step that wants it. */
  readonly owners: readonly number[]
}

/**
 * In the order of the steps, each on what those before it made.
 *
 * Refuses with CHANGE_INVALID what no rule of the directory would notice.
 */
export function directoryChangesOf(
  reasoned: Reasoned,
  rows: DirectoryRows,
  now: number,
): Result<Made> {
  const { steps, until } = reasoned
  if (until !== null && steps.some(isPlanned)) {
    return invalid('/until', 'lanes do not come back by themselves')
  }
  const changes: DirectoryChange[] = []
  const owners: number[] = []
  let current = rows
  for (const [place, step] of steps.entries()) {
    const made = changesOf(step, reasoned, current, now)
    if (!made.ok) return invalid(`/steps/${place}`, reasonOf(made.refusal))
    changes.push(...made.value)
    owners.push(...made.value.map(() => place))
    // Only plans, and steps that set the same again, look at what others have made; to try them all on ten thousand
    // members takes its time.
    const isSeen = steps.slice(place + 1).some(later => namesSame(step, later))
    if (isPlanned(step) || isSeen) current = rowsAfter(current, made.value)
  }
  return ok({ changes, owners })
}

/** Whether both set the same limit or allowance: the later one takes away what the other announces behind it. */
const namesSame = (one: Step, other: Step): boolean =>
  nameOf(one) !== null && nameOf(one) === nameOf(other)

function nameOf(step: Step): string | null {
  if (step.kind === 'set_limit') {
    const { institution, scope, kind } = step.limit
    return `limit ${institution} ${scope} ${kind}`
  }
  if (step.kind !== 'set_allowance') return null
  return `allowance ${step.allowance.corridor} ${step.allowance.kind}`
}

const invalid = (pointer: string, says: string): Result<never> =>
  refuse('CHANGE_INVALID', { says, fields: [{ pointer, says }] })

const reasonOf = ({ code, detail }: Refusal): string => detail?.fields?.[0]?.says ?? code

function changesOf(
  step: Step,
  { reason, until, dangers = [] }: Reasoned,
  rows: DirectoryRows,
  now: number,
): Result<readonly DirectoryChange[]> {
  const agreed = dangers.length > 0 ? { byTwo: true } : {}
  switch (step.kind) {
    case 'switch_off': {
      const { subject, name } = step
      return ok([putSwitch({ subject, name, reason, until, ...agreed })])
    }
    case 'switch_on':
      return ok([liftSwitch(step.subject, step.name)])
    case 'restore_switch': {
      const { row } = step
      // What has ended meanwhile stays ended.
      return ok([
        stands(row, now) ? putSwitch({ ...row, ...agreed }) : liftSwitch(row.subject, row.name),
      ])
    }
    case 'set_limit':
      return limitChanges(step, until, rows, now)
    case 'set_allowance':
      return allowanceChanges(step, until, rows, now)
    case 'drain_center':
      return planned(planDrain(step.center)(rows, now))
    case 'lose_center':
      return planned(planLoss(step.center)(rows, now))
    case 'return_center':
      return planned(planReturn(step.center)(rows, now))
    case 'pin_center':
      return planned(planPin(step.center, step.pinned)(rows, now))
    case 'set_lanes':
      return planned(planLanes(step.institution, step.lanes)(rows, now))
  }
}

const planned = (plan: Result<Plan>): Result<readonly DirectoryChange[]> =>
  plan.ok ? ok([...plan.value.centers.map(putCenter), ...plan.value.epochs.map(putEpoch)]) : plan

function limitChanges(
  step: LimitStep,
  until: number | null,
  rows: DirectoryRows,
  now: number,
): Result<readonly DirectoryChange[]> {
  const { limit } = step
  const held = limitRows(rows, limit)
  const course = courseOf(step, until, held, now)
  if (turnsAhead(course, held, now) > ANNOUNCED_MAX) return tooMany
  return ok([
    ...course.drops.map(from => dropLimit({ ...limit, from })),
    ...course.puts.map(row => putLimit({ ...limit, ...row })),
  ])
}

function allowanceChanges(
  step: AllowanceStep,
  until: number | null,
  rows: DirectoryRows,
  now: number,
): Result<readonly DirectoryChange[]> {
  const { allowance } = step
  const held = allowanceRows(rows, allowance)
  const course = courseOf(step, until, held, now)
  if (turnsAhead(course, held, now) > ANNOUNCED_MAX) return tooMany
  return ok([
    ...course.drops.map(from => dropAllowance({ ...allowance, from })),
    ...course.puts.map(row => putAllowance({ ...allowance, ...row })),
  ])
}

const tooMany = invalid('', 'would be one of more than eight turns that are announced')
