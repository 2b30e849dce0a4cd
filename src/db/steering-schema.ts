/**
 * Tables of what the staff does: changes and plans, and the audit chain. They live in the directory's database, so
 * that a change, its record and its audit entry are one transaction.
 *
 * The generated SQL is completed by hand: every table is STRICT and WITHOUT ROWID. A test compares both.
 */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Change } from '../domain/change.ts'

/** One entry of the chain. Never updated, never deleted. */
export const audit = sqliteTable('audit', {
  seq: integer().primaryKey(),
  at: integer().notNull(),
  actor: text().notNull(),
  actorName: text('actor_name').notNull(),
  /** Separated by spaces. */
  roles: text().notNull(),
  action: text().notNull(),
  subject: text().notNull(),
  outcome: text().notNull(),
  detail: text().notNull(),
  request: text().notNull(),
  hash: text().notNull(),
})

/** A change: `body` is all of it, the columns are what is asked for and what must not move. */
export const changes = sqliteTable(
  'changes',
  {
    id: text().primaryKey(),
    at: integer().notNull(),
    status: text().$type<Change['status']>().notNull(),
    /** The change, packed. */
    body: text().notNull(),
  },
  table => [index('changes_by_time').on(table.at)],
)

export const plans = sqliteTable('plans', {
  name: text().primaryKey(),
  /** Raised with every save; whoever saves says which one it has seen. */
  revision: integer().notNull(),
  /** The plan, packed. */
  body: text().notNull(),
})
