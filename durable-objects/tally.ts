/**
 * Tally: what a monitor knows and decides, without the platform: counts what it is told, keeps it, and shows it.
 *
 * Everything it is told comes at least once and in any order; marks make each event count once. Memory is written
 * every few seconds, windows and marks as one, so what a crash loses is missing by its numbers and asked for again.
 */
import {
  OTHER,
  type PackedCell,
  packWindow,
  unpackWindow,
  type Wanted,
  Window,
} from '../src/domain/window.ts'
import { counterOf, countRefused, countSighting } from '../src/domain/window-count.ts'
import type { Digest, Seen, Sighting } from '../src/domain/window-digest.ts'
import { type Hole, LaneMarks, type PackedMarks } from '../src/domain/window-marks.ts'
import {
  type Measure,
  type OpenRow,
  OpenThings,
  type PackedOpen,
} from '../src/domain/window-open.ts'
import type { Pulse } from '../src/domain/window-pulse.ts'
import { Pages } from './pages.ts'
import { type Second, Seconds } from './seconds.ts'
import type { Sql } from './sql.ts'
import { type Span, WindowStore } from './window-store.ts'

/** A period as one center counted it. */
interface PackedPeriod {
  readonly start: number
  readonly cells: readonly PackedCell[]
}

/** Periods of a stretch, oldest first. */
export interface PackedPeriods {
  readonly periods: readonly PackedPeriod[]
  /** There are older ones, which had no room: they are asked for with the start of the first one as the end. */
  readonly isCut: boolean
}

/** Which cells of which periods, and how much of them. */
interface PeriodsWanted {
  readonly isWanted: Wanted
  /** With the latencies of each hop: nine tenths of what a cell weighs. */
  readonly hops?: boolean
  /** Cells in the answer, as long as it has one period. */
  readonly most?: number
}

/** Cells in one answer, so that it stays within what a call can carry. */
const CELLS_MAX = 20_000

const withoutHops = ([dimension, name, numbers]: PackedCell): PackedCell => [
  dimension,
  name,
  numbers,
  {},
]

/** Who looks at each new sighting as it is counted; `isNews` is false for what was given up on before. */
export type Onlooker = (
  seen: Seen,
  sighting: Sighting,
  measures: readonly Measure[],
  isNews: boolean,
  now: number,
) => void

export class Tally {
  readonly #onlooker: Onlooker
  readonly #pages: Pages
  readonly #store: WindowStore
  readonly #marks: LaneMarks
  readonly #open: OpenThings
  readonly #seconds = new Seconds()
  /** Everything since this monitor began, for those who take differences. */
  readonly #totals: Window
  #pulse: Pick<Pulse, 'lastEventAt' | 'heardAt' | 'lagMs'>
  #isDirty = false

  constructor(sql: Sql, onlooker: Onlooker = () => undefined) {
    this.#onlooker = onlooker
    this.#pages = new Pages(sql)
    this.#store = new WindowStore(this.#pages)
    this.#marks = LaneMarks.of(this.#pages.get<PackedMarks>('marks') ?? [])
    this.#open = OpenThings.of(this.#pages.get<PackedOpen>('open') ?? [])
    this.#totals = unpackWindow(this.#pages.get<PackedCell[]>('totals') ?? [])
    this.#pulse = this.#pages.get('pulse') ?? { lastEventAt: null, heardAt: null, lagMs: null }
  }

  /** Whether it has ever heard of a lane. */
  get isNew(): boolean {
    return this.#marks.size === 0
  }

  /** Counts what is new in these runs. */
  feed(digests: readonly Digest[], now: number) {
    for (const digest of digests) this.#take(digest, now)
    this.#isDirty = true
    if (this.#store.isFull) this.flush(now)
  }

  #take({ lane, from, to, payments, sightings }: Digest, now: number) {
    const fresh = this.#marks.take(lane, from, to, now)
    if (fresh.length === 0) return
    let newest: number | null = null
    for (const sighting of sightings) {
      const seen = payments[sighting.of]
      const isFresh = fresh.some(([first, last]) => sighting.seq >= first && sighting.seq <= last)
      if (seen === undefined || !isFresh) continue
      const isNews = !this.#open.isDoubted(seen.id)
      const counter = counterOf(sighting.what, !isNews)
      const measures = this.#open.measure(seen, sighting)
      this.#onlooker(seen, sighting, measures, isNews, now)
      const minute = this.#store.minute(sighting.at, now)
      if (minute !== null) countSighting(minute, seen, sighting, counter, measures)
      countSighting(this.#seconds.window, seen, sighting, counter, measures)
      countSighting(this.#totals, seen, sighting, counter, measures, 'all')
      this.#seconds.show(seen, sighting)
      newest = Math.max(newest ?? 0, sighting.at)
    }
    for (const seen of payments) this.#open.settle(seen)
    if (newest === null) return
    const lagMs = Math.max(now - newest, 0)
    this.#seconds.late(lagMs)
    this.#pulse = {
      lastEventAt: Math.max(this.#pulse.lastEventAt ?? 0, newest),
      heardAt: now,
      lagMs,
    }
  }

  /** Requests that an edge turned away before there was a payment. */
  refused(institution: string, code: string, count: number, now: number) {
    const minute = this.#store.minute(now, now)
    if (minute !== null) countRefused(minute, institution, code, count)
    countRefused(this.#seconds.window, institution, code, count)
    countRefused(this.#totals, institution, code, count)
    this.#isDirty = true
  }

  /** Writes everything that changed, as one. */
  flush(now: number) {
    if (!this.#isDirty) return
    this.#pages.transaction(() => {
      this.#store.flush(now)
      this.#pages.put('marks', this.#marks.pack())
      this.#pages.put('open', this.#open.pack())
      this.#pages.put('totals', packWindow(this.#totals))
      this.#pages.put('pulse', this.#pulse)
    })
    this.#isDirty = false
  }

  /** The journal of a lane is known, from elsewhere, to reach up to `seq`. */
  reaches(lane: string, seq: number, now: number) {
    this.#marks.reaches(lane, seq, now)
  }

  holes(before: number): readonly Hole[] {
    return this.#marks.holes(before)
  }

  giveUp(hole: Hole) {
    this.#marks.giveUp(hole)
    this.#isDirty = true
  }

  /** Ends a second; null where nothing happened in it. */
  roll(now: number, isWanted = false): Second | null {
    return this.#seconds.roll(now, isWanted)
  }

  get seconds(): Seconds {
    return this.#seconds
  }

  pulse(now: number): Pulse {
    return {
      ...this.#pulse,
      lag: this.#seconds.lag(now).bins,
      lanes: this.#marks.size,
      behind: this.#marks.missing,
    }
  }

  /** The windows of minutes that begin in [from, until), but for those that are known; oldest first. */
  minutes(from: number, until: number, known: ReadonlySet<number>) {
    return this.#store.read('minute', from, until, known)
  }

  /** Whether a minute may still change. */
  isOpen(minute: number): boolean {
    return this.#store.isOpen(minute)
  }

  /** @param of only what this institution must act for; null for all */
  openRows(now: number, of: string | null = null): readonly OpenRow[] {
    return this.#open.rows(now, of)
  }

  /** Members that were party to something in the last sixty seconds. */
  members(now: number): readonly string[] {
    return [...this.#seconds.lastMinute(now).cells()].flatMap(({ dimension, name }) =>
      dimension === 'institution' && name !== OTHER ? [name] : [],
    )
  }

  /** The last sixty seconds. */
  lastMinute(now: number): readonly PackedCell[] {
    return packWindow(this.#seconds.lastMinute(now))
  }

  totals(): readonly PackedCell[] {
    return packWindow(this.#totals)
  }

  /** Newest first. Seconds have all their cells: there are few of them, and nothing to unpack. */
  #periods(span: Span | 'second', from: number, until: number, isWanted: Wanted) {
    if (span !== 'second') return this.#store.backwards(span, from, until, isWanted)
    return this.#seconds
      .since(from)
      .filter(({ at }) => at <= until)
      .map(({ at, window }) => ({ start: at - 1000, window }))
      .toReversed()
  }

  /** Periods that begin in [from, until), added up: their quantiles are those of everything in them. */
  figures(
    span: Span | 'second',
    from: number,
    until: number,
    isWanted: Wanted,
  ): readonly PackedCell[] {
    const sum = new Window()
    for (const { window } of this.#periods(span, from, until, isWanted)) sum.merge(window, isWanted)
    return packWindow(sum)
  }

  /** Periods that begin in [from, until); of a long answer the newest. */
  windows(
    span: Span | 'second',
    from: number,
    until: number,
    { isWanted, hops = true, most = CELLS_MAX }: PeriodsWanted,
  ): PackedPeriods {
    const periods: PackedPeriod[] = []
    let room = most
    for (const { start, window } of this.#periods(span, from, until, isWanted)) {
      const cells = packWindow(window).filter(([dimension, name]) => isWanted(dimension, name))
      if (cells.length === 0) continue
      room -= cells.length
      if (room < 0 && periods.length > 0) return { periods: periods.reverse(), isCut: true }
      periods.push({ start, cells: hops ? cells : cells.map(withoutHops) })
    }
    return { periods: periods.reverse(), isCut: false }
  }
}
