/** The tiny face of SQLite that a lane needs: a Durable Object's storage has it, and so has `node:sqlite`. */

export type SqlValue = string | number | null | ArrayBuffer

export type SqlParameter = SqlValue | Uint8Array

export interface Sql {
  /** Runs one statement and gives its rows; everything is synchronous. */
  rows<Row extends Record<string, SqlValue>>(query: string, ...values: SqlParameter[]): Row[]
  /** Runs the work as one transaction; a throw inside rolls all of it back. */
  transaction<T>(work: () => T): T
}

/** A Durable Object's own database. */
export const sqlOf = (storage: DurableObjectStorage): Sql => ({
  rows: <Row extends Record<string, SqlValue>>(query: string, ...values: SqlParameter[]) =>
    storage.sql.exec<Row>(query, ...values).toArray(),
  transaction: work => storage.transactionSync(work),
})
