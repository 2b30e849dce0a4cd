/** The directory in D1: read as one value, changed by compare-and-swap. */
import { sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { drizzle } from 'drizzle-orm/d1'
import type { DirectoryRows } from '../domain/directory.ts'
import type { FieldError } from '../domain/refusal.ts'
import { assert } from '../domain/result.ts'
import { type ChangeTerms, type DirectoryChange, faultsOf } from './directory-change.ts'
import { keyFaults } from './directory-key.ts'
import * as table from './directory-schema.ts'
import { statementOf } from './directory-statement.ts'

/** Changes written in one go: D1 takes a thousand statements from one invocation. */
export const CHANGES_MAX = 500

/** A change applies as a whole or not at all; `version` is the one now in force, to read and try again from. */
export type ChangeOutcome =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly reason: 'version_moved'; readonly version: number }
  | {
      readonly ok: false
      readonly reason: 'change_invalid'
      readonly version: number
      readonly fields: readonly FieldError[]
    }

/** All rows and their version, from one transaction. */
export async function readDirectory(db: D1Database): Promise<DirectoryRows> {
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
  ] = await d1.batch([
    d1.select().from(table.directoryVersion),
    d1.select().from(table.centers),
    d1.select().from(table.institutions),
    d1.select().from(table.institutionKeys),
    d1.select().from(table.epochs),
    d1.select().from(table.codeRoutes),
    d1.select().from(table.corridors),
    d1.select().from(table.fxRates),
    d1.select().from(table.switches),
    d1.select().from(table.limits),
  ])
  return {
    version: versionIn(versions[0]),
    centers,
    institutions,
    keys,
    epochs,
    routes: routes.map(row => ({ ...row, market: row.market === '*' ? null : row.market })),
    corridors,
    rates,
    switches,
    limits,
  }
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
): Promise<ChangeOutcome> {
  assert(changes.length <= CHANGES_MAX, `${changes.length} changes in one go`)
  const rows = await readDirectory(db)
  const { version } = rows
  if (version !== expectedVersion) return { ok: false, reason: 'version_moved', version }
  const fields = [...faultsOf(rows, changes, terms), ...(await keyFaults(changes))]
  if (fields.length > 0) return { ok: false, reason: 'change_invalid', version, fields }

  const d1 = drizzle(db)
  // D1 has no conditional transaction, so another version makes the first statement fail, and all with it.
  const guard = d1.update(table.directoryVersion).set({
    version: sql`CASE WHEN version = ${expectedVersion} THEN ${expectedVersion + 1} END`,
  })
  try {
    const statements: [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] = [
      guard,
      ...changes.map(change => statementOf(d1, change)),
    ]
    await d1.batch(statements)
    return { ok: true, version: expectedVersion + 1 }
  } catch (error) {
    if (!isGuard(error)) throw error
    return { ok: false, reason: 'version_moved', version: await readDirectoryVersion(db) }
  }
}

const isGuard = (error: unknown): boolean =>
  error instanceof Error &&
  (error.message.includes('NOT NULL constraint failed: directory_version.version') ||
    isGuard(error.cause))

function versionIn(row: { version: number } | null | undefined): number {
  assert(row !== null && row !== undefined, 'the directory has a version')
  return row.version
}
