import { describe, expect, it } from 'vitest'
import { addLatency, packWindow, Window } from '../../src/domain/window.ts'
import type { OpenRow } from '../../src/domain/window-open.ts'
import {
  backwards,
  figures,
  type MonitorPort,
  type MonitorsWorld,
  openAt,
  overview,
  type Report,
  totals,
  windows,
} from '../../src/flows/monitor.ts'

const MINUTE = 60_000
const ages = { under10s: 0, under1m: 0, under5m: 0, under1h: 0, over1h: 0 }

function windowOf(committed: number, ms: number): Window {
  const window = new Window()
  const cell = window.cell('corridor', 'CN>TH')
  cell.committed = committed
  addLatency(cell, 'total', ms)
  return window
}

const openRow = (count: number, since: number): OpenRow => ({
  kind: 'in_doubt',
  institution: 'acquirer-th',
  count,
  byAge: { ...ages, under10s: count },
  oldest: { paymentId: `p${since}`, since },
})

const report = (committed: number, oldestSince: number): Report => ({
  pulse: { lastEventAt: 1, heardAt: 1, lagMs: 5, lag: [], lanes: 1, behind: 0 },
  watchers: 0,
  lastMinute: packWindow(windowOf(committed, committed * 100)),
  open: [openRow(committed, oldestSince)],
  alerts: {
    unresolved: { critical: 1, warning: 2, notice: 0 },
    calling: { critical: 1, warning: 0, notice: 0 },
  },
  limits: [],
})

const monitor = (committed: number, starts: readonly number[]): MonitorPort => ({
  report: async () => report(committed, committed),
  totals: async () => packWindow(windowOf(committed, 1)),
  figures: async () => packWindow(windowOf(committed, committed * 100)),
  open: async institution => [{ ...openRow(committed, committed), institution }],
  windows: async () => ({
    periods: starts.map(start => ({ start, cells: packWindow(windowOf(committed, 100)) })),
    isCut: false,
  }),
})

/** A monitor whose answers have room for so many periods. */
const narrow = (committed: number, starts: readonly number[], room: number): MonitorPort => ({
  ...monitor(committed, starts),
  windows: async (_span, from, until) => {
    const fit = starts.filter(start => start >= from && start < until)
    const periods = fit
      .slice(-room)
      .map(start => ({ start, cells: packWindow(windowOf(committed, 100)) }))
    return { periods, isCut: fit.length > room }
  },
})

const away: MonitorPort = {
  report: () => Promise.reject(new Error('away')),
  totals: () => Promise.reject(new Error('away')),
  figures: () => Promise.reject(new Error('away')),
  open: () => Promise.reject(new Error('away')),
  windows: () => Promise.reject(new Error('away')),
}

const never: MonitorPort = {
  report: () => new Promise(() => null),
  totals: () => new Promise(() => null),
  figures: () => new Promise(() => null),
  open: () => new Promise(() => null),
  windows: () => new Promise(() => null),
}

/** Time passes only for those who wait for a monitor that is silent. */
function world(monitors: Record<string, MonitorPort>) {
  const lines: object[] = []
  const asked: MonitorsWorld = {
    monitors,
    pause: () => new Promise(resolve => setImmediate(resolve)),
    log: line => lines.push(line),
  }
  return { asked, lines }
}

describe('what all monitors have seen', () => {
  it('adds up, counts, quantiles and what is open', async () => {
    const { asked } = world({ hk: monitor(2, []), sg: monitor(3, []) })
    const { lastMinute, open, alerts } = await overview(asked)
    expect(alerts).toEqual({ critical: 2, warning: 0, notice: 0 })
    const cell = lastMinute.find('corridor', 'CN>TH')
    expect(cell?.committed).toBe(5)
    expect(cell?.latency.get('total')?.count).toBe(2)
    expect(open).toEqual([
      {
        kind: 'in_doubt',
        institution: 'acquirer-th',
        count: 5,
        byAge: { ...ages, under10s: 5 },
        oldest: { paymentId: 'p2', since: 2 },
      },
    ])
  })

  it('is shown without the centers that are away or silent, which are named', async () => {
    const { asked, lines } = world({ hk: monitor(2, []), sg: away, fra: never })
    const { reports, lastMinute } = await overview(asked)
    expect([...reports].map(([center, said]) => [center, said === null])).toEqual([
      ['hk', false],
      ['sg', true],
      ['fra', true],
    ])
    expect(lastMinute.find('corridor', 'CN>TH')?.committed).toBe(2)
    expect(lines).toHaveLength(2)
    expect(await totals(asked)).toMatchObject({
      centers: [{ center: 'hk' }],
      missing: ['sg', 'fra'],
    })
  })

  it('adds the figures of a stretch up over the centers, and names those that are not in them', async () => {
    const { asked } = world({ hk: monitor(2, []), sg: monitor(3, []), fra: away })
    const stretch = { span: 'day', from: 0, until: 1, dimension: 'corridor', name: null } as const
    const { sum, missing } = await figures(stretch, asked)
    const cell = sum.find('corridor', 'CN>TH')
    expect(cell?.committed).toBe(5)
    expect(cell?.latency.get('total')?.count).toBe(2)
    expect(missing).toEqual(['fra'])
  })

  it('says what waits for one institution, in all centers that could be asked', async () => {
    const { asked } = world({ hk: monitor(2, []), sg: monitor(3, []), fra: away })
    const { open, missing } = await openAt('wallet-th', asked)
    expect(open).toMatchObject([
      { institution: 'wallet-th', count: 5, byAge: { under10s: 5 }, oldest: { paymentId: 'p2' } },
    ])
    expect(missing).toEqual(['fra'])
  })

  it('comes in the same periods from every center, and seconds in the nearest', async () => {
    const { asked } = world({ hk: monitor(1, [0, MINUTE]), sg: monitor(2, [MINUTE, 3 * MINUTE]) })
    const wanted = {
      span: 'minute',
      from: 0,
      until: 9 * MINUTE,
      dimension: null,
      name: null,
    } as const
    const { periods, missing } = await windows(wanted, asked)
    expect(
      periods.map(({ start, cells }) => [
        start / MINUTE,
        cells.find('corridor', 'CN>TH')?.committed,
      ]),
    ).toEqual([
      [0, 1],
      [1, 3],
      [3, 2],
    ])
    expect(missing).toEqual([])
    const seconds = world({ hk: monitor(1, [4_003]), sg: monitor(2, [3_998, 5_001]) })
    const second = await windows({ ...wanted, span: 'second' }, seconds.asked)
    expect(second.periods.map(({ start }) => start)).toEqual([4_000, 5_000])
  })

  describe('over a stretch that is too long for one answer', () => {
    const days = [0, 1, 2, 3, 4, 5, 6, 7, 8]
    const wanted = { span: 'day', from: 0, until: 9, dimension: null, name: null } as const
    const sums = (periods: readonly { start: number; cells: Window }[]) =>
      periods.map(({ start, cells }) => [start, cells.find('corridor', 'CN>TH')?.committed])

    it('begins where all centers have told of it, and says where that is', async () => {
      const { asked } = world({ hk: narrow(1, days, 4), sg: narrow(2, days, 2), fra: away })
      const { periods, from, isCut, missing } = await windows(wanted, asked)
      expect(sums(periods)).toEqual([
        [7, 3],
        [8, 3],
      ])
      expect({ from, isCut, missing }).toEqual({ from: 7, isCut: true, missing: ['fra'] })
    })

    it('is read whole, part by part, each period once', async () => {
      const { asked } = world({ hk: narrow(1, days, 4), sg: narrow(2, [0, 3, 8], 2) })
      const parts: ReturnType<typeof sums>[] = []
      for await (const { periods } of backwards(wanted, asked)) parts.push(sums(periods))
      expect(parts.length).toBeGreaterThan(1)
      expect(parts.toReversed().flat()).toEqual(
        days.map(day => [day, [0, 3, 8].includes(day) ? 3 : 1]),
      )
    })
  })
})
