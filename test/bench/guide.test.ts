import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filled, type Report } from './guide-tables.ts'
import { judge, told, verdictOf } from './targets.ts'

const run = {
  perSecond: 359.4,
  good: 1,
  failed: 0,
  p50: 74.51,
  p95: 211,
  p99: 268,
  cpuMicros: 3018,
  responderMicros: 300,
  backlogSeconds: 0.6,
  flushes: 0.62,
}
const use = { rowsWritten: 6.75, laneRows: 2.79, objectCalls: 3.05, queueOperations: 0.45 }
const report: Report = {
  ratios: {
    payToNaive: 0.384,
    payToGrouped: 0.169,
    payP50ToNaive: 1.9,
    payToSworn: 0.529,
    payToPlainD1: 0.957,
    quoteToHello: 0.236,
    askedQuoteToHello: 0.112,
  },
  perPayment: { ...use, workerRequests: 2, usdPerMillion: 8.05, cpuMicros: 3018 },
  paymentsPerSecond: 359,
  backlogSeconds: 0.6,
  flushesPerPayment: 0.62,
  seconds: 482,
  rows: [
    { name: 'pay', connections: 32, ...run },
    { name: 'pay', connections: 256, ...run, flushes: 0.34 },
    { name: 'pay, open loop at 70 %', connections: 0, ...run, flushes: null },
  ],
  counted: { pay: { ...use, workerRequests: 2 } },
  extremes: [{ name: '5 % to a silent member', figures: null, says: ['not measured'] }],
}
const guide = readFileSync(join(import.meta.dirname, '../../docs/performance.md'), 'utf8')

describe('the tables of the guide', () => {
  it('come from the figures, each where it is marked, and nothing else is touched', () => {
    const text = filled(guide, report)
    expect(text).toContain('| pay | 32 | 359 | 74.5 | 211.0 | 268.0 | 3018 | 0.62 |')
    expect(text).toContain('| pay, open loop at 70 % | - | 359 | 74.5 | 211.0 | 268.0 | 3018 | - |')
    expect(text).toContain('| pay | 6.75 | 2.79 | 3.05 | 0.45 |')
    expect(text).toContain(
      '| CPU of all gateway processes for a payment | ≤ 2 ms | **3.0 ms**: missed |',
    )
    const rest = (of: string) =>
      of.replaceAll(/(<!-- figures: [a-z]+ -->)[\s\S]*?(<!-- end -->)/g, '$1$2')
    expect(rest(text)).toBe(rest(guide))
    expect(filled(text, report)).toBe(text)
  })

  it('are not written where a mark is missing or means nothing', () => {
    expect(() => filled(guide.replace('figures: uses', 'uses'), report)).toThrow('no mark for uses')
    expect(() => filled(guide.replace('figures: uses', 'figures: lanes'), report)).toThrow('lanes')
  })
})

describe('a target', () => {
  const judged = judge(report, { saturatedFlushes: 0.34, besideSilent: null })
  const of = (what: string) => judged.find(each => each.what.startsWith(what))!

  // biome-ignore format: a table is read by column
  it.each([
    ['payments to the naive floor', '≥ 0.9',  '0.38',         'missed'],
    ['payments to the sworn floor', '',       '0.53',         ''],
    ['median latency',              '≤ 2',    '1.9',          'met'],
    ['payments a second',           '≥ 500',  '359',          'missed'],
    ['CPU of all',                  '≤ 2 ms', '3.0 ms',       'missed'],
    ['dollars',                     '≤ 12',   '8.1',          'met'],
    ['flushes',                     '≤ 0.5',  '0.34',         'met'],
    ['payments of the others',      '≥ 0.9',  'not measured', ''],
  ])('%s %s, measured %s: %s', (what, target, measured, verdict) => {
    expect(of(what).target).toBe(target)
    expect(told(of(what))).toBe(measured)
    expect(verdictOf(of(what))).toBe(verdict)
  })
})
