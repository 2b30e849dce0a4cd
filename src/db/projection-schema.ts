/**
 * Tables of a center's projection. The lanes' journals are the truth; all of this can be made again from them.
 *
 * Rows written are what it costs, and each entry of an index is one, so every column and index here must pay
 * for itself. The generated SQL is completed by hand: every table is STRICT and WITHOUT ROWID. A test compares both.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/**
 * A payment as its lane last told of it: `body` is all of it, the columns are what lists ask for. Kept in the order of
 * its requester's list, so that this list needs no index; whoever looks for one payment says whose it is and when it
 * was opened, which never change.
 */
export const payments = sqliteTable(
  'payments',
  {
    id: text().notNull(),
    version: integer().notNull(),
    requester: text().notNull(),
    responder: text().notNull(),
    openedAt: integer('opened_at').notNull(),
    requestId: text('request_id').notNull(),
    status: text().notNull(),
    /** S, F or U. */
    result: text().notNull(),
    payerMarket: text('payer_market').notNull(),
    payeeMarket: text('payee_market').notNull(),
    scenario: text().notNull(),
    family: text().notNull(),
    /** The payment, packed. */
    body: text().notNull(),
  },
  table => [
    primaryKey({ columns: [table.requester, table.openedAt, table.id] }),
    // Never updated: whose payment it is and when it was opened are fixed, so it costs one row, once.
    index('payments_of_responder').on(table.responder, table.openedAt, table.id),
  ],
)

/**
 * What an institution has not heard yet, in the order in which it became known here. One row holds all events
 * that one run of one lane brought for one institution, so a busy lane costs no more rows than a quiet one.
 */
export const feed = sqliteTable(
  'feed',
  {
    institution: text().notNull(),
    /** Grows with each row of an institution; milliseconds since 1970 at the least, so that it outlives the table. */
    position: integer().notNull(),
    lane: text().notNull(),
    /** Whose payments they are: a lane has those of one requester. */
    requester: text().notNull(),
    /** JSON: `[[seq, type, at, paymentId, openedAt], …]`, oldest first. */
    events: text().notNull(),
  },
  table => [primaryKey({ columns: [table.institution, table.position] })],
)

/** Duties that their owner has not acknowledged for long; gone once it has. Few, so its own index costs little. */
export const deadLetters = sqliteTable(
  'dead_letters',
  {
    payment: text().notNull(),
    duty: text().notNull(),
    institution: text().notNull(),
    /** The refund it is about, or nothing: a primary key holds no NULL. */
    about: text().notNull(),
    since: integer().notNull(),
    attempts: integer().notNull(),
  },
  table => [
    primaryKey({ columns: [table.payment, table.duty, table.institution, table.about] }),
    index('dead_letters_of_institution').on(table.institution, table.since),
  ],
)

/**
 * Up to which `seq` a lane's journal has been projected, without a gap; up to which and when it was anchored; and up to
 * which it is archived, and when it is next looked at for that.
 */
export const laneProgress = sqliteTable('lane_progress', {
  lane: text().primaryKey(),
  seq: integer().notNull(),
  anchoredSeq: integer('anchored_seq').notNull().default(0),
  anchoredAt: integer('anchored_at').notNull().default(0),
  archivedSeq: integer('archived_seq').notNull().default(0),
  archiveAt: integer('archive_at').notNull().default(0),
})

/** Anchors of this center's lanes, and of those of the center whose witness it is. */
export const anchors = sqliteTable(
  'anchors',
  {
    center: text().notNull(),
    number: integer().notNull(),
    at: integer().notNull(),
    /** JSON: `[[lane, seq, hash], …]`. */
    heads: text().notNull(),
    hash: text().notNull(),
  },
  table => [primaryKey({ columns: [table.center, table.number] })],
)
