/** The staff's desk: who sits at it, and the audit chain that everything done or denied there goes into. */
import type { Context } from 'hono'
import { type Desk, recordAt } from './db/steer.ts'
import type { Right } from './domain/access.ts'
import { type Action, staffLine } from './domain/audit.ts'
import type { Result } from './domain/result.ts'
import { recalledBy, recallShares } from './flows/shares.ts'
import { log, logError } from './log.ts'
import type { Door } from './middleware/door.ts'
import { holdCenters, orderLoss } from './sentinels.ts'
import { lendersOf } from './world.ts'

export function deskOf(c: Context<Door>): Desk {
  const { id, name, roles } = c.get('staff')
  return {
    db: c.env.DIRECTORY,
    by: { id, name },
    roles,
    request: c.get('requestId'),
    now: Date.now,
    sandbox: c.env.ENVIRONMENT === 'sandbox',
    before: () => holdCenters(c.env),
    order: center => orderLoss(c.env, center),
    felt: ({ steps, version }) => {
      const directory = c.get('directory')
      const stopped = recalledBy(steps, directory.rows.institutions)
      if (version === null || stopped.length === 0) return
      const recalled = recallShares(stopped, version, directory, lendersOf(c.env, directory), log)
      c.executionCtx.waitUntil(recalled)
    },
    // Kept in a log store, the line shows later whether the chain was cut off or written anew.
    tell: entry => log(staffLine(entry)),
  }
}

/**
 * Does what is done elsewhere than in the directory, so that no one transaction holds both it and its entry. That it is
 * begun is written first: nothing is done of which the chain has no word. How it ended is written after it; where that
 * cannot be written any more, the deed stands, whoever did it hears so, and the log has what the chain has not.
 *
 * @param ended what else is to be known of a deed that is done
 */
export async function doAt<Done>(
  desk: Desk,
  [action, subject]: readonly [action: Action, subject: string],
  detail: object,
  does: () => Promise<Result<Done>>,
  ended: (done: Done) => object = () => ({}),
): Promise<Result<Done>> {
  await recordAt(desk, [action, subject, 'begun'], detail)
  const result = await does()
  const outcome = result.ok ? 'done' : result.refusal.code
  const more = result.ok ? ended(result.value) : {}
  try {
    await recordAt(desk, [action, subject, outcome], { ...detail, ...more })
  } catch (error) {
    const { request } = desk
    logError({ log: 'audit', failed: String(error), event: action, subject, outcome, request })
  }
  return result
}

/** A denial that is repeated within this time is one entry: nobody fills the chain by asking again and again. */
const REPEATED_MS = 60_000
const KNOWN_MAX = 1_000
const denied = new Map<string, number>()

/** Never fails: what is denied stays denied, whether it can be written down or not. */
export async function auditDenied(c: Context<Door>, right: Right): Promise<void> {
  const desk = deskOf(c)
  const now = desk.now()
  const subject = `${c.req.method} ${c.req.path}`.slice(0, 200)
  const key = `${desk.by.id} ${right} ${subject}`
  const before = denied.get(key)
  if (before !== undefined && now < before + REPEATED_MS) {
    const repeated = {
      event: 'access.denied',
      staff: desk.by.id,
      subject,
      outcome: 'ACCESS_DENIED',
    }
    return log({ log: 'staff', ...repeated, request: desk.request, seq: null, hash: null })
  }
  if (denied.size >= KNOWN_MAX) denied.clear()
  denied.set(key, now)
  try {
    await recordAt(desk, ['access.denied', subject, 'ACCESS_DENIED'], { right })
  } catch (error) {
    logError({ log: 'audit', failed: String(error), request: desk.request })
  }
}
