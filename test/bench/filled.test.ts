import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Journal } from '../../durable-objects/journal.ts'
import { apply, type Payment, type PaymentEvent } from '../../src/domain/payment.ts'
import { laneName, paymentId, placeOf } from '../../src/domain/payment-id.ts'
import { terms } from '../domain/terms.ts'
import { memorySql } from '../durable-objects/sqlite.ts'
import { fillOpen } from './filled.ts'

const LANES = 2
const [FROM, UNTIL] = [1_000_000, 1_008_000]
/** Begins with the number of a lane, as the hash of a request that it serves does. */
const hashFor = (lane: number) => new Uint8Array(32).fill(lane, 1, 2)
const placeFor = (lane: number) => ({ center: 2, institution: 102, epoch: 1, lane })

/** A lane with one payment that is over. */
function makeLane(file: string, lane: number) {
  const id = paymentId(placeFor(lane), hashFor(lane))
  const events: readonly PaymentEvent[] = [
    {
      type: 'opened',
      at: 1,
      terms: { ...terms, paymentId: id },
      bodyHash: `2:${'0'.repeat(64)}`,
      hold: { reference: 'h', key: 'k' },
    },
    { type: 'aborted', at: 2, resultCode: 'DECLINED' },
  ]
  const made = events.reduce<Payment | null>(apply, null)
  if (made === null) throw new Error('no payment was made')
  const payment = { ...made, duties: [] }
  const database = new DatabaseSync(file)
  const journal = new Journal(memorySql(database))
  journal.transaction(() => journal.record([{ payment, events }]))
  database.close()
}

describe('a lane filled with open payments', () => {
  let folder = ''
  let files: string[] = []
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opencpg-filled-'))
    files = Array.from({ length: LANES }, (_, lane) => join(folder, `${lane}.sqlite`))
    files.forEach(makeLane)
    await fillOpen({ files, payments: 1_200, from: FROM, until: UNTIL })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const opened = (lane: number) => {
    const database = new DatabaseSync(files[lane] ?? '')
    const journal = new Journal(memorySql(database))
    const waiting = journal.waiting({ due: 0, id: '' }, 10_000)
    const payments = waiting.flatMap(({ id }) => journal.load(id) ?? [])
    const { seq } = journal
    database.close()
    return { waiting, payments, seq }
  }

  it('has its part of them, each with a timer and in the journal', () => {
    for (const lane of [0, 1]) {
      const { payments, seq } = opened(lane)
      expect(payments).toHaveLength(600)
      expect(payments.every(({ status }) => status === 'pending')).toBe(true)
      expect(seq).toBe(602)
    }
  })

  it('has them under ids that it serves, no two the same', () => {
    const ids = [0, 1].flatMap(lane => {
      const { waiting } = opened(lane)
      for (const { id } of waiting)
        expect(laneName(placeOf(id) ?? placeFor(9))).toBe(laneName(placeFor(lane)))
      return waiting.map(({ id }) => id)
    })
    expect(new Set(ids).size).toBe(1_200)
  })

  it('has timers that come within the hop budget after the last was opened', () => {
    const dues = opened(0).waiting.map(({ due }) => due)
    expect(Math.min(...dues)).toBe(FROM + 8_000)
    expect(Math.max(...dues)).toBeLessThan(UNTIL + 8_000)
    expect(Math.max(...dues)).toBeGreaterThan(UNTIL)
  })
})
