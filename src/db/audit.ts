/**
 * The audit chain in D1. An entry is written in one transaction with what it speaks of, so there is never the one
 * without the other. `seq` is the primary key: of two who go on from the same entry, one fails and goes on from there.
 */
import { asc, desc, eq, gt } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import type { StaffRole } from '../domain/access.ts'
import {
  type Action,
  AUDIT_START,
  type AuditEntry,
  type AuditFault,
  DETAIL_MAX,
  type Deed,
  faultIn,
  textOf,
} from '../domain/audit.ts'
import { audit } from './steering-schema.ts'

/** Statements that are to be written with an entry. */
export type Writes = (d1: DrizzleD1Database) => readonly BatchItem<'sqlite'>[]

/** Attempts to get a place at the end of the chain; each loses only to one that got it. */
const ATTEMPTS = 12

/**
 * Writes a deed at the end of the chain, and `writes` with it. Throws what D1 throws, `writes` included: then nothing
 * is written at all.
 */
export async function record(
  db: D1Database,
  deed: Deed,
  writes: Writes = () => [],
): Promise<AuditEntry> {
  const bounded = { ...deed, detail: deed.detail.slice(0, DETAIL_MAX) }
  const d1 = drizzle(db)
  for (let attempt = 1; ; attempt += 1) {
    const before = await auditHead(db)
    const seq = before.seq + 1
    const entry: AuditEntry = {
      ...bounded,
      seq,
      hash: await hashOf(textOf(before.hash, seq, bounded)),
    }
    try {
      await d1.batch([d1.insert(audit).values(rowOf(entry)), ...writes(d1)])
      return entry
    } catch (error) {
      if (!isTaken(error) || attempt === ATTEMPTS) throw error
    }
  }
}

/** The last entry's place and hash: whoever keeps it can tell later whether the chain was cut off there. */
export async function auditHead(db: D1Database): Promise<{ seq: number; hash: string }> {
  const [last] = await drizzle(db)
    .select({ seq: audit.seq, hash: audit.hash })
    .from(audit)
    .orderBy(desc(audit.seq))
    .limit(1)
  return last ?? AUDIT_START
}

export async function readAuditEntry(
  db: D1Database,
  seq: number,
): Promise<{ seq: number; hash: string } | null> {
  const [found] = await drizzle(db)
    .select({ seq: audit.seq, hash: audit.hash })
    .from(audit)
    .where(eq(audit.seq, seq))
  return found ?? null
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error &&
  (error.message.includes('UNIQUE constraint failed: audit.seq') || isTaken(error.cause))

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('')
}

type Row = typeof audit.$inferSelect

const rowOf = ({ by, roles, ...entry }: AuditEntry): Row => ({
  ...entry,
  actor: by.id,
  actorName: by.name,
  roles: roles.join(' '),
})

const entryOf = ({ actor, actorName, roles, action, ...row }: Row): AuditEntry => ({
  ...row,
  action: action as Action,
  by: { id: actor, name: actorName },
  roles: roles === '' ? [] : (roles.split(' ') as StaffRole[]),
})

export interface AuditQuery {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly subject?: string | undefined
  /** `refused` for whatever code refused it. */
  readonly outcome?: 'begun' | 'done' | 'refused' | undefined
  /** Only entries before this one. */
  readonly before: number
  readonly limit: number
}

/** How many entries one call looks at, whatever the filter lets through. */
const LOOKED_MAX = 5_000

/** Newest first; `end` is where to go on, null where nothing is older. */
export async function listAudit(
  db: D1Database,
  { actor, action, subject, outcome, before, limit }: AuditQuery,
): Promise<{ entries: readonly AuditEntry[]; end: number | null }> {
  const { results } = await db
    .prepare(
      `SELECT * FROM (SELECT * FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2) AS a
       WHERE (?3 IS NULL OR a.actor = ?3) AND (?4 IS NULL OR a.action = ?4) AND (?5 IS NULL OR a.subject = ?5)
         AND (?6 IS NULL OR ?6 = CASE WHEN a.outcome IN ('begun', 'done') THEN a.outcome ELSE 'refused' END)
       ORDER BY a.seq DESC LIMIT ?7`,
    )
    .bind(
      before,
      LOOKED_MAX,
      actor ?? null,
      action ?? null,
      subject ?? null,
      outcome ?? null,
      limit,
    )
    .all<Row & { actor_name: string }>()
  const entries = results.map(({ actor_name: actorName, ...row }) => entryOf({ ...row, actorName }))
  const lowest =
    entries.length === limit
      ? (entries.at(-1)?.seq ?? before)
      : Math.max(Math.min(before, (await auditHead(db)).seq + 1) - LOOKED_MAX, 1)
  return { entries, end: lowest > 1 ? lowest : null }
}

export interface Verified {
  /** The last entry that follows from all before it. */
  readonly seq: number
  readonly hash: string
  readonly fault: AuditFault | null
  /** Whether there is more behind `seq` that was not looked at. */
  readonly more: boolean
}

/** Entries hashed in one call. */
const VERIFIED_MAX = 10_000

/** Computes the chain anew from an entry that is trusted. */
export async function verifyAudit(
  db: D1Database,
  start: { readonly seq: number; readonly hash: string },
): Promise<Verified> {
  const rows = await drizzle(db)
    .select()
    .from(audit)
    .where(gt(audit.seq, start.seq))
    .orderBy(asc(audit.seq))
    .limit(VERIFIED_MAX + 1)
  const entries = rows.slice(0, VERIFIED_MAX).map(entryOf)
  const hashes = await Promise.all(
    entries.map((entry, place) =>
      hashOf(textOf(entries[place - 1]?.hash ?? start.hash, entry.seq, entry)),
    ),
  )
  const fault = faultIn(start, entries, hashes)
  const good = fault === null ? entries.at(-1) : entries.findLast(({ seq }) => seq < fault.seq)
  const { seq, hash } = good ?? start
  return { seq, hash, fault, more: fault === null && rows.length > VERIFIED_MAX }
}
