/** A change of the traffic: asked for by one person, approved by another where it takes one, and taken back. */
import type { DirectoryRows } from './directory.ts'
import { ok, type Result, refuse } from './result.ts'
import { begun, isAhead } from './steer-begin.ts'
import type { Stopped } from './steer-stop.ts'
import { type Danger, dangersOf, factOf, type Step, stepsBack } from './steering.ts'

/** How long a proposal waits for its second person. Who comes later sees another network. */
export const PROPOSAL_LIFE_MS = 30 * 60_000
/** How long a change can be taken back without asking anyone, whatever it does. */
export const UNDO_ALONE_MS = 60 * 60_000

/** Who did something: the identity service's name, and one for people. */
export interface Doer {
  readonly id: string
  readonly name: string
}

/** What somebody asks for. */
export interface Wish {
  /** Chosen by whoever asks, so that asking again is asking for the same. */
  readonly id: string
  readonly steps: readonly Step[]
  readonly reason: string
  /** When it ends by itself, milliseconds since 1970; null for when it is taken back, or for as long as it lasts. */
  readonly until: number | null
  /** How long it lasts from when it begins, or is made where that is later; null where `until` says. */
  readonly lastsMs: number | null
  /** The plan that it is a run of, and the change that it takes back. */
  readonly plan: string | null
  readonly undoOf: string | null
}

export interface Change extends Wish {
  readonly status: 'proposed' | 'applied' | 'rejected' | 'withdrawn' | 'undone'
  readonly by: Doer
  /** Instants in milliseconds since 1970. */
  readonly at: number
  readonly dangers: readonly Danger[]
  /** Until when a proposal can be approved; null where nobody had to. */
  readonly expiresAt: number | null
  /** What the steps touch, as it was when they were asked for. */
  readonly facts: readonly string[]
  /** The steps back, and what they would touch, as the change left it; empty until it is applied. */
  readonly back: readonly Step[]
  readonly left: readonly string[]
  readonly decidedBy: Doer | null
  readonly decidedAt: number | null
  /** Of the directory, as the change made it. */
  readonly version: number | null
  readonly undoneBy: string | null
}

/** How a change stands now: a proposal ends by itself, and so does what it switched off; what is announced begins so. */
export type Standing = Change['status'] | 'expired' | 'announced' | 'ended'

export function standingOf(change: Change, now: number): Standing {
  const { status, expiresAt, until } = change
  if (status === 'proposed' && expiresAt !== null && now >= expiresAt) return 'expired'
  if (status === 'applied' && until !== null && now >= until) return 'ended'
  if (status === 'applied' && isAhead(change, now)) return 'announced'
  return status
}

export const factsOf = (steps: readonly Step[], rows: DirectoryRows): readonly string[] =>
  steps.map(step => factOf(step, rows))

/** A change as it is asked for: at once, or to be approved, which must be while it would not have ended. */
export function changeOf(
  wish: Wish,
  by: Doer,
  extra: readonly Danger[],
  rows: DirectoryRows,
  now: number,
  stopped?: Stopped,
): Change {
  const { until } = begun(wish, now)
  const known = wish.undoOf === null ? dangersOf(wish.steps, until, rows, now, stopped) : []
  const dangers = [...new Set([...known, ...extra])]
  const waits = dangers.length > 0
  return {
    ...wish,
    status: waits ? 'proposed' : 'applied',
    by,
    at: now,
    dangers,
    expiresAt: waits ? Math.min(now + PROPOSAL_LIFE_MS, wish.until ?? Infinity) : null,
    facts: factsOf(wish.steps, rows),
    back: [],
    left: [],
    decidedBy: null,
    decidedAt: null,
    version: null,
    undoneBy: null,
  }
}

/**
 * The change as it is written together with what it does.
 *
 * @param rows the directory before it, `after` the directory with it
 */
export function applied(
  change: Change,
  rows: DirectoryRows,
  after: DirectoryRows,
  now: number,
): Change {
  const back = stepsBack(change.steps, rows, now)
  return { ...change, status: 'applied', back, left: factsOf(back, after), version: after.version }
}

/**
 * The proposal, decided by this person.
 *
 * Refusals, in order: CHANGE_NOT_OPEN, SECOND_PERSON where it is one's own, ACCESS_DENIED where one withdraws what
 * somebody else proposed, CHANGE_MOVED where what it touches is no longer as it was.
 */
export function decide(
  change: Change,
  verb: 'approve' | 'reject' | 'withdraw',
  who: Doer,
  rows: DirectoryRows,
  now: number,
): Result<Change> {
  if (standingOf(change, now) !== 'proposed') return notOpen(change, now)
  const isOwn = who.id === change.by.id
  if (verb !== 'withdraw' && isOwn) return refuse('SECOND_PERSON')
  if (verb === 'withdraw' && !isOwn) {
    return refuse('ACCESS_DENIED', { says: 'Only who proposed a change withdraws it.' })
  }
  const isSame = factsOf(change.steps, rows).every((fact, place) => fact === change.facts[place])
  if (verb === 'approve' && !isSame) return refuse('CHANGE_MOVED')
  return ok({ ...change, status: verdicts[verb], decidedBy: who, decidedAt: now })
}

const verdicts = { approve: 'applied', reject: 'rejected', withdraw: 'withdrawn' } as const

/**
 * What takes a change back, and why that takes a second person. For an hour nobody else is asked, because whoever sees
 * that a change was wrong must be able to end it. Later it is judged as what it does, like any other change; and so is
 * taking back what took a change back, at once: it does again what two may have had to agree on.
 *
 * Refusals: CHANGE_NOT_OPEN where there is nothing to take back, CHANGE_MOVED where somebody has changed it since.
 */
export function undo(
  change: Change,
  rows: DirectoryRows,
  now: number,
  stopped?: Stopped,
): Result<{ readonly steps: readonly Step[]; readonly dangers: readonly Danger[] }> {
  const standing = standingOf(change, now)
  if (standing !== 'applied' && standing !== 'announced') return notOpen(change, now)
  const { back: steps } = change
  const isSame = factsOf(steps, rows).every((fact, place) => fact === change.left[place])
  if (!isSame) return refuse('CHANGE_MOVED')
  const isLate = now >= (change.decidedAt ?? change.at) + UNDO_ALONE_MS
  if (!isLate && change.undoOf === null) return ok({ steps, dangers: [] })
  const known = dangersOf(steps, null, rows, now, stopped)
  const undoesLate = isLate && change.dangers.length > 0
  return ok({ steps, dangers: undoesLate ? [...known, 'undoes_late'] : known })
}

const notOpen = (change: Change, now: number): Result<never> =>
  refuse('CHANGE_NOT_OPEN', { says: `The change is ${standingOf(change, now)}.` })
