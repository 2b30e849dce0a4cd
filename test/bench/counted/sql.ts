/** In the place of `durable-objects/sql.ts`: the same, and counts the rows that it writes as the platform does. */
import type { Sql, SqlParameter, SqlValue } from '../../../durable-objects/sql.ts'
import { count } from './count.ts'

export type { Sql, SqlParameter, SqlValue }

export const sqlOf = (storage: DurableObjectStorage): Sql => ({
  rows: <Row extends Record<string, SqlValue>>(query: string, ...values: SqlParameter[]) => {
    const cursor = storage.sql.exec<Row>(query, ...values)
    const rows = cursor.toArray()
    count('rows', cursor.rowsWritten)
    return rows
  },
  transaction: work => storage.transactionSync(work),
})
