/** From what a monitor counts to what is shown of it. */
import { Sketch } from '../domain/sketch.ts'
import { type Cell, counters, type NamedCell, successRate } from '../domain/window.ts'
import type { OpenRow as OpenThing } from '../domain/window-open.ts'
import { type Pulse, stateOf } from '../domain/window-pulse.ts'
import type { LiveCell } from './live.ts'
import type { CenterHealth, Hop, LatencyView, OpenRow, WindowCell } from './monitor.ts'
import { instantText } from './view.ts'

/** A tenth of a millisecond is finer than any sketch is exact. */
const tenth = (ms: number | null): number => Math.round((ms ?? 0) * 10) / 10

export const latencyView = (sketch: Sketch): LatencyView => ({
  count: sketch.count,
  p50: tenth(sketch.quantile(0.5)),
  p95: tenth(sketch.quantile(0.95)),
  p99: tenth(sketch.quantile(0.99)),
})

const latenciesView = ({ latency }: Cell) =>
  Object.fromEntries([...latency].map(([hop, sketch]) => [hop, latencyView(sketch)])) as Partial<
    Record<Hop, LatencyView>
  >

export const cellView = ({ dimension, name, cell }: NamedCell): WindowCell => ({
  dimension,
  name,
  opened: cell.opened,
  committed: cell.committed,
  aborted: cell.aborted,
  doubted: cell.doubted,
  reversed: cell.reversed,
  refunds: cell.refunds,
  refused: cell.refused,
  successRate: successRate(cell),
  cny: { currency: 'CNY', minor: `${cell.cny}` },
  usd: { currency: 'USD', minor: `${cell.usd}` },
  latency: latenciesView(cell),
})

export function liveCellView({ dimension, name, cell }: NamedCell): LiveCell {
  const view: LiveCell = { dimension, name }
  for (const counter of counters) if (cell[counter] > 0) view[counter] = cell[counter]
  if (cell.cny > 0) view.cny = cell.cny
  if (cell.usd > 0) view.usd = cell.usd
  const total = cell.latency.get('total')
  if (total !== undefined) view.total = [...total.coarseBins]
  return view
}

export const openView = ({ kind, oldest, ...row }: OpenThing): OpenRow => ({
  ...row,
  kind: kind as OpenRow['kind'],
  oldest: { ...oldest, since: instantText(oldest.since) },
})

/** @param pulse null where the monitor does not answer */
export function healthView(
  center: string,
  pulse: Pulse | null,
  watchers: number,
  now: number,
): CenterHealth {
  if (pulse === null) {
    const nothing = { lastEventAt: null, lagMs: null, lag: null, lanes: 0, behind: 0, watchers }
    return { center, state: 'away', ...nothing }
  }
  const { lastEventAt, lagMs, lanes, behind } = pulse
  const lag = Sketch.of(pulse.lag)
  return {
    center,
    state: stateOf(pulse, now),
    lastEventAt: lastEventAt === null ? null : instantText(lastEventAt),
    lagMs,
    lag: lag.count === 0 ? null : latencyView(lag),
    lanes,
    behind,
    watchers,
  }
}
