/** The directory in D1: read as one value, changed by compare-and-swap. */
import { sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { drizzle } from 'drizzle-orm/d1'
import type { DirectoryRows } from '../domain/directory.ts'
import { EPOCH_NOTICE_MS } from '../domain/epoch.ts'
import type { FieldError } from '../domain/refusal.ts'
import { assert } from '../domain/result.ts'
import { type ChangeTerms, type DirectoryChange, faultsOf } from './directory-change.ts'
import { keyFaults } from './directory-key.ts'
import * as table from './directory-schema.ts'
import { statementsOf } from './directory-statement.ts'

/** Statements written in one go: D1 takes a thousand from one invocation. */
const STATEMENTS_MAX = 500

/**
 * A change applies as a whole or not at all; `version` is the one now in force, to read and try again from. `too_late`:
 * the database was so slow that an epoch would have been in it for less than its notice.
 */
export type ChangeOutcome =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly reason: 'version_moved' | 'too_late'; readonly version: number }
  | {
      readonly ok: false
      readonly reason: 'change_invalid'
      readonly version: number
      readonly fields: readonly FieldError[]
    }

const CLOCK = sql.raw("unixepoch('subsec')")

/** Writes statements as one transaction, perhaps with more of one's own. */
type Write = (statements: [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]]) => Promise<unknown>

const batch =
  (db: D1Database): Write =>
  statements =>
    drizzle(db).batch(statements)

/** All rows and their version, from one transaction. */
export const readDirectory = async (db: D1Database): Promise<DirectoryRows> =>
  (await readWithClock(db)).rows

/** @returns also the database's own clock, in seconds since 1970 */
async function readWithClock(db: D1Database): Promise<{ rows: DirectoryRows; clock: number }> {
  const d1 = drizzle(db)
  const [
    versions,
    centers,
    institutions,
    keys,
    epochs,
    routes,
    corridors,
    rates,
    switches,
    limits,
    allowances,
  ] = await d1.batch([
    d1
      .select({ version: table.directoryVersion.version, clock: sql<number>`${CLOCK}` })
      .from(table.directoryVersion),
    d1.select().from(table.centers),
    d1.select().from(table.institutions),
    d1.select().from(table.institutionKeys),
    d1.select().from(table.epochs),
    d1.select().from(table.codeRoutes),
    d1.select().from(table.corridors),
    d1.select().from(table.fxRates),
    d1.select().from(table.switches),
    d1.select().from(table.limits),
    d1.select().from(table.allowances),
  ])
  const rows = {
    version: versionIn(versions[0]),
    centers,
    institutions,
    keys,
    epochs,
    routes: routes.map(row => ({ ...row, market: row.market === '*' ? null : row.market })),
    corridors,
    rates,
    switches: switches.map(({ byTwo, ...row }) => (byTwo ? { ...row, byTwo } : row)),
    limits,
    allowances,
  }
  return { rows, clock: versions[0]?.clock ?? 0 }
}

/** The cheap question: one row read. */
export const readDirectoryVersion = async (db: D1Database): Promise<number> =>
  versionIn(await db.prepare('SELECT version FROM directory_version').first())

/**
 * Writes these changes if the directory is still at `expectedVersion`, and raises the version by one.
 * Changes are judged in order, each on what those before it made.
 *
 * Throws only when D1 fails; whether the change was written is then known by reading the version.
 */
export async function changeDirectory(
  db: D1Database,
  expectedVersion: number,
  changes: readonly DirectoryChange[],
  terms: ChangeTerms,
  write: Write = batch(db),
): Promise<ChangeOutcome> {
  const asked = Date.now()
  const { rows, clock } = await readWithClock(db)
  const { version } = rows
  if (version !== expectedVersion) return { ok: false, reason: 'version_moved', version }
  const fields = [...faultsOf(rows, changes, terms), ...(await keyFaults(changes))]
  if (fields.length > 0) return { ok: false, reason: 'change_invalid', version, fields }

  const d1 = drizzle(db)
  // The notice counts from when the epoch is in the database, so the database's clock says whether it is in time.
  const spareMs = timeToSpare(rows, changes, terms) - (Date.now() - asked)
  const inTime =
    spareMs === Number.POSITIVE_INFINITY ? sql`1` : sql`(${CLOCK} - ${clock}) * 1000 <= ${spareMs}`
  // D1 has no conditional transaction, so another version makes the first statement fail, and all with it.
  const guard = d1.update(table.directoryVersion).set({
    version: sql`CASE WHEN version = ${expectedVersion} AND ${inTime} THEN ${expectedVersion + 1} END`,
  })
  try {
    const statements: [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] = [
      guard,
      ...statementsOf(d1, changes),
    ]
    assert(statements.length <= STATEMENTS_MAX, `${statements.length} statements in one go`)
    await write(statements)
    return { ok: true, version: expectedVersion + 1 }
  } catch (error) {
    if (!isGuard(error)) throw error
    const now = await readDirectoryVersion(db)
    const reason = now === expectedVersion ? 'too_late' : 'version_moved'
    return { ok: false, reason, version: now }
  }
}

/** How long the write may take, so that every epoch that follows another one has its notice. */
function timeToSpare(
  { epochs }: DirectoryRows,
  changes: readonly DirectoryChange[],
  { now, by = Number.POSITIVE_INFINITY }: ChangeTerms,
): number {
  const members = new Set(epochs.map(({ institution }) => institution))
  const known = new Set(epochs.map(({ institution, epoch }) => `${institution} ${epoch}`))
  const latest = changes.flatMap(change => {
    if (!('put' in change) || change.put !== 'epoch') return []
    const { institution, epoch, from } = change.row
    const follows = members.has(institution) && !known.has(`${institution} ${epoch}`)
    return follows ? [Math.min(from - EPOCH_NOTICE_MS, by)] : []
  })
  return latest.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY) - now
}

const isGuard = (error: unknown): boolean =>
  error instanceof Error &&
  (error.message.includes('NOT NULL constraint failed: directory_version.version') ||
    isGuard(error.cause))

function versionIn(row: { version: number } | null | undefined): number {
  assert(row !== null && row !== undefined, 'the directory has a version')
  return row.version
}
