/** Tells operators' endpoints what became of alerts, again and again until they say that they heard. */
import type { Alert } from '../src/domain/alert.ts'
import type { Turn } from './alert-desk.ts'
import type { Sql } from './sql.ts'

/** One thing to tell one endpoint. */
export interface Telling {
  readonly endpoint: string
  readonly turn: Turn
  readonly alert: Alert
  /** Milliseconds since 1970. */
  readonly at: number
}

interface Waiting extends Telling {
  readonly attempts: number
}

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
/** Tellings that wait for one endpoint; with more, the oldest is given up. One that is dead costs the others nothing. */
const WAITING_MAX = 1_000
const AT_ONCE = 10

export interface HeraldPorts {
  /** True when the endpoint has it. */
  tell(telling: Telling): Promise<boolean>
  log(line: object): void
}

export class Herald {
  readonly #sql: Sql
  readonly #endpoints: readonly string[]
  readonly #ports: HeraldPorts
  /** Endpoints that a round is on its way to. */
  readonly #told = new Set<string>()

  constructor(sql: Sql, endpoints: readonly string[], ports: HeraldPorts) {
    this.#sql = sql
    this.#endpoints = endpoints
    this.#ports = ports
    sql.rows(schema)
  }

  /** In the same turn as the change that is told of. */
  announce(turn: Turn, alert: Alert, now: number) {
    for (const endpoint of this.#endpoints) {
      this.#put(`${alert.number} ${turn}`, { endpoint, turn, alert, at: now, attempts: 0 }, now)
      this.#makeRoom(endpoint)
    }
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

  #makeRoom(endpoint: string) {
    const [{ count = 0 } = {}] = this.#sql.rows<{ count: number }>(
      'SELECT count(*) AS count FROM tellings WHERE endpoint = ?',
      endpoint,
    )
    if (count <= WAITING_MAX) return
    const rows = this.#sql.rows<{ name: string }>(
      `DELETE FROM tellings WHERE endpoint = ?1 AND name IN (
         SELECT name FROM tellings WHERE endpoint = ?1 ORDER BY at LIMIT ?2) RETURNING name`,
      endpoint,
      count - WAITING_MAX,
    )
    for (const { name } of rows) this.#givenUp(name, endpoint)
  }

  #givenUp(name: string, endpoint: string) {
    this.#ports.log({ log: 'herald', event: 'given_up', telling: name, endpoint })
  }

  /** Tells what is due, one round at a time for each endpoint. Never throws. */
  async tellDue(now: number): Promise<void> {
    await Promise.all(this.#endpoints.map(endpoint => this.#tellOne(endpoint, now)))
  }

  async #tellOne(endpoint: string, now: number): Promise<void> {
    if (this.#told.has(endpoint)) return
    const due = this.#sql.rows<{ name: string; body: string }>(
      'SELECT name, body FROM tellings WHERE endpoint = ? AND next <= ? ORDER BY next LIMIT ?',
      endpoint,
      now,
      AT_ONCE,
    )
    if (due.length === 0) return
    this.#told.add(endpoint)
    try {
      await Promise.all(due.map(({ name, body }) => this.#tell(name, JSON.parse(body), now)))
    } finally {
      this.#told.delete(endpoint)
    }
  }

  async #tell(name: string, waiting: Waiting, now: number) {
    const { attempts, ...telling } = waiting
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
