/**
 * The monitors' figures as OpenMetrics text (openmetrics.io, 1.0), for machines that gather and chart them.
 *
 * Labels are bounded, because windows are: at most 256 names of a dimension. Each center is a label and not added up,
 * so that a center that is away leaves a gap instead of making every sum fall.
 */
import { limitPlace } from '../domain/limit.ts'
import { counters, type Dimension, hops, type Window } from '../domain/window.ts'
import type { CenterTotals } from '../flows/monitor.ts'

export const METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

type Labels = Readonly<Record<string, string>>
type Kind = 'counter' | 'gauge' | 'histogram'

interface Sample {
  readonly suffix?: string
  readonly labels: Labels
  readonly value: number
}

/** Upper bounds in seconds: a payment answers in tenths, is decided within fifteen, and may wait a minute for its user. */
const bounds = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15, 20, 30, 60, 300] as const

const severities = ['critical', 'warning', 'notice'] as const

class Text {
  readonly #lines: string[] = []

  family(name: string, kind: Kind, help: string, samples: readonly Sample[], unit = '') {
    if (samples.length === 0) return
    this.#lines.push(`# TYPE ${name} ${kind}`)
    if (unit !== '') this.#lines.push(`# UNIT ${name} ${unit}`)
    this.#lines.push(`# HELP ${name} ${help}`)
    const suffixed = kind === 'counter' ? '_total' : ''
    for (const { suffix = suffixed, labels, value } of samples) {
      this.#lines.push(`${name}${suffix}${labelText(labels)} ${value}`)
    }
  }

  get whole(): string {
    return `${[...this.#lines, '# EOF'].join('\n')}\n`
  }
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** Metrics of one dimension, and the label that its names are. */
const byDimension = [
  ['cpg_payments', 'all', null],
  ['cpg_scenario_payments', 'scenario', 'scenario'],
  ['cpg_corridor_payments', 'corridor', 'corridor'],
  ['cpg_institution_payments', 'institution', 'institution'],
  ['cpg_family_payments', 'family', 'family'],
  ['cpg_result_payments', 'code', 'code'],
] as const satisfies readonly (readonly [string, Dimension, string | null])[]

/** @param missing centers that could not be asked */
export function metricsText(
  centers: readonly CenterTotals[],
  missing: readonly string[],
  now: number,
): string {
  const text = new Text()
  const up = [
    ...centers.map(({ center }) => [center, 1] as const),
    ...missing.map(id => [id, 0] as const),
  ]
  text.family(
    'cpg_center_up',
    'gauge',
    "Whether the center's monitor answers.",
    up.map(([center, value]) => ({ labels: { center }, value })),
  )
  for (const [name, dimension, label] of byDimension) {
    const samples = centers.flatMap(({ center, totals }) =>
      countSamples(totals, dimension, label, center),
    )
    text.family(name, 'counter', 'What became of payments and requests.', samples)
  }
  for (const currency of ['cny', 'usd'] as const) {
    const samples = centers.flatMap(({ center, totals }) =>
      [...totals.cells()]
        .filter(({ dimension }) => dimension === 'corridor')
        .map(({ name, cell }) => ({
          labels: { center, corridor: name },
          value: cell[currency] / 100,
        })),
    )
    text.family(`cpg_committed_${currency}`, 'counter', 'Committed, at mid rates.', samples)
  }
  text.family(
    'cpg_hop_seconds',
    'histogram',
    "Parts of a payment's way.",
    centers.flatMap(({ center, totals }) => hopSamples(totals, center)),
    'seconds',
  )
  reportFamilies(text, centers, now)
  return text.whole
}

function countSamples(
  totals: Window,
  wanted: Dimension,
  label: string | null,
  center: string,
): readonly Sample[] {
  return [...totals.cells()]
    .filter(({ dimension }) => dimension === wanted)
    .flatMap(({ name, cell }) =>
      counters
        .filter(event => label === null || cell[event] > 0)
        .map(event => ({
          labels: { center, ...(label === null ? {} : { [label]: name }), event },
          value: cell[event],
        })),
    )
}

function hopSamples(totals: Window, center: string): readonly Sample[] {
  const latency = totals.find('all', 'all')?.latency
  return hops.flatMap(hop => {
    const sketch = latency?.get(hop)
    if (sketch === undefined) return []
    const labels = { center, hop }
    return [
      ...bounds.map(bound => ({
        suffix: '_bucket',
        labels: { ...labels, le: Number.isInteger(bound) ? `${bound}.0` : `${bound}` },
        value: sketch.countUpTo(bound * 1_000),
      })),
      { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: sketch.count },
      { suffix: '_count', labels, value: sketch.count },
      { suffix: '_sum', labels, value: sketch.sum / 1_000 },
    ]
  })
}

function reportFamilies(text: Text, centers: readonly CenterTotals[], now: number) {
  const gauge = (
    name: string,
    help: string,
    value: (report: CenterTotals['report']) => number | null,
    unit = '',
  ) => {
    const samples = centers.flatMap(({ center, report }) => {
      const figure = value(report)
      return figure === null ? [] : [{ labels: { center }, value: figure }]
    })
    text.family(name, 'gauge', help, samples, unit)
  }
  gauge(
    'cpg_events_lag_seconds',
    'How old the newest event of the latest run was when it came.',
    ({ pulse }) => (pulse.lagMs === null ? null : pulse.lagMs / 1_000),
    'seconds',
  )
  gauge(
    'cpg_events_silence_seconds',
    'How long ago anything was heard of any lane.',
    ({ pulse }) => (pulse.heardAt === null ? null : Math.max(now - pulse.heardAt, 0) / 1_000),
    'seconds',
  )
  gauge('cpg_events_missing', 'Events known to be missing.', ({ pulse }) => pulse.behind)
  gauge('cpg_lanes', 'Lanes heard of.', ({ pulse }) => pulse.lanes)
  gauge('cpg_watchers', 'Open live sockets.', ({ watchers }) => watchers)
  const alerts = centers.flatMap(({ center, report }) =>
    severities.map(severity => ({
      labels: { center, severity },
      value: report.alerts.unresolved[severity],
    })),
  )
  text.family('cpg_alerts', 'gauge', 'Alerts that are not resolved.', alerts)
  text.family(
    'cpg_limit_used_ratio',
    'gauge',
    'Used of a limit by payments of this center, of those that are nearest to their end; adds up over centers.',
    centers.flatMap(({ center, report }) =>
      report.limits.map(({ limit, share }) => {
        const { institution, scope, kind } = limitPlace(limit)
        return { labels: { center, institution, scope, kind }, value: share }
      }),
    ),
    'ratio',
  )
  const open = centers.flatMap(({ center, report }) =>
    report.open.map(row => ({
      row,
      labels: { center, kind: row.kind, institution: row.institution },
    })),
  )
  text.family(
    'cpg_open',
    'gauge',
    'What is not finished, by who must act.',
    open.map(({ row, labels }) => ({ labels, value: row.count })),
  )
  text.family(
    'cpg_open_oldest_seconds',
    'gauge',
    'The age of the oldest of it.',
    open.map(({ row, labels }) => ({
      labels,
      value: Math.max(now - row.oldest.since, 0) / 1_000,
    })),
    'seconds',
  )
}
