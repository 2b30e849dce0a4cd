import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { PaymentPlace } from '../../src/db/cursor.ts'
import { listEvents } from '../../src/db/event.ts'
import { listPayments, type PaymentFilter, WINDOW } from '../../src/db/payment.ts'
import { project } from '../../src/db/projection.ts'
import { openD1 } from './d1.ts'
import { aborted, committed, Lane, T0 } from './lane.ts'

let d1: D1Database
let sqlite: ReturnType<typeof openD1>['sqlite']
beforeEach(() => {
  ;({ d1, sqlite } = openD1('center'))
})

/** The request ids of a whole list, read in pages of this size. */
async function listed(institution: string, filter: PaymentFilter = {}, limit = 2) {
  const ids: string[] = []
  let after: PaymentPlace | null = null
  for (let pages = 0; pages < 10_000; pages += 1) {
    const page = await listPayments(d1, { ...filter, institution, after, limit })
    expect(page.items.length).toBeLessThanOrEqual(limit)
    ids.push(...page.items.map(({ item }) => item.terms.requestId))
    after = page.end
    if (!page.more) return ids
  }
  throw new Error('the list has no end')
}

describe("an institution's payments", () => {
  it('are listed newest first for either party, and for nobody else', async () => {
    const lane = new Lane()
    for (let made = 0; made < 5; made += 1) lane.open(T0 + made)
    lane.open(T0 + 5, { responder: 'acquirer-id' })
    await project(d1, lane.run())
    expect(await listed('wallet-th')).toEqual(['r6', 'r5', 'r4', 'r3', 'r2', 'r1'])
    expect(await listed('acquirer-cn')).toEqual(['r5', 'r4', 'r3', 'r2', 'r1'])
    expect(await listed('acquirer-id')).toEqual(['r6'])
    expect(await listed('wallet-my')).toEqual([])
  })

  it('are in the order of their opening, however late their lane told of them', async () => {
    const [one, other] = [new Lane('wallet-th', 1, 0), new Lane('wallet-th', 1, 1)]
    one.open(T0 + 2, { requestId: 'b' })
    other.open(T0 + 1, { requestId: 'a' })
    other.open(T0 + 3, { requestId: 'c' })
    await project(d1, one.run())
    await project(d1, other.run())
    expect(await listed('wallet-th')).toEqual(['c', 'b', 'a'])
  })

  it('are all listed once when many were opened in one millisecond', async () => {
    const lane = new Lane()
    for (let made = 0; made < 7; made += 1) lane.open(T0)
    await project(d1, lane.run())
    for (const limit of [1, 2, 3, 7, 8]) {
      const ids = await listed('wallet-th', {}, limit)
      expect(ids.sort()).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'])
    }
  })

  it('are listed once for an institution that is both parties', async () => {
    const lane = new Lane()
    lane.open(T0, { responder: 'wallet-th' })
    await project(d1, lane.run())
    expect(await listed('wallet-th')).toEqual(['r1'])
  })

  it.each<[PaymentFilter, string[]]>([
    [{ status: 'committed' }, ['r1']],
    [{ result: 'F' }, ['r2']],
    [{ result: 'U' }, ['r4', 'r3']],
    [{ payerMarket: 'CN' }, ['r3']],
    [{ payeeMarket: 'CN' }, ['r4', 'r2', 'r1']],
    [{ scenario: 'outbound', result: 'U' }, ['r3']],
    [{ family: 'qris' }, ['r3']],
    [{ requestId: 'r4' }, ['r4']],
    [{ requestId: 'none' }, []],
    [{ openedFrom: T0 + 1, openedTo: T0 + 3 }, ['r3', 'r2']],
    [{ openedTo: T0 + 1 }, ['r1']],
    [{ openedFrom: T0 + 4 }, []],
    [{ openedFrom: T0 + 1, status: 'pending' }, ['r4', 'r3']],
  ])('that match %j are listed alone', async (filter, want) => {
    const lane = new Lane()
    lane.tell(lane.open(T0), committed)
    lane.tell(lane.open(T0 + 1), aborted)
    const outbound = { scenario: 'outbound', payerMarket: 'CN', payeeMarket: 'ID' } as const
    lane.open(T0 + 2, { ...outbound, family: 'qris' })
    lane.open(T0 + 3)
    await project(d1, lane.run())
    for (const limit of [1, 2, 50]) expect(await listed('wallet-th', filter, limit)).toEqual(want)
  })

  it('that match rarely are found behind short pages, none of which looks at too many', async () => {
    const lane = new Lane()
    lane.tell(lane.open(T0), committed)
    for (let made = 0; made < 2 * WINDOW; made += 1) lane.open(T0 + 1 + made)
    const runs = Math.ceil(lane.seq / 500)
    for (let run = 0; run < runs; run += 1) {
      await project(d1, lane.run(run * 500 + 1, Math.min(run * 500 + 500, lane.seq)))
    }
    const query = { institution: 'wallet-th', status: 'committed', limit: 50 } as const
    const first = await listPayments(d1, { ...query, after: null })
    expect(first).toMatchObject({
      items: [],
      end: [T0 + WINDOW + 1, expect.any(String)],
      more: true,
    })
    expect(await listed('wallet-th', { status: 'committed' })).toEqual(['r1'])
  })

  it('are found by key and index alone, in lists and feeds', async () => {
    const prepare = vi.spyOn(d1, 'prepare')
    const query = { institution: 'wallet-th', after: null, limit: 50 }
    await listPayments(d1, { ...query, status: 'committed' })
    await listEvents(d1, query)
    expect(prepare).toHaveBeenCalledTimes(3)
    const steps = prepare.mock.calls.flatMap(([statement]) =>
      sqlite
        .prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .all()
        .map(step => `${step.detail}`),
    )
    expect(steps).toContainEqual(
      expect.stringContaining('PRIMARY KEY (requester=? AND opened_at>?'),
    )
    expect(steps).toContainEqual(expect.stringContaining('COVERING INDEX payments_of_responder'))
    expect(steps.filter(step => /^SCAN (payments|feed|p)\b/.test(step))).toEqual([])
    // A feed is sorted within one of its rows only, so that it stops with the page.
    expect(steps).toContain('USE TEMP B-TREE FOR LAST TERM OF ORDER BY')
  })
})
