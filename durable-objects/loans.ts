/**
 * What a lender has lent, to whom, and what a center holds of its root: kept in rows, read once. Lanes that rest are one
 * row together, so that nobody goes through all lanes that ever were; what each of them has is in rows of its own, which
 * are read when it speaks again.
 */
import { type Held, isLane, RESTED } from '../src/domain/lending.ts'
import { type Loan, NO_LOAN, withLoan } from '../src/domain/share.ts'
import type { Sql } from './sql.ts'

// Amounts are texts: they are sums without end, and a column of integers ends at 2^63.
const tableOf = (name: string) =>
  `CREATE TABLE IF NOT EXISTS ${name} (
     limit_name TEXT NOT NULL,
     borrower   TEXT NOT NULL,
     granted    TEXT NOT NULL,
     returned   TEXT NOT NULL,
     used       TEXT NOT NULL,
     expires    INTEGER NOT NULL,
     heard      INTEGER NOT NULL,
     recalls    INTEGER NOT NULL,
     PRIMARY KEY (limit_name, borrower)
   ) STRICT, WITHOUT ROWID`

const schema = [
  tableOf('loan'),
  tableOf('rested'),
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
      this.#put(row.limit_name, row.borrower, loanIn(row))
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

  /** By borrower; lanes that rest are one of them. */
  of(limit: string): ReadonlyMap<string, Loan> {
    return this.#loans.get(limit) ?? NONE
  }

  /** Of every limit, what lanes have that do not rest. */
  *lanes(): Iterable<{ readonly limit: string; readonly lane: string; readonly loan: Loan }> {
    for (const [limit, loans] of this.#loans) {
      for (const [lane, loan] of loans) if (isLane(lane)) yield { limit, lane, loan }
    }
  }

  /** Whether it was ever lent anything of the limit. */
  knows(limit: string, borrower: string): boolean {
    return this.of(limit).has(borrower) || this.#rested(limit, borrower) !== null
  }

  loan(limit: string, borrower: string): Loan {
    return this.of(limit).get(borrower) ?? this.#rested(limit, borrower) ?? NO_LOAN
  }

  #rested(limit: string, borrower: string): Loan | null {
    if (!isLane(borrower) || !this.of(limit).has(RESTED)) return null
    const [row] = this.#sql.rows<LoanRow>(
      'SELECT * FROM rested WHERE limit_name = ? AND borrower = ?',
      limit,
      borrower,
    )
    return row === undefined ? null : loanIn(row)
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
    if (!this.of(limit).has(borrower)) this.#wake(limit, borrower)
    this.#put(limit, borrower, loan)
    const borrowers = this.#lent.get(limit) ?? new Set()
    this.#lent.set(limit, borrowers.add(borrower))
  }

  /** Has a lane rest: what it has is counted with that of the others. */
  rest(limit: string, lane: string) {
    const loan = this.of(limit).get(lane)
    if (loan === undefined) return
    const [here, place] = ['WHERE limit_name = ? AND borrower = ?', [limit, lane]]
    this.#sql.rows(`INSERT INTO rested SELECT * FROM loan ${here}`, ...place)
    this.#sql.rows(`DELETE FROM loan ${here}`, ...place)
    this.#loans.get(limit)?.delete(lane)
    this.lend(limit, RESTED, withLoan(this.loan(limit, RESTED), loan, 1n))
  }

  #wake(limit: string, lane: string) {
    const loan = this.#rested(limit, lane)
    if (loan === null) return
    this.#sql.rows('DELETE FROM rested WHERE limit_name = ? AND borrower = ?', limit, lane)
    this.lend(limit, RESTED, withLoan(this.loan(limit, RESTED), loan, -1n))
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
    this.#sql.rows('DELETE FROM rested WHERE limit_name = ?', limit)
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

const loanIn = (row: LoanRow): Loan => ({
  granted: BigInt(row.granted),
  returned: BigInt(row.returned),
  used: BigInt(row.used),
  expiresAt: row.expires,
  heardAt: row.heard,
  recalls: row.recalls,
})

interface HeldRow extends Record<string, string> {
  limit_name: string
  granted: string
  returned: string
}
