/**
 * A member's own durable book: what it holds, what it accepted, which notices it has acted on.
 * One SQLite file; with write-ahead logging a commit survives the death of the process.
 */
import { DatabaseSync } from 'node:sqlite'
import { Holds } from './holds.ts'
import { Orders } from './orders.ts'
import { Refunds } from './refunds.ts'

export interface Book {
  readonly holds: Holds
  readonly orders: Orders
  readonly refunds: Refunds
  close(): void
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS holds (
    request_id TEXT PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    payment_id TEXT NOT NULL UNIQUE,
    requested_at TEXT NOT NULL,
    currency TEXT NOT NULL,
    minor TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('held', 'captured', 'released', 'returned')),
    changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS orders (
    payment_id TEXT PRIMARY KEY,
    order_id TEXT,
    merchant_id TEXT,
    sale TEXT,
    minor TEXT,
    state TEXT NOT NULL CHECK (state IN ('offered', 'accepted', 'refused', 'delivered', 'voided', 'reversed')),
    reference TEXT,
    code TEXT,
    changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS refunds (
    refund_id TEXT PRIMARY KEY,
    payment_id TEXT NOT NULL,
    minor TEXT NOT NULL,
    reference TEXT NOT NULL,
    given_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS refunds_of_payment ON refunds (payment_id);
  CREATE TABLE IF NOT EXISTS sales (
    reference TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL,
    minor TEXT NOT NULL,
    paid_by TEXT
  ) STRICT, WITHOUT ROWID;
`

/** @param file a path, or `:memory:` */
export function openBook(file: string): Book {
  const database = new DatabaseSync(file)
  database.exec(schema)
  return {
    holds: new Holds(database),
    orders: new Orders(database),
    refunds: new Refunds(database),
    close: () => database.close(),
  }
}
