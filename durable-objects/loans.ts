/** What a lender has lent, to whom, and what a center holds of its root: kept in rows, read once. */
import type { Held } from '../src/domain/lending.ts'
import { type Loan, NO_LOAN } from '../src/domain/share.ts'
import type { Sql } from './sql.ts'

const schema = [
  // Amounts are texts: they are sums without end, and a column of integers ends at 2^63.
  `CREATE TABLE IF NOT EXISTS loan (
     limit_name TEXT NOT NULL,
     borrower   TEXT NOT NULL,
     granted    TEXT NOT NULL,
     returned   TEXT NOT NULL,
     used       TEXT NOT NULL,
     expires    INTEGER NOT NULL,
     heard      INTEGER NOT NULL,
     recalls    INTEGER NOT NULL,
     PRIMARY KEY (limit_name, borrower)
   ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS held (
     limit_name TEXT PRIMARY KEY,
     granted    TEXT NOT NULL,
     returned   TEXT NOT NULL
   ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS mark (
     name  TEXT PRIMARY KEY,
     value INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
] as const

const NONE: ReadonlyMap<string, Loan> = new Map()
const NOTHING: Held = { granted: 0n, returned: 0n }

/** - `recalls`: how often shares were recalled. - `version`: of the directory, below which nothing is lent.
 *  - `paced`: until when payments of a second may have been lent that memory does not know of. */
export type Mark = 'recalls' | 'version' | 'paced'

export class Loans {
  readonly #sql: Sql
  #loans = new Map<string, Map<string, Loan>>()
  #held = new Map<string, Held>()
  #marks = new Map<string, number>()
  /** Loans that the transaction under way has changed. */
  readonly #lent = new Map<string, Set<string>>()

  constructor(sql: Sql) {
    this.#sql = sql
    sql.transaction(() => {
      for (const statement of schema) sql.rows(statement)
    })
    this.#load()
  }

  #load() {
    this.#loans = new Map()
    for (const row of this.#sql.rows<LoanRow>('SELECT * FROM loan')) {
      this.#put(row.limit_name, row.borrower, {
        granted: BigInt(row.granted),
        returned: BigInt(row.returned),
        used: BigInt(row.used),
        expiresAt: row.expires,
        heardAt: row.heard,
        recalls: row.recalls,
      })
    }
    const held = this.#sql.rows<HeldRow>('SELECT * FROM held')
    this.#held = new Map(
      held.map(row => [
        row.limit_name,
        { granted: BigInt(row.granted), returned: BigInt(row.returned) },
      ]),
    )
    const marks = this.#sql.rows<{ name: string; value: number }>('SELECT * FROM mark')
    this.#marks = new Map(marks.map(({ name, value }) => [name, value]))
  }

  #put(limit: string, borrower: string, loan: Loan) {
    const loans = this.#loans.get(limit) ?? new Map<string, Loan>()
    this.#loans.set(limit, loans)
    loans.set(borrower, loan)
  }

  get limits(): readonly string[] {
    return [...new Set([...this.#loans.keys(), ...this.#held.keys()])]
  }

  of(limit: string): ReadonlyMap<string, Loan> {
    return this.#loans.get(limit) ?? NONE
  }

  loan(limit: string, borrower: string): Loan {
    return this.#loans.get(limit)?.get(borrower) ?? NO_LOAN
  }

  held(limit: string): Held {
    return this.#held.get(limit) ?? NOTHING
  }

  mark(name: Mark): number {
    return this.#marks.get(name) ?? 0
  }

  /** All of it or nothing; after a throw memory is read back, because it may be ahead of the disk. */
  transaction<T>(work: () => T): T {
    this.#lent.clear()
    try {
      return this.#sql.transaction(() => {
        const value = work()
        for (const [limit, borrowers] of this.#lent) {
          for (const borrower of borrowers) this.#write(limit, borrower)
        }
        return value
      })
    } catch (error) {
      this.#load()
      throw error
    }
  }

  /** The following are part of whatever transaction they are called in. */
  lend(limit: string, borrower: string, loan: Loan) {
    this.#put(limit, borrower, loan)
    const borrowers = this.#lent.get(limit) ?? new Set()
    this.#lent.set(limit, borrowers.add(borrower))
  }

  /** Once for each loan of a transaction, however often it changed in it. */
  #write(limit: string, borrower: string) {
    const loan = this.loan(limit, borrower)
    this.#sql.rows(
      `INSERT INTO loan (limit_name, borrower, granted, returned, used, expires, heard, recalls)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (limit_name, borrower) DO UPDATE SET granted = excluded.granted,
           returned = excluded.returned, used = excluded.used, expires = excluded.expires,
           heard = excluded.heard, recalls = excluded.recalls`,
      limit,
      borrower,
      `${loan.granted}`,
      `${loan.returned}`,
      `${loan.used}`,
      loan.expiresAt,
      loan.heardAt,
      loan.recalls,
    )
  }

  hold(limit: string, held: Held) {
    this.#sql.rows(
      `INSERT INTO held (limit_name, granted, returned) VALUES (?, ?, ?)
         ON CONFLICT (limit_name) DO UPDATE SET granted = excluded.granted, returned = excluded.returned`,
      limit,
      `${held.granted}`,
      `${held.returned}`,
    )
    this.#held.set(limit, held)
  }

  setMark(name: Mark, value: number) {
    this.#sql.rows(
      'INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    )
    this.#marks.set(name, value)
  }

  /** Periods that are over, with all that was lent of them. */
  forget(limit: string) {
    this.#sql.rows('DELETE FROM loan WHERE limit_name = ?', limit)
    this.#sql.rows('DELETE FROM held WHERE limit_name = ?', limit)
    this.#loans.delete(limit)
    this.#held.delete(limit)
  }
}

interface LoanRow extends Record<string, string | number> {
  limit_name: string
  borrower: string
  granted: string
  returned: string
  used: string
  expires: number
  heard: number
  recalls: number
}

interface HeldRow extends Record<string, string> {
  limit_name: string
  granted: string
  returned: string
}
