import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { EventPlace } from '../../src/db/cursor.ts'
import { listEvents } from '../../src/db/event.ts'
import { project } from '../../src/db/projection.ts'
import { openD1 } from './d1.ts'
import { findPayment } from './find-payment.ts'
import { aborted, committed, doubted, inquired, Lane, T0 } from './lane.ts'

let d1: D1Database
let sqlite: ReturnType<typeof openD1>['sqlite']
beforeEach(() => {
  ;({ d1, sqlite } = openD1('center'))
})

/** Everything an institution ever hears, `type` and payment, read in pages of two. */
async function heard(institution: string): Promise<string[]> {
  const lines: string[] = []
  let after: EventPlace | null = null
  for (;;) {
    const page = await listEvents(d1, { institution, after, limit: 2 })
    lines.push(...page.items.map(({ item }) => `${item.type} ${item.payment.terms.requestId}`))
    after = page.end ?? after
    if (!page.more) return lines
  }
}

const stored = () => ({
  payments: sqlite.prepare('SELECT * FROM payments ORDER BY id').all(),
  feed: sqlite.prepare('SELECT * FROM feed ORDER BY institution, position').all(),
  progress: sqlite.prepare('SELECT * FROM lane_progress ORDER BY lane').all(),
})

describe('a run of a lane', () => {
  it('is stored whole: the payment as it is, and its public events for both parties', async () => {
    const lane = new Lane()
    const id = lane.open()
    lane.tell(id, doubted).tell(id, inquired).tell(id, committed)
    expect(await project(d1, lane.run())).toEqual({ state: 'projected', seq: 4, anchoredAt: 0 })
    expect(await findPayment(d1, id)).toEqual(lane.payment(id))
    const events = ['payment.opened r1', 'payment.in_doubt r1', 'payment.committed r1']
    expect(await heard('wallet-th')).toEqual(events)
    expect(await heard('acquirer-cn')).toEqual(events)
    expect(await heard('wallet-my')).toEqual([])
  })

  it('is told once to an institution that is both parties', async () => {
    const lane = new Lane()
    lane.open(T0, { responder: 'wallet-th' })
    await project(d1, lane.run())
    expect(await heard('wallet-th')).toEqual(['payment.opened r1'])
  })

  it('that comes twice changes nothing', async () => {
    const lane = new Lane()
    lane.tell(lane.open(), committed)
    await project(d1, lane.run())
    const once = stored()
    expect(await project(d1, lane.run())).toEqual({ state: 'projected', seq: 2, anchoredAt: 0 })
    expect(stored()).toEqual(once)
  })

  it('that overlaps one before brings only what is new', async () => {
    const lane = new Lane()
    const one = lane.open()
    await project(d1, lane.run())
    lane.tell(one, committed)
    lane.tell(lane.open(), aborted)
    expect(await project(d1, lane.run(1))).toEqual({ state: 'projected', seq: 4, anchoredAt: 0 })
    expect(await heard('wallet-th')).toEqual([
      'payment.opened r1',
      'payment.committed r1',
      'payment.opened r2',
      'payment.aborted r2',
    ])
  })

  it('is where no reader has been before, although the database was lost or brought back', async () => {
    const lane = new Lane()
    const id = lane.open()
    await project(d1, lane.run(), T0)
    const listen = (after: EventPlace | null) =>
      listEvents(d1, { institution: 'wallet-th', after, limit: 10 })
    const { end } = await listen(null)
    lane.tell(id, committed)
    await project(d1, lane.run(2), T0)
    const read = await listen(end)
    expect(read.items.map(({ item }) => item.id)).toEqual([`${lane.name}:2`])
    // Everything is gone, and told again a second later.
    ;({ d1, sqlite } = openD1('center'))
    await project(d1, lane.run(), T0 + 1_000)
    const again = await listen(read.end)
    expect(again.items.map(({ item }) => item.id)).toEqual([`${lane.name}:1`, `${lane.name}:2`])
  })

  it('that comes before the one before it waits for its turn', async () => {
    const lane = new Lane()
    const id = lane.open()
    const early = lane.run(1, 1)
    lane.tell(id, committed)
    const late = lane.run(2, 2)
    expect(await project(d1, late)).toEqual({ state: 'gap', seq: 0, anchoredAt: 0 })
    expect(await heard('wallet-th')).toEqual([])
    expect(await project(d1, early)).toEqual({ state: 'projected', seq: 1, anchoredAt: 0 })
    expect(await project(d1, late)).toEqual({ state: 'projected', seq: 2, anchoredAt: 0 })
    expect(await heard('wallet-th')).toEqual(['payment.opened r1', 'payment.committed r1'])
  })

  it('never takes a payment back to an older version', async () => {
    const lane = new Lane()
    const id = lane.open()
    const early = lane.run()
    await project(d1, lane.tell(id, committed).run())
    await project(d1, early)
    expect((await findPayment(d1, id))?.status).toBe('committed')
  })

  it('takes as many payments as a message holds', async () => {
    const lane = new Lane()
    for (let made = 0; made < 100; made += 1) lane.tell(lane.open(), committed)
    expect(await project(d1, lane.run())).toMatchObject({ state: 'projected' })
    expect(stored().payments).toHaveLength(100)
    expect(await heard('wallet-th')).toHaveLength(200)
    expect(stored().feed).toHaveLength(2)
  })

  it('that speaks of a payment it does not bring is a broken belief', async () => {
    const lane = new Lane()
    lane.open()
    await expect(project(d1, { ...lane.run(), payments: [] })).rejects.toThrow('broken belief')
  })
})

describe('the runs of two lanes', () => {
  // Any runs, in any order, any number of times, two at once: once each has come in turn, all is there, once.
  it('end in the same projection whatever the queue does to them', async () => {
    const deliveries = fc.array(
      fc.record({ lane: fc.nat(1), from: fc.nat(11), length: fc.integer({ min: 1, max: 6 }) }),
      { maxLength: 20 },
    )
    await fc.assert(
      fc.asyncProperty(deliveries, async disorder => {
        ;({ d1, sqlite } = openD1('center'))
        const lanes = [new Lane('wallet-th', 1), new Lane('wallet-my', 2)]
        for (const lane of lanes) {
          for (const end of [committed, aborted, committed]) {
            lane.tell(lane.open(), end).tell(lane.open(), doubted)
          }
        }
        const runs = disorder.map(({ lane, from, length }) =>
          lanes[lane]!.run(from + 1, Math.min(from + length, 12)),
        )
        await Promise.all(runs.map(run => project(d1, run)))
        for (const lane of lanes) await project(d1, lane.run())

        const expected = ['opened r1', 'committed r1', 'opened r2', 'in_doubt r2']
        const told = (await heard('wallet-th')).map(line => line.replace('payment.', ''))
        expect(told.slice(0, 4)).toEqual(expected)
        expect(told).toHaveLength(12)
        expect(new Set(told).size).toBe(12)
        expect(await heard('acquirer-cn')).toHaveLength(24)
        expect(stored().progress).toMatchObject([{ seq: 12 }, { seq: 12 }])
      }),
      { numRuns: 60 },
    )
  })
})
