/** The staff's desk: who sits at it, and the audit chain that everything done or denied there goes into. */
import type { Context } from 'hono'
import { record } from './db/audit.ts'
import { type Desk, deedOf } from './db/steer.ts'
import type { Right } from './domain/access.ts'
import type { Action } from './domain/audit.ts'
import { log, logError } from './log.ts'
import type { Door } from './middleware/door.ts'

export function deskOf(c: Context<Door>): Desk {
  const { id, name, roles } = c.get('staff')
  return {
    db: c.env.DIRECTORY,
    by: { id, name },
    roles,
    request: c.get('requestId'),
    now: Date.now,
    sandbox: c.env.ENVIRONMENT === 'sandbox',
  }
}

/** Writes what was done, or was not let be done, into the chain; whoever calls waits until it stands there. */
export async function audit(
  desk: Desk,
  action: Action,
  subject: string,
  outcome: string,
  detail: object = {},
): Promise<void> {
  const { seq, hash } = await record(desk.db, deedOf(desk, action, subject, outcome, detail))
  tell(desk, action, subject, outcome, { seq, hash })
}

/** The same as a line of the log: kept elsewhere, it shows later whether the chain was cut off or written anew. */
export const tell = (
  { by, request }: Desk,
  action: Action,
  subject: string,
  outcome: string,
  more: object = {},
): void => log({ log: 'staff', event: action, staff: by.id, subject, outcome, request, ...more })

/** A denial that is repeated within this time is one entry: nobody fills the chain by asking again and again. */
const REPEATED_MS = 60_000
const KNOWN_MAX = 1_000
const denied = new Map<string, number>()

/** Never fails: what is denied stays denied, whether it can be written down or not. */
export async function auditDenied(c: Context<Door>, right: Right): Promise<void> {
  const desk = deskOf(c)
  const { path } = c.req
  const subject = `${c.req.method} ${path}`.slice(0, 200)
  const key = `${desk.by.id} ${right} ${c.req.method} ${path}`
  const now = desk.now()
  const before = denied.get(key)
  tell(desk, 'access.denied', subject, 'ACCESS_DENIED', { right })
  if (before !== undefined && now < before + REPEATED_MS) return
  if (denied.size >= KNOWN_MAX) denied.clear()
  denied.set(key, now)
  try {
    await record(desk.db, deedOf(desk, 'access.denied', subject, 'ACCESS_DENIED', { right }))
  } catch (error) {
    logError({ log: 'audit', failed: String(error), request: desk.request })
  }
}
