/** Changes and their records in D1. */
import { and, eq, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import type { Change } from '../domain/change.ts'
import { packJson, unpackJson } from '../domain/pack.ts'
import { STOPS_ADD_UP_MS, type Stopped, stoppedFor, switchNameOf } from '../domain/steer-stop.ts'
import type { Step } from '../domain/steering.ts'
import { changes } from './steering-schema.ts'

export const insertChange = (d1: DrizzleD1Database, change: Change): BatchItem<'sqlite'> =>
  d1.insert(changes).values({
    id: change.id,
    at: change.at,
    status: change.status,
    body: packJson(change),
  })

/** Fails, and everything with it, where the change is no longer what `from` says: D1 has no other condition. */
export const moveChange = (
  d1: DrizzleD1Database,
  from: Change['status'],
  change: Change,
): BatchItem<'sqlite'> =>
  d1
    .update(changes)
    .set({
      status: sql`CASE WHEN status = ${from} THEN ${change.status} END`,
      body: packJson(change),
    })
    .where(eq(changes.id, change.id))

/** Whether somebody else was faster: the change has been made under this id, or has moved on. */
export const isChangeTaken = (error: unknown): boolean =>
  error instanceof Error &&
  (/UNIQUE constraint failed: changes\.id|NOT NULL constraint failed: changes\.status/.test(
    error.message,
  ) ||
    isChangeTaken(error.cause))

export async function readChange(db: D1Database, id: string): Promise<Change | null> {
  const [row] = await drizzle(db)
    .select({ body: changes.body })
    .from(changes)
    .where(eq(changes.id, id))
  return row === undefined ? null : changeIn(row.body)
}

/** Changes that were made before one could say how long they last do not say it. */
type Kept = Omit<Change, 'lastsMs'> & Partial<Pick<Change, 'lastsMs'>>
const changeIn = (body: string): Change => ({ lastsMs: null, ...unpackJson<Kept>(body) })

/** In the list of changes: after this one, newest first. */
export type ChangePlace = readonly [at: number, id: string]

export async function listChanges(
  db: D1Database,
  query: {
    readonly status?: Change['status'] | undefined
    readonly after: ChangePlace | null
    readonly limit: number
  },
): Promise<{ changes: readonly Change[]; end: ChangePlace | null }> {
  const { status, after, limit } = query
  const older = after && sql`(${changes.at}, ${changes.id}) < (${after[0]}, ${after[1]})`
  const rows = await drizzle(db)
    .select({ body: changes.body })
    .from(changes)
    .where(and(older ?? undefined, status === undefined ? undefined : eq(changes.status, status)))
    .orderBy(sql`${changes.at} DESC, ${changes.id} DESC`)
    .limit(limit + 1)
  const found = rows.slice(0, limit).map(({ body }) => changeIn(body))
  const last = found.at(-1)
  const end = rows.length > limit && last !== undefined ? ([last.at, last.id] as const) : null
  return { changes: found, end }
}

/** Switches looked at; whoever made more of them in a day is asked for a second person. */
const SWITCHED_MAX = 1_000

// ?1 since · ?2 corridors and families · ?3 rows
const SWITCHED = `
SELECT coalesce(c.body ->> '$.decidedAt', c.at) AS at, step.value ->> '$.kind' AS kind,
  coalesce(step.value ->> '$.subject', step.value ->> '$.row.subject') AS subject,
  coalesce(step.value ->> '$.name', step.value ->> '$.row.name') AS name,
  iif(step.value ->> '$.kind' = 'restore_switch', step.value ->> '$.row.until', c.body ->> '$.until') AS until
FROM changes AS c INDEXED BY changes_by_time CROSS JOIN json_each(c.body, '$.steps') AS step
WHERE c.at >= ?1 AND c.status IN ('applied', 'undone')
  AND step.value ->> '$.kind' IN ('switch_off', 'switch_on', 'restore_switch')
  AND coalesce(step.value ->> '$.subject', step.value ->> '$.row.subject') || ' ' ||
    coalesce(step.value ->> '$.name', step.value ->> '$.row.name') IN (SELECT value FROM json_each(?2))
ORDER BY c.at DESC LIMIT ?3`

interface Switching {
  readonly at: number
  readonly kind: 'switch_off' | 'switch_on' | 'restore_switch'
  readonly subject: 'corridor' | 'family'
  readonly name: string
  readonly until: number | null
}

/** For how long the corridors and families that these steps stop have been stopped in the last day. */
export async function stoppedLately(
  db: D1Database,
  steps: readonly Step[],
  now: number,
): Promise<Stopped> {
  const names = steps.flatMap(step => {
    if (step.kind !== 'switch_off' && step.kind !== 'restore_switch') return []
    const { subject, name } = switchNameOf(step)
    return subject === 'corridor' || subject === 'family' ? `${subject} ${name}` : []
  })
  if (names.length === 0) return new Map()
  const { results } = await db
    .prepare(SWITCHED)
    .bind(now - STOPS_ADD_UP_MS, JSON.stringify(names), SWITCHED_MAX + 1)
    .all<Switching>()
  if (results.length > SWITCHED_MAX) return new Map(names.map(name => [name, STOPS_ADD_UP_MS]))
  const switched = results.map(({ kind, ...each }) =>
    kind === 'switch_on' ? { ...each, until: each.at } : each,
  )
  return stoppedFor(switched, now)
}
