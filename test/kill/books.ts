/** The gateway's own books, read from the disk after everything has stopped. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { LaneFault } from '../../durable-objects/derive.ts'
import { auditLane } from '../../durable-objects/verify.ts'
import { unpackJson } from '../../src/domain/pack.ts'
import type { Payment, PaymentEvent } from '../../src/domain/payment.ts'
import { centers } from '../../src/local/gateway.ts'
import { memorySql } from '../durable-objects/sqlite.ts'

export interface Entry {
  readonly seq: number
  readonly paymentId: string
  readonly event: PaymentEvent
}

export interface LaneBook {
  /** The payments as its journal makes them; what the lane keeps besides must be the same. */
  readonly payments: ReadonlyMap<string, Payment>
  /** Its journal, oldest first, without what bars ids that were never opened. */
  readonly entries: readonly Entry[]
  /** Where the lane is not what its journal makes of it, or the journal's chain is broken. */
  readonly faults: readonly LaneFault[]
}

/** Every lane of every center under the box's folder. */
export const laneBooks = (folder: string): LaneBook[] =>
  centers.flatMap(center =>
    databases(join(homeOf(folder, center), 'do', `opencpg-${center}-Lane`)).flatMap(file =>
      reading(file, database => (has(database, 'journal') ? [laneBook(database)] : [])),
    ),
  )

/** One folder for the whole gateway, or one for each of its processes. */
function homeOf(folder: string, center: string): string {
  const own = join(folder, 'gateway', center)
  return existsSync(own) ? own : join(folder, 'gateway')
}

function laneBook(database: DatabaseSync): LaneBook {
  const entries: Entry[] = []
  const { faults, payments } = auditLane(memorySql(database), [], ({ seq, id, event }) => {
    if (event.type !== 'barred') entries.push({ seq, paymentId: id, event })
  })
  return { payments, entries, faults }
}

/** The payments as the projections of all centers keep them. */
export const projectedBooks = (folder: string): ReadonlyMap<string, Payment> =>
  new Map(
    [...new Set(centers.map(center => homeOf(folder, center)))]
      .flatMap(home => databases(join(home, 'd1/miniflare-D1DatabaseObject')))
      .flatMap(file =>
        reading(file, database => {
          const has = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'payments'").get()
          const rows = has && database.prepare('SELECT id, body FROM payments').all()
          return (rows ?? []).map(({ id, body }): [string, Payment] => [
            String(id),
            unpackJson<Payment>(String(body)),
          ])
        }),
      ),
  )

/** Consumer codes that were used, each with the payment that has it, of every wallet's codebooks. */
export const usedCodes = (folder: string): { token: string; paymentId: string }[] =>
  centers.flatMap(center =>
    databases(join(homeOf(folder, center), 'do', `opencpg-${center}-Codebook`)).flatMap(file =>
      reading(file, database =>
        has(database, 'code')
          ? database
              .prepare('SELECT token, used_by FROM code WHERE used_by IS NOT NULL')
              .all()
              .map(row => ({ token: String(row.token), paymentId: String(row.used_by) }))
          : [],
      ),
    ),
  )

/** An object that was killed while it was made has a file and nothing in it. */
const has = (database: DatabaseSync, table: string): boolean =>
  database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table) !== undefined

const databases = (folder: string): string[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))
    .map(name => join(folder, name))

function reading<T>(file: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return read(database)
  } finally {
    database.close()
  }
}

type Row = Readonly<Record<string, string | null>>

/** A member's book as it is on the disk, row by row. */
export interface MemberBook {
  readonly id: string
  readonly holds: readonly Row[]
  readonly orders: readonly Row[]
  readonly refunds: readonly Row[]
  readonly sales: readonly Row[]
}

export const memberBook = (folder: string, id: string): MemberBook =>
  reading(join(folder, 'members', `${id}.db`), database => {
    const all = (table: string) => database.prepare(`SELECT * FROM ${table}`).all() as Row[]
    return {
      id,
      holds: all('holds'),
      orders: all('orders'),
      refunds: all('refunds'),
      sales: all('sales'),
    }
  })
