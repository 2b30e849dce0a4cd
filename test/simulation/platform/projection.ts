/** A center's D1 behind a network: away at times, refusing at times, and sometimes it stores and cannot say so. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { openD1 } from '../../db/d1.ts'
import type { Stretch } from '../faults.ts'
import type { World } from '../world.ts'

/** One round trip. */
const TRIP_MS = 5

export interface Projection {
  /** As the consumer sees it. */
  readonly d1: D1Database
  /** As it is. */
  readonly sqlite: DatabaseSync
}

export function openProjection(number: number, away: readonly Stretch[], world: World): Projection {
  const { d1, sqlite } = openD1('center')
  prepareOnce(sqlite)
  const { agenda, chaos } = world
  const isAway = () => away.some(({ from, until }) => agenda.now >= from && agenda.now < until)
  const faulty = {
    prepare: (sql: string) => d1.prepare(sql),
    async batch(statements: D1PreparedStatement[]) {
      await agenda.pause(TRIP_MS)
      if (isAway() || chaos.strikes('write failed', number)) throw new Error('D1 is away')
      const results = await d1.batch(statements)
      if (chaos.strikes('write unheard', number)) throw new Error('D1 did not answer')
      return results
    },
  }
  return { d1: faulty as unknown as D1Database, sqlite }
}

/** The adapter prepares anew for each call, which is most of its cost. */
function prepareOnce(sqlite: DatabaseSync) {
  const prepare = sqlite.prepare.bind(sqlite)
  const known = new Map<string, StatementSync>()
  sqlite.prepare = sql => {
    const statement = known.get(sql) ?? prepare(sql)
    known.set(sql, statement)
    return statement
  }
}
