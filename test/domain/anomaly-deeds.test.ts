/** What one payer, merchant, code or member does: each test at its edge. */
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/domain/anomaly.ts'
import { CodeWatch } from '../../src/domain/anomaly-code.ts'
import { type MemberSignal, MemberWatch } from '../../src/domain/anomaly-member.ts'
import { MerchantWatch } from '../../src/domain/anomaly-merchant.ts'
import { PayerWatch } from '../../src/domain/anomaly-payer.ts'
import { travelMs } from '../../src/domain/anomaly-travel.ts'
import type { Seen } from '../../src/domain/window-digest.ts'
import { seen } from './seen.ts'

const T0 = Date.UTC(2026, 9, 5, 3)
const MINUTE = 60_000
const DAY = 86_400_000
const LIMIT = 15

let made = 0
const payment = (change: Partial<Seen>): Seen => {
  made += 1
  return { ...seen, id: `p${made}`, order: `o${made}`, ...change }
}

describe('the way between two markets', () => {
  it.each([
    ['CN', 'HK', 0],
    ['TH', 'MY', 0],
    ['CN', 'CN', 0],
    ['CN', 'XX', 0],
  ])('from %s to %s may be none', (from, to, least) => {
    expect(travelMs(from, to)).toBe(least)
    expect(travelMs(to, from)).toBe(least)
  })

  it('is at least two airports, and longer the farther it is', () => {
    expect(travelMs('CN', 'TH')).toBeGreaterThanOrEqual(75 * MINUTE)
    expect(travelMs('DE', 'TH')).toBeGreaterThan(travelMs('CN', 'TH') + 2 * 60 * MINUTE)
    expect(travelMs('DE', 'TH')).toBeLessThan(12 * 60 * MINUTE)
  })
})

describe('a payer', () => {
  const pays = (watch: PayerWatch, person: string | null, payeeMarket: string, at: number) =>
    watch.opened(payment({ person, payeeMarket }), at, LIMIT)

  it('in two countries too soon is found, with both payments', () => {
    const watch = new PayerWatch()
    expect(pays(watch, 'x', 'CN', T0)).toEqual([])
    const [found] = pays(watch, 'x', 'TH', T0 + 20 * MINUTE)
    expect(found).toMatchObject({
      kind: 'payer_travel',
      subject: { dimension: 'payer', name: 'x', wallet: 'wallet-th' },
      facts: { from: 'CN', to: 'TH', minutes: 20 },
      payments: [`p${made}`, `p${made - 1}`],
      since: T0,
    })
    expect(found?.confidence).toBeGreaterThan(0.9)
  })

  it.each([
    ['after the time a flight takes', 'x', 'TH', 4 * 60 * MINUTE],
    ['across a border on foot', 'x', 'HK', MINUTE],
    ['in the same country', 'x', 'CN', 1_000],
    ['where nobody knows who it is', null, 'TH', MINUTE],
  ])('%s is no trouble', (_, person, market, after) => {
    const watch = new PayerWatch()
    pays(watch, person, 'CN', T0)
    expect(pays(watch, person, market, T0 + after)).toEqual([])
  })

  it('and others by whose payments it comes late, is found too', () => {
    const watch = new PayerWatch()
    pays(watch, 'x', 'TH', T0 + 10 * MINUTE)
    expect(pays(watch, 'x', 'CN', T0)).toMatchObject([
      // In the order in which they were, not in which they were told of.
      { facts: { from: 'CN', to: 'TH' }, payments: [`p${made - 1}`, `p${made}`], since: T0 },
    ])
  })

  it('again and again just under a limit is found, a single time is not', () => {
    const watch = new PayerWatch()
    for (let each = 0; each < 1_000; each += 1) {
      watch.opened(payment({ person: `y${each}`, limitShare: 0.1 }), T0, LIMIT)
    }
    const findings: Finding[][] = []
    for (let each = 0; each < 8; each += 1) {
      const near = payment({ person: 'x', merchant: `shop-${each}`, limitShare: 0.95 })
      findings.push([...watch.opened(near, T0 + each * MINUTE, LIMIT)])
    }
    expect(findings[0]).toEqual([])
    expect(findings[2]).toEqual([])
    expect(findings[7]).toMatchObject([
      { kind: 'structuring', subject: { dimension: 'payer', name: 'x', wallet: 'wallet-th' } },
    ])
  })

  it('now and then just under a limit, among others, is no trouble', () => {
    const watch = new PayerWatch()
    for (let each = 0; each < 400; each += 1) {
      const limitShare = each % 12 === 0 ? 0.95 : 0.3
      const findings = watch.opened(payment({ person: 'x', limitShare }), T0 + each * MINUTE, LIMIT)
      expect(findings).toEqual([])
    }
  })
})

describe('a code', () => {
  it('whose order was paid is not opened again', () => {
    const watch = new CodeWatch()
    const first = payment({ order: 'o' })
    watch.opened(first, T0)
    watch.ended(first, true)
    const [found] = watch.opened(payment({ order: 'o', wallet: 'wallet-my' }), T0 + 5_000)
    expect(found).toMatchObject({ kind: 'code_twice', confidence: 0.99, facts: { seconds: 5 } })
  })

  it('whose payment failed, or is open, may be tried again', () => {
    const watch = new CodeWatch()
    const first = payment({ order: 'o' })
    watch.opened(first, T0)
    expect(watch.opened(payment({ order: 'o' }), T0 + 1_000)).toEqual([])
    watch.ended(first, false)
    expect(watch.opened(payment({ order: 'o' }), T0 + 2_000)).toEqual([])
  })

  it('of a consumer in the hands of two acquirers is found at once', () => {
    const used = { at: T0, acquirer: 'acquirer-th', before: 'acquirer-cn', usedBy: 'p1' }
    expect(new CodeWatch().refused(used)).toMatchObject([
      {
        kind: 'code_twice',
        confidence: 0.99,
        subject: { dimension: 'payment', name: 'p1' },
        payments: ['p1'],
      },
    ])
  })

  it('that the same till presents again is a mistake, unless it goes on', () => {
    const watch = new CodeWatch()
    const again = (at: number) =>
      watch.refused({ at, acquirer: 'a', before: 'a', usedBy: `p${at}` }).length
    expect([again(T0), again(T0 + MINUTE), again(T0 + 2 * MINUTE)]).toEqual([0, 0, 1])
    expect([again(T0 + DAY), again(T0 + DAY + 1)]).toEqual([0, 0])
  })
})

describe('a merchant', () => {
  /** One that has been watched for a month, sells a hundred a day and gives back one. */
  function known(refunds = 10) {
    const watch = new MerchantWatch()
    watch.remember([['m', T0 - 30 * DAY]], T0 - 30 * DAY)
    watch.learn('m', 1_000, refunds, T0)
    for (let sale = 0; sale < 100; sale += 1) watch.sold('m', T0 + sale * MINUTE)
    return watch
  }
  const refunds = (
    watch: MerchantWatch,
    count: number,
    everyMs: number,
    from = T0 + 100 * MINUTE,
  ) =>
    Array.from({ length: count }, (_, each) =>
      watch.refunded('m', `r${each}`, from + each * everyMs, LIMIT),
    )

  it('that gives back one after the other is found after few', () => {
    const found = refunds(known(), 30, 1_000).findIndex(list => list.length > 0)
    expect(found).toBeGreaterThan(4)
    expect(found).toBeLessThan(12)
  })

  it("that gives back the day's returns all at once, as always, is no trouble", () => {
    expect(refunds(known(80), 8, 1_000).flat()).toEqual([])
  })

  it('that gives back now and then is no trouble', () => {
    expect(refunds(known(), 20, 60 * MINUTE).flat()).toEqual([])
  })

  it('that is new and sells like mad is found, with how old it is and how much it was', () => {
    const watch = new MerchantWatch()
    watch.remember([], T0 - 30 * DAY)
    const found: Finding[] = []
    for (let sale = 0; sale < 20; sale += 1) {
      found.push(...watch.opened('new', `p${sale}`, 10_000, T0 + sale * 1_000, LIMIT))
    }
    expect(found[0]).toMatchObject({ kind: 'merchant_burst', facts: { ageHours: 0 } })
    expect(found[0]?.facts.usd).toBe((found[0]?.paymentsSeen ?? 0) * 100)
    expect(found[0]?.paymentsSeen).toBeLessThan(12)
  })

  it.each([
    ['is old', [['m', T0 - 30 * DAY]] as const, T0 - 30 * DAY, 1_000],
    ['sells one a minute', [], T0 - 30 * DAY, MINUTE],
    ['is met by a monitor that is new itself', [], T0 - DAY, 1_000],
  ])('that %s is no trouble', (_, merchants, since, everyMs) => {
    const watch = new MerchantWatch()
    watch.remember(merchants, since)
    for (let sale = 0; sale < 100; sale += 1) {
      expect(watch.opened('m', `p${sale}`, 100, T0 + sale * everyMs, LIMIT)).toEqual([])
    }
  })
})

describe('a member', () => {
  const well: MemberSignal = {
    institution: 'wallet-th',
    verified: 20,
    failed: 0,
    skewed: 0,
    skewMs: 100,
  }
  /** Seconds until something is found; undefined for never. */
  function seconds(then: Partial<MemberSignal>, count = 60): number | undefined {
    const watch = new MemberWatch()
    for (let second = 0; second < 600; second += 1) {
      watch.signal(well, T0 + second * 1_000, LIMIT)
      expect(watch.findings(LIMIT)).toEqual([])
    }
    for (let second = 1; second <= count; second += 1) {
      watch.signal({ ...well, ...then }, T0 + 600_000 + second * 1_000, LIMIT)
      if (watch.findings(LIMIT).length > 0) return second
    }
    return undefined
  }

  it.each([
    ['whose signatures do not count', { verified: 10, failed: 10 }],
    ['whose clock is off', { skewed: 20, skewMs: 60_000 }],
  ])('%s is found within seconds', (_, then) => {
    expect(seconds(then)).toBeLessThan(10)
  })

  it('whose clock is off is told by how much from the first request on, however many seconds share them', () => {
    for (const shares of [[12], [1, 11], [1, 4, 7], [1, 1, 1, 1, 1, 1, 1]]) {
      const watch = new MemberWatch()
      shares.forEach((verified, second) => {
        const off = { ...well, verified, skewed: verified, skewMs: 120_000 }
        watch.signal(off, T0 + second * 1_000, LIMIT)
      })
      expect(watch.findings(LIMIT)).toMatchObject([{ facts: { skewSeconds: 120 } }])
    }
  })

  it.each([
    ['tries a new key once', { failed: 3 }, 1],
    ['has a request that comes late now and then', { skewed: 0, verified: 20 }, 60],
  ])('that %s is no trouble', (_, then, count) => {
    expect(seconds(then, count)).toBeUndefined()
  })
})
