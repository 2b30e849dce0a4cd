/**
 * Person: allowances of persons across all wallets, one year and one shard of them. A person's payments never take more
 * than the allowance, whichever wallet they come from.
 *
 * This shell only binds the platform; what is taken is kept in `allowances`. Whoever takes and never says what became of
 * it is followed up: the payment's own lane knows.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Allowance } from '../src/domain/allowance.ts'
import { laneName, placeOf } from '../src/domain/payment-id.ts'
import { assert, type Result } from '../src/domain/result.ts'
import { type CenterEnv, lanesFrom } from '../src/env.ts'
import { logError } from '../src/log.ts'
import { snapshotOf } from '../src/snapshot.ts'
import { Allowances, type Wanted } from './allowances.ts'
import { Group } from './group.ts'
import { sqlOf } from './sql.ts'
import { within } from './within.ts'

/** Payments followed up in one go. */
const ASKED_MAX = 200
const PATIENCE_MS = 3_000
/** A lane that could not be asked is asked again after this long; nothing hurries. */
const AGAIN_MS = 60_000
/** Between two alarms, at the least. */
const TICK_MS = 100
/** After its year nothing is taken any more, and by then whatever could be given back has been. */
const KEPT_MS = 60 * 24 * 60 * 60_000

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  scheduler.wait(ms, signal === undefined ? {} : { signal })

export class Person extends DurableObject<CenterEnv> {
  readonly #allowances: Allowances
  readonly #group: Group
  readonly #year: string
  /** When all of it may be forgotten, milliseconds since 1970. */
  readonly #endsAt: number
  /** The alarm that is set, as far as this instance knows; storage has only one. */
  #alarmAt: number | null = null

  constructor(ctx: DurableObjectState, env: CenterEnv) {
    super(ctx, env)
    const { name } = ctx.id
    assert(name !== undefined, 'an object of persons is addressed by name')
    this.#year = name.slice(0, name.indexOf(':'))
    this.#endsAt = Date.UTC(Number(this.#year) + 1, 0, 1) + KEPT_MS
    const sql = sqlOf(ctx.storage)
    this.#allowances = new Allowances(sql)
    this.#group = new Group(sql, ms => pause(ms))
  }

  /** Takes of a person's allowance, and gives the number of the claim. Refuses with LIMIT_PERSON. */
  take(wanted: Wanted): Promise<Result<number>> {
    return this.#group.commit(() => {
      const taken = this.#allowances.take(wanted)
      this.#arm()
      return taken
    })
  }

  /** Nothing was opened by this claim. */
  drop(payment: string, claim: number): Promise<void> {
    return this.#group.commit(() => this.#allowances.drop(payment, claim))
  }

  /** Of a payment no more than this counts from now on, US cents. */
  lower(payment: string, minor: bigint): Promise<void> {
    return this.#group.commit(() => this.#allowances.lower(payment, minor))
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null
    if (Date.now() >= this.#endsAt) {
      await this.#group.commit(() => this.#allowances.forget())
      return
    }
    const due = this.#allowances.due(Date.now(), ASKED_MAX)
    const lanes = Map.groupBy(due, payment => {
      const place = placeOf(payment)
      return place === null ? '' : `${place.center} ${laneName(place)}`
    })
    await Promise.all([...lanes.values()].map(payments => this.#follow(payments)))
    this.#arm()
  }

  /** Payments of one lane. */
  async #follow(payments: readonly string[]): Promise<void> {
    try {
      // Claims that come while the lane is asked are not what it was asked about.
      const now = Date.now()
      const counted = await within(PATIENCE_MS, this.#countedOf(payments), pause)
      await this.#group.commit(() => {
        payments.forEach((payment, index) => {
          const { token: person, pool, minor, year } = counted[index] ?? NOTHING
          const counts = year === this.#year ? { person, pool, minor } : null
          this.#allowances.settle(payment, counts, now)
        })
      })
    } catch (error) {
      logError({ log: 'person', failed: 'asking a lane', error: String(error) })
      const at = Date.now() + AGAIN_MS
      await this.#group.commit(() => {
        for (const payment of payments) this.#allowances.askAgain(payment, at)
      })
    }
  }

  async #countedOf(payments: readonly string[]): Promise<readonly (Counted | null)[]> {
    const place = placeOf(payments[0] ?? '')
    if (place === null) return payments.map(() => null)
    const after = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    const { directory } = await snapshotOf(this.env.DIRECTORY).held(Date.now(), after)
    const center = directory.centers.find(({ number }) => number === place.center)
    const lanes = center && lanesFrom(this.env)[center.id]
    if (lanes === undefined) throw new Error(`there is no center ${place.center}`)
    const lane = lanes.getByName(laneName(place)) as unknown as CountingLane
    return lane.counted(payments)
  }

  #arm() {
    const due = Math.min(this.#allowances.nextDue() ?? this.#endsAt, this.#endsAt)
    if (this.#alarmAt !== null && this.#alarmAt <= due) return
    this.#alarmAt = due
    void this.ctx.storage.setAlarm(Math.max(due, Date.now() + TICK_MS))
  }
}

type Counted = Pick<Allowance, 'token' | 'pool' | 'minor' | 'year'>

const NOTHING: Counted = { token: '', pool: '', minor: 0n, year: '' }

/** A lane as far as a person's object asks it anything. */
interface CountingLane {
  counted(ids: readonly string[]): Promise<readonly (Counted | null)[]>
}
