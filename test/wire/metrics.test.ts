import { describe, expect, it } from 'vitest'
import { addLatency, Window } from '../../src/domain/window.ts'
import type { CenterTotals } from '../../src/flows/monitor.ts'
import { metricsText } from '../../src/wire/metrics.ts'
import { parse } from './openmetrics.ts'

const NOW = Date.UTC(2026, 9, 1)

function center(id: string, names: readonly string[]): CenterTotals {
  const totals = new Window()
  for (const name of names) {
    for (const cell of [totals.cell('all', 'all'), totals.cell('corridor', name)]) {
      cell.committed += 2
      cell.cny += 12_345
    }
    totals.cell('institution', name).aborted += 1
    totals.cell('code', 'DECLINED').aborted += 1
  }
  for (const ms of [40, 180, 220, 9_000, 400_000]) {
    addLatency(totals.cell('all', 'all'), 'total', ms)
  }
  const pulse = { lastEventAt: NOW, heardAt: NOW - 500, lagMs: 640, lag: [], lanes: 4, behind: 0 }
  const byAge = { under10s: 1, under1m: 0, under5m: 0, under1h: 0, over1h: 0 }
  const oldest = { paymentId: 'p', since: NOW - 4_000 }
  const open = [{ kind: 'pending', institution: 'acquirer-th', count: 1, byAge, oldest }]
  const limit = 'wallet-th TH>CN value_day 2026-10-01'
  const limits = [{ limit, used: 90n, held: 5n, asOf: NOW, share: 0.9 }]
  const alerts = {
    unresolved: { critical: 0, warning: 3, notice: 1 },
    calling: { critical: 0, warning: 2, notice: 0 },
  }
  const report = { pulse, watchers: 2, lastMinute: [], open, alerts, limits }
  return { center: id, report, totals }
}

describe('the metrics', () => {
  const text = metricsText(
    [center('hk', ['CN>TH']), center('sg', ['TH>CN', 'MY>ID'])],
    ['fra'],
    NOW,
  )
  const families = parse(text)
  const value = (family: string, labels: Record<string, string>, name = family) =>
    families
      .get(family)
      ?.samples.find(
        sample =>
          sample.name === name &&
          Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
      )?.value

  it('can be read by whoever keeps to the standard, and say what the windows say', () => {
    expect(value('cpg_center_up', { center: 'hk' })).toBe(1)
    expect(value('cpg_center_up', { center: 'fra' })).toBe(0)
    const total = 'cpg_corridor_payments_total'
    const corridor = { center: 'sg', corridor: 'MY>ID', event: 'committed' }
    expect(value('cpg_corridor_payments', corridor, total)).toBe(2)
    expect(value('cpg_committed_cny', { corridor: 'CN>TH' }, 'cpg_committed_cny_total')).toBe(
      123.45,
    )
    expect(value('cpg_alerts', { center: 'hk', severity: 'warning' })).toBe(3)
    expect(value('cpg_open', { kind: 'pending' })).toBe(1)
    expect(value('cpg_open_oldest_seconds', { kind: 'pending' })).toBe(4)
    const limit = { institution: 'wallet-th', scope: 'TH>CN', kind: 'value_day' }
    expect(value('cpg_limit_used_ratio', { center: 'sg', ...limit })).toBe(0.9)
    expect(value('cpg_events_lag_seconds', { center: 'hk' })).toBe(0.64)
  })

  it('show how long each part of the way takes, in seconds', () => {
    expect(families.get('cpg_hop_seconds')).toMatchObject({ kind: 'histogram', unit: 'seconds' })
    const hop = { center: 'hk', hop: 'total' }
    const bucket = (le: string) =>
      value('cpg_hop_seconds', { ...hop, le }, 'cpg_hop_seconds_bucket')
    expect(['0.05', '0.2', '1.0', '15.0', '300.0', '+Inf'].map(bucket)).toEqual([1, 2, 3, 4, 4, 5])
  })

  it('explain every family', () => {
    for (const { help } of families.values()) expect(help).toMatch(/\.$/)
  })

  it('survive every letter in a name', () => {
    const odd = 'a"b\\c\nd}e,f="g"'
    const read = parse(metricsText([center('hk', [odd])], [], NOW))
    const names = read.get('cpg_corridor_payments')?.samples.map(({ labels }) => labels.corridor)
    expect(names).toEqual([odd])
  })

  it('stay bounded whatever number of names there is', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => `name-${at}`)
    const read = parse(metricsText([center('hk', many)], [], NOW))
    const samples = [...read.values()].reduce((sum, family) => sum + family.samples.length, 0)
    expect(samples).toBeLessThan(2_000)
  })

  it('are an empty but whole text when every center is away', () => {
    expect([...parse(metricsText([], ['hk', 'sg'], NOW)).keys()]).toEqual(['cpg_center_up'])
  })
})
