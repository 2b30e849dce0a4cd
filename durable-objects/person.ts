/**
 * Person: allowances of persons across all wallets, one year and one shard of them. A person's payments never take more
 * than the allowance, whichever wallet they come from.
 *
 * This shell only binds the platform; what is taken and given back is decided in `year`, and kept in `allowances`.
 */
import { DurableObject } from 'cloudflare:workers'
import { laneName, type PaymentPlace } from '../src/domain/payment-id.ts'
import { assert, type Result } from '../src/domain/result.ts'
import { type CenterEnv, lanesFrom } from '../src/env.ts'
import { logError } from '../src/log.ts'
import { snapshotOf } from '../src/snapshot.ts'
import type { Wanted } from './allowances.ts'
import { sqlOf } from './sql.ts'
import { type Counted, Year } from './year.ts'

/** Between two alarms, at the least. */
const TICK_MS = 100
/** The tick doubles with each alarm that comes too early, up to 1.6 s. */
const EARLY_MAX = 4
/** After an alarm that failed; the platform itself gives up on one that keeps failing. */
const AGAIN_MS = 2_000

export class Person extends DurableObject<CenterEnv> {
  readonly #year: Year
  /** The alarm that is set, as far as this instance knows; storage has only one. */
  #alarmAt: number | null = null
  /** Alarms in a row that came before their time by this object's clock. */
  #early = 0

  constructor(ctx: DurableObjectState, env: CenterEnv) {
    super(ctx, env)
    const { name } = ctx.id
    assert(name !== undefined, 'an object of persons is addressed by name')
    this.#year = new Year(name.slice(0, name.indexOf(':')), sqlOf(ctx.storage), {
      now: Date.now,
      pause: (ms, signal) => scheduler.wait(ms, signal === undefined ? {} : { signal }),
      counted: (place, payments) => this.#counted(place, payments),
      arm: at => this.#arm(at),
      failed: (what, error) => logError({ log: 'person', failed: what, error: String(error) }),
    })
  }

  /** Takes of a person's allowance, and gives the number of the claim. Refuses with LIMIT_PERSON. */
  take(wanted: Wanted): Promise<Result<number>> {
    return this.#year.take(wanted)
  }

  /** Nothing was opened by this claim. */
  drop(payment: string, claim: number): Promise<void> {
    return this.#year.drop(payment, claim)
  }

  /** Of a payment no more than this counts from now on, US cents. */
  lower(payment: string, minor: bigint): Promise<void> {
    return this.#year.lower(payment, minor)
  }

  override async alarm(): Promise<void> {
    // A platform whose clock is ahead of ours would come again at once, and again, until ours is there, too.
    this.#early = this.#alarmAt !== null && Date.now() < this.#alarmAt ? this.#early + 1 : 0
    this.#alarmAt = null
    try {
      await this.#year.wake()
    } catch (error) {
      // What was taken and not heard of again must be followed up, however often that fails.
      this.#arm(Date.now() + AGAIN_MS)
      throw error
    }
  }

  async #counted(
    place: PaymentPlace,
    payments: readonly string[],
  ): Promise<readonly (Counted | null)[]> {
    const after = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    const { directory } = await snapshotOf(this.env).held(Date.now(), after)
    const center = directory.centers.find(({ number }) => number === place.center)
    const lanes = center && lanesFrom(this.env)[center.id]
    if (lanes === undefined) throw new Error(`there is no center ${place.center}`)
    const lane = lanes.getByName(laneName(place)) as unknown as CountingLane
    return lane.counted(payments)
  }

  #arm(at: number) {
    if (this.#alarmAt !== null && this.#alarmAt <= at) return
    this.#alarmAt = at
    const tick = TICK_MS * 2 ** Math.min(this.#early, EARLY_MAX)
    void this.ctx.storage.setAlarm(Math.max(at, Date.now() + tick))
  }
}

/** A lane as far as a person's object asks it anything. */
interface CountingLane {
  counted(ids: readonly string[]): Promise<readonly (Counted | null)[]>
}
