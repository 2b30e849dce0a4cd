/** A projection from before payments were kept by requester is, once migrated, the one that is written today. */
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { project } from '../../src/db/projection.ts'
import { migrationsOf, openD1 } from './d1.ts'
import { aborted, committed, doubted, Lane, T0 } from './lane.ts'

const MIGRATION = 4

const COLUMNS =
  'id, version, requester, responder, opened_at, request_id, status, result, payer_market, payee_market, scenario, family, body'

const stored = (sqlite: DatabaseSync) => ({
  payments: sqlite.prepare(`SELECT ${COLUMNS} FROM payments ORDER BY id`).all(),
  feed: sqlite.prepare('SELECT * FROM feed ORDER BY institution, position').all(),
  indexes: sqlite.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index'").all(),
})

it('a projection of before has all of its payments and events, in their order', async () => {
  const { d1, sqlite } = openD1('center')
  const [one, other] = [new Lane('wallet-th', 1, 0), new Lane('wallet-my', 2, 0)]
  for (let made = 0; made < 12; made += 1) one.tell(one.open(T0 + made), doubted)
  const [first, second] = [one.open(T0 + 99), other.open(T0 + 5, { responder: 'wallet-my' })]
  one.tell(first, committed)
  other.tell(second, aborted)
  for (const run of [one.run(1, 7), one.run(8), other.run()]) await project(d1, run, T0)

  const before = new DatabaseSync(':memory:')
  const migrations = migrationsOf('center')
  for (const sql of migrations.slice(0, MIGRATION)) before.exec(sql)
  const now = stored(sqlite)
  const put = before.prepare(`INSERT INTO payments VALUES (${COLUMNS.replaceAll(/\w+/g, '?')})`)
  for (const row of now.payments) put.run(...Object.values(row))
  for (const { institution, position, lane, events } of now.feed) {
    const known = (JSON.parse(String(events)) as unknown[][]).map(event => event.slice(0, 4))
    before
      .prepare('INSERT INTO feed VALUES (?, ?, ?, ?)')
      .run(institution ?? null, position ?? null, lane ?? null, JSON.stringify(known))
  }
  expect(stored(before)).not.toEqual(now)
  for (const sql of migrations.slice(MIGRATION)) before.exec(sql)
  expect(now.payments).toHaveLength(14)
  expect(now.feed).toHaveLength(5)
  expect(stored(before)).toEqual(now)
})
