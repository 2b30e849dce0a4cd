/**
 * Steering: what operators may do to the traffic, what of it takes a second person, and how it is taken back. A change
 * is a list of steps with one reason and one end; it happens as a whole or not at all.
 */
import type { DirectoryRows } from './directory.ts'
import type { Epoch } from './institution.ts'
import {
  type AllowanceStep,
  allowanceFact,
  allowanceRows,
  dangersOfAllowance,
} from './steer-allowance.ts'
import { courseFact, settingNow, turnsOf } from './steer-course.ts'
import { dangerOfLimit, type LimitStep, limitRows } from './steer-limit.ts'
import { endsScenario } from './steer-scenario.ts'
import {
  dangersOfSwitch,
  type StopDanger,
  type Stopped,
  type SwitchStep,
  stands,
  switchNameOf,
  switchOf,
} from './steer-stop.ts'

export type Step =
  | SwitchStep
  | LimitStep
  | AllowanceStep
  /** Lanes leave a center in order, or because it is lost; they come back; and how many a member has. */
  | { readonly kind: CenterVerb; readonly center: string }
  | { readonly kind: 'pin_center'; readonly center: string; readonly pinned: boolean }
  | { readonly kind: 'set_lanes'; readonly institution: string; readonly lanes: number }

type CenterVerb = 'drain_center' | 'lose_center' | 'return_center'
type PlannedStep = Extract<Step, { kind: CenterVerb | 'pin_center' | 'set_lanes' }>

/** Whether a step moves lanes: it takes effect by epochs, and does not end by itself. */
export const isPlanned = (step: Step): step is PlannedStep =>
  'center' in step || step.kind === 'set_lanes'

/** A plan for the worst day closes a handful of things, not everything one by one. */
export const STEPS_MAX = 50

/** Why a step is not for one person alone. */
export type Danger = StopDanger | 'raises_limit' | 'moves_center' | 'stops_failover' | 'undoes_late'

const NEVER_STOPPED: Stopped = new Map()

/**
 * Why this change takes a second person; an empty list means that it does not.
 *
 * @param until when it ends by itself, milliseconds since 1970; null for never
 * @param stopped for how long what it stops has been stopped lately
 */
export function dangersOf(
  steps: readonly Step[],
  until: number | null,
  rows: DirectoryRows,
  now: number,
  stopped: Stopped = NEVER_STOPPED,
): readonly Danger[] {
  const found = steps.flatMap((step): Danger | readonly Danger[] => {
    if (step.kind === 'set_limit') return dangerOfLimit(step, until, rows, now) ?? []
    if (step.kind === 'set_allowance') return dangersOfAllowance(step, until, rows, now)
    if (isPlanned(step)) return ofPlanned(step)
    return dangersOfSwitch(step, until, rows, now, stopped)
  })
  const isScenario = endsScenario(steps.filter(isSwitch), rows, now)
  return [...new Set(isScenario ? [...found, 'stops_scenario' as const] : found)]
}

const isSwitch = (step: Step): step is SwitchStep =>
  step.kind === 'switch_off' || step.kind === 'switch_on' || step.kind === 'restore_switch'

/** More lanes or fewer are as safe as the same; everything else about a center is felt by all of its members. */
function ofPlanned(step: PlannedStep): Danger | [] {
  if (step.kind === 'set_lanes') return []
  if (step.kind === 'pin_center') return step.pinned ? 'stops_failover' : []
  return 'moves_center'
}

export const newestEpoch = ({ epochs }: DirectoryRows, institution: string): Epoch | undefined =>
  epochs
    .filter(epoch => epoch.institution === institution)
    .reduce<Epoch | undefined>(
      (newest, epoch) => (newest === undefined || epoch.epoch > newest.epoch ? epoch : newest),
      undefined,
    )

/**
 * What a step touches, as it is, in words that are the same as long as it is: what somebody approves, and what
 * somebody takes back, must still be what it was.
 */
export function factOf(step: Step, rows: DirectoryRows): string {
  if (step.kind === 'set_limit') {
    const { institution, scope, kind } = step.limit
    return `limit ${institution} ${scope} ${kind}: ${courseFact(limitRows(rows, step.limit))}`
  }
  if (step.kind === 'set_allowance') return allowanceFact(step, rows)
  if (step.kind === 'set_lanes') {
    const { epoch, center, lanes } = newestEpoch(rows, step.institution) ?? {}
    return `lanes of ${step.institution}: ${lanes} in ${center}, epoch ${epoch}`
  }
  if (isPlanned(step)) return centerFact(step.center, rows)
  const row = switchOf(rows, switchNameOf(step))
  const { subject, name } = switchNameOf(step)
  return `${subject} ${name}: ${row === null ? 'on' : `off until ${row.until}, ${row.reason}`}`
}

function centerFact(id: string, rows: DirectoryRows): string {
  const center = rows.centers.find(each => each.id === id)
  if (center === undefined) return `center ${id}: none`
  const { status = 'up', statusSince = 0, pinned = false } = center
  return `center ${id}: ${status} since ${statusSince}${pinned ? ', pinned' : ''}`
}

const statusOf = (id: string, rows: DirectoryRows) => {
  const { status = 'up', pinned = false } = rows.centers.find(each => each.id === id) ?? {}
  return { status, pinned }
}

/** What each verb makes of a center, and which verb makes it so again. */
const becomes = { drain_center: 'draining', lose_center: 'down', return_center: 'up' } as const
const makes = { draining: 'drain_center', down: 'lose_center', up: 'return_center' } as const

/**
 * Whether the step would change nothing, neither now nor of what is announced.
 *
 * @param until when the change ends by itself, milliseconds since 1970; null for never
 */
export function isIdle(
  step: Step,
  rows: DirectoryRows,
  now: number,
  until: number | null = null,
): boolean {
  if (step.kind === 'set_lanes') return newestEpoch(rows, step.institution)?.lanes === step.lanes
  if (step.kind === 'pin_center') return statusOf(step.center, rows).pinned === step.pinned
  if (isPlanned(step)) return statusOf(step.center, rows).status === becomes[step.kind]
  if (step.kind === 'set_limit' || step.kind === 'set_allowance') {
    const turns = turnsOf(step, until, courseRows(step, rows), now)
    return turns.every(turn => turn.was === turn.becomes)
  }
  const row = switchOf(rows, switchNameOf(step))
  return step.kind === 'switch_on' && row === null
}

const courseRows = (step: LimitStep | AllowanceStep, rows: DirectoryRows) =>
  step.kind === 'set_limit' ? limitRows(rows, step.limit) : allowanceRows(rows, step.allowance)

/** The steps that put back what there is now, last one first; what has ended by then stays ended. */
export const stepsBack = (
  steps: readonly Step[],
  rows: DirectoryRows,
  now: number,
): readonly Step[] =>
  steps.toReversed().map((step): Step => {
    if (step.kind === 'set_limit') {
      const { kind, limit } = step
      return { kind, limit, ...settingNow(limitRows(rows, limit), now) }
    }
    if (step.kind === 'set_allowance') {
      const { kind, allowance } = step
      return { kind, allowance, ...settingNow(allowanceRows(rows, allowance), now) }
    }
    if (step.kind === 'set_lanes') {
      return { ...step, lanes: newestEpoch(rows, step.institution)?.lanes ?? step.lanes }
    }
    if (step.kind === 'pin_center') return { ...step, pinned: statusOf(step.center, rows).pinned }
    if (isPlanned(step)) return { ...step, kind: makes[statusOf(step.center, rows).status] }
    const { subject, name } = switchNameOf(step)
    const row = switchOf(rows, { subject, name })
    const isOff = row !== null && stands(row, now)
    return isOff ? { kind: 'restore_switch', row } : { kind: 'switch_on', subject, name }
  })
