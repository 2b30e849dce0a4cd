/**
 * Tells operators' endpoints what became of alerts, again and again until they say that they heard; a bounded number
 * in a minute, and together what is more than that.
 */
import type { Alert } from '../src/domain/alert.ts'
import {
  type Held,
  heldCount,
  heldNothing,
  holdBack,
  isToldAlone,
  MINUTE_MS,
  type Turn,
  together,
} from '../src/domain/alert-held.ts'
import type { AlertTelling } from '../src/peers/alert.ts'
import type { Sql } from './sql.ts'

type Waiting = AlertTelling & { readonly attempts: number }

const schema = `CREATE TABLE IF NOT EXISTS tellings (
  endpoint TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  next INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (endpoint, name)
) STRICT, WITHOUT ROWID`

/** Seconds between attempts; after the last one the endpoint is left alone, because the alert itself is on every screen. */
const PACE_S = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 14_400] as const
/** Tellings that wait for one endpoint; with more, the oldest is told together with others. One that is dead costs the others nothing. */
const WAITING_MAX = 100
const AT_ONCE = 10
/** Calls of one endpoint in a minute, repetitions included: who comes back after hours is not overrun. */
const CALLS_MAX = 30

export interface HeraldPorts {
  /** True when the endpoint has it. */
  tell(telling: AlertTelling): Promise<boolean>
  log(line: object): void
}

export class Herald {
  readonly #sql: Sql
  readonly #endpoints: readonly string[]
  readonly #ports: HeraldPorts
  /** Endpoints that a round is on its way to. */
  readonly #busy = new Set<string>()
  /** What was told to each in this minute. An instance that begins counts anew. */
  readonly #paces = new Map<string, Pace>()

  constructor(sql: Sql, endpoints: readonly string[], ports: HeraldPorts) {
    this.#sql = sql
    this.#endpoints = endpoints
    this.#ports = ports
    sql.rows(schema)
  }

  /** In the same turn as the change that is told of. */
  announce(turn: Turn, alert: Alert, now: number) {
    for (const endpoint of this.#endpoints) {
      const pace = this.#paceOf(endpoint, now)
      if (!isToldAlone(pace.told, turn, alert)) {
        this.#hold(endpoint, now, held => holdBack(held, turn, alert))
        continue
      }
      pace.told += 1
      this.#put(`${alert.number} ${turn}`, { endpoint, turn, alert, at: now, attempts: 0 }, now)
      this.#makeRoom(endpoint, now)
    }
  }

  #paceOf(endpoint: string, now: number): Pace {
    const minute = Math.floor(now / MINUTE_MS)
    const known = this.#paces.get(endpoint)
    if (known?.minute === minute) return known
    const made = { minute, told: 0, calls: 0 }
    this.#paces.set(endpoint, made)
    return made
  }

  /** Adds to what is told together at the end of this minute; until then nobody has heard any of it. */
  #hold(endpoint: string, now: number, add: (held: Held) => Held) {
    const name = `held ${Math.floor(now / MINUTE_MS)}`
    const [row] = this.#sql.rows<{ body: string }>(
      'SELECT body FROM tellings WHERE endpoint = ? AND name = ?',
      endpoint,
      name,
    )
    const known = row && (JSON.parse(row.body) as { held: Held }).held
    const held = add(known ?? heldNothing(now))
    this.#put(name, { endpoint, held, at: held.until, attempts: 0 }, held.until)
  }

  #put(name: string, waiting: Waiting, next: number) {
    this.#sql.rows(
      `INSERT INTO tellings (endpoint, name, at, next, body) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET at = excluded.at, next = excluded.next, body = excluded.body`,
      waiting.endpoint,
      name,
      waiting.at,
      next,
      JSON.stringify(waiting),
    )
  }

  #makeRoom(endpoint: string, now: number) {
    const [{ count = 0 } = {}] = this.#sql.rows<{ count: number }>(
      'SELECT count(*) AS count FROM tellings WHERE endpoint = ?',
      endpoint,
    )
    if (count <= WAITING_MAX) return
    const rows = this.#sql.rows<{ body: string }>(
      `DELETE FROM tellings WHERE endpoint = ?1 AND name IN (
         SELECT name FROM tellings WHERE endpoint = ?1 ORDER BY at LIMIT ?2) RETURNING body`,
      endpoint,
      count - WAITING_MAX,
    )
    for (const { body } of rows) {
      const waiting = JSON.parse(body) as Waiting
      this.#hold(endpoint, now, held =>
        'held' in waiting
          ? together(waiting.held, held)
          : holdBack(held, waiting.turn, waiting.alert),
      )
    }
  }

  #heldBack(endpoint: string, held: Held) {
    const { from, opened } = held
    this.#ports.log({ log: 'herald', event: 'held', endpoint, from, opened, held: heldCount(held) })
  }

  #givenUp(name: string, endpoint: string) {
    this.#ports.log({ log: 'herald', event: 'given_up', telling: name, endpoint })
  }

  /** Tells what is due, one round at a time for each endpoint. Never throws. */
  async tellDue(now: number): Promise<void> {
    await Promise.all(this.#endpoints.map(endpoint => this.#tellOne(endpoint, now)))
  }

  async #tellOne(endpoint: string, now: number): Promise<void> {
    const pace = this.#paceOf(endpoint, now)
    const calls = Math.min(AT_ONCE, CALLS_MAX - pace.calls)
    if (this.#busy.has(endpoint) || calls <= 0) return
    const due = this.#sql.rows<{ name: string; body: string }>(
      'SELECT name, body FROM tellings WHERE endpoint = ? AND next <= ? ORDER BY next LIMIT ?',
      endpoint,
      now,
      calls,
    )
    if (due.length === 0) return
    pace.calls += due.length
    this.#busy.add(endpoint)
    try {
      await Promise.all(due.map(({ name, body }) => this.#tell(name, JSON.parse(body), now)))
    } finally {
      this.#busy.delete(endpoint)
    }
  }

  async #tell(name: string, waiting: Waiting, now: number) {
    const { attempts, ...telling } = waiting
    if ('held' in telling && attempts === 0) this.#heldBack(telling.endpoint, telling.held)
    const isHeard = await this.#ports.tell(telling).catch(() => false)
    const pause = PACE_S[attempts]
    if (isHeard || pause === undefined) {
      const { endpoint } = telling
      this.#sql.rows('DELETE FROM tellings WHERE endpoint = ? AND name = ?', endpoint, name)
      if (!isHeard) this.#givenUp(name, endpoint)
      return
    }
    this.#ports.log({
      log: 'herald',
      event: 'unheard',
      telling: name,
      endpoint: telling.endpoint,
      attempts: attempts + 1,
    })
    this.#put(name, { ...waiting, attempts: attempts + 1 }, now + pause * 1_000)
  }
}

interface Pace {
  readonly minute: number
  told: number
  calls: number
}
