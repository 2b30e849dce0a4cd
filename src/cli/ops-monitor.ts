/** `cpg ops now` and `cpg ops figures`: how everything goes, and how it went, as the console shows it. */
import { type Command, Option } from 'commander'
import { dimensions } from '../domain/window.ts'
import type { Figures, LatencyView, Overview, WindowCell } from '../wire/monitor.ts'
import { amountText } from './amount.ts'
import { print, type Shared, shared } from './ops-shared.ts'
import { type Align, table } from './table.ts'

export function addMonitor(ops: Command): void {
  shared(
    ops.command('now').description('the last minute, what is open by age, limits near their end'),
  ).action(async (options: Shared) => {
    const seen = await print.asked<Overview>(options, 'GET', '/monitor')
    print.out(options, seen, nowText(seen))
  })
  shared(ops.command('figures').description('what went through, by whatever it is counted by'))
    .addOption(new Option('--by <dimension>').choices([...dimensions]).default('corridor'))
    .addOption(
      new Option('--window <length>')
        .choices(['second', 'minute', 'hour', 'day'])
        .default('minute'),
    )
    .option('--last <count>', 'so many windows, 1 to 120', '60')
    .option('--until <instant>', 'of the last of them; else now')
    .action(async ({ by, window, last, until, ...options }: Shared & Record<string, string>) => {
      const query = new URLSearchParams({
        dimension: by ?? '',
        window: window ?? '',
        last: last ?? '',
      })
      if (until !== undefined) query.set('until', until)
      const figures = await print.asked<Figures>(options, 'GET', `/monitor/figures?${query}`)
      print.out(options, figures, figuresText(figures))
    })
}

const percent = (share: number | null): string =>
  share === null ? '–' : `${(share * 100).toFixed(1)} %`
const ms = (latency: LatencyView | undefined, which: 'p50' | 'p95' | 'p99'): string =>
  latency === undefined ? '–' : `${Math.round(latency[which])}`

const heads = [
  'Opened',
  'Committed',
  'Success',
  'Turned away',
  'Doubted',
  'Refunds',
  'CNY',
  'p50 ms',
  'p95 ms',
  'p99 ms',
]
const right: readonly Align[] = ['left', ...heads.map(() => 'right' as const)]

const cellsOf = (cell: WindowCell): readonly string[] => [
  `${cell.opened}`,
  `${cell.committed}`,
  percent(cell.successRate),
  `${cell.refused}`,
  `${cell.doubted}`,
  `${cell.refunds}`,
  amountText(cell.cny).replace('CNY ', ''),
  ms(cell.latency.total, 'p50'),
  ms(cell.latency.total, 'p95'),
  ms(cell.latency.total, 'p99'),
]

const notAsked = (centers: readonly string[]): readonly string[] =>
  centers.length === 0 ? [] : [`Not asked, because away: ${centers.join(', ')}.`]

function figuresText({ from, until, data, missing }: Figures): string {
  const rows = data.map(cell => [cell.name, ...cellsOf(cell)])
  return [
    `${from} to ${until}`,
    ...(rows.length === 0 ? ['Nothing happened.'] : table(['Name', ...heads], rows, right)),
    ...notAsked(missing),
  ].join('\n')
}

function nowText({ minute, open, limits, missing }: Overview): string {
  const all = minute.find(({ dimension }) => dimension === 'all')
  const waiting = open.map(({ kind, institution, count, byAge, oldest }) => [
    ...[kind, institution, `${count}`],
    ...Object.values(byAge).map(each => `${each}`),
    oldest.since,
  ])
  const near = limits.map(({ institution, scope, kind, share, used, value }) => [
    ...[institution, scope, kind, percent(share), used, value],
  ])
  const ages = ['< 10 s', '< 1 min', '< 5 min', '< 1 h', '≥ 1 h']
  return [
    ...(all === undefined
      ? ['Nothing happened in the last minute.']
      : table(['The last minute', ...heads], [['all', ...cellsOf(all)]], right)),
    ...(waiting.length === 0
      ? []
      : [
          '',
          ...table(['Open', 'Who must act', 'Count', ...ages, 'Oldest since'], waiting, counts),
        ]),
    ...(near.length === 0
      ? []
      : ['', ...table(['Limit of', 'Scope', 'Kind', 'Use', 'Used', 'Of'], near, uses)]),
    ...notAsked(missing),
  ].join('\n')
}

const uses: readonly Align[] = ['left', 'left', 'left', 'right', 'right', 'right']
const counts: readonly Align[] = [
  'left',
  'left',
  ...Array.from({ length: 6 }, () => 'right' as const),
]
