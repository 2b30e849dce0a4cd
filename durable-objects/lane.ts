/**
 * Lane: the payments of one slice of one requester, in order; each request answered once, each payment decided once.
 *
 * This shell only binds the platform: storage, one alarm, the queue, and the center's courier. What a lane does
 * is in `sequencer`, what it remembers in `journal`, and what it still has to tell in `outbox`.
 */
import { DurableObject } from 'cloudflare:workers'
import { archived } from '../src/bucket.ts'
import type { Allowance } from '../src/domain/allowance.ts'
import { allowanceLeft } from '../src/domain/allowance-left.ts'
import type { ChainedRow, Head } from '../src/domain/anchor.ts'
import { follows, type LaneRest } from '../src/domain/archive.ts'
import { type KnownEpoch, merged } from '../src/domain/epoch.ts'
import { type Errand, loadsOf } from '../src/domain/errand.ts'
import { paymentLines } from '../src/domain/log-line.ts'
import type { Message, Outcome, Payment } from '../src/domain/payment.ts'
import { laneName, placeOf } from '../src/domain/payment-id.ts'
import { assert, ok, type Result } from '../src/domain/result.ts'
import type { Ask, Drawn, Lent, Report } from '../src/domain/share.ts'
import type { Recorded } from '../src/domain/timeline.ts'
import type { CenterEnv } from '../src/env.ts'
import { log, logError } from '../src/log.ts'
import { sentinelOf } from '../src/sentinels.ts'
import { snapshotOf } from '../src/snapshot.ts'
import { CHAINED_ROWS } from './chain.ts'
import { Draws } from './draws.ts'
import { type Change, Journal } from './journal.ts'
import { Outbox } from './outbox.ts'
import { Purse } from './purse.ts'
import { Sequencer, type SequencerPorts } from './sequencer.ts'
import { sqlOf } from './sql.ts'
import { Tenure } from './tenure.ts'

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  scheduler.wait(ms, signal === undefined ? {} : { signal })

export class Lane extends DurableObject<CenterEnv> {
  readonly #journal: Journal
  readonly #outbox: Outbox
  readonly #tenure: Tenure
  readonly #purse: Purse
  readonly #draws: Draws
  readonly #sequencer: Sequencer
  /** The alarm that is set, as far as this instance knows; storage has only one. */
  #alarmAt: number | null = null
  /** Alarms in a row that came before their time by this lane's clock. */
  #early = 0

  constructor(ctx: DurableObjectState, env: CenterEnv) {
    super(ctx, env)
    const name = ctx.id.name
    assert(name !== undefined, 'a lane is addressed by name')
    const sql = sqlOf(ctx.storage)
    this.#journal = new Journal(sql)
    this.#purse = new Purse(sql, this.#journal, Date.now)
    this.#draws = new Draws(name, this.#purse, {
      now: Date.now,
      pause,
      draw: async (institution, ask) =>
        (env.INSTITUTION.getByName(institution) as unknown as LenderPort).draw(ask),
      arm: at => this.#arm(at),
      after: work => ctx.waitUntil(work),
      failed: (what, error) => logError({ log: 'lane', failed: what, error: String(error) }),
    })
    this.#outbox = new Outbox(
      this.#journal,
      {
        now: Date.now,
        pause,
        publish: async batch => {
          await env.EVENTS.send(batch.text, { contentType: 'text' })
        },
      },
      env.CENTER,
      name,
    )
    this.#tenure = new Tenure(() => this.#askDirectory(name))
    const limits = { purse: this.#purse, draws: this.#draws }
    const ports: SequencerPorts = {
      now: Date.now,
      pause,
      // The outbox looks back soon after every commit, so one setting of the alarm serves both.
      arm: at => this.#arm(Math.min(at, Date.now() + OUTBOX_MS)),
      send: errands => this.#send(errands),
      committed: changes => this.#committed(changes),
      failed: (what, error) => logError({ log: 'lane', failed: what, error: String(error) }),
      standing: requestedAt => this.#tenure.standingOf(requestedAt),
    }
    this.#sequencer = new Sequencer(this.#journal, ports, limits)
    // A crash may have come between a commit and the queue: whatever is not acknowledged is told again.
    const due = earliest(this.#journal.nextDue(), this.#outbox.dueAt, this.#draws.dueAt)
    if (due !== null) this.#arm(due)
  }

  /**
   * Decides one message; the answer is durable. Refusals are those of `decide`, BUSY, and LANE_CLOSED for an opening
   * of another epoch.
   *
   * @param known the epoch as the caller knows it; counts for openings only
   */
  submit(id: string, message: Message, known: KnownEpoch | null = null): Promise<Result<Outcome>> {
    this.#own(id)
    const { requestedAt } = message.kind === 'open' ? message.terms : { requestedAt: null }
    if (requestedAt === null || this.#tenure.learn(requestedAt, known)) {
      return this.#sequencer.submit(id, message)
    }
    return this.#tenure.ask().then(() => this.#sequencer.submit(id, message))
  }

  /**
   * The payment of a request; null where there is none and one may be opened here, now and ever.
   * Refusals: LANE_CLOSED, BUSY.
   */
  async seek(
    id: string,
    requestedAt: number,
    known: KnownEpoch | null = null,
  ): Promise<Result<Payment | null>> {
    this.#own(id)
    if (!this.#tenure.learn(requestedAt, known)) await this.#tenure.ask()
    const payment = this.#sequencer.read(id)
    if (payment !== null) return ok(payment)
    return this.#sequencer.refusalAt(requestedAt) ?? ok(null)
  }

  /** What of payments counts against their payers' allowances; null where there is none. */
  counted(ids: readonly string[]): readonly (Allowance | null)[] {
    return ids.map(id => {
      const payment = this.#sequencer.read(id)
      if (payment?.allowance === undefined) return null
      return { ...payment.allowance, minor: allowanceLeft(payment) }
    })
  }

  read(id: string): Payment | null {
    return this.#sequencer.read(id)
  }

  /** The payment once it is final, or as it is after `patienceMs`. */
  wait(id: string, patienceMs: number): Promise<Payment | null> {
    return this.#sequencer.wait(id, patienceMs)
  }

  /** What the journal says of a payment, oldest first. */
  history(id: string): readonly Recorded[] {
    return this.#journal.history(id)
  }

  /** The journal as it is stored, after one of its rows, a page of it: from the archive where the lane has lost it. */
  async chained(after: number): Promise<readonly ChainedRow[]> {
    const rows = this.#journal.chained(after)
    const { seq } = this.#journal
    if (follows(rows, after) || (seq > 0 && after >= seq)) return rows
    return archived(this.env.ARCHIVE, this.ctx.id.name ?? '', after, CHAINED_ROWS)
  }

  /** The journal's newest row; nobody hears of it before it is durable. */
  head(): Head {
    return this.#journal.head
  }

  /** Its head, and whether anything in it still waits: for the clock, for a member, for the projection. */
  rest(): LaneRest {
    const { seq, projected, head } = this.#journal
    return { ...head, isAtRest: projected >= seq && this.#journal.nextDue() === null }
  }

  /** The projection has the journal up to and including `seq`. */
  acknowledge(seq: number): void {
    this.#outbox.acknowledge(seq)
  }

  /**
   * The projection has the journal only up to `stored`: whatever follows is told again. Gives the newest `seq`, and
   * whether more was believed to be stored.
   */
  rewind(stored: number): { readonly seq: number; readonly isBack: boolean } {
    const isBack = this.#outbox.rewind(stored)
    if (isBack) {
      // The flush below is lost with the instance; the alarm is not.
      this.#arm(Date.now() + OUTBOX_MS)
      this.ctx.waitUntil(this.#outbox.flush())
    }
    return { seq: this.#journal.seq, isBack }
  }

  /** The run after `seq` once more, packed, for who has missed it; null where there is none. Changes nothing. */
  retell(seq: number): string | null {
    return this.#journal.run(seq, this.env.CENTER, this.ctx.id.name ?? '')?.text ?? null
  }

  /** Gives back what is unspent of these limits, because somebody else needs it. */
  yieldShares(lent: readonly Lent[]): readonly Report[] {
    return this.#draws.yield(lent)
  }

  /**
   * Opens nothing more on what this institution has lent so far, and gives it back.
   *
   * @param version of the directory; nothing that an older one let through is opened on its limits any more
   */
  recallShares(institution: string, recalls: number, version: number): readonly Report[] {
    return this.#purse.recall(institution, recalls, version)
  }

  override async alarm(): Promise<void> {
    // A platform whose clock is ahead of ours would come again at once, and again, until ours is there, too.
    this.#early = this.#alarmAt !== null && Date.now() < this.#alarmAt ? this.#early + 1 : 0
    this.#alarmAt = null
    try {
      // Beside the alarm and not in it: a queue that hangs must not hold up the timers of payments.
      this.ctx.waitUntil(this.#outbox.wake())
      this.ctx.waitUntil(this.#draws.wake())
      const next = earliest(await this.#sequencer.wake(), this.#outbox.dueAt, this.#draws.dueAt)
      // Never sooner than a tick: an alarm that sets itself for now would spin.
      const tick = TICK_MS * 2 ** Math.min(this.#early, EARLY_MAX)
      if (next !== null) this.#arm(Math.max(next, Date.now() + tick))
    } catch (error) {
      // The platform gives up on an alarm that keeps failing; a payment with a timer must not (I3).
      this.#arm(Date.now() + OUTBOX_MS)
      throw error
    }
  }

  #committed(changes: readonly Change[]) {
    for (const { payment, events } of changes) {
      for (const line of paymentLines(payment, events)) log(line)
    }
    // The flush below is lost with the instance; the alarm is not.
    this.#arm(Date.now() + OUTBOX_MS)
    this.ctx.waitUntil(this.#outbox.flush())
  }

  /** One courier for each member and few errands in each, so that none waits behind a member that is silent. */
  #send(errands: readonly Errand[]) {
    const { Courier } = this.ctx.exports as unknown as { Courier: CourierPort }
    for (const load of loadsOf(errands)) {
      this.ctx.waitUntil(
        Courier.run(load).catch((error: unknown) => {
          // The payments' own timers come back; the line says why they had to.
          logError({ log: 'courier', failed: String(error) })
        }),
      )
    }
  }

  #own(id: string) {
    const place = placeOf(id)
    assert(place !== null && laneName(place) === this.ctx.id.name, `${id} belongs to another lane`)
  }

  /** Its epoch as the directory has it now; null where nobody reaches the directory, or it is not in it yet. */
  async #askDirectory(name: string): Promise<KnownEpoch | null> {
    const [institution = 0, epoch = 0] = name.split(':').map(Number)
    const seen = await this.#seen(institution, epoch)
    if (seen !== null && Date.now() - seen.confirmedAt < FRESH_MS) return seen
    try {
      // The directory is away for this center; the sentinel may know from the others.
      const told = await sentinelOf(this.env, this.env.CENTER).known(institution, epoch)
      return told === null ? seen : merged(seen, told)
    } catch {
      return seen
    }
  }

  async #seen(institution: number, epoch: number): Promise<KnownEpoch | null> {
    try {
      const after = (work: Promise<unknown>) => this.ctx.waitUntil(work)
      const held = await snapshotOf(this.env).renewed(Date.now(), after)
      const { directory, confirmedAt } = held
      const requester = directory.institutionByNumber(institution)
      const bounds = requester && directory.epochBounds(requester.id, epoch)
      return bounds === undefined ? null : { ...bounds, confirmedAt }
    } catch (error) {
      logError({ log: 'lane', failed: 'asking the directory', error: String(error) })
      return null
    }
  }

  #arm(at: number) {
    if (this.#alarmAt !== null && this.#alarmAt <= at) return
    this.#alarmAt = at
    void this.ctx.storage.setAlarm(at)
  }
}

/** Whoever lends shares of one institution's limits in this center. */
interface LenderPort {
  draw(ask: Ask): Promise<Result<Drawn>>
}

/** The center's own entrypoint that runs errands outside the lane. */
interface CourierPort {
  run(errands: readonly Errand[]): Promise<void>
}

/** Between two alarms of a lane, at the least. */
const TICK_MS = 10
/** What the directory said this long ago is what it says. */
const FRESH_MS = 1_500
/** The tick doubles with each alarm that comes too early, up to 1.3 s. */
const EARLY_MAX = 7
/** How long after a commit the alarm looks whether the queue has heard of it. */
const OUTBOX_MS = 2_000

const earliest = (...instants: (number | null)[]): number | null => {
  const known = instants.filter(instant => instant !== null)
  return known.length === 0 ? null : Math.min(...known)
}
