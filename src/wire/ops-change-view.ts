/** Steps, changes and plans between the domain and the wire. */
import { may as isAllowed, type Staff } from '../domain/access.ts'
import { type Change, standingOf } from '../domain/change.ts'
import { isRehearsed, type Plan } from '../domain/plan.ts'
import type { Step } from '../domain/steering.ts'
import type { AnyStepView, ChangeView, PlanView, StepView } from './ops-change.ts'
import { instantText } from './view.ts'

const instantOrNull = (at: number | null) => (at === null ? null : instantText(at))

/** A step as it was asked for; the schema has said that it is well formed. */
export function stepOf(step: StepView): Step {
  if (!('value' in step)) return step
  const { from, ...rest } = step
  return from === undefined ? rest : { ...rest, from: Date.parse(from) }
}

export function stepView(step: Step): AnyStepView {
  if (step.kind === 'restore_switch') {
    const { subject, name, reason, until } = step.row
    return { kind: step.kind, subject, name, reason, until: instantOrNull(until) }
  }
  if (!('value' in step)) return step
  const { from, next, ...rest } = step
  return {
    ...rest,
    ...(from === undefined ? {} : { from: instantText(from) }),
    ...(next === undefined
      ? {}
      : { next: next.map(({ value, from }) => ({ value, from: instantText(from) })) }),
  }
}

/** When a change ends that somebody asks for. */
export const endOf = ({ until, seconds }: { until: string | null; seconds: number | null }) => ({
  until: until === null ? null : Date.parse(until),
  lastsMs: seconds === null ? null : seconds * 1_000,
})

/** What this person may do about the change now. */
function verbsFor(change: Change, staff: Staff, now: number): ChangeView['may'] {
  const standing = standingOf(change, now)
  const isOwn = change.by.id === staff.id
  if (standing === 'applied' || standing === 'announced') {
    return isAllowed(staff, 'undo') ? ['undo'] : []
  }
  if (standing !== 'proposed') return []
  // To take back is to propose, too, and approvers may.
  if (isOwn) return isAllowed(staff, 'undo') ? ['withdraw'] : []
  return isAllowed(staff, 'approve') ? ['approve', 'reject'] : []
}

export const changeView = (change: Change, staff: Staff, now: number): ChangeView => ({
  id: change.id,
  status: standingOf(change, now),
  steps: change.steps.map(stepView),
  reason: change.reason,
  until: instantOrNull(change.until),
  seconds: change.lastsMs === null ? null : change.lastsMs / 1_000,
  by: change.by,
  at: instantText(change.at),
  dangers: [...change.dangers],
  expiresAt: instantOrNull(change.expiresAt),
  facts: [...change.facts],
  decidedBy: change.decidedBy,
  decidedAt: instantOrNull(change.decidedAt),
  version: change.version,
  plan: change.plan,
  undoOf: change.undoOf,
  undoneBy: change.undoneBy,
  may: verbsFor(change, staff, now),
})

export const planView = (plan: Plan, now: number): PlanView => ({
  name: plan.name,
  title: plan.title,
  // What was saved came through the schema: nothing else is ever a step of a plan.
  steps: plan.steps.map(stepView) as StepView[],
  minutes: plan.minutes,
  revision: plan.revision,
  savedBy: plan.savedBy,
  savedAt: instantText(plan.savedAt),
  rehearsal: plan.rehearsal && { ...plan.rehearsal, at: instantText(plan.rehearsal.at) },
  rehearsed: isRehearsed(plan, now),
})
