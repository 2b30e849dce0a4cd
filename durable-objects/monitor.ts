/**
 * Monitor: watches one center: live windows, and sockets that see them move. Nothing waits for it: what it is not told
 * while it is away it asks for when it is back.
 *
 * This shell only binds the platform: storage, the clock, sockets, and the center's recall, which asks lanes for what
 * is missing. What a monitor knows and decides is in `watch`, what it says on its sockets in `live`.
 */
import { DurableObject } from 'cloudflare:workers'
import type { PackedCell } from '../src/domain/window.ts'
import type { Digest } from '../src/domain/window-digest.ts'
import type { Hole } from '../src/domain/window-marks.ts'
import type { OpenRow } from '../src/domain/window-open.ts'
import type { Pulse } from '../src/domain/window-pulse.ts'
import type { CenterEnv } from '../src/env.ts'
import { logError } from '../src/log.ts'
import type { LiveDelta } from '../src/wire/live.ts'
import { openView } from '../src/wire/monitor-view.ts'
import { Frames } from './frames.ts'
import { deltaOf, MinuteViews, type Scene, snapshotOf } from './live.ts'
import { sqlOf } from './sql.ts'
import { type PackedPeriod, Watch } from './watch.ts'
import { Watchers } from './watchers.ts'
import type { Span } from './window-store.ts'

/** What an edge asks for, to add it to what other monitors say. */
export interface MonitorReport {
  readonly pulse: Pulse
  readonly watchers: number
  readonly lastMinute: readonly PackedCell[]
  readonly open: readonly OpenRow[]
}

const SECOND_MS = 1_000
/** Memory is written this often while it changes. */
const FLUSH_MS = 5_000
/** A run that is missing is given this long to come by itself. */
const GRACE_MS = 5_000
/** Holes asked for in one go. */
const HOLES_MAX = 20
/** Without news for so long, the clock stops, and only the alarm looks now and then. */
const REST_MS = 8_000
const ALARM_MS = 60_000
/** What is open is counted this often. */
const OPEN_MS = 2_000

export class Monitor extends DurableObject<CenterEnv> {
  readonly #watch: Watch
  readonly #watchers: Watchers
  readonly #frames: Frames
  readonly #minutes = new MinuteViews()
  #snapshot: string | null = null
  #isTicking = false
  #isRecalling = false
  #newsAt = Date.now()
  #flushedAt = 0
  #open: { readonly at: number; readonly text: string } = { at: 0, text: '' }

  constructor(ctx: DurableObjectState, env: CenterEnv) {
    super(ctx, env)
    this.#watch = new Watch(sqlOf(ctx.storage))
    this.#watchers = new Watchers(ctx)
    this.#frames = new Frames(env.CENTER, Date.now())
    // What came while this object was away, or was lost with its memory, shows in what the projection has.
    if (!this.#watch.isNew) this.ctx.waitUntil(this.#compare())
    void this.ctx.storage.setAlarm(Date.now() + ALARM_MS)
  }

  /** Counts what is new in these runs. They may come twice, late, and in any order. */
  feed(digests: readonly Digest[]): void {
    this.#watch.feed(digests, Date.now())
    this.#wake()
  }

  report(): MonitorReport {
    const now = Date.now()
    return {
      pulse: this.#watch.pulse(now),
      watchers: this.#watchers.count,
      lastMinute: this.#watch.lastMinute(now),
      open: this.#watch.openRows(now),
    }
  }

  /** Everything since this monitor began. */
  totals(): readonly PackedCell[] {
    return this.#watch.totals()
  }

  /**
   * Periods that begin in [from, until), oldest first; of a long answer the newest.
   *
   * @param dimension only cells of this one; null for all
   * @param name only cells of this name; null for all
   */
  windows(
    span: Span | 'second',
    from: number,
    until: number,
    dimension: string | null,
    name: string | null,
  ): readonly PackedPeriod[] {
    return this.#watch.windows(
      span,
      from,
      until,
      ([of, called]) => (dimension ?? of) === of && (name ?? called) === called,
    )
  }

  /** A watcher. Who may be one was decided at the edge. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('upgrade') !== 'websocket') return new Response(null, { status: 426 })
    const after = new URL(request.url).searchParams.get('after')
    const missed = after === null ? null : this.#frames.catchUp(Number(after))
    const first = missed ?? this.#snapshotText()
    const { client, server } = this.#watchers.admit()
    server?.send(first)
    this.#wake()
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketMessage(socket: WebSocket, text: string | ArrayBuffer): void {
    this.#watchers.heard(socket, text)
  }

  override webSocketError(): void {
    // The platform closes it; a watcher comes back with its cursor.
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + ALARM_MS)
    this.#tick()
    this.#flush(Date.now())
    this.#wake()
  }

  /** Starts the clock, unless it runs. It stops by itself when there is no news. */
  #wake() {
    this.#newsAt = Date.now()
    if (this.#isTicking) return
    this.#isTicking = true
    void this.#run()
  }

  async #run() {
    try {
      while (Date.now() - this.#newsAt < REST_MS) {
        await scheduler.wait(SECOND_MS - (Date.now() % SECOND_MS))
        this.#tick()
      }
      this.#flush(Date.now())
    } catch (error) {
      // The alarm comes back.
      logError({ log: 'monitor', failed: 'tick', error: String(error) })
    } finally {
      this.#isTicking = false
    }
  }

  #tick() {
    const now = Date.now()
    const second = this.#watch.roll(now)
    if (second !== null) {
      const scene = this.#scene(now)
      const text = JSON.stringify(
        deltaOf(second, this.#watch.pulse(now), scene, this.#openNews(now)),
      )
      this.#frames.add(second.at, text)
      this.#snapshot = null
      this.#watchers.send(text)
    }
    if (now - this.#flushedAt >= FLUSH_MS) this.#flush(now)
    this.#recall(now)
  }

  #scene(now: number): Scene {
    return { center: this.env.CENTER, watchers: this.#watchers.count, now }
  }

  /** What is open, when it has changed. */
  #openNews(now: number): Pick<LiveDelta, 'open'> {
    if (now - this.#open.at < OPEN_MS) return {}
    const open = this.#watch.openRows(now).map(openView)
    const text = JSON.stringify(open)
    const isNews = text !== this.#open.text
    this.#open = { at: now, text }
    return isNews ? { open } : {}
  }

  /** Made once for all who come within a second. */
  #snapshotText(): string {
    if (this.#snapshot !== null) return this.#snapshot
    // What came in this second goes into it, and so not into the next delta.
    this.#tick()
    const scene = this.#scene(Date.now())
    const rest = { alerts: [], limits: null }
    const { cursor } = this.#frames
    const snapshot = snapshotOf(this.#watch, this.#minutes, cursor, scene, rest)
    this.#snapshot = JSON.stringify(snapshot)
    return this.#snapshot
  }

  #flush(now: number) {
    this.#watch.flush(now)
    this.#flushedAt = now
  }

  /** Learns from the projection how far each lane has come, and so what is missing here. */
  async #compare() {
    try {
      const progress = await this.#recaller.progress()
      const now = Date.now()
      for (const [lane, seq] of progress) this.#watch.reaches(lane, seq, now)
      if (progress.length > 0) this.#wake()
    } catch (error) {
      logError({ log: 'monitor', failed: 'compare', error: String(error) })
    }
  }

  /** Asks for what has been missing for a while; beside the clock, because lanes may be slow to answer. */
  #recall(now: number) {
    const holes = this.#watch.holes(now - GRACE_MS).slice(0, HOLES_MAX)
    if (holes.length === 0 || this.#isRecalling) return
    this.#isRecalling = true
    const filled = this.#recaller.fill(holes).then(answers => {
      for (const [place, answer] of answers.entries()) {
        const hole = holes[place]
        if (answer === 'gone' && hole !== undefined) this.#watch.giveUp(hole)
        if (typeof answer === 'object') this.feed([answer])
      }
    })
    const failed = (error: unknown) =>
      logError({ log: 'monitor', failed: 'recall', error: String(error) })
    const done = () => {
      this.#isRecalling = false
    }
    this.ctx.waitUntil(filled.catch(failed).then(done))
  }

  get #recaller(): RecallPort {
    return (this.ctx.exports as unknown as { Recall: RecallPort }).Recall
  }
}

/** The center's own entrypoint that asks lanes again for what a monitor has missed. */
interface RecallPort {
  /** `gone`: the lane has it no more. `away`: it could not be asked. */
  fill(holes: readonly Hole[]): Promise<readonly (Digest | 'gone' | 'away')[]>
  /** How far each lane is projected. */
  progress(): Promise<readonly (readonly [lane: string, seq: number])[]>
}
