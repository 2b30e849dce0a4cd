/** A report over a quarter of a busy network: more than monitors say in one answer, and all of it in the report. */
import { afterAll, expect, it, vi } from 'vitest'
import { type PackedCell, packWindow, Window } from '../../src/domain/window.ts'
import type { EdgeEnv } from '../../src/env.ts'
import { type Report, reportSchema } from '../../src/wire/ops-report.ts'
import { startDoor } from '../middleware/staff.ts'

const DAY_MS = 86_400_000
const DAYS = 92
// No day ends while its report is made.
vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 9, 5, 12) })
afterAll(() => vi.useRealTimers())
const today = Date.UTC(2026, 9, 5)
const first = today - (DAYS - 1) * DAY_MS

const { request, tokenOf } = await startDoor()
const headers = { 'cf-access-jwt-assertion': await tokenOf('regulator'), 'cpg-ops': '1' }

/** One payment for each day since the first: so a day that is left out shows in every sum. */
function dayCells(): readonly PackedCell[] {
  const window = new Window()
  for (const [dimension, name] of [
    ['all', 'all'],
    ['corridor', 'TH>CN'],
  ] as const) {
    Object.assign(window.cell(dimension, name), { opened: 1, committed: 1, cny: 100, usd: 14 })
  }
  return packWindow(window)
}

/** A monitor that says so many days at once, at the most; and how often it was asked. */
function monitorOf(room: number, isAwayAt = 0) {
  let asked = 0
  const windows = async (_span: string, from: number, until: number) => {
    asked += 1
    if (asked === isAwayAt) throw new Error('away')
    const starts = Array.from({ length: DAYS }, (_, day) => first + day * DAY_MS)
    const fit = starts.filter(start => start >= from && start < until)
    const periods = fit.slice(-room).map(start => ({ start, cells: dayCells() }))
    return { periods, isCut: fit.length > room }
  }
  return { space: { getByName: () => ({ windows }) }, asked: () => asked }
}

async function reportOf(monitors: readonly ReturnType<typeof monitorOf>[]): Promise<Report> {
  const [MONITOR_HK, MONITOR_SG, MONITOR_FRA] = monitors.map(({ space }) => space)
  const changed = { MONITOR_HK, MONITOR_SG, MONITOR_FRA } as unknown as Partial<EdgeEnv>
  const answer = await request(`/ops/v1/reports/traffic?days=${DAYS}`, { headers }, changed)
  return reportSchema.parse(await answer.json())
}

it('has every day of every center, in whatever parts they tell of them', async () => {
  const monitors = [monitorOf(28), monitorOf(40), monitorOf(DAYS)]
  const report = await reportOf(monitors)
  expect(monitors[0]?.asked()).toBeGreaterThan(3)
  expect(report.total).toMatchObject({ opened: 3 * DAYS, committed: 3 * DAYS })
  expect(report.corridors).toMatchObject([{ name: 'TH>CN', committed: 3 * DAYS }])
  expect(report.days).toHaveLength(DAYS)
  expect(report.days[0]).toMatchObject({
    name: new Date(first).toISOString().slice(0, 10),
    committed: 3,
  })
  expect(report.missing).toEqual([])
})

it('names a center that was away for a part of it', async () => {
  const report = await reportOf([monitorOf(28, 2), monitorOf(40), monitorOf(40)])
  expect(report.missing).toEqual(['hk'])
  expect(report.days).toHaveLength(DAYS)
})

it('is a table with every day of it, oldest first', async () => {
  const { space } = monitorOf(28)
  const changed = { MONITOR_HK: space } as unknown as Partial<EdgeEnv>
  const path = `/ops/v1/reports/traffic.csv?days=${DAYS}`
  const text = await (await request(path, { headers }, changed)).text()
  const days = text.split('\r\n').filter(line => line.includes(',corridor,TH>CN,1,1,'))
  expect(days).toHaveLength(DAYS)
  expect(days.map(line => line.slice(0, 10))).toEqual(
    days.map((_, day) => new Date(first + day * DAY_MS).toISOString().slice(0, 10)),
  )
  expect(text).toContain(',missing,sg,')
})
