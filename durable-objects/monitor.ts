/**
 * Monitor: watches one center: live windows, alerts, and sockets that see both move. Nothing waits for it: what it is
 * not told while it is away it asks for when it is back.
 *
 * This shell only binds the platform: storage, the clock, sockets, and what the center does for it. What it counts is in
 * `tally`, what it finds in `guard`, what becomes of that in `alert-desk` and `herald`, what its sockets say in `live`.
 */
import { DurableObject } from 'cloudflare:workers'
import { type Alert, type AlertCounts, calling, countsOf, worstFirst } from '../src/domain/alert.ts'
import type { Changed } from '../src/domain/alert-book.ts'
import type { Mute } from '../src/domain/alert-mute.ts'
import { Bounded } from '../src/domain/bounded.ts'
import type { Gauged, Gauging } from '../src/domain/limit-near.ts'
import type { Result } from '../src/domain/result.ts'
import { Shared } from '../src/domain/shared.ts'
import type { SignalBatch } from '../src/domain/signal.ts'
import type { PackedCell } from '../src/domain/window.ts'
import type { Digest } from '../src/domain/window-digest.ts'
import type { Hole } from '../src/domain/window-marks.ts'
import type { OpenRow } from '../src/domain/window-open.ts'
import type { Pulse } from '../src/domain/window-pulse.ts'
import type { CenterEnv } from '../src/env.ts'
import { log, logError } from '../src/log.ts'
import type { AlertTelling } from '../src/peers/alert.ts'
import { alertView, subjectView } from '../src/wire/alert-view.ts'
import { type LiveDelta, UNTIL_HEADER } from '../src/wire/live.ts'
import { openView } from '../src/wire/monitor-view.ts'
import { AlertDesk, type AlertQuery, type Deed, turnOf } from './alert-desk.ts'
import { AlertNews, NEWS_MAX } from './alert-news.ts'
import { Frames } from './frames.ts'
import { Guard } from './guard.ts'
import { Herald } from './herald.ts'
import { LimitGauge } from './limit-gauge.ts'
import { deltaOf, MinuteViews, type Scene, snapshotOf } from './live.ts'
import { sqlOf } from './sql.ts'
import { type PackedPeriods, Tally } from './tally.ts'
import { Watchers } from './watchers.ts'
import type { Span } from './window-store.ts'

/** What an edge asks for, to add it to what other monitors say. */
export interface MonitorReport {
  readonly pulse: Pulse
  readonly watchers: number
  readonly lastMinute: readonly PackedCell[]
  readonly open: readonly OpenRow[]
  /** Alerts that are not resolved, and those of them that are not muted. */
  readonly alerts: { readonly unresolved: AlertCounts; readonly calling: AlertCounts }
  /** What members have used of their limits here, nearest to their end first. */
  readonly limits: readonly Gauged[]
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
/** Figures are added up once for all who ask for the same within this long: two busy hours take a third of a second. */
const SHARED_MS = 3_000
const FIGURES_KEPT = 16
/** Limits of one report: every screen asks for one every other second. */
const LIMITS_TOLD = 100
/** What is open is counted this often. */
const OPEN_MS = 2_000

export class Monitor extends DurableObject<CenterEnv> {
  readonly #tally: Tally
  readonly #guard: Guard
  readonly #desk: AlertDesk
  readonly #herald: Herald
  readonly #gauge: LimitGauge
  readonly #watchers: Watchers
  readonly #frames: Frames
  readonly #minutes = new MinuteViews()
  readonly #figures = new Bounded<string, { at: number; cells: readonly PackedCell[] }>(
    FIGURES_KEPT,
  )
  /** A thousand screens cost what one costs. */
  readonly #report = new Shared<MonitorReport>(SECOND_MS)
  #snapshot: string | null = null
  #isTicking = false
  #isRefilling = false
  readonly #news = new AlertNews()
  #newsAt = Date.now()
  #flushedAt = 0
  #open: { readonly at: number; readonly text: string } = { at: 0, text: '' }

  constructor(ctx: DurableObjectState, env: CenterEnv) {
    super(ctx, env)
    const sql = sqlOf(ctx.storage)
    this.#guard = new Guard(sql, env.CENTER)
    this.#tally = new Tally(sql, (...sighting) => this.#guard.observe(...sighting))
    this.#desk = new AlertDesk(sql)
    this.#herald = new Herald(sql, JSON.parse(env.ALERT_WEBHOOKS ?? '[]'), {
      tell: telling => this.#crier.tell(telling),
      log,
    })
    this.#gauge = new LimitGauge({
      read: (active, after) => this.#reader.read(active, after),
      failed: error => logError({ log: 'monitor', failed: 'gauge', error: String(error) }),
    })
    this.#watchers = new Watchers(ctx)
    this.#frames = new Frames(env.CENTER, Date.now())
    // What came while this object was away, or was lost with its memory, shows in what the projection has.
    if (!this.#tally.isNew) this.ctx.waitUntil(this.#compare())
    void this.ctx.storage.setAlarm(Date.now() + ALARM_MS)
  }

  /** Counts what is new in these runs. They may come twice, late, and in any order. */
  feed(digests: readonly Digest[]): void {
    this.#tally.feed(digests, Date.now())
    this.#wake()
  }

  /** As it was within the last second. */
  report(): MonitorReport {
    const now = Date.now()
    const known = this.#report.get(now)
    if (known !== null) return known
    const { open } = this.#desk
    const report = {
      pulse: this.#tally.pulse(now),
      watchers: this.#watchers.count,
      lastMinute: this.#tally.lastMinute(now),
      open: this.#tally.openRows(now),
      alerts: { unresolved: countsOf(open), calling: countsOf(calling(open)) },
      limits: this.#gauge.uses.slice(0, LIMITS_TOLD),
    }
    return this.#report.keep(report, now)
  }

  /** What waits for this institution; the report has only the most of all. */
  open(institution: string): readonly OpenRow[] {
    return this.#tally.openRows(Date.now(), institution)
  }

  /** What edges counted of members' requests, and what they turned away. */
  signal({ members, refused, used }: SignalBatch): void {
    const now = Date.now()
    this.#guard.signalled(members, used, now)
    for (const [institution, code, count] of refused) {
      this.#tally.refused(institution, code, count, now)
    }
    this.#wake()
  }

  alerts(query: AlertQuery): readonly Alert[] {
    return this.#desk.list(query)
  }

  alert(number: number): Alert | null {
    return this.#desk.find(number)
  }

  /** Refusals: NOT_FOUND, ALERT_RESOLVED, ALERT_FULL. */
  tend(number: number, deed: Deed, by: string): Result<Alert> {
    const now = Date.now()
    const before = this.#desk.find(number)
    const done = this.#desk.tend(number, deed, by, now)
    if (done.ok && done.value !== before) {
      this.#tell([{ alert: done.value, before }], now)
      this.#wake()
    }
    return done
  }

  /** Those that have not ended. */
  mutes(): readonly Mute[] {
    const now = Date.now()
    return this.#desk.mutes.filter(({ until }) => until > now)
  }

  /** Alerts that are open already become quiet at the next tick, and heard again at the one after its end. */
  mute(mute: Mute): Result<Mute> {
    const done = this.#desk.mute(mute, Date.now())
    this.#wake()
    return done
  }

  unmute(id: string): boolean {
    const was = this.#desk.unmute(id)
    this.#wake()
    return was
  }

  /** Everything since this monitor began. */
  totals(): readonly PackedCell[] {
    return this.#tally.totals()
  }

  /**
   * Periods that begin in [from, until), added up: of one dimension, and everything together.
   *
   * @param name only this one of the dimension; null for all
   */
  figures(
    span: Span | 'second',
    from: number,
    until: number,
    dimension: string,
    name: string | null,
  ): readonly PackedCell[] {
    const now = Date.now()
    const asked = [span, from, Math.floor(until / SHARED_MS), dimension, name].join(' ')
    const known = this.#figures.get(asked)
    if (known !== undefined && now - known.at < SHARED_MS) return known.cells
    const cells = this.#tally.figures(
      span,
      from,
      until,
      (of, called) => of === 'all' || (of === dimension && (name ?? called) === called),
    )
    this.#figures.set(asked, { at: now, cells })
    return cells
  }

  /**
   * Periods that begin in [from, until); of a long answer the newest.
   *
   * @param dimension only cells of this one; null for all
   * @param name only cells of this name; null for all
   * @param hops with the latencies
   */
  windows(
    span: Span | 'second',
    from: number,
    until: number,
    dimension: string | null,
    name: string | null,
    hops: boolean,
  ): PackedPeriods {
    return this.#tally.windows(span, from, until, {
      isWanted: (of, called) => (dimension ?? of) === of && (name ?? called) === called,
      hops,
    })
  }

  /** A watcher. Who may be one was decided at the edge. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('upgrade') !== 'websocket') return new Response(null, { status: 426 })
    const after = new URL(request.url).searchParams.get('after')
    const missed = after === null ? null : this.#frames.catchUp(Number(after))
    const first = missed ?? this.#snapshotText()
    const { client, server } = this.#watchers.admit(Number(request.headers.get(UNTIL_HEADER)))
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
    this.#start()
  }

  /** There is news: the clock runs, and goes on for a while after the last. */
  #wake() {
    this.#newsAt = Date.now()
    this.#start()
  }

  #start() {
    if (this.#isTicking) return
    this.#isTicking = true
    void this.#run()
  }

  async #run() {
    try {
      while (this.#isBusy(Date.now())) {
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

  /** Where traffic is usual its absence is news, too. */
  #isBusy(now: number): boolean {
    return now - this.#newsAt < REST_MS || !this.#news.isEmpty || this.#guard.expects(now)
  }

  #tick() {
    const now = Date.now()
    const findings = this.#guard.tick(this.#tally.pulse(now), now)
    this.#tell(this.#desk.take(findings, now), now)
    const second = this.#tally.roll(now, !this.#news.isEmpty)
    if (second !== null) {
      const news = { ...this.#openNews(now), ...this.#takeAlertNews(), calling: this.#calling }
      const text = JSON.stringify(deltaOf(second, this.#tally.pulse(now), this.#scene(now), news))
      this.#frames.add(second.at, text)
      this.#snapshot = null
      this.#watchers.send(text, now)
    }
    if (now - this.#flushedAt >= FLUSH_MS) this.#flush(now)
    this.#refill(now)
    this.ctx.waitUntil(this.#herald.tellDue(now))
    this.ctx.waitUntil(this.#gauge.round(() => this.#tally.members(now), now))
  }

  /** What became of alerts: for the next message on the sockets, and, where it is a turn, for the endpoints. */
  #tell(changed: readonly Changed[], now: number) {
    for (const { alert, before } of changed) {
      this.#news.put(alert)
      const turn = turnOf(before, alert)
      if (turn === null) continue
      this.#herald.announce(turn, alert, now)
      const { kind, subject, severity, confidence, facts } = alert
      log({
        log: 'alert',
        event: turn,
        alert: alert.number,
        kind,
        subject: subjectView(subject),
        severity,
        confidence,
        facts,
      })
    }
  }

  #takeAlertNews(): Pick<LiveDelta, 'alerts' | 'alertsLeft'> {
    if (this.#news.isEmpty) return {}
    const { alerts, left } = this.#news.take()
    return { alerts: alerts.map(alert => alertView(this.env.CENTER, alert)), alertsLeft: left }
  }

  get #calling(): AlertCounts {
    return countsOf(calling(this.#desk.open))
  }

  #scene(now: number): Scene {
    return { center: this.env.CENTER, watchers: this.#watchers.count, now }
  }

  /** What is open, when it has changed. */
  #openNews(now: number): Pick<LiveDelta, 'open'> {
    if (now - this.#open.at < OPEN_MS) return {}
    const open = this.#tally.openRows(now).map(openView)
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
    const open = this.#desk.open.toSorted(worstFirst)
    const rest = {
      alerts: open.slice(0, NEWS_MAX).map(alert => alertView(this.env.CENTER, alert)),
      alertsCut: Math.max(open.length - NEWS_MAX, 0),
      calling: this.#calling,
    }
    const { cursor } = this.#frames
    const snapshot = snapshotOf(this.#tally, this.#minutes, cursor, scene, rest)
    this.#snapshot = JSON.stringify(snapshot)
    return this.#snapshot
  }

  #flush(now: number) {
    this.#tally.flush(now)
    this.#guard.keep(now)
    this.#flushedAt = now
  }

  /** Learns from the projection how far each lane has come, and so what is missing here. */
  async #compare() {
    try {
      const progress = await this.#refiller.progress()
      const now = Date.now()
      for (const [lane, seq] of progress) this.#tally.reaches(lane, seq, now)
      if (progress.length > 0) this.#wake()
    } catch (error) {
      logError({ log: 'monitor', failed: 'compare', error: String(error) })
    }
  }

  /** Asks for what has been missing for a while; beside the clock, because lanes may be slow to answer. */
  #refill(now: number) {
    const holes = this.#tally.holes(now - GRACE_MS).slice(0, HOLES_MAX)
    if (holes.length === 0 || this.#isRefilling) return
    this.#isRefilling = true
    const filled = this.#refiller.fill(holes).then(answers => {
      for (const [place, answer] of answers.entries()) {
        const hole = holes[place]
        if (answer === 'gone' && hole !== undefined) this.#tally.giveUp(hole)
        if (typeof answer === 'object') this.feed([answer])
      }
    })
    const failed = (error: unknown) =>
      logError({ log: 'monitor', failed: 'refill', error: String(error) })
    const done = () => {
      this.#isRefilling = false
    }
    this.ctx.waitUntil(filled.catch(failed).then(done))
  }

  get #crier(): CrierPort {
    return (this.ctx.exports as unknown as { Crier: CrierPort }).Crier
  }

  get #reader(): GaugePort {
    return (this.ctx.exports as unknown as { Gauge: GaugePort }).Gauge
  }

  get #refiller(): RefillPort {
    return (this.ctx.exports as unknown as { Refill: RefillPort }).Refill
  }
}

/** The center's own entrypoint that asks lanes again for what a monitor has missed. */
interface RefillPort {
  /** `gone`: the lane has it no more. `away`: it could not be asked. */
  fill(holes: readonly Hole[]): Promise<readonly (Digest | 'gone' | 'away')[]>
  /** How far each lane is projected. */
  progress(): Promise<readonly (readonly [lane: string, seq: number])[]>
}

/** The center's own entrypoint that asks lenders how much of their limits members have used. */
interface GaugePort {
  read(active: readonly string[], after: string | null): Promise<Gauging>
}

/** The center's own entrypoint that calls operators' endpoints. */
interface CrierPort {
  /** True when the endpoint has it. */
  tell(telling: AlertTelling): Promise<boolean>
}
