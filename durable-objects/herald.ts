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

const schema = `CREATE TABLE IF NOT EXISTS telling (
  name TEXT PRIMARY KEY,
  next INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID`

/** Seconds between attempts; after the last one the endpoint is left alone, because the alert itself is on every screen. */
const PACE_S = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 14_400] as const
/** Tellings that wait; with more, the oldest is given up. */
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
  #isTelling = false

  constructor(sql: Sql, endpoints: readonly string[], ports: HeraldPorts) {
    this.#sql = sql
    this.#endpoints = endpoints
    this.#ports = ports
    sql.rows(schema)
  }

  /** In the same turn as the change that is told of. */
  announce(turn: Turn, alert: Alert, now: number) {
    for (const endpoint of this.#endpoints) {
      // What has not been told yet of the same alert is overtaken by it, but for that it was opened.
      const name = `${alert.number} ${turn} ${endpoint}`
      this.#put(name, { endpoint, turn, alert, at: now, attempts: 0 }, now)
    }
    const [{ count = 0 } = {}] = this.#sql.rows<{ count: number }>(
      'SELECT count(*) AS count FROM telling',
    )
    if (count > WAITING_MAX) this.#giveUp(count - WAITING_MAX)
  }

  #put(name: string, waiting: Waiting, next: number) {
    this.#sql.rows(
      `INSERT INTO telling (name, next, body) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET next = excluded.next, body = excluded.body`,
      name,
      next,
      JSON.stringify(waiting),
    )
  }

  #giveUp(count: number) {
    const rows = this.#sql.rows<{ name: string }>(
      'DELETE FROM telling WHERE name IN (SELECT name FROM telling ORDER BY next LIMIT ?) RETURNING name',
      count,
    )
    for (const { name } of rows)
      this.#ports.log({ log: 'herald', event: 'given_up', telling: name })
  }

  /** Tells what is due, one round at a time. Never throws. */
  async tellDue(now: number): Promise<void> {
    if (this.#isTelling) return
    const due = this.#sql.rows<{ name: string; body: string }>(
      'SELECT name, body FROM telling WHERE next <= ? ORDER BY next LIMIT ?',
      now,
      AT_ONCE,
    )
    if (due.length === 0) return
    this.#isTelling = true
    try {
      await Promise.all(due.map(({ name, body }) => this.#tell(name, JSON.parse(body), now)))
    } finally {
      this.#isTelling = false
    }
  }

  async #tell(name: string, waiting: Waiting, now: number) {
    const { attempts, ...telling } = waiting
    const isHeard = await this.#ports.tell(telling).catch(() => false)
    const pause = PACE_S[attempts]
    if (isHeard || pause === undefined) {
      this.#sql.rows('DELETE FROM telling WHERE name = ?', name)
      if (!isHeard) this.#ports.log({ log: 'herald', event: 'given_up', telling: name })
      return
    }
    this.#ports.log({ log: 'herald', event: 'unheard', telling: name, attempts: attempts + 1 })
    this.#put(name, { ...waiting, attempts: attempts + 1 }, now + pause * 1_000)
  }
}
