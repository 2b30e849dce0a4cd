/** What one payment writes, on a real object and exactly: the baseline is kept beside the bench, and moves only on purpose. */
import { reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { Journal } from '../../durable-objects/journal.ts'
import { Sequencer } from '../../durable-objects/sequencer.ts'
import { type Sql, sqlOf } from '../../durable-objects/sql.ts'
import type { Message } from '../../src/domain/payment.ts'
import type { CenterEnv } from '../../src/env.ts'
import baseline from '../bench/baseline.json'
import { terms } from '../domain/terms.ts'
import { noLimits } from '../durable-objects/limits.ts'

const { LANE } = env as unknown as CenterEnv
const idOf = (n: number) => `pay_${String(n).padStart(32, '0')}`
/** A payment from its opening to the last acknowledgement. */
const life = (n: number): readonly Message[] => [
  {
    kind: 'open',
    terms: { ...terms, paymentId: idOf(n), requestId: `purchase-${n}` },
    bodyHash: `body-${n}`,
    hold: { reference: `hold-${n}`, key: 'k' },
  },
  { kind: 'answer', verdict: { said: 'accepted', reference: 'r', key: 'k' } },
  { kind: 'acknowledge', duty: 'deliver_receipt', owner: terms.responder },
]

interface Written {
  rows: number
  characters: number
}

const isRow = /^\s*(?:INSERT|UPDATE|DELETE)/

/** Counts as the platform bills: entries of indexes are rows, too. */
function counting(storage: DurableObjectStorage, written: Written): Sql {
  return {
    ...sqlOf(storage),
    rows: (query, ...values) => {
      const cursor = storage.sql.exec(query, ...values)
      const rows = cursor.toArray()
      written.rows += cursor.rowsWritten
      if (isRow.test(query)) {
        for (const value of values)
          if (typeof value === 'string') written.characters += value.length
      }
      return rows as never
    },
  }
}

describe('what a payment writes in its lane', () => {
  beforeEach(() => reset())

  const write = (payments: number) =>
    runInDurableObject(LANE.getByName('cost'), async (_, { storage }) => {
      const written: Written = { rows: 0, characters: 0 }
      await storage.deleteAll()
      const sql = counting(storage, written)
      const journal = new Journal(sql)
      const purses = noLimits(sql, journal)
      const sequencer = new Sequencer(
        journal,
        {
          now: () => 1_000_000,
          pause: () => Promise.resolve(),
          arm: () => undefined,
          send: () => undefined,
          committed: () => undefined,
          failed: what => {
            throw new Error(what)
          },
          standing: () => 'in_force',
        },
        purses,
      )
      Object.assign(written, { rows: 0, characters: 0 })
      const lives = Array.from({ length: payments }, (_, n) => life(n))
      for (const step of life(0).keys()) {
        const results = await Promise.all(
          lives.map((messages, n) => sequencer.submit(idOf(n), messages[step] as Message)),
        )
        expect(results.every(({ ok }) => ok)).toBe(true)
      }
      return written
    })

  it('alone', async () => {
    expect(await write(1)).toEqual(baseline.lane.alone)
  })

  it('in company of thirty-one others', async () => {
    expect(await write(32)).toEqual(baseline.lane.thirtyTwo)
  })
})
