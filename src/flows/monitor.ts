/** What all monitors have seen, added up at the moment it is asked for; a center that is away is named. */
import type { AlertCounts } from '../domain/alert.ts'
import type { Gauged } from '../domain/limit-near.ts'
import { type Dimension, type PackedCell, unpackWindow, Window } from '../domain/window.ts'
import { ages, type OpenRow } from '../domain/window-open.ts'
import type { Pulse } from '../domain/window-pulse.ts'

export interface Report {
  readonly pulse: Pulse
  readonly watchers: number
  readonly lastMinute: readonly PackedCell[]
  readonly open: readonly OpenRow[]
  /** Alerts that are not resolved, and those of them that are not muted. */
  readonly alerts: { readonly unresolved: AlertCounts; readonly calling: AlertCounts }
  /** What members have used of their limits here. */
  readonly limits: readonly Gauged[]
}

interface Period<Cells> {
  /** Milliseconds since 1970. */
  readonly start: number
  readonly cells: Cells
}

/** Periods of a stretch, oldest first, as one monitor says them. */
interface Periods {
  readonly periods: readonly Period<readonly PackedCell[]>[]
  /** There are older ones, which had no room. */
  readonly isCut: boolean
}

export type Span = 'second' | 'minute' | 'hour' | 'day'

/** A monitor as a flow sees it. Its calls throw when the center cannot be reached. */
export interface MonitorPort {
  report(): Promise<Report>
  totals(): Promise<readonly PackedCell[]>
  open(institution: string): Promise<readonly OpenRow[]>
  figures(
    span: Span,
    from: number,
    until: number,
    dimension: Dimension,
    name: string | null,
  ): Promise<readonly PackedCell[]>
  windows(
    span: Span,
    from: number,
    until: number,
    dimension: Dimension | null,
    name: string | null,
    hops: boolean,
  ): Promise<Periods>
}

export interface MonitorsWorld {
  /** Of every center, by its id. */
  readonly monitors: Readonly<Record<string, MonitorPort>>
  /** Resolves after `ms`. */
  pause(ms: number): Promise<unknown>
  log(line: object): void
}

/** A screen is worth waiting for, but not for long: the centers that answer are shown. */
const PATIENCE_MS = 3_000

/** What each monitor said, null for one that could not be asked in time. */
export async function askMonitors<Said>(
  world: MonitorsWorld,
  ask: (monitor: MonitorPort, center: string) => Promise<Said>,
): Promise<ReadonlyMap<string, Said | null>> {
  const asked = Object.entries(world.monitors).map(async ([center, monitor]) => {
    try {
      const late = world.pause(PATIENCE_MS).then(() => {
        throw new Error(`no answer in ${PATIENCE_MS} ms`)
      })
      return [center, await Promise.race([ask(monitor, center), late])] as const
    } catch (error) {
      world.log({ log: 'monitor', center, failed: String(error) })
      return [center, null] as const
    }
  })
  return new Map(await Promise.all(asked))
}

export const missingOf = (said: ReadonlyMap<string, unknown>): string[] =>
  [...said].flatMap(([center, what]) => (what === null ? [center] : []))

export interface Everything {
  /** Null for a center that is away. */
  readonly reports: ReadonlyMap<string, Report | null>
  /** The last sixty seconds of all centers. */
  readonly lastMinute: Window
  /** Most first. */
  readonly open: readonly OpenRow[]
  /** Alerts that are not resolved, and not muted. */
  readonly alerts: AlertCounts
  /** What members have used of their limits, in each center for itself. */
  readonly limits: readonly Gauged[]
}

const severities = ['critical', 'warning', 'notice'] as const

export async function overview(world: MonitorsWorld): Promise<Everything> {
  const reports = await askMonitors(world, monitor => monitor.report())
  const lastMinute = new Window()
  const alerts = { critical: 0, warning: 0, notice: 0 }
  for (const report of reports.values()) {
    if (report === null) continue
    lastMinute.merge(unpackWindow(report.lastMinute))
    for (const severity of severities) alerts[severity] += report.alerts.calling[severity]
  }
  const open = addUp([...reports.values()].flatMap(report => report?.open ?? []))
  const limits = [...reports.values()].flatMap(report => report?.limits ?? [])
  return { reports, lastMinute, open, alerts, limits }
}

/** What waits for one institution, in all centers. */
export async function openAt(
  institution: string,
  world: MonitorsWorld,
): Promise<{ open: readonly OpenRow[]; missing: string[] }> {
  const said = await askMonitors(world, monitor => monitor.open(institution))
  const open = addUp([...said.values()].flatMap(rows => rows ?? []))
  return { open, missing: missingOf(said) }
}

/** Rows of one kind and institution as one, most first. */
function addUp(rows: readonly OpenRow[]): readonly OpenRow[] {
  const sums = new Map<string, OpenRow>()
  for (const row of rows) {
    const name = `${row.kind} ${row.institution}`
    const known = sums.get(name)
    sums.set(name, known === undefined ? row : addRows(known, row))
  }
  return [...sums.values()].sort((one, other) => other.count - one.count)
}

const addRows = (one: OpenRow, other: OpenRow): OpenRow => ({
  ...one,
  count: one.count + other.count,
  byAge: Object.fromEntries(
    ages.map(age => [age, one.byAge[age] + other.byAge[age]]),
  ) as OpenRow['byAge'],
  oldest: other.oldest.since < one.oldest.since ? other.oldest : one.oldest,
})

export interface WindowsWanted {
  readonly span: Span
  /** Periods that begin in [from, until). */
  readonly from: number
  readonly until: number
  readonly dimension: Dimension | null
  readonly name: string | null
  /** False where nobody asks for latencies: then ten times as much is read at once. */
  readonly hops?: boolean
}

/** Periods of all centers, oldest first. */
export interface Stretch {
  readonly periods: readonly Period<Window>[]
  readonly missing: string[]
  /** Where what was read begins: later than was asked for where it is cut. */
  readonly from: number
  /** There are older ones, which had no room: ask for them with `until` as this `from`. */
  readonly isCut: boolean
}

/**
 * Periods of all centers, oldest first; centers count in the same periods, so theirs add up. Of a stretch that is too
 * long for one answer the newest: those that all centers have told of, because half a sum looks like a whole one.
 */
export async function windows(
  { span, from, until, dimension, name, hops = true }: WindowsWanted,
  world: MonitorsWorld,
): Promise<Stretch> {
  const said = await askMonitors(world, monitor =>
    monitor.windows(span, from, until, dimension, name, hops),
  )
  // Seconds end when each monitor's clock says so; they belong to the second they mostly lie in.
  const placeOf = (start: number) => (span === 'second' ? Math.round(start / 1_000) * 1_000 : start)
  const cuts = [...said.values()].flatMap(each =>
    each?.isCut === true ? each.periods.slice(0, 1).map(({ start }) => placeOf(start)) : [],
  )
  const first = Math.max(from, ...cuts)
  const periods = new Map<number, Window>()
  for (const each of said.values()) {
    for (const { start, cells } of each?.periods ?? []) {
      const at = placeOf(start)
      if (cuts.length > 0 && at < first) continue
      const window = periods.get(at) ?? new Window()
      window.merge(unpackWindow(cells))
      periods.set(at, window)
    }
  }
  const sorted = [...periods].sort(([one], [other]) => one - other)
  return {
    periods: sorted.map(([start, window]) => ({ start, cells: window })),
    missing: missingOf(said),
    from: first,
    isCut: cuts.length > 0,
  }
}

/**
 * A stretch however long, in parts, the newest first: neither a call nor this Worker has to carry all of it at once.
 * Each part is a period at the least, so it ends.
 */
export async function* backwards(
  wanted: WindowsWanted,
  world: MonitorsWorld,
): AsyncGenerator<Stretch> {
  for (let { until } = wanted; ; ) {
    const part = await windows({ ...wanted, until }, world)
    yield part
    if (!part.isCut) return
    until = part.from
  }
}

/** The same, all periods together: of each name of a dimension, and of everything. */
export async function figures(
  { span, from, until, dimension, name }: WindowsWanted & { readonly dimension: Dimension },
  world: MonitorsWorld,
): Promise<{ sum: Window; missing: string[] }> {
  const said = await askMonitors(world, monitor =>
    monitor.figures(span, from, until, dimension, name),
  )
  const sum = new Window()
  for (const cells of said.values()) sum.merge(unpackWindow(cells ?? []))
  return { sum, missing: missingOf(said) }
}

/** What machines gather: each center for itself, because sums would fall when one is away. */
export interface CenterTotals {
  readonly center: string
  readonly report: Report
  /** Since the monitor began. */
  readonly totals: Window
}

/** Centers that are away are left out. */
export async function totals(
  world: MonitorsWorld,
): Promise<{ centers: readonly CenterTotals[]; missing: string[] }> {
  const said = await askMonitors(world, monitor =>
    Promise.all([monitor.report(), monitor.totals()]),
  )
  const centers = [...said].flatMap(([center, answer]) => {
    if (answer === null) return []
    const [report, cells] = answer
    return [{ center, report, totals: unpackWindow(cells) }]
  })
  return { centers, missing: missingOf(said) }
}
