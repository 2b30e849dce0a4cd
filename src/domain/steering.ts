/**
 * Steering: what operators may do to the traffic, what of it takes a second person, and how it is taken back. A change
 * is a list of steps with one reason and one end; it happens as a whole or not at all.
 */
import type { DirectoryRows, Switch } from './directory.ts'
import type { Epoch } from './institution.ts'
import type { Limit } from './limit.ts'
import {
  type AllowanceStep,
  allowanceFact,
  allowanceNow,
  dangerOfAllowance,
} from './steer-allowance.ts'

type SwitchName = Pick<Switch, 'subject' | 'name'>
type LimitName = Pick<Limit, 'institution' | 'scope' | 'kind'>

export type Step =
  | ({ readonly kind: 'switch_off' | 'switch_on' } & SwitchName)
  /** Puts back a switch that was there, with its own reason and end; only ever a step back. */
  | { readonly kind: 'restore_switch'; readonly row: Switch }
  | {
      readonly kind: 'set_limit'
      readonly limit: LimitName
      /** Minor units or payments, as digits, because steps are kept as JSON; null for no limit. */
      readonly value: string | null
    }
  | AllowanceStep
  /** Lanes leave a center in order, or because it is lost; they come back; and how many a member has. */
  | { readonly kind: CenterVerb; readonly center: string }
  | { readonly kind: 'pin_center'; readonly center: string; readonly pinned: boolean }
  | { readonly kind: 'set_lanes'; readonly institution: string; readonly lanes: number }

type CenterVerb = 'drain_center' | 'lose_center' | 'return_center'
type SwitchStep = Extract<Step, { kind: 'switch_off' | 'switch_on' | 'restore_switch' }>
type PlannedStep = Extract<Step, { kind: CenterVerb | 'pin_center' | 'set_lanes' }>

/** Whether a step moves lanes: it takes effect by epochs, and does not end by itself. */
export const isPlanned = (step: Step): step is PlannedStep =>
  'center' in step || step.kind === 'set_lanes'

/** A plan for the worst day closes a handful of things, not everything one by one. */
export const STEPS_MAX = 50
/** How long a corridor or a family may be stopped by one person: until somebody else has been woken. */
export const STOP_ALONE_MS = 60 * 60_000

/** Why a step is not for one person alone. */
export type Danger =
  | 'cuts_off_member'
  | 'reopens_member'
  | 'stops_scenario'
  | 'reopens_scenario'
  | 'stops_for_long'
  | 'raises_limit'
  | 'moves_center'
  | 'stops_failover'
  | 'undoes_late'

/** What is dangerous about a switch; of a stop it matters how long it lasts. */
// biome-ignore format: a table is read by column
const ofSwitch = {
  switch_off: { institution: 'cuts_off_member', scenario: 'stops_scenario',   corridor: 'if_long', family: 'if_long' },
  switch_on:  { institution: 'reopens_member',  scenario: 'reopens_scenario', corridor: null,      family: null      },
} as const satisfies Record<string, Record<Switch['subject'], Danger | 'if_long' | null>>

/**
 * Why this change takes a second person; an empty list means that it does not.
 *
 * @param until when it ends by itself, milliseconds since 1970; null for never
 */
export function dangersOf(
  steps: readonly Step[],
  until: number | null,
  rows: DirectoryRows,
  now: number,
): readonly Danger[] {
  const isLong = until === null || until > now + STOP_ALONE_MS
  const found = steps.flatMap((step): Danger | [] => {
    if (step.kind === 'restore_switch') return []
    if (step.kind === 'set_limit') return ofLimit(step, rows, now)
    if (step.kind === 'set_allowance') return dangerOfAllowance(step, rows, now) ?? []
    if (isPlanned(step)) return ofPlanned(step)
    const danger = ofSwitch[step.kind][step.subject]
    return danger === 'if_long' ? (isLong ? 'stops_for_long' : []) : (danger ?? [])
  })
  return [...new Set(found)]
}

/** More lanes or fewer are as safe as the same; everything else about a center is felt by all of its members. */
function ofPlanned(step: PlannedStep): Danger | [] {
  if (step.kind === 'set_lanes') return []
  if (step.kind === 'pin_center') return step.pinned ? 'stops_failover' : []
  return 'moves_center'
}

function ofLimit(
  { limit, value }: Extract<Step, { kind: 'set_limit' }>,
  rows: DirectoryRows,
  now: number,
): Danger | [] {
  const wanted = amountOf(value)
  const was = limitNow(rows, limit, now)
  if (limit.scope === '*' && strangles(limit.kind, was, wanted)) return 'cuts_off_member'
  return loosens(limit.kind, was, wanted) ? 'raises_limit' : []
}

/** Ten times tighter at once is no limit any more, it is a stop. */
const STRANGLED_BY = 10n

function strangles(kind: Limit['kind'], was: bigint | null, value: bigint | null): boolean {
  if (value === null) return false
  if (kind === 'single_min') return was !== null && was > 0n && value > was * STRANGLED_BY
  return value === 0n || (was !== null && value * STRANGLED_BY < was)
}

/** What a limit withholds is a risk that somebody has agreed not to take; giving more of it takes a second one. */
function loosens(kind: Limit['kind'], was: bigint | null, value: bigint | null): boolean {
  if (was === null) return false
  if (value === null) return true
  return kind === 'single_min' ? value < was : value > was
}

/** Of a step: minor units or payments. */
export const amountOf = (value: string | null): bigint | null =>
  value === null ? null : BigInt(value)

const isLimit = (row: Limit, { institution, scope, kind }: LimitName): boolean =>
  row.institution === institution && row.scope === scope && row.kind === kind

/** What a limit is now; null where there is none. */
export const limitNow = (rows: DirectoryRows, name: LimitName, now: number): bigint | null =>
  limitRows(rows, name).find(({ from }) => from <= now)?.value ?? null

/** Rows of one limit, the newest first. */
export const limitRows = (rows: DirectoryRows, name: LimitName): readonly Limit[] =>
  (rows.limits ?? [])
    .filter(row => isLimit(row, name))
    .toSorted((one, other) => other.from - one.from)

export const switchOf = (rows: DirectoryRows, { subject, name }: SwitchName): Switch | null =>
  rows.switches.find(each => each.subject === subject && each.name === name) ?? null

export const switchNameOf = (step: SwitchStep): SwitchName =>
  step.kind === 'restore_switch' ? step.row : step

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
    const [newest, before] = limitRows(rows, step.limit)
    const words = [newest, before].map(row => (row ? `${row.value} from ${row.from}` : 'none'))
    return `limit ${institution} ${scope} ${kind}: ${words.join(', ')}`
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

/** Whether the step would change nothing. */
export function isIdle(step: Step, rows: DirectoryRows, now: number): boolean {
  if (step.kind === 'set_lanes') return newestEpoch(rows, step.institution)?.lanes === step.lanes
  if (step.kind === 'pin_center') return statusOf(step.center, rows).pinned === step.pinned
  if (isPlanned(step)) return statusOf(step.center, rows).status === becomes[step.kind]
  if (step.kind === 'set_limit') return limitNow(rows, step.limit, now) === amountOf(step.value)
  if (step.kind === 'set_allowance') {
    return allowanceNow(rows, step.allowance, now) === amountOf(step.value)
  }
  const row = switchOf(rows, switchNameOf(step))
  return step.kind === 'switch_on' && row === null
}

/** The steps that put back what there is now, last one first; what has ended by then stays ended. */
export const stepsBack = (
  steps: readonly Step[],
  rows: DirectoryRows,
  now: number,
): readonly Step[] =>
  steps.toReversed().map((step): Step => {
    if (step.kind === 'set_limit')
      return { ...step, value: limitNow(rows, step.limit, now)?.toString() ?? null }
    if (step.kind === 'set_allowance') {
      return { ...step, value: allowanceNow(rows, step.allowance, now)?.toString() ?? null }
    }
    if (step.kind === 'set_lanes') {
      return { ...step, lanes: newestEpoch(rows, step.institution)?.lanes ?? step.lanes }
    }
    if (step.kind === 'pin_center') return { ...step, pinned: statusOf(step.center, rows).pinned }
    if (isPlanned(step)) return { ...step, kind: makes[statusOf(step.center, rows).status] }
    const { subject, name } = switchNameOf(step)
    const row = switchOf(rows, { subject, name })
    const stands = row !== null && (row.until === null || row.until > now)
    return stands ? { kind: 'restore_switch', row } : { kind: 'switch_on', subject, name }
  })
