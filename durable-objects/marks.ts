/** The schema of a lane, and numbers it keeps by name: how far something has come. */
import type { Sql } from './sql.ts'

/** `saved`: up to which event the table of payments knows everything. `projected`: what the projection has. */
type Mark = 'schema' | 'saved' | 'projected'

/** The schema, oldest first; a lane runs those it has not run yet. Append only. */
const migrations = [
  // With a rowid: without one, a body of more than a kilobyte has a page of its own, and every change of it writes two.
  `CREATE TABLE payment (
     id   TEXT PRIMARY KEY,
     due  INTEGER,
     body TEXT NOT NULL
   ) STRICT`,
  // Partial, so that only payments with a live timer are in it: the index stays small for ever.
  'CREATE INDEX payment_due ON payment (due, id) WHERE due IS NOT NULL',
  `CREATE TABLE journal (
     last INTEGER PRIMARY KEY,
     body TEXT NOT NULL,
     hash BLOB NOT NULL
   ) STRICT`,
  // Ids that were cancelled before anything was opened under them.
  `CREATE TABLE bar (
     id   TEXT PRIMARY KEY,
     body TEXT NOT NULL
   ) STRICT, WITHOUT ROWID`,
  // Names of the journal's rows that speak of the payment, so that its timeline is read without a search.
  "ALTER TABLE payment ADD COLUMN rows TEXT NOT NULL DEFAULT ''",
  // Up to which event the table of payments knows everything; what comes later is in the journal alone.
  "INSERT INTO mark (name, value) SELECT 'saved', coalesce(max(last), 0) FROM journal",
] as const

export class Marks {
  readonly #sql: Sql

  /** Brings the lane to the newest schema. */
  constructor(sql: Sql) {
    this.#sql = sql
    sql.transaction(() => this.#migrate())
  }

  #migrate() {
    this.#sql.rows(
      'CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    )
    const done = this.get('schema')
    for (const statement of migrations.slice(done)) this.#sql.rows(statement)
    if (done < migrations.length) this.set('schema', migrations.length)
  }

  /** 0 for one that was never set. */
  get(name: Mark): number {
    return (
      this.#sql.rows<{ value: number }>('SELECT value FROM mark WHERE name = ?', name)[0]?.value ??
      0
    )
  }

  set(name: Mark, value: number) {
    this.#sql.rows(
      'INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    )
  }
}
