/** `node:sqlite` behind the lane's own interface. */
import { DatabaseSync } from 'node:sqlite'
import type { Sql } from '../../durable-objects/sql.ts'

export function memorySql(database = new DatabaseSync(':memory:')): Sql {
  return {
    rows: (query, ...values) => database.prepare(query).all(...(values as string[])) as never[],
    transaction(work) {
      database.exec('BEGIN')
      try {
        const result = work()
        database.exec('COMMIT')
        return result
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
  }
}
