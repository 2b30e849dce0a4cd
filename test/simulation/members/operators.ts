/**
 * What operators do where limits are played: limits small enough to bind, changed while people pay, at once or with
 * notice; members stopped for a while; lanes moved on. Shares are called back by the gateway's own flow.
 */
import { type Directory, directoryOf } from '../../../src/domain/directory.ts'
import type { Limit, LimitKind } from '../../../src/domain/limit.ts'
import { limitKinds } from '../../../src/domain/limit.ts'
import type { Step } from '../../../src/domain/steering.ts'
import { recalledBy, recallShares } from '../../../src/flows/shares.ts'
import { lendersOf } from '../../../src/world.ts'
import { actor } from '../agenda.ts'
import type { Dice } from '../dice.ts'
import { Steered } from '../platform/steered.ts'
import type { World } from '../world.ts'
import { CLOSED, limitedCenters, rowsOf } from './cast.ts'
import { choosing, dollarRates, type PlannedAllowance, planAllowances } from './regulators.ts'

export interface Span {
  readonly startsAt: number
  readonly endsAt: number
  readonly payments: number
}

interface Time {
  readonly from: number
  readonly until: number
}

/** A row of a limit, and since when the directory has it. */
export interface PlannedLimit extends Limit {
  readonly knownAt: number
  /** When every center had called back every share from before. */
  recalledAt: number | null
}

/** A member that is stopped for a while. */
export interface Stop extends Time {
  readonly institution: string
  /** By center: when it had called back every share. */
  readonly recalledAt: Map<string, number>
}

/** A corridor that is closed for a while. */
export interface Closing extends Time {
  readonly corridor: string
  /** By institution and center: when every share had been called back there. */
  readonly recalledAt: Map<string, number>
}

export interface Planned {
  readonly limits: readonly PlannedLimit[]
  readonly allowances: readonly PlannedAllowance[]
  readonly stops: readonly Stop[]
  readonly closings: readonly Closing[]
  /** What sentinels and operators write beside that. */
  readonly steered: Steered
  /** What the directory said at an instant. */
  directoryAt(at: number): Directory
}

/** Of all payments, how many such a limit is about, roughly. */
// biome-ignore format: a table is read by column
const kinds: readonly (readonly [institution: string, scope: string, kind: LimitKind, share: number])[] = [
  ['wallet-cn',   '*',           'value_day',  0.5],
  ['wallet-cn',   '*',           'count_day',  0.5],
  ['wallet-cn',   '*',           'net_debit',  0.5],
  ['wallet-cn',   '*',           'per_second', 0.5],
  ['wallet-cn',   'CN>TH',       'count_day',  0.15],
  ['wallet-th',   '*',           'value_day',  0.5],
  ['wallet-th',   '*',           'count_day',  0.5],
  ['wallet-th',   '*',           'net_debit',  0.5],
  ['wallet-th',   'TH>CN',       'value_day',  0.15],
  ['wallet-th',   'acquirer-cn', 'count_day',  0.15],
  ['acquirer-cn', '*',           'value_day',  0.3],
  ['acquirer-cn', 'wallet-th',   'count_day',  0.15],
  ['acquirer-th', '*',           'count_day',  0.3],
  ['acquirer-id', '*',           'value_day',  0.15],
  ['wallet-cn',   '*',           'single_max', 0.5],
  ['wallet-th',   'acquirer-cn', 'single_max', 0.15],
  ['acquirer-th', '*',           'single_min', 0.3],
  ['acquirer-cn', '*',           'refund_open', 0.3],
  ['acquirer-th', 'wallet-cn',   'refund_open', 0.15],
]

/** Minor units of a usual payment. */
const USUAL = 400_000
/** Minor units of the largest payment: a refund of all of it must have room, or it waits for ever. */
const LARGEST: Readonly<Record<string, number>> = {
  'acquirer-cn': 1_100_000,
  'acquirer-th': 5_500_000,
}
/** A change counts at once, or so much later. */
const NOTICE_MS = 60_000

export function planLimits(dice: Dice, span: Span, closed: readonly Time[]): Planned {
  const limits = kinds.flatMap((each, index) => limitsOf(dice, span, each, index))
  const allowances = planAllowances(dice, span)
  const stops = stopsOf(dice, span)
  const closings = closingsOf(dice, span)
  const times = [...closed, ...closings]
  const directories = directoriesOf(dice, span, { limits, allowances, stops }, times)
  const [first] = directories
  if (first === undefined) throw new Error('there is no directory')
  const steered = new Steered()
  const directoryAt = (at: number) =>
    steered.over((directories.findLast(each => each.from <= at) ?? first).directory, at)
  return { limits, allowances, stops, closings, steered, directoryAt }
}

function limitsOf(
  dice: Dice,
  { startsAt, endsAt, payments }: Span,
  [institution, scope, kind, share]: (typeof kinds)[number],
  subject: number,
): PlannedLimit[] {
  const draw = () => dice.draw('limit', subject)
  if (draw() < 0.4) return []
  const all = payments * share * (limitKinds[kind].counts === 'amount' ? USUAL : 1)
  const value = () => Math.ceil(drawn(kind, all, LARGEST[institution] ?? 0, draw))
  const row = { institution, scope, kind, recalledAt: null }
  const first = value()
  const mayBeNothing = kind !== 'refund_open'
  // Some are introduced only while people pay.
  const begins = draw() < 0.15 ? Math.floor(startsAt + (endsAt - startsAt) * draw()) : 0
  const changes = Array.from({ length: Math.floor(3 * draw()) }, () => {
    const from = Math.floor(startsAt + (endsAt - startsAt) * draw())
    const knownAt = draw() < 0.5 ? from : Math.max(startsAt, Math.floor(from - NOTICE_MS * draw()))
    const isNone = draw() < 0.1 && mayBeNothing
    const next = draw() < 0.5 || !mayBeNothing ? value() : Math.ceil(first * draw())
    const isLifted = draw() < 0.15
    return { ...row, from, knownAt, value: isLifted ? null : BigInt(isNone ? 0 : next) }
  })
  const begun = { ...row, from: begins, knownAt: begins, value: BigInt(first) }
  return [begun, ...changes.filter(({ from }) => from > begins)]
}

/** @param all what a limit may be about in this world, roughly */
function drawn(kind: LimitKind, all: number, largest: number, draw: () => number): number {
  if (kind === 'single_max') return USUAL * 10 ** (0.6 - 0.6 * draw())
  if (kind === 'single_min') return 10 ** (2 + 2.5 * draw())
  if (kind === 'refund_open') return largest * (1 + 2 * draw())
  if (kind === 'per_second') return 1 + Math.floor(3 * draw())
  return all * 10 ** (0.6 - 1.1 * draw())
}

function stopsOf(dice: Dice, { startsAt, endsAt }: Span): Stop[] {
  return ['wallet-cn', 'wallet-th', 'acquirer-cn'].flatMap((institution, subject) => {
    if (dice.draw('stopped', subject) < 0.8) return []
    const from = Math.floor(dice.between(startsAt, endsAt, 'stop', subject))
    const until = Math.min(Math.floor(from + dice.between(2_000, 50_000, 'stop', subject)), endsAt)
    return [{ institution, from, until, recalledAt: new Map() }]
  })
}

function closingsOf(dice: Dice, { startsAt, endsAt }: Span): Closing[] {
  if (dice.draw('closed', 0) < 0.6) return []
  const from = Math.floor(dice.between(startsAt, endsAt, 'closing', 0))
  const until = Math.min(Math.floor(from + dice.between(2_000, 50_000, 'closing', 0)), endsAt)
  return [{ corridor: CLOSED, from, until, recalledAt: new Map() }]
}

/** One for each change, in order; lanes of both wallets move on, those of one to the third center. */
function directoriesOf(
  dice: Dice,
  span: Span,
  { limits, allowances, stops }: Pick<Planned, 'limits' | 'allowances' | 'stops'>,
  closed: readonly Time[],
): readonly { readonly from: number; readonly directory: Directory }[] {
  const { startsAt, endsAt } = span
  const moves = [0, 1].map(subject => Math.floor(dice.between(startsAt, endsAt, 'move', subject)))
  const rows = rowsOf(moves[0] ?? startsAt)
  const epoch = { institution: 'wallet-cn', epoch: 2, from: moves[1] ?? startsAt, lanes: 3 }
  const alone = { institution: 'acquirer-id', epoch: 1, from: 0, center: 'fra', lanes: 1 }
  const epochs = [...rows.epochs, { ...epoch, center: 'fra' }, alone]
  const changes = [
    ...[...limits, ...allowances].map(({ knownAt }) => knownAt),
    ...[...stops, ...closed].flatMap(timesOf),
  ]
  const corridors = choosing(dice, rows.corridors)
  const rates = [...rows.rates, ...dollarRates]
  const instants = [...new Set([0, ...changes])].toSorted((one, other) => one - other)
  return instants.map((from, index) => {
    const isNow = (time: Time) => from >= time.from && from < time.until
    const stopped = stops.filter(isNow).map(({ institution }) => ['institution', institution])
    const off = [...stopped, ...(closed.some(isNow) ? [['corridor', CLOSED]] : [])]
    const switches = off.map(([subject, name]) => ({ subject, name, reason: 'drill', until: null }))
    const known = <Row extends { readonly knownAt: number }>(list: readonly Row[]) =>
      list.filter(({ knownAt }) => knownAt <= from)
    const changed = {
      limits: known(limits),
      allowances: known(allowances),
      switches: switches as never,
    }
    const fixed = { ...rows, centers: limitedCenters, epochs, corridors, rates }
    return { from, directory: directoryOf({ ...fixed, ...changed, version: index + 1 }) }
  })
}

const timesOf = ({ from, until }: Time): number[] => [from, until]

/** What the log says of a lender that was told. */
interface Told {
  readonly center?: string
  readonly institution?: string
  readonly unreached?: number | null
}

/** Calls back shares when a limit is changed, a member is stopped or a corridor closed, as the gateway does once the change is written. */
export function operate(planned: Planned, world: World) {
  const { agenda, clocks } = world
  const operators = actor('operators')
  const recall = (step: Step, at: number, heard: (center: string, institution: string) => void) => {
    if (at < clocks.startsAt) return
    agenda.after(at - agenda.now, operators, () => {
      const directory = planned.directoryAt(at)
      const lenders = lendersOf(world.edgeEnv as never, directory)
      const institutions = recalledBy([step], directory.rows.institutions)
      void recallShares(institutions, directory.version, directory, lenders, line => {
        world.note(line)
        const { center, institution = '', unreached } = line as Told
        if (center !== undefined && unreached === 0) heard(center, institution)
      })
    })
  }
  const off = (subject: 'institution' | 'corridor', name: string): Step => ({
    kind: 'switch_off',
    subject,
    name,
  })
  for (const { institution, from, recalledAt } of planned.stops) {
    const heard = (center: string) => void recalledAt.set(center, agenda.now)
    recall(off('institution', institution), from, heard)
  }
  for (const { corridor, from, recalledAt } of planned.closings) {
    recall(off('corridor', corridor), from, (center, institution) => {
      recalledAt.set(`${institution} ${center}`, agenda.now)
    })
  }
  for (const limit of planned.limits) {
    const told = new Set<string>()
    const { institution, scope, kind } = limit
    const step: Step = { kind: 'set_limit', limit: { institution, scope, kind }, value: null }
    recall(step, limit.knownAt, center => {
      if (told.add(center).size === limitedCenters.length) limit.recalledAt = agenda.now
    })
  }
}
