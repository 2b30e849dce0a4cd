/**
 * The windows of a monitor: minutes in memory while they change, everything else as pages.
 *
 * Only minutes are counted. An hour is the sum of its minutes and a day of its hours, written once they are over and
 * again when something belated moves them, so nothing is counted twice whatever is lost or repeated.
 */
import { everything, packWindow, unpackWindow, type Wanted, Window } from '../src/domain/window.ts'
import type { Pages } from './pages.ts'

/** A period, its length, what it is made of, and how long it is kept; milliseconds. */
// biome-ignore format: a table is read by column
const spans = {
  minute: { ms: 60_000,     of: null,     keptMs: 2 * 86_400_000   },
  hour:   { ms: 3_600_000,  of: 'minute', keptMs: 62 * 86_400_000  },
  day:    { ms: 86_400_000, of: 'hour',   keptMs: 800 * 86_400_000 },
} as const
export type Span = keyof typeof spans

/** An hour or day is written so long after its end: most of what is late has come by then. */
const SETTLE_MS = 120_000
/** Minutes in memory: the present ones, and some that belated events call for. */
const MINUTES_MAX = 12
/** A minute leaves memory so long after its end. */
const LINGER_MS = 180_000

interface Minute {
  readonly window: Window
  dirty: boolean
}

export class WindowStore {
  readonly #pages: Pages
  readonly #minutes = new Map<number, Minute>()
  /** Starts of hours and days that were written and are no longer right. */
  readonly #stale = { hour: new Set<number>(), day: new Set<number>() }
  /** Up to where hours and days have been looked through since this instance began. */
  readonly #summedTo: { hour: number | null; day: number | null } = { hour: null, day: null }

  constructor(pages: Pages) {
    this.#pages = pages
  }

  /** The window to count in; null for what happened too long ago to be kept, or is not yet. */
  minute(at: number, now: number): Window | null {
    const start = startOf('minute', at)
    if (start <= now - spans.minute.keptMs || start > now + spans.minute.ms) return null
    const minute = this.#load(start)
    minute.dirty = true
    const hour = startOf('hour', start)
    if (now >= hour + spans.hour.ms) this.#stale.hour.add(hour)
    return minute.window
  }

  #load(start: number): Minute {
    const known = this.#minutes.get(start)
    if (known !== undefined) return known
    const made = { window: this.#stored('minute', start) ?? new Window(), dirty: false }
    this.#minutes.set(start, made)
    return made
  }

  #stored(span: Span, start: number, isWanted: Wanted = everything): Window | null {
    const packed = this.#pages.get<Parameters<typeof unpackWindow>[0]>(nameOf(span, start))
    return packed && unpackWindow(packed, isWanted)
  }

  /** Whether the minute may still change. */
  isOpen(start: number): boolean {
    return this.#minutes.has(start)
  }

  /** Whether so many minutes are in memory that they should be written before more come. */
  get isFull(): boolean {
    return this.#minutes.size >= MINUTES_MAX
  }

  /** Writes what changed. Call inside a transaction, together with the marks of what was counted. */
  flush(now: number) {
    for (const [start, minute] of this.#minutes) {
      if (minute.dirty) this.#pages.put(nameOf('minute', start), packWindow(minute.window))
      minute.dirty = false
      if (start + spans.minute.ms + LINGER_MS < now) this.#minutes.delete(start)
    }
    this.#sumUp('hour', now)
    this.#sumUp('day', now)
    this.#prune(now)
  }

  /** Writes the periods that are over, and those that something belated moved. */
  #sumUp(span: 'hour' | 'day', now: number) {
    const { of } = spans[span]
    const over = startOf(span, now - SETTLE_MS)
    // After a restart whatever ended meanwhile; later only what has ended since the last time.
    const from = this.#summedTo[span] ?? over - spans[of].keptMs
    if (from < over) {
      for (const start of this.#starts(of, from, over)) this.#stale[span].add(startOf(span, start))
      this.#summedTo[span] = over
    }
    for (const start of this.#stale[span]) {
      if (start >= over) continue
      const sum = this.#sum(span, start)
      this.#stale[span].delete(start)
      if (sum.isEmpty) continue
      this.#pages.put(nameOf(span, start), packWindow(sum))
      if (span === 'hour') this.#stale.day.add(startOf('day', start))
    }
  }

  #sum(span: 'hour' | 'day', start: number, isWanted: Wanted = everything): Window {
    const sum = new Window()
    const end = start + spans[span].ms
    for (const part of this.read(spans[span].of, start, end, NONE, isWanted)) sum.merge(part.window)
    return sum
  }

  #prune(now: number) {
    for (const span of ['minute', 'hour', 'day'] as const) {
      this.#pages.drop(nameOf(span, 0), nameOf(span, now - spans[span].keptMs))
    }
  }

  /**
   * The periods that begin in [from, until), but for `known`, in which something happened; oldest first.
   *
   * @param isWanted which cells; for one of many it takes a tenth of the time
   */
  read(
    span: Span,
    from: number,
    until: number,
    known: ReadonlySet<number> = NONE,
    isWanted: Wanted = everything,
  ): readonly { start: number; window: Window }[] {
    return this.#starts(span, from, until).flatMap(start => {
      if (known.has(start)) return []
      const window = this.#window(span, start, isWanted)
      return window === null || window.isEmpty ? [] : [{ start, window }]
    })
  }

  /** The same, newest first, each unpacked when it is its turn: who has enough has not paid for the rest. */
  *backwards(span: Span, from: number, until: number, isWanted: Wanted) {
    for (const start of this.#starts(span, from, until).toReversed()) {
      const window = this.#window(span, start, isWanted)
      if (window !== null && !window.isEmpty) yield { start, window }
    }
  }

  #window(span: Span, start: number, isWanted: Wanted): Window | null {
    if (span === 'minute') {
      const minute = this.#minutes.get(start)?.window
      return minute === undefined ? this.#stored(span, start, isWanted) : partOf(minute, isWanted)
    }
    const isRight = !this.#stale[span].has(start)
    return (
      (isRight ? this.#stored(span, start, isWanted) : null) ?? this.#sum(span, start, isWanted)
    )
  }

  /** Of those that are written, that are in memory, or of which parts are. */
  #starts(span: Span, from: number, until: number): readonly number[] {
    const first = startOf(span, from)
    const starts = new Set(this.#pages.names(nameOf(span, first), nameOf(span, until)).map(startIn))
    const { of } = spans[span]
    const parts = of === null ? this.#minutes.keys() : this.#starts(of, first, until)
    for (const part of parts) {
      const start = startOf(span, part)
      if (start >= first && start < until) starts.add(start)
    }
    return [...starts].sort((one, other) => one - other)
  }
}

const NONE: ReadonlySet<number> = new Set()

function partOf(window: Window, isWanted: Wanted): Window {
  if (isWanted === everything) return window
  const part = new Window()
  part.merge(window, isWanted)
  return part
}

const startOf = (span: Span, at: number): number => at - (at % spans[span].ms)

/** Names sort by time: seconds since 1970 in eleven digits last three thousand years. */
const nameOf = (span: Span, start: number): string =>
  `${span} ${Math.ceil(Math.max(start, 0) / 1000)
    .toString()
    .padStart(11, '0')}`

const startIn = (name: string): number => Number(name.split(' ')[1]) * 1000
