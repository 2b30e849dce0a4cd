import { describe, expect, it } from 'vitest'
import { Lender } from '../../durable-objects/lender.ts'
import { Loans } from '../../durable-objects/loans.ts'
import { directoryOf } from '../../src/domain/directory.ts'
import { RESTED } from '../../src/domain/lending.ts'
import { lent, NO_LOAN, SHARE_LIFE_MS, unspent } from '../../src/domain/share.ts'
import { Network, T0 } from './network.ts'
import { DAY, four, idOf, limit, of, openAll, openedBySecond, value } from './opening.ts'
import { memorySql } from './sqlite.ts'

describe('a limit of a day', () => {
  it('is used to the last of it by the lanes of its center, and never beyond', async () => {
    const network = new Network({ limits: [limit()] })
    const { opened, codes } = await openAll(network, 60, 25n, four)
    expect(opened).toBe(40)
    expect(new Set(codes)).toEqual(new Set(['LIMIT_PERIOD']))
    expect(network.used.get(value)).toBe(1_000n)
    expect(network.overshot).toEqual([])
  })

  it('is used to the last of it by three centers at once', async () => {
    const network = new Network({ limits: [limit()] })
    const lanes = ['hk', 'sg', 'fra'].map(center => [center, 0] as const)
    const { opened } = await openAll(network, 60, 25n, lanes)
    expect(opened).toBe(40)
    expect(network.overshot).toEqual([])
  })

  it('costs no call while there is enough at hand, and the lender is asked in time', async () => {
    const network = new Network({ limits: [limit({ value: 1_000_000n })] })
    let calls = 0
    network.fate = () => {
      calls += 1
      return { lost: null, againMs: null, ms: 1 }
    }
    const lane = network.lane('hk', 0)
    const waits: number[] = []
    for (let n = 0; n < 400; n += 1) {
      const began = network.now
      const opening = lane.open(idOf(n), of(10n)).then(() => waits.push(network.now - began))
      await network.play(50)
      await opening
    }
    // One waited for the lender: the first.
    expect(waits.filter(ms => ms > 1)).toHaveLength(1)
    expect(calls).toBeLessThan(20)
  })

  it('says what is left and when it begins anew, to whom it concerns', async () => {
    const network = new Network({ limits: [limit()] })
    await openAll(network, 1, 990n, four)
    const lane = network.lane('hk', 1)
    const [own, tooMuch] = [lane.open(idOf(98), of(10n)), lane.open(idOf(99), of(20n))]
    await network.play(10_000)
    expect(await own).toMatchObject({ ok: true })
    expect(await tooMuch).toMatchObject({
      refusal: {
        code: 'LIMIT_PERIOD',
        detail: {
          notOpened: true,
          limit: {
            institution: 'wallet-th',
            kind: 'value_day',
            currency: 'THB',
            value: 1_000n,
            resetsAt: Date.UTC(2026, 9, 1, 17),
          },
        },
      },
    })
    const others = [{ limit: `acquirer-cn * count_day ${DAY}`, minor: 1n }]
    network.limits = [limit({ institution: 'acquirer-cn', kind: 'count_day', value: 0n })]
    const refused = lane.open(idOf(97), others)
    await network.play(10_000)
    expect(await refused).toMatchObject({
      refusal: { detail: { limit: { institution: 'acquirer-cn', value: null, left: null } } },
    })
  })

  it('is given back by what aborts, and can be used again', async () => {
    const network = new Network({ limits: [limit()] })
    const { opened } = await openAll(network, 4, 250n, four)
    expect(opened).toBe(4)
    const ended = network.lane('hk', 0).end(idOf(0), 'refused')
    await network.play(10_000)
    await ended
    const again = network.lane('hk', 3).open(idOf(9), of(250n))
    await network.play(10_000)
    expect(await again).toMatchObject({ ok: true })
    expect(network.used.get(value)).toBe(1_000n)
  })

  it('lies unspent with nobody once lanes are idle, and what they used is known', async () => {
    const network = new Network({ limits: [limit({ value: 100_000n })] })
    await openAll(network, 8, 25n, four)
    await network.play(2 * SHARE_LIFE_MS)
    const loans = network.lender('wallet-th', 'hk').loans.of(value)
    expect(loans.size).toBe(4)
    for (const { granted, returned, used } of loans.values()) {
      expect(granted - returned).toBe(50n)
      expect(used).toBe(50n)
    }
    for (const lane of network.lanes.values()) expect(unspent(lane.purse.share(value))).toBe(0n)
  })

  it('survives the crash of its lanes and of its lender, as far as it was used', async () => {
    const network = new Network({ limits: [limit()] })
    await openAll(network, 10, 50n, four)
    for (const lane of network.lanes.values()) lane.start()
    network.lender('wallet-th', 'hk').start()
    const lane = network.lane('hk', 0)
    const answers = Array.from({ length: 20 }, (_, n) => lane.open(idOf(100 + n), of(50n)))
    await network.play(10_000)
    expect((await Promise.all(answers)).filter(({ ok }) => ok)).toHaveLength(10)
    expect(network.overshot).toEqual([])
  })

  it('begins anew with the day of its institution', async () => {
    const network = new Network({ limits: [limit()] })
    await openAll(network, 40, 25n, four)
    network.now = Date.UTC(2026, 9, 1, 17)
    const next = [{ limit: 'wallet-th * value_day 2026-10-02', minor: 25n }]
    const { opened } = await openAll(network, 41, 25n, [['hk', 7]], next)
    expect(opened).toBe(40)
  })
})

describe('a center that stands by', () => {
  const away = (network: Network) => {
    network.fate = (from, to) => {
      const crosses = (from + to).includes('hk') && (from + to).includes('lender of')
      const isInside = from.startsWith('hk') || to.startsWith('hk:')
      return { lost: crosses && !isInside ? 'request' : null, againMs: null, ms: 1 }
    }
  }

  it('lends a tenth by itself while the root is gone, and no more', async () => {
    const network = new Network({ limits: [limit()] })
    away(network)
    const { opened, codes } = await openAll(network, 20, 25n, [['sg', 0]])
    expect(opened).toBe(4)
    expect(network.overshot).toEqual([])
    // There is more where nobody can ask now, so nobody is told that it is used up.
    expect(new Set(codes)).toEqual(new Set(['CENTER_UNAVAILABLE']))
  })

  it('says so for as long as nobody knows, however often it is asked', async () => {
    const network = new Network({ limits: [limit()] })
    away(network)
    await openAll(network, 4, 25n, [['sg', 0]])
    const codes = new Set<string>()
    for (let n = 0; n < 30; n += 1) {
      const opening = network.lane('sg', 0).open(idOf(100 + n), of(25n))
      // Out of step with every pause that a lender makes.
      await network.play(700)
      const result = await opening
      codes.add(result.ok ? 'opened' : result.refusal.code)
    }
    expect(codes).toEqual(new Set(['CENTER_UNAVAILABLE']))
    network.fate = () => ({ lost: null, againMs: null, ms: 1 })
    await network.play(5_000)
    const all = await openAll(network, 40, 25n, [['sg', 0]], of(25n), 200)
    expect(all.opened).toBe(36)
    expect(new Set(all.codes)).toEqual(new Set(['LIMIT_PERIOD']))
  })

  it('has all that it may lend by itself when its root is lost, however much it has lent before', async () => {
    const network = new Network({ limits: [limit()] })
    expect((await openAll(network, 20, 10n, [['sg', 0]])).opened).toBe(20)
    await network.play(60_000)
    away(network)
    const { opened, codes } = await openAll(network, 60, 10n, [['sg', 0]], of(10n), 100)
    expect(opened).toBeGreaterThanOrEqual(7)
    expect(codes).toContain('CENTER_UNAVAILABLE')
    expect(network.overshot).toEqual([])
  })

  it('gives back what it may lend by itself once it is drained, so that it can be stopped', async () => {
    const network = new Network({ limits: [limit()] })
    expect((await openAll(network, 20, 10n, [['sg', 0]])).opened).toBe(20)
    network.drained.add('sg')
    network.version += 1
    await network.play(60_000)
    network.fate = (from, to) => {
      const crosses = from.includes('sg') !== to.includes('sg')
      return { lost: crosses ? 'request' : null, againMs: null, ms: 1 }
    }
    const { opened } = await openAll(network, 90, 10n, [['hk', 0]], of(10n), 100)
    expect(opened).toBe(80)
    expect(network.overshot).toEqual([])
  })

  it('asks its root for that now and then, and not for every payment', async () => {
    const network = new Network({ limits: [limit({ value: 100_000n })] })
    let asked = 0
    network.fate = (from, to) => {
      if (/lender.*lender/.test(from + to)) asked += 1
      return { lost: null, againMs: null, ms: 1 }
    }
    for (let n = 0; n < 20; n += 1) {
      await openAll(network, 10, 100n, [['sg', 0]], of(100n), 10 * n)
    }
    expect(network.used.get(value)).toBe(20_000n)
    expect(asked).toBeGreaterThan(0)
    expect(asked).toBeLessThan(20)
  })

  it('makes up for it when the root is back', async () => {
    const network = new Network({ limits: [limit()] })
    away(network)
    await openAll(network, 10, 25n, [['sg', 0]])
    network.fate = () => ({ lost: null, againMs: null, ms: 1 })
    await network.play(5_000)
    const answers = Array.from({ length: 40 }, (_, n) =>
      network.lane('sg', 1).open(idOf(200 + n), of(25n)),
    )
    await network.play(10_000)
    expect((await Promise.all(answers)).filter(({ ok }) => ok)).toHaveLength(36)
    expect(network.used.get(value)).toBe(1_000n)
  })
})

describe('a limit that becomes less', () => {
  const FROM = T0 + 60_000
  const less = [limit({ value: 1_000n }), limit({ value: 400n, from: FROM })]

  it('ends every share that was lent before, and nothing is lent beyond it', async () => {
    const network = new Network({ limits: less })
    await openAll(network, 12, 25n, [...four, ['sg', 0], ['fra', 0]])
    await network.play(FROM - network.now)
    const answers = ['hk', 'sg', 'fra'].flatMap(center =>
      Array.from({ length: 5 }, (_, n) => {
        const id = idOf(300 + n + 100 * center.length + center.charCodeAt(0))
        return network.lane(center, 0).open(id, of(25n))
      }),
    )
    await network.play(10_000)
    expect((await Promise.all(answers)).filter(({ ok }) => ok)).toHaveLength(4)
    expect(network.used.get(value)).toBe(400n)
    expect(network.overshot).toEqual([])
  })

  it('lets no center go on by itself', async () => {
    const network = new Network({ limits: less })
    await openAll(network, 15, 25n, [['hk', 0]])
    await network.play(FROM - network.now)
    network.fate = (from, to) => ({
      lost: /lender.*lender/.test(from + to) ? 'request' : null,
      againMs: null,
      ms: 1,
    })
    const { opened } = await openAll(network, 5, 25n, [['sg', 0]])
    expect(opened).toBe(0)
    expect(network.overshot).toEqual([])
  })
})

describe('a limit that is lifted', () => {
  const LIFTED = T0 + 20_000
  const AGAIN = T0 + 100_000
  const rows = [
    limit(),
    limit({ value: null, from: LIFTED }),
    limit({ value: 1_000n, from: AGAIN }),
  ]
  const lanes = ['hk', 'sg', 'fra'].map(center => [center, 0] as const)

  it('is lent by nobody, and whoever has not seen it comes again at once', async () => {
    const network = new Network({ limits: rows })
    await openAll(network, 3, 25n, lanes)
    await network.play(LIFTED + 60_000 - network.now)
    const { codes } = await openAll(network, 3, 25_000n, lanes, of(25_000n), 100)
    expect(codes).toEqual(['BUSY', 'BUSY', 'BUSY'])
    for (const center of network.centers) {
      const loans = network.lender('wallet-th', center).loans.of(value)
      expect(lent(loans.get(`${center}:0`) ?? NO_LOAN)).toBe(25n)
    }
  })

  it('counts what was used of it before, once it comes back', async () => {
    const network = new Network({ limits: rows })
    await openAll(network, 9, 25n, lanes)
    await network.play(AGAIN + 1_000 - network.now)
    await openAll(network, 60, 25n, lanes, of(25n), 100)
    // Each lane has less left than one payment takes; together they have it for who comes next.
    for (const n of [0, 1, 2]) await openAll(network, 1, 25n, [['hk', 0]], of(25n), 200 + n)
    expect(network.used.get(value)).toBe(1_000n)
    expect(network.overshot).toEqual([])
  })
})

describe('a recall', () => {
  it('ends every share at once, and what was on its way counts for nothing', async () => {
    const network = new Network({ limits: [limit({ value: 1_000_000n })] })
    await openAll(network, 8, 25n, four)
    const lender = network.lender('wallet-th', 'hk').lender
    const recalled = lender.recall(1)
    await network.play(100)
    expect(await recalled).toBe(0)
    for (const lane of network.lanes.values()) {
      expect(lane.purse.share(value).expiresAt).toBe(0)
      expect(unspent(lane.purse.share(value))).toBe(0n)
    }
    const { opened } = await openAll(network, 4, 25n, [['hk', 9]])
    expect(opened).toBe(4)
  })

  it('closes lanes to what an older directory let through, those that held nothing, too', async () => {
    const network = new Network({ limits: [limit({ value: 1_000_000n })] })
    await openAll(network, 1, 25n, [['hk', 0]])
    let opened = 0
    const open = async (lane: number, version?: number) => {
      const opening = network.lane('hk', lane).open(idOf(500 + opened++), of(25n), version)
      await network.play(500)
      const said = await opening
      return said.ok ? 'opened' : said.refusal
    }
    expect(await open(0, 1)).toBe('opened')
    network.version = 5
    const recalled = network.lender('wallet-th', 'hk').lender.recall(5)
    await network.play(100)
    expect(await recalled).toBe(0)
    const behind = { code: 'BUSY', detail: { notOpened: true, isBehind: true } }
    expect(await open(0, 4)).toMatchObject(behind)
    expect(await open(0, 5)).toBe('opened')
    // Whoever does not say by which directory is from before it was asked for.
    expect(await open(0)).toBe('opened')
    expect(await open(1, 5)).toBe('opened')
    expect(await open(1, 4)).toMatchObject(behind)
    network.lane('hk', 0).start()
    expect(await open(0, 4)).toMatchObject(behind)
    expect(await open(0, 6)).toBe('opened')
  })

  it('is told again to a lane that could not be reached', async () => {
    const network = new Network({ limits: [limit({ value: 1_000_000n })] })
    await openAll(network, 2, 25n, [['hk', 0]])
    const fate = network.fate
    network.fate = () => ({ lost: 'request', againMs: null, ms: 1 })
    const recalled = network.lender('wallet-th', 'hk').lender.recall(1)
    await network.play(100)
    expect(await recalled).toBe(1)
    network.fate = fate
    await network.play(2_000)
    expect(network.lane('hk', 0).purse.share(value).expiresAt).toBe(0)
  })

  it.each(['before', 'after'])(
    'is told to a lane that asks %s it and hears nothing',
    async when => {
      const network = new Network({ limits: [limit()] })
      const lane = network.lane('hk', 0)
      const { lender } = network.lender('wallet-th', 'hk')
      await openAll(network, 20, 25n, [['hk', 0]])
      network.limits = [limit(), limit({ value: 100n, from: network.now })]
      const { fate } = network
      network.fate = () => ({ lost: 'request', againMs: null, ms: 1 })
      const share = lane.purse.share(value)
      const ask = async () => {
        const shares = [{ limit: value, ...share, need: 0n, want: 1n }]
        const drawn = lender.draw({ borrower: 'hk:0', at: network.now, shares, paces: [] })
        await network.play(10)
        // The limit has become less than what is lent; but this answer is lost on its way back.
        expect(await drawn).toMatchObject({ value: { grants: [{ expiresAt: 0 }] } })
      }
      if (when === 'before') await ask()
      const recalled = lender.recall(1)
      await network.play(10)
      expect(await recalled).toBe(1)
      if (when === 'after') await ask()
      expect(lane.purse.share(value).expiresAt).toBeGreaterThan(network.now)
      network.fate = fate
      await network.play(2_000)
      expect(lane.purse.share(value).expiresAt).toBe(0)
    },
  )

  it('of which the books know nothing any more starves nobody who was told of it', async () => {
    const network = new Network({ limits: [limit({ value: 1_000_000n })] })
    await openAll(network, 1, 25n, [['hk', 0]])
    // The lender's storage was set back to before its third recall.
    network.lane('hk', 0).purse.recall('wallet-th', 3, 0)
    const { opened, codes } = await openAll(network, 4, 25n, [['hk', 0]], of(25n), 50)
    expect(codes).toEqual([])
    expect(opened).toBe(4)
    // And the next recall is news to the lane.
    const recalled = network.lender('wallet-th', 'hk').lender.recall(1)
    await network.play(100)
    expect(await recalled).toBe(0)
    expect(network.lane('hk', 0).purse.share(value).expiresAt).toBe(0)
  })

  it('is about what is lent after it, too, where that was asked for before', async () => {
    const network = new Network({ limits: [limit()] })
    await openAll(network, 1, 25n, [['hk', 0]])
    const { lender } = network.lender('wallet-th', 'hk')
    // Others must give back first, which takes a while.
    network.fate = () => ({ lost: null, againMs: null, ms: 200 })
    const opening = network.lane('hk', 1).open(idOf(100), of(900n))
    await network.play(500)
    network.version = 2
    network.switches = [{ subject: 'institution', name: 'wallet-th', reason: 'fraud', until: null }]
    const recalled = lender.recall(2)
    await network.play(5_000)
    await recalled
    expect(await opening).toMatchObject({ refusal: { code: 'MEMBER_SUSPENDED' } })
    expect(network.used.get(value)).toBe(25n)
  })
})

describe('what a lane tells of its shares', () => {
  const callsIn = async (network: Network, ms: number) => {
    let calls = 0
    network.fate = () => {
      calls += 1
      return { lost: null, againMs: null, ms: 1 }
    }
    await network.play(ms)
    return calls
  }

  it('is told once of a day that is over, whatever comes back of it', async () => {
    const network = new Network({ limits: [limit()] })
    network.now = Date.UTC(2026, 9, 1, 16, 59, 50)
    await openAll(network, 1, 25n, [['hk', 0]])
    await network.play(180_000)
    const ending = network.lane('hk', 0).end(idOf(0), 'refused')
    await network.play(50)
    expect(await ending).toMatchObject({ ok: true })
    expect(await callsIn(network, 60_000)).toBeLessThan(5)
    expect(lent(network.lender('wallet-th', 'hk').loans.loan(value, 'hk:0'))).toBe(0n)
  })

  it('is told once to a lender that lends no more', async () => {
    const network = new Network({ limits: [limit()] })
    await openAll(network, 1, 25n, [['hk', 0]])
    network.switches = [{ subject: 'institution', name: 'wallet-th', reason: 'fraud', until: null }]
    await network.play(2 * SHARE_LIFE_MS)
    expect(await callsIn(network, 60_000)).toBe(0)
  })

  it('wakes nobody while it is on its way', async () => {
    const network = new Network({ limits: [limit()] })
    await openAll(network, 1, 25n, [['hk', 0]])
    network.fate = () => ({ lost: null, againMs: null, ms: 1_400 })
    const { draws } = network.lane('hk', 0)
    let isDue = 0
    for (let step = 0; step < 800; step += 1) {
      await network.play(50)
      const { dueAt } = draws
      if (dueAt !== null && dueAt <= network.now) isDue += 1
    }
    expect(isDue).toBeLessThan(3)
  })
})

describe('what a lender has just lent', () => {
  it('is watched over from that very turn on, so that a crash after it leaves no share that nobody asks about', async () => {
    const network = new Network({ limits: [limit()] })
    const order: string[] = []
    const loans = new Loans(memorySql())
    const lend = loans.transaction.bind(loans)
    loans.transaction = work => {
      const done = lend(work)
      order.push('lent')
      queueMicrotask(() => order.push('turn over'))
      return done
    }
    const nobody = () => Promise.reject(new Error('nobody is there'))
    const lender = new Lender('wallet-th', 'hk', loans, {
      now: () => network.now,
      pause: () => new Promise(() => null),
      sight: async () => ({ directory: network.directory, confirmedAt: network.now }),
      arm: at => order.push(`woken at ${(at - network.now) / 1_000} s`),
      failed: () => undefined,
      ...{ yield: nobody, recall: nobody, draw: nobody, cede: nobody },
    })
    const nothing = { limit: value, granted: 0n, returned: 0n, used: 0n }
    const shares = [{ ...nothing, need: 25n, want: 0n }]
    const drawn = await lender.draw({ borrower: 'hk:0', at: network.now, shares, paces: [] })
    expect(drawn).toMatchObject({ ok: true })
    expect(order.slice(0, order.indexOf('turn over'))).toEqual([
      'lent',
      'woken at 5 s',
      'woken at 35 s',
    ])
  })
})

describe('a lender whose disk fails while it gathers', () => {
  it('gathers again the next time', async () => {
    const network = new Network({ limits: [limit()] })
    await openAll(network, 1, 25n, [['hk', 0]])
    const { loans } = network.lender('wallet-th', 'hk')
    const { draws } = network.lane('hk', 0)
    const [keep, give] = [loans.transaction.bind(loans), draws.yield.bind(draws)]
    let isFull = false
    draws.yield = lent => {
      isFull = true
      return give(lent)
    }
    loans.transaction = work => {
      if (!isFull) return keep(work)
      isFull = false
      throw new Error('disk full')
    }
    const opened: boolean[] = []
    for (const n of [100, 101]) {
      const opening = network.lane('hk', 1).open(idOf(n), of(975n))
      await network.play(10_000)
      opened.push((await opening).ok)
      draws.yield = give
    }
    expect(opened).toEqual([false, true])
  })
})

describe('while nobody reaches the directory', () => {
  const everywhere = ['hk', 'sg', 'fra'] as const
  const lanes = everywhere.map(center => [center, 0] as const)
  const perSecond = [limit({ kind: 'per_second', value: 20n })]

  /** What was seen last of the directory is from now. */
  const blind = (network: Network) => {
    const seen = { directory: network.directory, confirmedAt: network.now }
    for (const center of everywhere) network.blind.set(center, seen)
  }
  const vouch = (network: Network, centers: readonly string[]) => {
    const { version } = network
    for (const center of centers) {
      network.vouches.set(center, () => ({ version, confirmedAt: network.now, rows: null }))
    }
  }
  /** The next day of the institution has begun. */
  const tomorrow = (network: Network) => {
    network.now = Date.UTC(2026, 9, 1, 17, 5)
    return [{ limit: 'wallet-th * value_day 2026-10-02', minor: 25n }]
  }

  it('each second is lent in full, by a root for which its sentinel vouches', async () => {
    const network = new Network({ limits: perSecond })
    blind(network)
    vouch(network, everywhere)
    await network.play(60_000)
    const { all, away, codes } = await openedBySecond(network, 300, 25)
    expect(Math.max(...all.values())).toBeLessThanOrEqual(20)
    expect([...all.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100)
    // More than the portions of the two that are not home.
    expect(Math.max(...away.values())).toBeGreaterThan(4)
    expect(codes).toContain('LIMIT_RATE')
    expect(codes).not.toContain('CENTER_UNAVAILABLE')
  })

  it('each second is lent by a tenth where nobody vouches, and nobody is told that it is used up', async () => {
    const network = new Network({ limits: perSecond })
    blind(network)
    await network.play(60_000)
    const { all, codes } = await openedBySecond(network, 300, 25)
    expect(Math.max(...all.values())).toBeLessThanOrEqual(6)
    expect(codes).toContain('CENTER_UNAVAILABLE')
    expect(codes).not.toContain('LIMIT_RATE')
  })

  it('a day that begins is lent to its end, by a root for which its sentinel vouches', async () => {
    const network = new Network({ limits: [limit()] })
    blind(network)
    vouch(network, ['hk'])
    const { opened } = await openAll(network, 60, 25n, lanes, tomorrow(network))
    expect(opened).toBe(40)
    expect(network.overshot).toEqual([])
  })

  it('a day that begins is lent by a tenth where nobody vouches, and nobody is told that it is used up', async () => {
    const network = new Network({ limits: [limit()] })
    blind(network)
    const { opened, codes } = await openAll(network, 60, 25n, lanes, tomorrow(network))
    expect(opened).toBe(12)
    expect(new Set(codes)).toEqual(new Set(['CENTER_UNAVAILABLE']))
  })

  it('a center that is wrong about the root is lent nothing, and what it lends itself counts once', async () => {
    const network = new Network({ limits: [limit()] })
    const { rows } = network.directory
    const epochs = rows.epochs.map(epoch => ({ ...epoch, center: 'fra' }))
    const wrong = directoryOf({ ...rows, epochs })
    network.blind.set('sg', { directory: wrong, confirmedAt: network.now })
    const { opened, codes } = await openAll(network, 10, 25n, [['sg', 0]])
    expect(opened).toBe(4)
    expect(new Set(codes)).toEqual(new Set(['CENTER_UNAVAILABLE']))
    network.blind.clear()
    await openAll(network, 60, 25n, lanes, of(25n), 100)
    expect(network.used.get(value)).toBe(1_000n)
    expect(network.overshot).toEqual([])
  })
})

describe('what a wallet owes', () => {
  const owed = 'wallet-th * net_debit -'

  it('is counted in one row for all lanes that are long silent, and comes back from each of them', async () => {
    const network = new Network({ limits: [limit({ kind: 'net_debit', value: 2_000n })] })
    const owing = [{ limit: owed, minor: 100n }]
    const lanes = Array.from({ length: 10 }, (_, n) => ['hk', n] as const)
    expect((await openAll(network, 10, 100n, lanes, owing)).opened).toBe(10)
    await network.play(20 * 60_000)
    expect((await openAll(network, 1, 100n, [['hk', 20]], owing, 100)).opened).toBe(1)
    const host = network.lender('wallet-th', 'hk')
    expect([...host.loans.of(owed).keys()].toSorted()).toEqual(['hk:20', RESTED])
    // Whoever lends next is not told by memory.
    host.start()
    const ended = network.lane('hk', 3).end(idOf(3), 'refused')
    await network.play(60_000)
    expect(await ended).toMatchObject({ ok: true })
    expect(lent(host.loans.loan(owed, RESTED))).toBe(900n)
    expect(lent(host.loans.loan(owed, 'hk:3'))).toBe(0n)
    const rest = await openAll(network, 12, 100n, [['hk', 21]], owing, 101)
    expect(rest).toEqual({ opened: 10, codes: ['LIMIT_PERIOD', 'LIMIT_PERIOD'] })
    expect(network.used.get(owed)).toBe(2_000n)
    expect(network.overshot).toEqual([])
  })
})
