/**
 * The last two minutes, second by second, by when things came here: what moves on a screen. Kept in memory alone.
 */
import { Sketch } from '../src/domain/sketch.ts'
import { Window } from '../src/domain/window.ts'
import type { Seen, Sighting } from '../src/domain/window-digest.ts'

export const SECONDS_KEPT = 120
const MINUTE = 60
/** Payments shown of one second, and kept for those who come. */
const SHOWN_MAX = 10
const NEWEST_MAX = 50

export interface LivePiece {
  readonly seen: Seen
  readonly sighting: Sighting
}

export interface Second {
  /** Its end, milliseconds since 1970. */
  readonly at: number
  readonly window: Window
  /** How old the newest event of each run was. */
  readonly lag: Sketch
  readonly payments: readonly LivePiece[]
  readonly paymentsCut: number
}

/** What is worth showing one by one. */
const shown: ReadonlySet<Sighting['what']> = new Set([
  'opened',
  'committed',
  'aborted',
  'doubted',
  'user_asked',
  'deemed',
  'reversed',
  'refunded',
])

export class Seconds {
  /** Newest last. */
  readonly #past: Second[] = []
  #newest: LivePiece[] = []
  #window = new Window()
  #lag = new Sketch()
  /** One for each payment, so that a payment that is over within a second is shown once, as it ended. */
  #pieces = new Map<string, LivePiece>()
  #minute: { readonly at: number; readonly window: Window } | null = null

  get window(): Window {
    return this.#window
  }

  show(seen: Seen, sighting: Sighting) {
    if (!shown.has(sighting.what)) return
    this.#pieces.delete(seen.id)
    this.#pieces.set(seen.id, { seen, sighting })
  }

  late(ms: number) {
    this.#lag.add(ms)
  }

  /**
   * Ends the second. Null where nothing happened in it.
   *
   * @param isWanted even if nothing happened
   */
  roll(now: number, isWanted: boolean): Second | null {
    const pieces = [...this.#pieces.values()]
    const payments = pieces.slice(-SHOWN_MAX)
    const second: Second = {
      at: now,
      window: this.#window,
      lag: this.#lag,
      payments,
      paymentsCut: pieces.length - payments.length,
    }
    const isQuiet = second.window.isEmpty && second.lag.count === 0 && payments.length === 0
    if (isQuiet && !isWanted) return null
    this.#newest = [...this.#newest, ...payments].slice(-NEWEST_MAX)
    this.#past.push(second)
    while ((this.#past[0]?.at ?? now) <= now - SECONDS_KEPT * 1000) this.#past.shift()
    this.#window = new Window()
    this.#lag = new Sketch()
    this.#pieces = new Map()
    return second
  }

  /** Those after this instant that are kept, oldest first. */
  since(at: number): readonly Second[] {
    return this.#past.filter(second => second.at > at)
  }

  /** Newest first. */
  get newest(): readonly LivePiece[] {
    return this.#newest.toReversed()
  }

  /** Everything of the last sixty seconds together. */
  lastMinute(now: number): Window {
    const at = Math.floor(now / 1000)
    if (this.#minute?.at === at) return this.#minute.window
    const window = new Window()
    for (const second of this.since(now - MINUTE * 1000)) window.merge(second.window)
    this.#minute = { at, window }
    return window
  }

  /** Of the last sixty seconds; empty where nothing came. */
  lag(now: number): Sketch {
    const sketch = new Sketch()
    for (const second of this.since(now - MINUTE * 1000)) sketch.merge(second.lag)
    return sketch
  }
}
