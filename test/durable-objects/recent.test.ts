/** A lane remembers what it touched last. Whatever it remembers, the disk must say, too. */
import { describe, expect, it } from 'vitest'
import { Journal } from '../../durable-objects/journal.ts'
import type { Sql } from '../../durable-objects/sql.ts'
import type { LaneBatch } from '../../src/domain/lane-batch.ts'
import { apply, type Payment, type PaymentEvent } from '../../src/domain/payment.ts'
import { readLaneBatch } from '../../src/queues/lane-batch.ts'
import { terms } from '../domain/terms.ts'
import { memorySql } from './sqlite.ts'

const idOf = (n: number) => `pay_${String(n).padStart(32, '0')}`
const opened = (n: number): PaymentEvent => ({
  type: 'opened',
  at: n,
  terms: { ...terms, paymentId: idOf(n) },
  bodyHash: 'b',
  hold: { reference: 'h', key: 'k' },
})
const doubted: PaymentEvent = { type: 'doubted', at: 9 }

function record(journal: Journal, before: Payment | null, ...events: PaymentEvent[]): Payment {
  const payment = events.reduce<Payment | null>(apply, before) as Payment
  journal.transaction(() => journal.record([{ payment, events }]))
  return payment
}

/** Everything that the journal tells, run by run. */
function toldBy(journal: Journal): readonly LaneBatch[] {
  const runs: LaneBatch[] = []
  for (let after = 0; ; after = runs.at(-1)?.to ?? 0) {
    const run = journal.run(after, 'hk', '7:1:0')
    if (run === null) return runs
    runs.push(readLaneBatch(run.text)!)
    expect(runs.at(-1)).toMatchObject({ from: after + 1, to: run.to })
  }
}

/** More than a lane remembers, and a bar among it. */
const LIVES = 400

function lived(sql: Sql): Journal {
  const journal = new Journal(sql)
  for (let n = 1; n <= LIVES; n += 1) record(journal, null, opened(n))
  const bar = { type: 'barred', at: 1, requestId: 'c' } as const
  journal.transaction(() => journal.record([], new Map([[idOf(999), bar]])))
  for (const n of [1, LIVES]) record(journal, journal.load(idOf(n)), doubted)
  return journal
}

describe('what a lane remembers', () => {
  it('is what its disk says: payments, and everything it tells', () => {
    const sql = memorySql()
    const warm = lived(sql)
    const cold = new Journal(sql)
    for (let n = 0; n <= LIVES; n += 1) expect(warm.load(idOf(n))).toEqual(cold.load(idOf(n)))
    expect(toldBy(warm)).toEqual(toldBy(cold))
    // From where the memory begins it tells the same as from the disk.
    const tail = (journal: Journal) => journal.run(journal.seq - 5, 'hk', '7:1:0')?.text
    expect(tail(warm)).toBe(tail(new Journal(sql)))
    expect(readLaneBatch(tail(warm))!.entries).toHaveLength(5)
  })

  it('is forgotten with a commit that failed', () => {
    const sql = memorySql()
    const journal = new Journal(sql)
    const payment = record(journal, null, opened(1))
    expect(() =>
      journal.transaction(() => {
        journal.record([{ payment: apply(payment, doubted), events: [doubted] }])
        throw new Error('disk full')
      }),
    ).toThrow('disk full')
    expect(journal.load(idOf(1))).toEqual(payment)
    expect(toldBy(journal)).toEqual(toldBy(new Journal(sql)))
    record(journal, null, opened(2))
    expect(toldBy(journal).flatMap(({ entries }) => entries.map(({ seq }) => seq))).toEqual([1, 2])
  })
})
