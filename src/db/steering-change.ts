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
import { type AllowanceStep, allowanceNow, allowanceRows } from '../domain/steer-allowance.ts'
import { amountOf, isPlanned, limitNow, type Step } from '../domain/steering.ts'
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
    // Only plans look at what other steps have made; to try them all on ten thousand members takes its time.
    if (isPlanned(step)) current = rowsAfter(current, made.value)
  }
  return ok({ changes, owners })
}

const invalid = (pointer: string, says: string): Result<never> =>
  refuse('CHANGE_INVALID', { says, fields: [{ pointer, says }] })

const reasonOf = ({ code, detail }: Refusal): string => detail?.fields?.[0]?.says ?? code

function changesOf(
  step: Step,
  { reason, until }: Reasoned,
  rows: DirectoryRows,
  now: number,
): Result<readonly DirectoryChange[]> {
  switch (step.kind) {
    case 'switch_off':
      return ok([putSwitch({ subject: step.subject, name: step.name, reason, until })])
    case 'switch_on':
      return ok([liftSwitch(step.subject, step.name)])
    case 'restore_switch':
      return ok([putSwitch(step.row)])
    case 'set_limit':
      return ok(limitChanges(step, until, rows, now))
    case 'set_allowance':
      return ok(allowanceChanges(step, until, rows, now))
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

/** The new value from now on, and what would have been in force by then from the end on. */
function limitChanges(
  { limit, value }: Extract<Step, { kind: 'set_limit' }>,
  until: number | null,
  rows: DirectoryRows,
  now: number,
): readonly DirectoryChange[] {
  const { institution, scope, kind } = limit
  const announced = (rows.limits ?? []).filter(
    row =>
      row.institution === institution &&
      row.scope === scope &&
      row.kind === kind &&
      row.from > now &&
      (until === null || row.from <= until),
  )
  const then =
    until === null ? [] : [{ ...limit, from: until, value: limitNow(rows, limit, until) }]
  return [
    ...announced.map(row => dropLimit({ institution, scope, kind, from: row.from })),
    putLimit({ institution, scope, kind, from: now, value: amountOf(value) }),
    ...then.map(putLimit),
  ]
}

/** The same of an allowance. */
function allowanceChanges(
  { allowance, value }: AllowanceStep,
  until: number | null,
  rows: DirectoryRows,
  now: number,
): readonly DirectoryChange[] {
  const { corridor, kind } = allowance
  const announced = allowanceRows(rows, allowance).filter(
    ({ from }) => from > now && (until === null || from <= until),
  )
  const then =
    until === null
      ? []
      : [{ corridor, kind, from: until, value: allowanceNow(rows, allowance, until) }]
  return [
    ...announced.map(({ from }) => dropAllowance({ corridor, kind, from })),
    putAllowance({ corridor, kind, from: now, value: amountOf(value) }),
    ...then.map(putAllowance),
  ]
}
