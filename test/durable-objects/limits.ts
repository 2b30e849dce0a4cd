/** A lane's limits as they are where its institutions have none: nobody is asked for anything. */
import { Draws } from '../../durable-objects/draws.ts'
import type { Journal } from '../../durable-objects/journal.ts'
import { Purse } from '../../durable-objects/purse.ts'
import type { Limits } from '../../durable-objects/sequencer.ts'
import type { Sql } from '../../durable-objects/sql.ts'

export function noLimits(sql: Sql, journal: Journal): Limits {
  const never = () => {
    throw new Error('a lender is asked although there is no limit')
  }
  const purse = new Purse(sql, journal, () => 0)
  const draws = new Draws('lane', purse, {
    now: () => 0,
    pause: () => new Promise(() => undefined),
    draw: never,
    arm: never,
    after: never,
    failed: never,
  })
  return { purse, draws }
}
