/** The desk where alerts lie: those that are open, those that were, who tends them, what is muted, and whom to tell. */
import { type Alert, acknowledge, annotate, GATEWAY, keyOf, resolve } from '../src/domain/alert.ts'
import { AlertBook, type Changed, OPEN_MAX } from '../src/domain/alert-book.ts'
import type { Turn } from '../src/domain/alert-held.ts'
import { MUTE_LONGEST_MS, MUTES_MAX, type Mute, sameMute } from '../src/domain/alert-mute.ts'
import type { Finding } from '../src/domain/anomaly.ts'
import { ok, type Result, refuse } from '../src/domain/result.ts'
import type { Sql } from './sql.ts'

/** What a person does to an alert. */
export type Deed =
  | { readonly deed: 'acknowledge' }
  | { readonly deed: 'resolve'; readonly text: string | null }
  | { readonly deed: 'note'; readonly text: string }

export interface AlertQuery {
  readonly state: 'open' | 'acknowledged' | 'resolved' | null
  /** Only those raised before this instant, or at it with a lower number. */
  readonly before: readonly [raisedAt: number, number: number] | null
  readonly limit: number
}

const schema = [
  `CREATE TABLE IF NOT EXISTS alert (
     number INTEGER PRIMARY KEY,
     state  TEXT NOT NULL,
     raised INTEGER NOT NULL,
     body   TEXT NOT NULL
   ) STRICT`,
  'CREATE INDEX IF NOT EXISTS alert_raised ON alert (raised, number)',
  "CREATE INDEX IF NOT EXISTS alert_unresolved ON alert (number) WHERE state <> 'resolved'",
  `CREATE TABLE IF NOT EXISTS mute (
     id    TEXT PRIMARY KEY,
     until INTEGER NOT NULL,
     body  TEXT NOT NULL
   ) STRICT, WITHOUT ROWID`,
] as const

const KEPT_MS = 90 * 86_400_000
const KEPT_MAX = 20_000
const PRUNE_MS = 3_600_000

export class AlertDesk {
  readonly #sql: Sql
  readonly #book: AlertBook
  #mutes: readonly Mute[]
  #prunedAt = 0

  constructor(sql: Sql) {
    this.#sql = sql
    for (const statement of schema) sql.rows(statement)
    const [{ last = 0 } = {}] = sql.rows<{ last: number }>(
      'SELECT coalesce(max(number), 0) AS last FROM alert',
    )
    this.#book = new AlertBook(this.#known(last), last)
    this.#mutes = sql
      .rows<{ body: string }>('SELECT body FROM mute')
      .map(({ body }) => JSON.parse(body) as Mute)
  }

  /**
   * What the book goes on with, the newest of each kind and subject last, because it counts: those that are not
   * resolved, however old, or they would stay open for ever; and those that were not long ago, because they may come back.
   */
  #known(last: number): readonly Alert[] {
    const alerts = this.#read(
      `SELECT number, body FROM alert WHERE number > ?
         UNION SELECT number, body FROM alert WHERE state <> 'resolved' ORDER BY number`,
      last - 2 * OPEN_MAX,
    )
    const newest = new Map(alerts.map(alert => [keyOf(alert), alert]))
    return alerts.filter(alert => {
      const after = newest.get(keyOf(alert))
      if (after === undefined || after === alert) return true
      // The same was raised anew meanwhile: there nobody finds this one again, and so nobody ends it.
      if (alert.state !== 'resolved') this.#write(resolve(alert, GATEWAY, after.raisedAt))
      return false
    })
  }

  #read(query: string, ...values: (string | number)[]): Alert[] {
    return this.#sql
      .rows<{ body: string }>(query, ...values)
      .map(({ body }) => JSON.parse(body) as Alert)
  }

  /** Takes what is found at this moment; gives the alerts that changed. */
  take(findings: readonly Finding[], now: number): readonly Changed[] {
    const changed = this.#book.take(findings, this.#mutes, now)
    if (changed.length > 0) {
      this.#sql.transaction(() => {
        for (const { alert } of changed) this.#write(alert)
      })
    }
    if (now - this.#prunedAt >= PRUNE_MS) this.#prune(now)
    return changed
  }

  #write(alert: Alert) {
    this.#sql.rows(
      `INSERT INTO alert (number, state, raised, body) VALUES (?, ?, ?, ?)
         ON CONFLICT (number) DO UPDATE SET state = excluded.state, body = excluded.body`,
      alert.number,
      alert.state,
      alert.raisedAt,
      JSON.stringify(alert),
    )
  }

  #prune(now: number) {
    this.#prunedAt = now
    this.#sql.rows(
      "DELETE FROM alert WHERE state = 'resolved' AND (raised < ? OR number <= ?)",
      now - KEPT_MS,
      this.#book.last - KEPT_MAX,
    )
    this.#sql.rows('DELETE FROM mute WHERE until < ?', now)
    this.#mutes = this.#mutes.filter(({ until }) => until >= now)
  }

  get open(): readonly Alert[] {
    return this.#book.open
  }

  find(number: number): Alert | null {
    const known = this.#book.find(number)
    if (known !== undefined) return known
    return this.#read('SELECT body FROM alert WHERE number = ?', number)[0] ?? null
  }

  /** Newest first. */
  list({ state, before, limit }: AlertQuery): readonly Alert[] {
    const [raisedAt, number] = before ?? [Number.MAX_SAFE_INTEGER, 0]
    return this.#read(
      `SELECT body FROM alert WHERE (raised, number) < (?, ?) AND (? = '' OR state = ?)
       ORDER BY raised DESC, number DESC LIMIT ?`,
      raisedAt,
      number,
      state ?? '',
      state ?? '',
      limit,
    )
  }

  /** Refusals: NOT_FOUND, ALERT_RESOLVED, ALERT_FULL. */
  tend(number: number, deed: Deed, by: string, now: number): Result<Alert> {
    const alert = this.find(number)
    if (alert === null) return refuse('NOT_FOUND')
    const done = outcomeOf(alert, deed, by, now)
    if (!done.ok || done.value === alert) return done
    this.#write(done.value)
    this.#book.put(done.value)
    return done
  }

  get mutes(): readonly Mute[] {
    return this.#mutes
  }

  /**
   * The same mute again changes nothing. Refuses with REPEAT_REQ_INCONSISTENT another one of its id, with ALERT_FULL, and
   * with PARAM_ILLEGAL one that is too long.
   */
  mute(mute: Mute, now: number): Result<Mute> {
    const known = this.#mutes.find(({ id }) => id === mute.id)
    if (known !== undefined) {
      return sameMute(known, mute) ? ok(known) : refuse('REPEAT_REQ_INCONSISTENT')
    }
    if (mute.until - Math.max(mute.from, now) > MUTE_LONGEST_MS || mute.until <= now) {
      const fields = [{ pointer: '/until', says: 'after now, and a week ahead at the most' }]
      return refuse('PARAM_ILLEGAL', { fields })
    }
    const live = this.#mutes.filter(({ until }) => until > now)
    if (live.length >= MUTES_MAX) return refuse('ALERT_FULL')
    this.#sql.rows(
      'INSERT INTO mute (id, until, body) VALUES (?, ?, ?)',
      mute.id,
      mute.until,
      JSON.stringify(mute),
    )
    this.#mutes = [...live, mute]
    return ok(mute)
  }

  /** Whether there was one. */
  unmute(id: string): boolean {
    const rest = this.#mutes.filter(mute => mute.id !== id)
    const was = rest.length < this.#mutes.length
    this.#mutes = rest
    this.#sql.rows('DELETE FROM mute WHERE id = ?', id)
    return was
  }
}

function outcomeOf(alert: Alert, deed: Deed, by: string, now: number): Result<Alert> {
  switch (deed.deed) {
    case 'acknowledge':
      return acknowledge(alert, by)
    case 'note':
      return annotate(alert, { at: now, by, text: deed.text })
    case 'resolve': {
      if (deed.text === null) return ok(resolve(alert, by, now))
      const noted = annotate(alert, { at: now, by, text: deed.text })
      return noted.ok ? ok(resolve(noted.value, by, now)) : noted
    }
  }
}

/** What is worth telling of a change; null for more of the same, and for what nobody wants to hear of. */
export function turnOf(before: Alert | null, after: Alert): Turn | null {
  if (after.mutedUntil !== null) return null
  const isNews = before === null || before.state !== after.state || before.mutedUntil !== null
  if (!isNews) return null
  return after.state === 'open' ? 'opened' : after.state
}
