/** Books that can be verified: lanes with their databases, projections, anchors and keys, wherever they come from. */
import { DatabaseSync } from 'node:sqlite'
import type { Sql } from '../../../durable-objects/sql.ts'
import type { Read } from '../../db/projected.ts'
import { type PaymentPlace, placeOf } from '../../domain/payment-id.ts'
import type { VerifyingKey } from '../../trust/keys.ts'
import type { AnchorCopy } from './anchors.ts'
import type { MemberKey } from './keys.ts'

export interface LaneBook {
  readonly file: string
  /** Null where nothing in it tells. */
  readonly place: PaymentPlace | null
  /** Whether what the lane keeps beside its journal is there. */
  readonly extent: 'whole' | 'journal'
  /** Its database at one moment: what is written meanwhile is not seen. */
  open(): { readonly sql: Sql; close(): void }
}

/**
 * One center. A gateway may be writing all the while, so what depends on something else is read after it: each reading
 * here is made when it is asked for.
 */
export interface CenterBook {
  readonly center: string
  /** Whether all of its lanes are here, so that one that is not is missing. */
  readonly whole: boolean
  /** Null where it is not at hand. */
  readonly projection: Read | null
  copies(): readonly AnchorCopy[]
  lanes(): readonly LaneBook[]
}

export interface Books {
  readonly centers: readonly CenterBook[]
  readonly memberKeys: readonly MemberKey[]
  readonly gatewayKeys: readonly VerifyingKey[]
  close(): void
}

/** Sees what a running gateway has committed, and holds it up in nothing. */
export const openReadOnly = (file: string): DatabaseSync =>
  new DatabaseSync(file, { readOnly: true })

export const sqlOf = (database: DatabaseSync): Sql => ({
  rows: (query, ...values) => database.prepare(query).all(...(values as string[])) as never[],
  transaction: work => work(),
})

export const readOf =
  (database: DatabaseSync): Read =>
  (query, ...values) =>
    database.prepare(query).all(...values) as never[]

// biome-ignore format: a table is read by column
const naming = [['journal', 'body'], ['payment', 'id'], ['bar', 'id']] as const

/** Any id in the lane names its place. */
export function placeIn(database: DatabaseSync): PaymentPlace | null {
  for (const [table, column] of naming) {
    if (!hasTable(database, table)) continue
    const row = database.prepare(`SELECT ${column} AS text FROM ${table} LIMIT 1`).get()
    const place = placeOf(/pay_[0-9a-z]{32}/.exec(String(row?.text))?.[0] ?? '')
    if (place !== null) return place
  }
  return null
}

export const hasTable = (database: DatabaseSync, name: string): boolean =>
  database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !==
  undefined
