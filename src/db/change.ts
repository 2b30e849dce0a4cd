/** Changes and their records in D1. */
import { and, eq, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import type { Change } from '../domain/change.ts'
import { packJson, unpackJson } from '../domain/pack.ts'
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
  return row === undefined ? null : unpackJson<Change>(row.body)
}

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
  const found = rows.slice(0, limit).map(({ body }) => unpackJson<Change>(body))
  const last = found.at(-1)
  const end = rows.length > limit && last !== undefined ? ([last.at, last.id] as const) : null
  return { changes: found, end }
}
