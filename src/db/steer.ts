/**
 * Steering the network: a change asked for, decided about, taken back. Each writes the directory, the change and the
 * audit entry in one transaction, or nothing.
 */
import type { StaffRole } from '../domain/access.ts'
import type { Action, AuditEntry, Deed } from '../domain/audit.ts'
import {
  applied,
  type Change,
  changeOf,
  type Doer,
  decide,
  factsOf,
  undo,
  type Wish,
} from '../domain/change.ts'
import type { DirectoryRows } from '../domain/directory.ts'
import { leaves } from '../domain/epoch-plan.ts'
import { packJson } from '../domain/pack.ts'
import type { RefusalDetail } from '../domain/refusal.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { beginFaults, begun } from '../domain/steer-begin.ts'
import { record, type Writes } from './audit.ts'
import { insertChange, isChangeTaken, moveChange, readChange, stoppedLately } from './change.ts'
import { changeDirectory, readDirectory } from './directory.ts'
import { type DirectoryChange, faultsOf, rowsAfter } from './directory-change.ts'
import type { Before } from './steering.ts'
import { directoryChangesOf } from './steering-change.ts'

/** Which centers have heard that another one is given up. */
export interface Ordered {
  readonly told: readonly string[]
  readonly untold: readonly string[]
}

/** Who sits at the desk, and which request this is. */
export interface Desk {
  readonly db: D1Database
  readonly by: Doer
  readonly roles: readonly StaffRole[]
  /** Id of the HTTP request. */
  readonly request: string
  /** Milliseconds since 1970. */
  now(): number
  readonly sandbox: boolean
  /** Tells the centers that epochs are about to be written. */
  before(): Promise<Before>
  /** Has the other centers give this one up, as soon as they may. Never throws. */
  order(center: string): Promise<Ordered>
  /** Makes a change felt at once that is written. Must not fail whoever made it. */
  felt(change: Change): void
  /** Hears of every entry that this desk has written into the chain. */
  tell(entry: AuditEntry): void
}

/** The directory moves all the time, because rates do; a change goes on from where it is. */
const ATTEMPTS = 8

/** Writes what this desk did, or was not let do, into the audit chain, and `writes` with it. */
export async function recordAt(
  desk: Desk,
  [action, subject, outcome]: readonly [action: Action, subject: string, outcome: string],
  detail: object = {},
  writes?: Writes,
): Promise<void> {
  const { by, roles, request } = desk
  const deed: Deed = {
    at: desk.now(),
    by: { id: by.id, name: by.name },
    roles,
    action,
    subject,
    outcome,
    detail: packJson(detail),
    request,
  }
  desk.tell(await record(desk.db, deed, writes))
}

/**
 * Asks for a change: it is made at once, or waits for a second person. The same wish again is answered as it stands.
 *
 * @param basis facts that whoever asks has looked at; null where it looked at none
 *
 * Refusals: REPEAT_REQ_INCONSISTENT, CHANGE_INVALID, CHANGE_MOVED, CENTER_UNAVAILABLE, BUSY.
 */
export async function ask(
  desk: Desk,
  wish: Wish,
  basis: readonly string[] | null,
): Promise<Result<Change>> {
  const known = await readChange(desk.db, wish.id)
  if (known !== null) return isSameWish(known, wish) ? ok(known) : refuse('REPEAT_REQ_INCONSISTENT')
  const rows = await readDirectory(desk.db)
  const faults = wishFaults(wish, rows, desk, desk.now())
  if (faults !== null) return refuse('CHANGE_INVALID', faults)
  const stopped = await stoppedLately(desk.db, wish.steps, desk.now())
  const change = changeOf(wish, desk.by, [], rows, desk.now(), stopped)
  if (basis !== null && packJson(basis) !== packJson(change.facts)) return refuse('CHANGE_MOVED')
  const asked = await (change.status === 'applied'
    ? make(desk, change, 'change.apply', made => d1 => [insertChange(d1, made)])
    : propose(desk, change))
  if (asked.ok) return asked
  // The same wish may have come twice at once, and the other one was faster.
  const made = await readChange(desk.db, wish.id)
  return made !== null && isSameWish(made, wish) ? ok(made) : asked
}

/**
 * Takes a change back: at once, or, where that is not for one alone, once a second person agrees.
 *
 * Refusals: CHANGE_NOT_EXIST, CHANGE_NOT_OPEN, CHANGE_MOVED, REPEAT_REQ_INCONSISTENT, CENTER_UNAVAILABLE, BUSY.
 */
export async function takeBack(
  desk: Desk,
  id: string,
  wish: { readonly id: string; readonly reason: string },
): Promise<Result<Change>> {
  const known = await readChange(desk.db, wish.id)
  if (known !== null) return known.undoOf === id ? ok(known) : refuse('REPEAT_REQ_INCONSISTENT')
  const change = await readChange(desk.db, id)
  if (change === null) return refuse('CHANGE_NOT_EXIST')
  const rows = await readDirectory(desk.db)
  const stopped = await stoppedLately(desk.db, change.back, desk.now())
  const undone = undo(change, rows, desk.now(), stopped)
  if (!undone.ok) return undone
  const { steps, dangers } = undone.value
  // What is put back ends when it would have: the steps say so themselves.
  const back: Wish = { ...wish, steps, until: null, lastsMs: null, plan: null, undoOf: id }
  const asked = changeOf(back, desk.by, dangers, rows, desk.now())
  if (asked.status === 'proposed') return propose(desk, asked)
  return make(desk, asked, 'change.undo', made => d1 => [
    insertChange(d1, made),
    moveChange(d1, 'applied', { ...change, status: 'undone', undoneBy: made.id }),
  ])
}

/**
 * Decides about a proposal; approving it makes the change.
 *
 * Refusals: CHANGE_NOT_EXIST, those of `decide`, CENTER_UNAVAILABLE, BUSY.
 */
export async function decideAbout(
  desk: Desk,
  id: string,
  verb: 'approve' | 'reject' | 'withdraw',
): Promise<Result<Change>> {
  const change = await readChange(desk.db, id)
  if (change === null) return refuse('CHANGE_NOT_EXIST')
  const rows = await readDirectory(desk.db)
  const decided = decide(change, verb, desk.by, rows, desk.now())
  if (!decided.ok) return decided
  if (verb === 'approve') {
    const undone = change.undoOf === null ? null : await readChange(desk.db, change.undoOf)
    return make(desk, decided.value, 'change.approve', made => d1 => [
      moveChange(d1, 'proposed', made),
      ...(undone === null
        ? []
        : [moveChange(d1, 'applied', { ...undone, status: 'undone', undoneBy: made.id })]),
    ])
  }
  return written(desk, decided.value, `change.${verb}`, d1 => [
    moveChange(d1, 'proposed', decided.value),
  ])
}

/** What is wrong with a wish, as the directory's own rules say it; null where nothing is. */
export function wishFaults(
  wish: Wish,
  rows: DirectoryRows,
  { sandbox }: Desk,
  now: number,
): RefusalDetail | null {
  const untimely = beginFaults(wish, now)
  if (untimely[0] !== undefined) return { says: untimely[0].says, fields: untimely }
  const made = directoryChangesOf(begun(wish, now), rows, now)
  if (!made.ok) return made.refusal.detail ?? {}
  const { changes, owners } = made.value
  // Whoever asks knows steps, not the rows that they are made of.
  const fields = faultsOf(rows, changes, { now, sandbox }).map(({ pointer, says }) => {
    const [, place, , field] = pointer.split('/')
    return { pointer: `/steps/${owners[Number(place)]}`, says: `${field} ${says}` }
  })
  const [first] = fields
  return first === undefined ? null : { says: first.says, fields }
}

const propose = (desk: Desk, change: Change): Promise<Result<Change>> =>
  written(desk, change, 'change.propose', d1 => [insertChange(d1, change)])

/** Writes what changes nothing in the directory. */
async function written(
  desk: Desk,
  change: Change,
  action: Action,
  writes: Writes,
): Promise<Result<Change>> {
  try {
    await recordAt(desk, [action, change.id, 'done'], summary(change), writes)
    return ok(change)
  } catch (error) {
    if (!isChangeTaken(error)) throw error
    return refuse('CHANGE_NOT_OPEN')
  }
}

/**
 * Makes the change on the directory as it is now; what it touches must still be as it was.
 *
 * Lanes that leave a center must not take it for theirs any longer: it is told before, and where it cannot be told the
 * change is refused. Such a center is for the others to give up, who know when it has stopped to trust itself.
 */
async function make(
  desk: Desk,
  change: Change,
  action: Action,
  writes: (made: Change) => Writes,
): Promise<Result<Change>> {
  const { db, sandbox } = desk
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const rows = await readDirectory(db)
    if (packJson(factsOf(change.steps, rows)) !== packJson(change.facts))
      return refuse('CHANGE_MOVED')
    const before = await told(desk, change, rows)
    if (!before.ok) return before
    const by = before.value
    const now = desk.now()
    if (now >= by) continue
    const due = begun(change, now)
    const planned = directoryChangesOf(due, rows, now)
    if (!planned.ok) return planned
    const { changes } = planned.value
    const made = applied(due, rows, rowsAfter(rows, changes), now)
    try {
      const outcome = await changeDirectory(
        db,
        rows.version,
        changes,
        { now, by, sandbox },
        statements =>
          recordAt(desk, [action, change.id, 'done'], summary(made), d1 => [
            ...statements,
            ...writes(made)(d1),
          ]),
      )
      if (outcome.ok) {
        desk.felt(made)
        return ok(made)
      }
      if (outcome.reason === 'change_invalid')
        return refuse('CHANGE_INVALID', { fields: outcome.fields })
    } catch (error) {
      if (!isChangeTaken(error)) throw error
      return refuse('CHANGE_NOT_OPEN')
    }
  }
  return refuse('BUSY')
}

/**
 * Tells the centers, where lanes move.
 *
 * @returns by when it has to be written
 */
async function told(desk: Desk, change: Change, rows: DirectoryRows): Promise<Result<number>> {
  const now = desk.now()
  const planned = directoryChangesOf(begun(change, now), rows, now)
  if (!planned.ok) return planned
  const epochs = planned.value.changes.flatMap(epochOf)
  if (epochs.length === 0) return ok(Number.POSITIVE_INFINITY)
  const { by, untold } = await desk.before()
  const left = untold.find(center => leaves(center, epochs, rows))
  if (left === undefined) return ok(by)
  const isGivenUp = change.steps.some(step => step.kind === 'lose_center' && step.center === left)
  if (!isGivenUp) {
    return refuse('CENTER_UNAVAILABLE', {
      says: `${left} cannot be told that its lanes leave; if it is lost, give it up.`,
    })
  }
  const ordered = await desk.order(left)
  const outcome = ordered.told.length > 0 ? 'done' : 'CENTER_UNAVAILABLE'
  const { id, reason } = change
  await recordAt(desk, ['center.order', left, outcome], { change: id, reason, ...ordered })
  return refuse('CENTER_UNAVAILABLE', { says: orderText(left, ordered) })
}

/** What whoever gives a center up can rely on: nobody is lost by the word of those who did not hear it. */
function orderText(left: string, { told: heard, untold }: Ordered): string {
  if (heard.length === 0) {
    return `${left} cannot be told, and no other center could be told to give it up; try again.`
  }
  if (untold.length === 0) {
    return `${left} cannot be told. The other centers were told to give it up, and do so within 20 seconds.`
  }
  return `${left} cannot be told. ${heard.join(', ')} was told to give it up; ${untold.join(', ')} could not be told, and joins in only where it finds it lost itself.`
}

const epochOf = (change: DirectoryChange) =>
  'put' in change && change.put === 'epoch' ? [change.row] : []

const summary = (change: Change) => {
  const { steps, reason, until, lastsMs, dangers, facts, plan, undoOf, version } = change
  return { steps, reason, until, lastsMs, dangers, facts, plan, undoOf, version }
}

/** Whether somebody asks for the same again, who may not have heard that it was made. */
const isSameWish = (known: Change, wish: Wish): boolean =>
  known.undoOf === null &&
  known.plan === wish.plan &&
  known.reason === wish.reason &&
  // A plan is named; what it says may have been changed since it was run.
  (wish.plan !== null || (isSameEnd(known, wish) && packJson(known.steps) === packJson(wish.steps)))

/** What is to last so long ends when it was made to. */
const isSameEnd = (known: Change, wish: Wish): boolean =>
  known.lastsMs === wish.lastsMs && (wish.lastsMs !== null || known.until === wish.until)
