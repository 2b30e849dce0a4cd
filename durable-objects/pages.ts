/**
 * Pages: named texts that outlive an object's memory, each written as a whole. A row holds two megabytes at the most,
 * so a long text lies in several parts.
 */
import type { Sql } from './sql.ts'

/** Characters of one part; a character may be three bytes long. */
const PART = 500_000

const schema = `CREATE TABLE IF NOT EXISTS page (
  name TEXT NOT NULL,
  part INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (name, part)
) STRICT, WITHOUT ROWID`

export class Pages {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.rows(schema)
  }

  get<T>(name: string): T | null {
    const rows = this.#sql.rows<{ body: string }>(
      'SELECT body FROM page WHERE name = ? ORDER BY part',
      name,
    )
    return rows.length === 0 ? null : JSON.parse(rows.map(({ body }) => body).join(''))
  }

  /** Call inside a transaction, so that no reader meets parts of two writings. */
  put(name: string, value: unknown) {
    const text = JSON.stringify(value)
    const parts = Math.max(Math.ceil(text.length / PART), 1)
    for (let part = 0; part < parts; part += 1) {
      this.#sql.rows(
        'INSERT INTO page (name, part, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
        name,
        part,
        text.slice(part * PART, (part + 1) * PART),
      )
    }
    this.#sql.rows('DELETE FROM page WHERE name = ? AND part >= ?', name, parts)
  }

  /** Names from `from` up to and without `until`, in order. */
  names(from: string, until: string): readonly string[] {
    return this.#sql
      .rows<{ name: string }>(
        'SELECT name FROM page WHERE part = 0 AND name >= ? AND name < ? ORDER BY name',
        from,
        until,
      )
      .map(({ name }) => name)
  }

  drop(from: string, until: string) {
    this.#sql.rows('DELETE FROM page WHERE name >= ? AND name < ?', from, until)
  }

  transaction<T>(work: () => T): T {
    return this.#sql.transaction(work)
  }
}
