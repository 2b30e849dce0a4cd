/** Changes of the directory as statements. */
import { and, eq, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { Epoch } from '../domain/institution.ts'
import type { DirectoryChange } from './directory-change.ts'
import * as table from './directory-schema.ts'

/** Changes as statements, in order. Epochs that stand beside each other are one: a lost center moves thousands. */
export function statementsOf(
  d1: DrizzleD1Database,
  changes: readonly DirectoryChange[],
): BatchItem<'sqlite'>[] {
  const statements: BatchItem<'sqlite'>[] = []
  for (let at = 0; at < changes.length; ) {
    const epochs = epochsFrom(changes, at)
    if (epochs.length > 0) statements.push(putEpochs(d1, epochs))
    else statements.push(statementOf(d1, changes[at] as DirectoryChange))
    at += Math.max(epochs.length, 1)
  }
  return statements
}

const statementOf = (d1: DrizzleD1Database, change: DirectoryChange): BatchItem<'sqlite'> =>
  'put' in change ? put(d1, change) : drop(d1, change)

function epochsFrom(changes: readonly DirectoryChange[], at: number): Epoch[] {
  const epochs: Epoch[] = []
  for (const change of changes.slice(at, at + EPOCHS_MAX)) {
    if (!('put' in change) || change.put !== 'epoch') break
    epochs.push(change.row)
  }
  return epochs
}

/** Rows of one statement: as JSON well below the 2 MB that a value may have. */
const EPOCHS_MAX = 5_000

/** One value however many rows, because D1 binds only a hundred. What is there already stays as it is. */
const putEpochs = (d1: DrizzleD1Database, rows: readonly Epoch[]): BatchItem<'sqlite'> =>
  d1
    .insert(table.epochs)
    .select(
      sql`SELECT value ->> 'institution', value ->> 'epoch', value ->> 'from', value ->> 'center', value ->> 'lanes',
        value ->> 'home' FROM json_each(${JSON.stringify(rows)}) WHERE true`,
    )
    .onConflictDoNothing()

/** What a center is that says no more of itself. */
const usualCenter = {
  since: 0,
  status: 'up',
  statusSince: 0,
  standby: null,
  pinned: false,
} as const

/** The whole row is written, so that putting one again makes no difference. */
function put(
  d1: DrizzleD1Database,
  change: Extract<DirectoryChange, { put: string }>,
): BatchItem<'sqlite'> {
  switch (change.put) {
    case 'center': {
      const row = { ...usualCenter, ...change.row }
      return d1
        .insert(table.centers)
        .values(row)
        .onConflictDoUpdate({ target: table.centers.id, set: row })
    }
    case 'institution': {
      const { row } = change
      return d1
        .insert(table.institutions)
        .values(row)
        .onConflictDoUpdate({ target: table.institutions.id, set: row })
    }
    case 'key': {
      const { row } = change
      return d1
        .insert(table.institutionKeys)
        .values(row)
        .onConflictDoUpdate({ target: table.institutionKeys.id, set: row })
    }
    case 'epoch':
      return putEpochs(d1, [change.row])
    case 'route': {
      const row = { ...change.row, market: stored(change.row.market) }
      const { family, market, key, institution } = table.codeRoutes
      return d1
        .insert(table.codeRoutes)
        .values(row)
        .onConflictDoUpdate({ target: [family, market, key, institution], set: row })
    }
    case 'corridor': {
      const { row } = change
      const { payerMarket, payeeMarket } = table.corridors
      return d1
        .insert(table.corridors)
        .values(row)
        .onConflictDoUpdate({ target: [payerMarket, payeeMarket], set: row })
    }
    case 'rate': {
      const { row } = change
      const { provider, base, counter } = table.fxRates
      return d1
        .insert(table.fxRates)
        .values(row)
        .onConflictDoUpdate({ target: [provider, base, counter], set: row })
    }
    case 'switch': {
      const row = { byTwo: false, ...change.row }
      const { subject, name } = table.switches
      return d1
        .insert(table.switches)
        .values(row)
        .onConflictDoUpdate({ target: [subject, name], set: row })
    }
    case 'limit': {
      const { row } = change
      const { institution, scope, kind, from } = table.limits
      return d1
        .insert(table.limits)
        .values(row)
        .onConflictDoUpdate({ target: [institution, scope, kind, from], set: row })
    }
    case 'allowance': {
      const { row } = change
      const { corridor, kind, from } = table.allowances
      return d1
        .insert(table.allowances)
        .values(row)
        .onConflictDoUpdate({ target: [corridor, kind, from], set: row })
    }
  }
}

function drop(
  d1: DrizzleD1Database,
  change: Extract<DirectoryChange, { drop: string }>,
): BatchItem<'sqlite'> {
  switch (change.drop) {
    case 'route': {
      const { family, market, key, institution } = table.codeRoutes
      const { row } = change
      const one = and(
        eq(family, row.family),
        eq(market, stored(row.market)),
        eq(key, row.key),
        eq(institution, row.institution),
      )
      return d1.delete(table.codeRoutes).where(one)
    }
    case 'rate': {
      const { provider, base, counter } = table.fxRates
      const { row } = change
      const one = and(eq(provider, row.provider), eq(base, row.base), eq(counter, row.counter))
      return d1.delete(table.fxRates).where(one)
    }
    case 'switch': {
      const { subject, name } = table.switches
      const one = and(eq(subject, change.row.subject), eq(name, change.row.name))
      return d1.delete(table.switches).where(one)
    }
    case 'limit': {
      const { institution, scope, kind, from } = table.limits
      const { row } = change
      const one = and(
        eq(institution, row.institution),
        eq(scope, row.scope),
        eq(kind, row.kind),
        eq(from, row.from),
      )
      return d1.delete(table.limits).where(one)
    }
    case 'allowance': {
      const { corridor, kind, from } = table.allowances
      const { row } = change
      const one = and(eq(corridor, row.corridor), eq(kind, row.kind), eq(from, row.from))
      return d1.delete(table.allowances).where(one)
    }
  }
}

const stored = (market: string | null): string => market ?? '*'
