import { reset } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { listEvents } from '../../src/db/event.ts'
import { listPayments } from '../../src/db/payment.ts'
import { project } from '../../src/db/projection.ts'
import type { LaneBatch } from '../../src/domain/lane-batch.ts'
import { findPayment } from '../db/find-payment.ts'
import { committed, Lane, T0 } from '../db/lane.ts'
import { centerDatabase } from './migrated.ts'

describe('the projection in a real D1', () => {
  let d1: D1Database
  beforeEach(async () => {
    await reset()
    d1 = await centerDatabase()
  })

  /** Rows written as D1 bills them, index entries included. */
  async function rowsWritten(batch: LaneBatch): Promise<number> {
    const spy = vi.spyOn(d1, 'batch')
    await project(d1, batch)
    const results = (await spy.mock.results[0]?.value) as D1Result[]
    spy.mockRestore()
    return results.reduce((sum, { meta }) => sum + (meta.rows_written ?? 0), 0)
  }

  it('gives a payment to both parties, in lists and in feeds', async () => {
    const lane = new Lane()
    const id = lane.open()
    lane.tell(id, committed)
    await project(d1, lane.run(), T0)
    expect(await findPayment(d1, id)).toEqual(lane.payment(id))
    for (const institution of ['wallet-th', 'acquirer-cn']) {
      const query = { institution, after: null, limit: 10 }
      const list = await listPayments(d1, { ...query, status: 'committed', family: 'unionpay' })
      expect(list.items.map(({ item }) => item)).toEqual([lane.payment(id)])
      const events = await listEvents(d1, query)
      expect(events.items.map(({ item }) => [item.id, item.type])).toEqual([
        [`${lane.name}:1`, 'payment.opened'],
        [`${lane.name}:2`, 'payment.committed'],
      ])
      expect(events).toMatchObject({ end: [T0, 1], more: false })
    }
  })

  it('has everything once when several consumers bring the same runs at the same time', async () => {
    const lane = new Lane()
    for (let made = 0; made < 20; made += 1) lane.tell(lane.open(), committed)
    const runs = [lane.run(1, 15), lane.run(1, 40), lane.run(10, 30), lane.run(25, 40)]
    await Promise.all([...runs, ...runs].map(run => project(d1, run)))
    const events = await listEvents(d1, { institution: 'acquirer-cn', after: null, limit: 200 })
    expect(events.items.map(({ item }) => item.id)).toEqual(
      Array.from({ length: 40 }, (_, seq) => `${lane.name}:${seq + 1}`),
    )
  })

  it('writes few rows for a payment, fewer the busier its lane, and none twice', async () => {
    const lonely = new Lane('wallet-th', 1, 0)
    const id = lonely.open()
    // The payment and its index entry, a row of feed for either party, the progress of the lane.
    expect(await rowsWritten(lonely.run())).toBe(2 + 2 + 1)
    lonely.tell(id, committed)
    expect(await rowsWritten(lonely.run(2))).toBe(1 + 2 + 1)
    const [duty] = lonely.payment(id).duties
    lonely.tell(id, { type: 'duty_done', duty: duty!.kind, owner: duty!.owner })
    expect(await rowsWritten(lonely.run(3))).toBe(1 + 0 + 1)
    expect(await rowsWritten(lonely.run())).toBe(0)

    const busy = new Lane('wallet-th', 1, 1)
    for (let made = 0; made < 50; made += 1) busy.tell(busy.open(), committed)
    expect(await rowsWritten(busy.run())).toBe(50 * 2 + 2 + 1)
  })
})
