/**
 * What an object of persons remembers: how much of its allowance each person has taken in its year, and by which
 * payments, so that every one can be given back.
 *
 * Whoever opens a payment takes by a claim of its own. All claims of a payment count once, as the highest of them, so an
 * order that is sent twice is counted once, and whoever gives its claim back takes nothing from the other.
 */
import { assert, ok, type Result, refuse } from '../src/domain/result.ts'
import type { Sql } from './sql.ts'

/** What one payment would take. */
export interface Wanted {
  readonly payment: string
  readonly person: string
  /** The name under which the person's payments count together. */
  readonly pool: string
  /** US cents. */
  readonly minor: bigint
  /** All that the person may take in the year, US cents; null where it has been taken already and is only counted. */
  readonly cap: bigint | null
  /** When nothing can be opened under the payment's id any more, milliseconds since 1970: then its lane is asked. */
  readonly askAt: number
}

const schema = [
  // Numbers are never given again, so that a claim which is dropped twice is not another one's.
  `CREATE TABLE IF NOT EXISTS claims (
     claim   INTEGER PRIMARY KEY AUTOINCREMENT,
     payment TEXT NOT NULL,
     person  TEXT NOT NULL,
     pool    TEXT NOT NULL,
     minor   INTEGER NOT NULL,
     ask_at  INTEGER
   ) STRICT`,
  'CREATE INDEX IF NOT EXISTS claims_payment ON claims (payment)',
  // Only those of whose payment nothing has been heard yet.
  'CREATE INDEX IF NOT EXISTS claims_open ON claims (ask_at) WHERE ask_at IS NOT NULL',
  `CREATE TABLE IF NOT EXISTS allowances (
     person TEXT NOT NULL,
     pool   TEXT NOT NULL,
     minor  INTEGER NOT NULL,
     PRIMARY KEY (person, pool)
   ) STRICT, WITHOUT ROWID`,
] as const

interface Claim extends Record<string, string | number | null> {
  claim: number
  person: string
  pool: string
  minor: number
  ask_at: number | null
}

/** What of a payment counts against whose allowance, as its lane says. */
export interface Counts {
  readonly person: string
  readonly pool: string
  readonly minor: bigint
}

type Whose = Pick<Wanted, 'person' | 'pool'>

export class Allowances {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.transaction(() => {
      for (const statement of schema) sql.rows(statement)
    })
  }

  /** Gives the number of the claim. Refuses with LIMIT_PERSON. */
  take({ payment, minor, cap, askAt, ...whose }: Wanted): Result<number> {
    const claims = this.#claims(payment)
    const counted = highest(claims, whose)
    const more = Math.max(Number(minor) - counted, 0)
    if (cap !== null && BigInt(this.#taken(whose) + more) > cap) return refuse('LIMIT_PERSON')
    const [row] = this.#sql.rows<{ claim: number }>(
      `INSERT INTO claims (payment, person, pool, minor, ask_at) VALUES (?, ?, ?, ?, ?)
         RETURNING claim`,
      payment,
      whose.person,
      whose.pool,
      Number(minor),
      askAt,
    )
    assert(row !== undefined, 'a claim has a number')
    this.#add(whose, more)
    return ok(row.claim)
  }

  /**
   * Whoever took it has opened nothing by it. What its lane has said since stands: that claim is of all attempts, though
   * it has the number of one.
   */
  drop(payment: string, claim: number) {
    this.#change(payment, () => {
      const sql = 'DELETE FROM claims WHERE payment = ? AND claim = ? AND ask_at IS NOT NULL'
      this.#sql.rows(sql, payment, claim)
    })
  }

  /** Its lane says that of a payment no more than this counts; that never rises again. */
  lower(payment: string, minor: bigint) {
    this.#change(payment, () => {
      const sql = 'UPDATE claims SET minor = min(minor, ?) WHERE payment = ?'
      this.#sql.rows(sql, Number(minor), payment)
    })
  }

  /**
   * The same for claims by which nothing can be opened any more, once its lane has said what counts; one of them is
   * enough from then on. Whoever asks for the payment anew has claimed anew, and is asked about later.
   *
   * @param counts null where there is no such payment, or it counts elsewhere
   */
  settle(payment: string, counts: Counts | null, now: number) {
    this.#change(payment, claims => {
      const due = claims.filter(({ ask_at: at }) => at !== null && at <= now)
      const open = counts === null ? [] : due.filter(each => isOf(each, counts))
      const settled = claims.filter(each => each.ask_at === null)
      const kept = [...open, ...settled].toSorted((one, other) => other.minor - one.minor)[0]
      for (const { claim } of [...due, ...settled]) {
        if (claim !== kept?.claim) this.#sql.rows('DELETE FROM claims WHERE claim = ?', claim)
      }
      if (kept === undefined) return
      const sql = 'UPDATE claims SET minor = min(minor, ?), ask_at = NULL WHERE claim = ?'
      this.#sql.rows(sql, Number(counts?.minor ?? 0n), kept.claim)
    })
  }

  /** Payments whose lane is to be asked what counts of them, the longest waiting first. */
  due(now: number, limit: number): string[] {
    return this.#sql
      .rows<{ payment: string }>(
        `SELECT payment FROM claims WHERE ask_at IS NOT NULL AND ask_at <= ?
           GROUP BY payment ORDER BY min(ask_at) LIMIT ?`,
        now,
        limit,
      )
      .map(row => row.payment)
  }

  nextDue(): number | null {
    const [row] = this.#sql.rows<{ due: number | null }>(
      'SELECT min(ask_at) AS due FROM claims WHERE ask_at IS NOT NULL',
    )
    return row?.due ?? null
  }

  /** Its lane could not be asked. Nothing can be opened by a claim only after its own instant, so none is asked about earlier. */
  askAgain(payment: string, at: number) {
    this.#sql.rows('UPDATE claims SET ask_at = max(ask_at, ?) WHERE payment = ?', at, payment)
  }

  /** Its year is over. */
  forget() {
    this.#sql.rows('DELETE FROM claims')
    this.#sql.rows('DELETE FROM allowances')
  }

  /** Changes claims of a payment, and what its persons have taken with them. */
  #change(payment: string, change: (claims: readonly Claim[]) => void) {
    const before = this.#claims(payment)
    change(before)
    const after = this.#claims(payment)
    const persons = new Map(before.map(each => [`${each.person} ${each.pool}`, each]))
    for (const whose of persons.values()) {
      this.#add(whose, highest(after, whose) - highest(before, whose))
    }
  }

  #claims(payment: string): readonly Claim[] {
    return this.#sql.rows<Claim>(
      'SELECT claim, person, pool, minor, ask_at FROM claims WHERE payment = ?',
      payment,
    )
  }

  #taken({ person, pool }: Whose): number {
    const [row] = this.#sql.rows<{ minor: number }>(
      'SELECT minor FROM allowances WHERE person = ? AND pool = ?',
      person,
      pool,
    )
    return row?.minor ?? 0
  }

  #add({ person, pool }: Whose, minor: number) {
    if (minor === 0) return
    this.#sql.rows(
      `INSERT INTO allowances (person, pool, minor) VALUES (?, ?, ?)
         ON CONFLICT (person, pool) DO UPDATE SET minor = allowances.minor + excluded.minor`,
      person,
      pool,
      minor,
    )
  }
}

const isOf = (claim: Claim, { person, pool }: Whose): boolean =>
  claim.person === person && claim.pool === pool

const highest = (claims: readonly Claim[], whose: Whose): number =>
  claims.filter(each => isOf(each, whose)).reduce((most, { minor }) => Math.max(most, minor), 0)
