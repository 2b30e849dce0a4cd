/**
 * Open payments in the lanes of a gateway that is down: opened by the lane's own code in the lane's own database, under
 * ids of that very lane, so that journal, timers and table are as if their requests had come in.
 */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Journal } from '../../durable-objects/journal.ts'
import { Sequencer } from '../../durable-objects/sequencer.ts'
import type { Sql } from '../../durable-objects/sql.ts'
import { unpackJson } from '../../src/domain/pack.ts'
import type { Message, Payment } from '../../src/domain/payment.ts'
import { laneOf, paymentId, placeOf } from '../../src/domain/payment-id.ts'
import { assert } from '../../src/domain/result.ts'
import { noLimits } from '../durable-objects/limits.ts'

/** As many as a lane commits in one go. */
const GROUP = 256

export interface Fill {
  /** The lanes' databases. */
  readonly files: readonly string[]
  readonly payments: number
  /** They are opened evenly between these instants, in milliseconds since 1970. */
  readonly from: number
  readonly until: number
}

/** Databases of the lanes of a center that have paid something: others were only asked. */
export function lanesIn(folder: string, center: string): readonly string[] {
  const objects = join(folder, 'gateway/do', `opencpg-${center}-Lane`)
  return readdirSync(objects)
    .filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))
    .map(name => join(objects, name))
    .filter(file => {
      const database = new DatabaseSync(file)
      const [row] = database.prepare('SELECT 1 AS one FROM payment LIMIT 1').all()
      database.close()
      return row !== undefined
    })
}

/** They must be all the lanes of one institution; each has a payment already, which the new ones are like. */
export async function fillOpen({ files, payments, from, until }: Fill) {
  const lanes = files.length
  const each = Math.ceil(payments / lanes)
  for (const file of files) {
    const database = new DatabaseSync(file)
    try {
      database.exec('PRAGMA synchronous = OFF')
      await openMany(fileSql(database), { each, lanes, from, until })
    } finally {
      database.close()
    }
  }
}

type Many = Pick<Fill, 'from' | 'until'> & { readonly each: number; readonly lanes: number }

async function openMany(sql: Sql, { each, lanes, from, until }: Many) {
  const [row] = sql.rows<{ body: string }>('SELECT body FROM payment LIMIT 1')
  assert(row !== undefined, 'a lane to be filled has a payment')
  const model = unpackJson<Payment>(row.body)
  const journal = new Journal(sql)
  let now = from
  const broken = (_what: string, error: unknown) => {
    throw error
  }
  const sequencer = new Sequencer(
    journal,
    {
      now: () => now,
      pause: () => Promise.resolve(),
      arm: () => undefined,
      // Nobody is asked: the gateway dies before.
      send: () => undefined,
      committed: () => undefined,
      failed: broken,
      standing: () => 'in_force',
    },
    noLimits(sql, journal),
  )
  for (let made = 0; made < each; made += GROUP) {
    now = Math.round(from + ((until - from) * made) / each)
    const count = Math.min(GROUP, each - made)
    const group = Array.from({ length: count }, (_, n) => opening(model, made + n, lanes, now))
    const results = await Promise.all(
      group.map(message => sequencer.submit(message.terms.paymentId, message)),
    )
    assert(
      results.every(({ ok }) => ok),
      'every payment is opened',
    )
  }
}

/** Another request of the same requester, which the same lane serves. */
function opening(model: Payment, number: number, lanes: number, now: number): Opening {
  const place = placeOf(model.terms.paymentId)
  assert(place !== null, 'a payment in a table has an id')
  for (let attempt = 0; ; attempt += 1) {
    const requestId = `open-${place.lane}-${number}-${attempt}`
    const hash = createHash('sha256').update(`${model.terms.requester}\n${requestId}`).digest()
    if (laneOf(hash, lanes) !== place.lane) continue
    const own = { requestId, paymentId: paymentId(place, hash), requestedAt: now }
    const terms = { ...model.terms, ...own, expiresAt: now + 300_000 }
    const bodyHash = model.bodyHash.slice(0, -8) + number.toString(16).padStart(8, '0')
    return { kind: 'open', terms, bodyHash, hold: model.hold }
  }
}

type Opening = Extract<Message, { kind: 'open' }>

/** `node:sqlite` behind the lane's interface, its statements compiled once: a hundred thousand payments use each of them. */
function fileSql(database: DatabaseSync): Sql {
  const compiled = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  const statement = (query: string) => {
    const known = compiled.get(query) ?? database.prepare(query)
    compiled.set(query, known)
    return known
  }
  return {
    rows: (query, ...values) => statement(query).all(...(values as SQLInputValue[])) as never[],
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
