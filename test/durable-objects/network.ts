/**
 * Lanes and lenders of three centers in virtual time, over a network that loses, repeats and delays: the real purses,
 * draws, lenders and books, on real SQLite. Every payment that opens is counted where it becomes durable.
 */
import { Draws } from '../../durable-objects/draws.ts'
import { type Change, Journal } from '../../durable-objects/journal.ts'
import { Lender } from '../../durable-objects/lender.ts'
import { Loans } from '../../durable-objects/loans.ts'
import { Outlook } from '../../durable-objects/outlook.ts'
import { Purse } from '../../durable-objects/purse.ts'
import { Sequencer } from '../../durable-objects/sequencer.ts'
import type { Sql } from '../../durable-objects/sql.ts'
import { type Directory, directoryOf, type Switch } from '../../src/domain/directory.ts'
import type { Sight } from '../../src/domain/lending.ts'
import { type Limit, limitPlace, type Reserve } from '../../src/domain/limit.ts'
import { givenBack, lasting } from '../../src/domain/limit-effect.ts'
import type { Message, Outcome } from '../../src/domain/payment.ts'
import type { Result } from '../../src/domain/result.ts'
import type { Vouch } from '../../src/sentinels.ts'
import { acquirer, wallet } from '../db/network.ts'
import { terms } from '../domain/terms.ts'
import { memorySql } from './sqlite.ts'

/** Clocks of two machines differ by no more. */
export const SKEW_MS = 2_000

export const T0 = Date.UTC(2026, 9, 1, 5)

/** What happens to one call; drawn anew for each. */
export interface Fate {
  readonly lost: 'request' | 'answer' | null
  /** The request arrives a second time, so much later; null for once. */
  readonly againMs: number | null
  readonly ms: number
}

interface Timer {
  readonly at: number
  readonly run: () => void
}

const SAFE: Fate = { lost: null, againMs: null, ms: 1 }

export interface Plan {
  readonly limits: readonly Limit[]
  readonly fate?: (from: string, to: string) => Fate
  /** How far the clock of a lane, or of a lender, is ahead. */
  readonly skewMs?: (host: string) => number
}

export class Network {
  now = T0
  readonly centers = ['hk', 'sg', 'fra']
  /** Those that operators have drained. */
  readonly drained = new Set<string>()
  readonly used = new Map<string, bigint>()
  readonly overshot: string[] = []
  readonly failures: string[] = []
  readonly lanes = new Map<string, LaneHost>()
  readonly lenders = new Map<string, LenderHost>()
  fate: (from: string, to: string) => Fate
  limits: readonly Limit[]
  /** Of the directory, and what operators have switched off in it. */
  version = 1
  switches: readonly Switch[] = []
  /** By center: what it has in hand since it does not reach the directory, and what its sentinel says of that. */
  readonly blind = new Map<string, Sight>()
  readonly vouches = new Map<string, () => Vouch | null>()
  readonly #skewMs: (host: string) => number
  /** The next one last. */
  readonly #timers: Timer[] = []

  constructor({ limits, fate = () => SAFE, skewMs = () => 0 }: Plan) {
    this.limits = limits
    this.fate = fate
    this.#skewMs = skewMs
  }

  clock(host: string): number {
    return Math.floor(this.now + this.#skewMs(host))
  }

  get directory(): Directory {
    return directoryOf({
      version: this.version,
      centers: this.centers.map((id, n) => ({
        ...{ id, number: n + 1, locationHint: 'apac' },
        ...(this.drained.has(id) ? { status: 'draining' as const } : {}),
      })),
      institutions: [wallet, acquirer],
      keys: [],
      epochs: [
        { institution: 'wallet-th', epoch: 1, from: 0, center: 'hk', lanes: 4 },
        { institution: 'acquirer-cn', epoch: 1, from: 0, center: 'sg', lanes: 4 },
      ],
      routes: [],
      corridors: [],
      rates: [],
      switches: this.switches,
      limits: this.limits,
    })
  }

  at(ms: number, run: () => void) {
    const timer = { at: this.now + ms, run }
    // Kept in order: most are for soon, so the place is near the end of the list, which is read backwards.
    let place = this.#timers.length
    while (place > 0 && (this.#timers[place - 1] as Timer).at <= timer.at) place -= 1
    this.#timers.splice(place, 0, timer)
  }

  pause(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => this.at(ms, () => signal?.aborted !== true && resolve()))
  }

  /** Plays until this much time has passed. */
  async play(ms: number) {
    const until = this.now + ms
    for (;;) {
      await settled()
      const next = this.#timers.at(-1)
      if (next === undefined || next.at > until) break
      this.#timers.pop()
      this.now = Math.max(this.now, next.at)
      next.run()
    }
    this.now = until
  }

  /** One call over the network. */
  call<T>(from: string, to: string, work: () => T | Promise<T>): Promise<T> {
    const { lost, againMs, ms } = this.fate(from, to)
    return new Promise((resolve, reject) => {
      const gone = () => this.at(ms, () => reject(new Error(`${to} is away`)))
      if (lost === 'request') return gone()
      const run = async () => work()
      if (againMs !== null) this.at(ms + againMs, () => void run().catch(() => null))
      this.at(ms, () => {
        run().then(
          value => (lost === 'answer' ? gone() : this.at(ms, () => resolve(value))),
          error => this.at(ms, () => reject(error)),
        )
      })
    })
  }

  lane(center: string, number: number): LaneHost {
    const name = `${center}:${number}`
    const known = this.lanes.get(name) ?? new LaneHost(name, center, this)
    this.lanes.set(name, known)
    return known
  }

  lender(institution: string, center: string): LenderHost {
    const name = `${institution} in ${center}`
    const known = this.lenders.get(name) ?? new LenderHost(institution, center, this)
    this.lenders.set(name, known)
    return known
  }

  /** A payment is durable: what it takes must fit into each limit as it is now. */
  count(reserves: readonly Reserve[], sign: 1n | -1n) {
    for (const { limit, minor } of reserves) {
      const used = (this.used.get(limit) ?? 0n) + sign * minor
      this.used.set(limit, used)
      // A limit that becomes more may do so by the clock of whoever lends it.
      const values = [this.now, this.now + SKEW_MS].map(at => this.valueOf(limit, at))
      const isOver = values.every(value => value !== null && used > value)
      if (sign === 1n && isOver) {
        this.overshot.push(`${limit}: ${used} of ${values} at ${this.now - T0}`)
      }
    }
  }

  valueOf(limit: string, now = this.now): bigint | null {
    const { institution, scope, kind } = limitPlace(limit)
    const rows = this.limits.filter(
      row => row.institution === institution && row.scope === scope && row.kind === kind,
    )
    const [row] = rows.filter(({ from }) => from <= now).sort((a, b) => b.from - a.from)
    return row?.value ?? null
  }
}

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

/** A disk whose instance may be gone: what a dead instance still does, it does to nothing. */
function diskOf(sql: Sql): { sql: Sql; crash(): void } {
  let alive = true
  const check = () => {
    if (!alive) throw new Error('this instance is gone')
  }
  return {
    sql: {
      rows: (query, ...values) => {
        check()
        return sql.rows(query, ...values)
      },
      transaction: work => {
        check()
        return sql.transaction(work)
      },
    },
    crash: () => {
      alive = false
    },
  }
}

/** The one alarm of an object: an earlier one takes the place of a later one, never the other way. */
class Alarm {
  readonly #network: Network
  #at = Number.POSITIVE_INFINITY

  constructor(network: Network) {
    this.#network = network
  }

  set(ms: number, fire: () => void) {
    const at = this.#network.now + Math.max(ms, 10)
    if (at >= this.#at) return
    this.#at = at
    this.#network.at(at - this.#network.now, () => {
      if (this.#at !== at) return
      this.#at = Number.POSITIVE_INFINITY
      fire()
    })
  }
}

class LaneHost {
  readonly #alarm: Alarm
  readonly #sql = memorySql()
  readonly #network: Network
  readonly name: string
  readonly center: string
  #crash: () => void = () => undefined
  sequencer!: Sequencer
  purse!: Purse
  draws!: Draws
  #life = 0

  constructor(name: string, center: string, network: Network) {
    this.name = name
    this.center = center
    this.#network = network
    this.#alarm = new Alarm(network)
    this.start()
  }

  /** Begins anew from the disk, like after a crash. */
  start() {
    this.#crash()
    const network = this.#network
    const disk = diskOf(this.#sql)
    this.#crash = disk.crash
    this.#life += 1
    const life = this.#life
    const journal = new Journal(disk.sql)
    const now = () => network.clock(this.name)
    this.purse = new Purse(disk.sql, journal, now)
    this.draws = new Draws(this.name, this.purse, {
      now,
      pause: (ms, signal) => network.pause(ms, signal),
      draw: (institution, ask) => {
        const lender = network.lender(institution, this.center)
        return network.call(this.name, `lender of ${this.center}`, () => lender.lender.draw(ask))
      },
      arm: at => this.#arm(at, life),
      after: work => void work.catch(() => null),
      failed: what => void network.failures.push(`${this.name}: ${what}`),
    })
    const ports = {
      now,
      pause: (ms: number, signal?: AbortSignal) => network.pause(ms, signal),
      arm: (at: number) => this.#arm(at, life),
      send: () => undefined,
      committed: (changes: readonly Change[]) => {
        for (const { payment, events } of changes) {
          for (const event of events) {
            if (event.type === 'opened') network.count(lasting(event.limits ?? []), 1n)
            network.count(givenBack(payment, event), -1n)
          }
        }
      },
      standing: () => 'in_force' as const,
      failed: (what: string, error: unknown) => {
        throw new Error(`${what}: ${error}`)
      },
    }
    this.sequencer = new Sequencer(journal, ports, { purse: this.purse, draws: this.draws })
    const { dueAt } = this.draws
    if (dueAt !== null) this.#arm(dueAt, life)
  }

  #arm(at: number, life: number) {
    if (life !== this.#life) return
    this.#alarm.set(at - this.#network.clock(this.name), () => {
      void this.draws.wake().then(
        () => {
          const { dueAt } = this.draws
          if (dueAt !== null) this.#arm(dueAt, this.#life)
        },
        () => null,
      )
    })
  }

  /** @param version of the directory by which it was let through */
  open(id: string, limits: readonly Reserve[], version?: number): Promise<Result<Outcome>> {
    const message: Message = {
      kind: 'open',
      terms: { ...terms, paymentId: id, requestId: id, expiresAt: Number.MAX_SAFE_INTEGER },
      bodyHash: id,
      hold: { reference: id, key: 'k' },
      limits,
      ...(version === undefined ? {} : { version }),
    }
    return this.sequencer.submit(id, message)
  }

  end(id: string, said: 'accepted' | 'refused'): Promise<Result<Outcome>> {
    const verdict =
      said === 'accepted' ? { said, reference: 'r', key: 'k' } : { said, code: 'DECLINED' as const }
    return this.sequencer.submit(id, { kind: 'answer', verdict } as Message)
  }
}

class LenderHost {
  readonly #alarm: Alarm
  readonly #sql = memorySql()
  readonly #network: Network
  readonly institution: string
  readonly center: string
  #crash: () => void = () => undefined
  #life = 0
  lender!: Lender
  loans!: Loans

  constructor(institution: string, center: string, network: Network) {
    this.institution = institution
    this.center = center
    this.#network = network
    this.#alarm = new Alarm(network)
    this.start()
  }

  start() {
    this.#crash()
    const network = this.#network
    const { institution, center } = this
    const disk = diskOf(this.#sql)
    this.#crash = disk.crash
    this.#life += 1
    const life = this.#life
    this.loans = new Loans(disk.sql)
    const own = `lender of ${center}`
    const now = () => network.clock(own)
    const outlook = new Outlook({
      now,
      pause: (ms, signal) => network.pause(ms, signal),
      snapshot: async () =>
        network.blind.get(center) ?? { directory: network.directory, confirmedAt: now() },
      vouch: async () => network.vouches.get(center)?.() ?? null,
    })
    this.lender = new Lender(institution, center, this.loans, {
      now,
      pause: (ms, signal) => network.pause(ms, signal),
      sight: version => outlook.sight(version),
      yield: (lane, limits) =>
        network.call(own, lane, () => network.lanes.get(lane)!.draws.yield(limits)),
      recall: (lane, recalls, version) =>
        network.call(own, lane, () =>
          network.lanes.get(lane)!.purse.recall(institution, recalls, version),
        ),
      draw: (to, ask) =>
        network.call(own, `lender of ${to}`, () =>
          network.lender(institution, to).lender.draw(ask),
        ),
      cede: (to, lent) =>
        network.call(own, `lender of ${to}`, () =>
          network.lender(institution, to).lender.cede(lent),
        ),
      arm: at => {
        if (life !== this.#life) return
        this.#alarm.set(at - now(), () => void this.lender.wake().catch(() => null))
      },
      failed: what => void network.failures.push(`${own}: ${what}`),
    })
  }
}
