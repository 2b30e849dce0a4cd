/** What a run of the whole bench says, for people and for machines. */
import { availableParallelism, cpus } from 'node:os'
import { table } from '../../src/cli/table.ts'
import baseline from './baseline.json' with { type: 'json' }
import type { PerPayment } from './counts.ts'
import { besideOf } from './guide-tables.ts'
import { type Measured, median } from './measure.ts'
import { usdPerMillion } from './prices.ts'
import type { Rows } from './rows.ts'
import { judge, told, verdictOf } from './targets.ts'
import type { WorkloadName } from './workloads.ts'

/** Something that is no row of the table: what happens on a bad day, or beside. */
export interface Extreme {
  readonly name: string
  readonly figures: object | null
  /** In lines. */
  readonly says: readonly string[]
}

export interface Outcome {
  readonly rows: Rows
  readonly counted: Partial<Record<WorkloadName, PerPayment>>
  readonly extremes: readonly Extreme[]
  readonly seconds: number
}

/** What a regression would show in. */
export function figuresOf({ rows, counted, seconds }: Outcome) {
  const { pay: perPayment } = counted
  if (perPayment === undefined) throw new Error('nothing was counted')
  const ratio = (one: number, other: number) => Number((one / other).toFixed(3))
  const pay = rows.of('pay')
  const to = (floor: string) => ratio(pay.perSecond, rows.of(floor).perSecond)
  const signed = rows.of('signed').perSecond
  const usd = usdPerMillion({ ...perPayment, cpuMs: pay.cpuMicros / 1_000 })
  return {
    ratios: {
      payToNaive: to('naive'),
      payToGrouped: to('grouped'),
      payP50ToNaive: ratio(pay.p50, rows.of('naive').p50),
      payToSworn: to('sworn'),
      payToPlainD1: to('plainD1'),
      quoteToHello: ratio(rows.of('quote').perSecond, signed),
      askedQuoteToHello: ratio(rows.of('askedQuote').perSecond, signed),
    },
    perPayment: {
      ...perPayment,
      usdPerMillion: Number(usd.toFixed(2)),
      cpuMicros: Math.round(pay.cpuMicros),
    },
    paymentsPerSecond: Math.round(pay.perSecond),
    backlogSeconds: Number(pay.backlogSeconds.toFixed(1)),
    flushesPerPayment: pay.flushes === null ? null : Number(pay.flushes.toFixed(2)),
    seconds: Math.round(seconds),
  }
}

export function jsonOf(outcome: Outcome, isQuick: boolean): string {
  const figures = figuresOf(outcome)
  if (isQuick) return JSON.stringify(figures)
  const { counted, extremes } = outcome
  return JSON.stringify({ ...figures, rows: middleOf(outcome), counted, extremes })
}

const middleOf = ({ rows }: Outcome) =>
  rows.all().map(({ name, connections, runs }) => ({ name, connections, ...median(runs) }))

const ms = (value: number) => value.toFixed(1)

// biome-ignore format: a table is read by column
const columns: readonly (readonly [head: string, cell: (run: Measured) => string])[] = [
  ['/s',         run => run.perSecond.toFixed(0)],
  ['p50 ms',     run => ms(run.p50)],
  ['p95 ms',     run => ms(run.p95)],
  ['p99 ms',     run => ms(run.p99)],
  ['CPU µs',     run => run.cpuMicros.toFixed(0)],
  ['members µs', run => run.responderMicros.toFixed(0)],
  ['flushes',    run => run.flushes?.toFixed(2) ?? '-'],
  ['backlog s',  run => run.backlogSeconds.toFixed(1)],
  ['failed',     run => `${run.failed}`],
]

export function print(outcome: Outcome, where: string) {
  const { counted, extremes } = outcome
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim()}, Node ${process.version}`
  console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}, ${where}\n`)
  const rows = middleOf(outcome)
  const lines = rows.map(run => [
    run.name,
    `${run.connections || '-'}`,
    ...columns.map(([, cell]) => cell(run)),
  ])
  say(table(['', 'conns', ...columns.map(([head]) => head)], lines))
  const uses = Object.entries(counted).map(([name, use]) => [
    name,
    ...[use.rowsWritten, use.laneRows, use.objectCalls, use.queueOperations].map(value =>
      value.toFixed(2),
    ),
  ])
  say(table(['each uses', 'rows', 'of them in objects', 'object calls', 'queue operations'], uses))
  for (const { name, says } of extremes) {
    for (const [at, line] of says.entries()) {
      console.log(`${(at === 0 ? name : '').padEnd(26)} ${line}`)
    }
  }
  if (extremes.length > 0) console.log()
  const figures = figuresOf(outcome)
  const judged = judge(figures, besideOf({ rows, extremes }))
  const promised = judged.map(each => [each.what, each.target, told(each), verdictOf(each)])
  say(table(['', 'target', 'measured', ''], promised, ['left', 'right', 'right']))
  const { date, ratios, perPayment: before } = baseline.quick
  const beside = (now: object, then: Readonly<Record<string, number>>) =>
    Object.entries(now).map(([name, value]) => [name, `${value}`, `${then[name] ?? '-'}`])
  const compared = [...beside(figures.ratios, ratios), ...beside(figures.perPayment, before)]
  say(table(['', 'now', date], compared, ['left', 'right', 'right']))
}

function say(lines: readonly string[]) {
  for (const line of lines) console.log(line)
  console.log()
}
