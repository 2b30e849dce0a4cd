/**
 * Institution: lends shares of one institution's limits to this center's lanes; the one in the home center is the root.
 * Never lends more than the limit.
 *
 * This shell only binds the platform; what is lent to whom is decided in `lender` and what it uses.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Sight } from '../src/domain/lending.ts'
import { assert, type Result } from '../src/domain/result.ts'
import type { Ask, Drawn, Lent, Report, UseThere } from '../src/domain/share.ts'
import { type CenterEnv, institutionsOf } from '../src/env.ts'
import { logError } from '../src/log.ts'
import { sentinelOf } from '../src/sentinels.ts'
import { snapshotOf } from '../src/snapshot.ts'
import { Lender } from './lender.ts'
import { Loans } from './loans.ts'
import { Outlook } from './outlook.ts'
import { sqlOf } from './sql.ts'

/** Between two alarms, at the least. */
const TICK_MS = 10
const AGAIN_MS = 2_000
const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  scheduler.wait(ms, signal === undefined ? {} : { signal })
/** The tick doubles with each alarm that comes too early, up to 1.3 s. */
const EARLY_MAX = 7

export class Institution extends DurableObject<CenterEnv> {
  readonly #lender: Lender
  /** The alarm that is set, as far as this instance knows; storage has only one. */
  #alarmAt: number | null = null
  /** Alarms in a row that came before their time by this lender's clock. */
  #early = 0

  constructor(ctx: DurableObjectState, env: CenterEnv) {
    super(ctx, env)
    const name = ctx.id.name
    assert(name !== undefined, 'an institution is addressed by name')
    const lane = (lane: string) => env.LANE.getByName(lane) as unknown as LendingLane
    const center = (id: string) => {
      const others = institutionsOf(env)[id]
      assert(others !== undefined, `${id} has no binding here`)
      return others.getByName(name) as unknown as OtherLender
    }
    const outlook = new Outlook({
      now: Date.now,
      pause,
      snapshot: version => this.#snapshot(version),
      vouch: async version => sentinelOf(env, env.CENTER).vouch(version),
    })
    this.#lender = new Lender(name, env.CENTER, new Loans(sqlOf(ctx.storage)), {
      now: Date.now,
      pause,
      sight: version => outlook.sight(version),
      yield: async (id, lent) => lane(id).yieldShares(lent),
      recall: async (id, recalls, version) => lane(id).recallShares(name, recalls, version),
      draw: async (id, ask) => center(id).draw(ask),
      cede: async (id, lent) => center(id).cede(lent),
      arm: at => this.#arm(at),
      failed: (what, error) => logError({ log: 'lender', failed: what, error: String(error) }),
    })
    this.#lender.watch()
  }

  /** Lends to a lane of this center, or to another center. Refuses with MEMBER_SUSPENDED. */
  draw(ask: Ask): Promise<Result<Drawn>> {
    return this.#lender.draw(ask)
  }

  /** Gives back to the root what nobody here needs. */
  cede(lent: readonly Lent[]): Promise<readonly Report[]> {
    return this.#lender.cede(lent)
  }

  /** Has every lane give back its shares at once. @returns how many lanes could not be reached yet */
  recall(version: number): Promise<number> {
    return this.#lender.recall(version)
  }

  /** What this center's lanes have used and hold of every limit in force. */
  uses(): Promise<readonly UseThere[]> {
    return this.#lender.uses()
  }

  override async alarm(): Promise<void> {
    // A platform whose clock is ahead of ours would come again at once, and again, until ours is there, too.
    this.#early = this.#alarmAt !== null && Date.now() < this.#alarmAt ? this.#early + 1 : 0
    this.#alarmAt = null
    try {
      await this.#lender.wake()
    } catch (error) {
      this.#arm(Date.now() + AGAIN_MS)
      throw error
    }
  }

  async #snapshot(version: number): Promise<Sight> {
    const snapshot = snapshotOf(this.env)
    const after = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    const held = await snapshot.held(Date.now(), after)
    return held.directory.version >= version ? held : snapshot.renewed(Date.now(), after)
  }

  #arm(at: number) {
    if (this.#alarmAt !== null && this.#alarmAt <= at) return
    this.#alarmAt = at
    const tick = TICK_MS * 2 ** Math.min(this.#early, EARLY_MAX)
    void this.ctx.storage.setAlarm(Math.max(at, Date.now() + tick))
  }
}

/** A lane as its lender sees it. */
interface LendingLane {
  yieldShares(lent: readonly Lent[]): Promise<readonly Report[]>
  recallShares(institution: string, recalls: number, version: number): Promise<readonly Report[]>
}

/** The same institution in another center. */
interface OtherLender {
  draw(ask: Ask): Promise<Result<Drawn>>
  cede(lent: readonly Lent[]): Promise<readonly Report[]>
}
