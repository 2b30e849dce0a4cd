/** Search over all members: everything that can be asked for, in slices of time, found once and in order. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { PaymentPlace } from '../../src/db/cursor.ts'
import { type PaymentSearch, searchPayments } from '../../src/db/payment-search.ts'
import { project } from '../../src/db/projection.ts'
import { openD1 } from './d1.ts'
import { aborted, committed, Lane, T0 } from './lane.ts'

let d1: D1Database
let sqlite: ReturnType<typeof openD1>['sqlite']
beforeEach(() => {
  ;({ d1, sqlite } = openD1('center'))
})

const members = ['wallet-th', 'wallet-my', 'acquirer-cn']
const DAY = 86_400_000
const everything = { members, openedFrom: T0 - DAY, openedTo: T0 + DAY }

/** Request ids of the whole search, read in pages of this size, and how many calls it took. */
async function found(filter: Partial<PaymentSearch> = {}, limit = 2) {
  const ids: string[] = []
  let after: PaymentPlace | null = null
  for (let calls = 1; calls < 10_000; calls += 1) {
    const page = await searchPayments(d1, { ...everything, ...filter, after, limit })
    expect(page.items.length).toBeLessThanOrEqual(limit)
    ids.push(...page.items.map(({ item }) => item.terms.requestId))
    if (!page.more) return { ids, calls }
    after = page.end
  }
  throw new Error('the search has no end')
}
const idsOf = async (filter: Partial<PaymentSearch> = {}) => (await found(filter)).ids

describe('a search', () => {
  beforeEach(async () => {
    const thai = new Lane('wallet-th', 1)
    const malay = new Lane('wallet-my', 2)
    thai.tell(thai.open(T0 + 1, { codeHash: 'c0de' }), committed)
    thai.tell(thai.open(T0 + 3, { order: 'order-3', family: 'qris' }), aborted)
    malay.open(T0 + 2, {
      requestId: 'm1',
      responder: 'wallet-th',
      merchant: { ...shop, id: 'shop-9' },
    })
    malay.open(T0 + 4, { requestId: 'm2', payee: { currency: 'THB', minor: 7n } })
    await project(d1, thai.run())
    await project(d1, malay.run())
  })
  const shop = { id: 'm1', name: 'Shop', city: null, mcc: null, country: 'CN' }

  it('finds what is still owed, however much that is done is newer', async () => {
    const lane = new Lane('wallet-th', 3)
    lane.tell(lane.open(T0 + 10, { requestId: 'owed' }), committed)
    for (let at = 11; at < 16; at += 1) {
      const id = lane.open(T0 + at, { requestId: `done-${at}` })
      lane.tell(id, committed)
      for (const { kind, owner } of lane.payment(id).duties) {
        lane.tell(id, { type: 'duty_done', duty: kind, owner })
      }
    }
    await project(d1, lane.run())
    const owed = { duties: 'open', openedFrom: T0 + 10 } as const
    expect(await found(owed)).toMatchObject({ ids: ['owed'] })
    const all = await idsOf({ openedFrom: T0 + 10 })
    expect(all).toHaveLength(6)
  })

  it('without a filter finds all of all members, newest first', async () => {
    expect(await idsOf()).toEqual(['m2', 'r2', 'm1', 'r1'])
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [filter: Partial<PaymentSearch>, want: readonly string[]]>([
    [{ institution: 'wallet-th' },                    ['r2', 'm1', 'r1']],
    [{ institution: 'acquirer-cn' },                  ['m2', 'r2', 'r1']],
    [{ institution: 'nobody' },                       []],
    [{ members: ['wallet-my'] },                      ['m2', 'm1']],
    [{ status: 'committed' },                         ['r1']],
    [{ result: 'U' },                                 ['m2', 'm1']],
    [{ resultCode: 'DECLINED' },                      ['r2']],
    [{ family: 'qris' },                              ['r2']],
    [{ merchant: 'shop-9' },                          ['m1']],
    [{ minMinor: 7n, maxMinor: 7n },                  ['m2']],
    [{ minMinor: 10_000n, maxMinor: 10_000n },        ['r2', 'm1', 'r1']],
    [{ maxMinor: 7n, currency: 'CNY' },               []],
    [{ currency: 'THB', minMinor: 8n },               ['m2', 'r2', 'm1', 'r1']],
    [{ needles: ['order-3', 'x'] },                   ['r2']],
    [{ needles: ['x', 'c0de'] },                      ['r1']],
    [{ needles: ['m2'] },                             ['m2']],
    [{ needles: ['shop-9'] },                         ['m1']],
    [{ needles: ['a1'] },                             ['r1']],
    [{ needles: ['h1'] },                             ['m2', 'r2', 'm1', 'r1']],
    // What stands somewhere in the text, but is no reference, is not found by it.
    [{ needles: ['THB'] },                            []],
    [{ needles: ["' OR true --"] },                   []],
    [{ needles: ['order'] },                          []],
    [{ openedFrom: T0 + 2, openedTo: T0 + 4 },        ['r2', 'm1']],
    [{ openedFrom: T0 + 5 },                          []],
    [{ status: 'committed', merchant: 'shop-9' },     []],
  ])('for %o finds %o', async (filter, want) => {
    expect(await idsOf(filter)).toEqual(want)
  })

  it.each([{}, { institution: 'wallet-th' }])('reads by key and index alone, %j', async filter => {
    const prepare = vi.spyOn(d1, 'prepare')
    await found({ ...filter, status: 'committed' })
    const statements = new Set(prepare.mock.calls.map(([statement]) => statement))
    expect(statements.size).toBe(2)
    const steps = [...statements].flatMap(statement =>
      sqlite
        .prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .all()
        .map(step => `${step.detail}`),
    )
    const bounded = 'SEARCH p USING PRIMARY KEY (requester=? AND opened_at>?'
    expect(steps).toContainEqual(expect.stringContaining(bounded))
    expect(steps.filter(step => /^SCAN p\b/.test(step))).toEqual([])
    const searches = steps.filter(step => step.startsWith('SEARCH p '))
    expect(
      searches.filter(step => !/requester=\? AND opened_at|payments_of_responder/.test(step)),
    ).toEqual([])
  })

  it('reads a payment on both sides of one institution once', async () => {
    const own = new Lane('wallet-th', 1, 1)
    own.open(T0 + 9, { requestId: 'own', responder: 'wallet-th' })
    await project(d1, own.run())
    expect(await idsOf({ institution: 'wallet-th' })).toEqual(['own', 'r2', 'm1', 'r1'])
  })
})

describe('a busy day', () => {
  it('is searched in slices, and no call looks at more than a few of them', async () => {
    // Twelve thousand payments in half a minute, of which the oldest is wanted.
    const made = 12_000
    const insert = sqlite.prepare(
      `INSERT INTO payments VALUES (?, 1, 'wallet-th', 'acquirer-cn', ?, ?, 'committed', 'S', 'TH', 'CN', 'inbound', 'qris', ?)`,
    )
    const lane = new Lane()
    const body = JSON.stringify(lane.payment(lane.open(T0)), (_, field) =>
      typeof field === 'bigint' ? `${field}` : field,
    )
    sqlite.exec('BEGIN')
    for (let each = 0; each < made; each += 1) {
      const requestId = `b${each}`
      const at = T0 + Math.floor(each / 400) * 1_000
      insert.run(
        `pay_${`${each}`.padStart(32, '0')}`,
        at,
        requestId,
        body.replace('"r1"', `"${requestId}"`),
      )
    }
    sqlite.exec('COMMIT')
    const { ids, calls } = await found({ needles: ['b0'] })
    expect(ids).toEqual(['b0'])
    expect(calls).toBeGreaterThan(1)
    expect(calls).toBeLessThanOrEqual(4)
  })

  it('that is quiet is one call, however long ago the last payment was', async () => {
    const lane = new Lane()
    lane.open(T0 - 20 * DAY)
    await project(d1, lane.run())
    const filter = { openedFrom: T0 - 31 * DAY, openedTo: T0 }
    expect(await found(filter)).toEqual({ ids: ['r1'], calls: 1 })
  })
})
