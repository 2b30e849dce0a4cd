/**
 * One year of some persons: takes of their allowances, gives back, and follows up whoever takes and never says what
 * became of it. The payment's own lane knows; until it has said so, all of it counts.
 */
import type { Allowance } from '../src/domain/allowance.ts'
import { laneName, type PaymentPlace, placeOf } from '../src/domain/payment-id.ts'
import type { Result } from '../src/domain/result.ts'
import { Allowances, type Wanted } from './allowances.ts'
import { Group } from './group.ts'
import type { Sql } from './sql.ts'
import { within } from './within.ts'

/** What of a payment counts, and where, as its lane says. */
export type Counted = Pick<Allowance, 'token' | 'pool' | 'minor' | 'year'>

export interface YearPorts {
  now(): number
  /** Resolves after `ms`, or never once the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
  /** Asks the lane at this place about its payments; null for one that it does not have. Throws where it cannot be asked. */
  counted(place: PaymentPlace, payments: readonly string[]): Promise<readonly (Counted | null)[]>
  /** Wakes the year at this instant or earlier; part of the commit after which it is called. */
  arm(at: number): void
  /** Hears of what should not happen; must not throw. */
  failed(what: string, error: unknown): void
}

/** Payments followed up in one go. */
const ASKED_MAX = 200
const PATIENCE_MS = 3_000
/** A lane that could not be asked is asked again after this long; nothing hurries. */
const AGAIN_MS = 60_000
/** After its year nothing is taken any more, and by then whatever could be given back has been. */
const KEPT_MS = 60 * 24 * 60 * 60_000

export class Year {
  readonly #year: string
  readonly #ports: YearPorts
  readonly #allowances: Allowances
  readonly #group: Group
  /** When all of it may be forgotten, milliseconds since 1970. */
  readonly #endsAt: number
  #isForgotten = false

  /** @param year `2026` */
  constructor(year: string, sql: Sql, ports: YearPorts) {
    this.#year = year
    this.#ports = ports
    this.#endsAt = Date.UTC(Number(year) + 1, 0, 1) + KEPT_MS
    this.#allowances = new Allowances(sql)
    // After the transaction and in its turn: an alarm that was set in it would be undone with it, unseen.
    this.#group = new Group(
      sql,
      ms => ports.pause(ms),
      () => this.#watch(),
    )
  }

  /** When `wake` next has something to do, or null. */
  get #dueAt(): number | null {
    if (this.#isForgotten) return null
    return Math.min(this.#allowances.nextDue() ?? this.#endsAt, this.#endsAt)
  }

  #watch() {
    const dueAt = this.#dueAt
    if (dueAt !== null) this.#ports.arm(dueAt)
  }

  /** Takes of a person's allowance, and gives the number of the claim. Refuses with LIMIT_PERSON. */
  take(wanted: Wanted): Promise<Result<number>> {
    return this.#group.commit(() => {
      this.#isForgotten = false
      return this.#allowances.take(wanted)
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

  /** Asks lanes about what was taken and not heard of again; forgets a year that is long over. */
  async wake(): Promise<void> {
    const now = this.#ports.now()
    if (now >= this.#endsAt) return this.#forget()
    const lanes = Map.groupBy(this.#allowances.due(now, ASKED_MAX), payment => {
      const place = placeOf(payment)
      return place === null ? '' : `${place.center} ${laneName(place)}`
    })
    await Promise.all([...lanes.values()].map(payments => this.#follow(payments)))
    this.#watch()
  }

  #forget(): Promise<void> {
    return this.#group.commit(() => {
      this.#isForgotten = true
      this.#allowances.forget()
    })
  }

  /** Payments of one lane. */
  async #follow(payments: readonly string[]): Promise<void> {
    try {
      // Claims that come while the lane is asked are not what it was asked about.
      const now = this.#ports.now()
      const counted = await within(PATIENCE_MS, this.#countedOf(payments), this.#ports.pause)
      await this.#group.commit(() => {
        payments.forEach((payment, index) => {
          const { token: person, pool, minor, year } = counted[index] ?? NOTHING
          const counts = year === this.#year ? { person, pool, minor } : null
          this.#allowances.settle(payment, counts, now)
        })
      })
    } catch (error) {
      this.#ports.failed('asking a lane', error)
      const at = this.#ports.now() + AGAIN_MS
      await this.#group.commit(() => {
        for (const payment of payments) this.#allowances.askAgain(payment, at)
      })
    }
  }

  async #countedOf(payments: readonly string[]): Promise<readonly (Counted | null)[]> {
    const place = placeOf(payments[0] ?? '')
    return place === null ? payments.map(() => null) : this.#ports.counted(place, payments)
  }
}

const NOTHING: Counted = { token: '', pool: '', minor: 0n, year: '' }
