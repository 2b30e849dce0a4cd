/** D1's interface over node:sqlite, as far as `src/db` uses it: the real SQL runs without a Worker. */
import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/** Prepared once for each text, as D1 itself does. */
type Prepare = (sql: string) => StatementSync

class Statement {
  readonly #prepare: Prepare
  readonly #sql: string
  readonly #values: readonly SQLInputValue[]

  constructor(prepare: Prepare, sql: string, values: readonly SQLInputValue[] = []) {
    this.#prepare = prepare
    this.#sql = sql
    this.#values = values
  }

  bind(...values: SQLInputValue[]) {
    if (values.some(value => typeof value === 'bigint')) throw new Error('D1 binds no bigint')
    if (values.length > 100) throw new Error('D1 binds at most 100 values')
    return new Statement(this.#prepare, this.#sql, values)
  }

  now() {
    if (this.#sql.length > 100_000) throw new Error('D1 takes statements of at most 100 KB')
    // D1 numbers a repeated ?1 as one parameter, and so does SQLite.
    const results = this.#prepare(this.#sql).all(...this.#values)
    return { success: true, results, meta: {} }
  }

  async all() {
    return this.now()
  }

  async run() {
    return this.now()
  }

  async first() {
    return this.now().results[0] ?? null
  }

  async raw() {
    return this.now().results.map(row => Object.values(row))
  }
}

/** An empty database with the migrations of `migrations/<folder>` applied. */
export function openD1(folder: 'directory' | 'center'): { d1: D1Database; sqlite: DatabaseSync } {
  const sqlite = new DatabaseSync(':memory:')
  for (const sql of migrationsOf(folder)) sqlite.exec(sql)
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string) => {
    const known = prepared.get(sql) ?? sqlite.prepare(sql)
    prepared.set(sql, known)
    return known
  }
  const [begin, commit] = ['BEGIN IMMEDIATE', 'COMMIT'].map(sql => sqlite.prepare(sql))
  const d1 = {
    prepare: (sql: string) => new Statement(prepare, sql),
    async batch(statements: readonly Statement[]) {
      begin?.run()
      try {
        const results = statements.map(statement => statement.now())
        commit?.run()
        return results
      } catch (error) {
        sqlite.exec('ROLLBACK')
        throw error
      }
    },
  }
  return { d1: d1 as unknown as D1Database, sqlite }
}

export const migrationsOf = (folder: string): string[] =>
  readdirSync(`migrations/${folder}`)
    .filter(name => name.endsWith('.sql'))
    .sort()
    .map(name => readFileSync(`migrations/${folder}/${name}`, 'utf8'))
