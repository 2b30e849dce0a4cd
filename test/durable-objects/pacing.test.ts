import { describe, expect, it } from 'vitest'
import { Network, T0 } from './network.ts'
import { idOf, limit, openAll, openedBySecond } from './opening.ts'

describe('payments of a second', () => {
  const perSecond = 'wallet-th * per_second -'
  const one = [{ limit: perSecond, minor: 1n }]
  const limits = [limit({ kind: 'per_second', value: 10n })]

  it('are no more than the limit in any second, over all lanes and centers', async () => {
    const network = new Network({ limits })
    const opened = new Map<number, number>()
    let refused = 0
    for (let n = 0; n < 300; n += 1) {
      const center = ['hk', 'hk', 'hk', 'sg', 'fra'][n % 5]!
      const lane = network.lane(center, n % 3)
      void lane.open(idOf(n), one).then(result => {
        if (!result.ok) {
          expect(result.refusal.code).toBe('LIMIT_RATE')
          expect(result.refusal.detail?.retryAfterMs).toBeGreaterThan(0)
          refused += 1
          return
        }
        const second = Math.floor(result.value.payment.openedAt / 1_000)
        opened.set(second, (opened.get(second) ?? 0) + 1)
      })
      await network.play(33)
    }
    await network.play(2_000)
    expect(refused).toBeGreaterThan(100)
    expect(Math.max(...opened.values())).toBeLessThanOrEqual(10)
    const total = [...opened.values()].reduce((sum, count) => sum + count, 0)
    // Most of what there was, in ten seconds of ten each.
    expect(total).toBeGreaterThan(70)
  })

  it('are not lent twice to lanes whose clocks are behind', async () => {
    const skewMs = (host: string) => (host === 'hk:0' ? -1_900 : 0)
    const network = new Network({ limits: [limit({ kind: 'per_second', value: 3n })], skewMs })
    const opened = new Map<number, number>()
    for (let n = 0; n < 400; n += 1) {
      void network
        .lane('hk', n % 2)
        .open(idOf(n), one)
        .then(result => {
          if (!result.ok) return
          const second = Math.floor(result.value.payment.openedAt / 1_000)
          opened.set(second, (opened.get(second) ?? 0) + 1)
        })
      await network.play(50)
    }
    expect(opened.size).toBeGreaterThan(10)
    expect(Math.max(...opened.values())).toBeLessThanOrEqual(3)
  })

  it('are not lent twice by a lender that has forgotten them', async () => {
    const network = new Network({ limits })
    network.now = T0 + 100
    const { opened } = await openAll(network, 20, 1n, [['hk', 0]], one)
    expect(opened).toBe(8)
    network.now = T0 + 20_100
    const before = network.lane('hk', 0).open(idOf(500), one)
    await network.play(50)
    expect(await before).toMatchObject({ ok: true })
    network.lender('wallet-th', 'hk').start()
    const after = network.lane('hk', 1).open(idOf(501), one)
    await network.play(50)
    expect(await after).toMatchObject({ refusal: { code: 'LIMIT_RATE' } })
    await network.play(6_000)
    const later = network.lane('hk', 1).open(idOf(502), one)
    await network.play(50)
    expect(await later).toMatchObject({ ok: true })
  })
})

describe('a limit of a second that has become less', () => {
  it('is shared out by what it is now, in every center', async () => {
    const kind = 'per_second'
    const limits = [limit({ kind, value: 200n }), limit({ kind, value: 10n, from: T0 - 60_000 })]
    const network = new Network({ limits })
    const opened = await openedBySecond(network, 300, 33)
    expect(Math.max(...opened.all.values())).toBeLessThanOrEqual(10)
    expect(Math.max(...opened.all.values())).toBeGreaterThan(3)
  })
})
