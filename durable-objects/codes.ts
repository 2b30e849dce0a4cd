/** What a codebook remembers: the codes it issued, and by which payment each one was used, for good. */
import { isSameBody } from '../src/domain/body-hash.ts'
import { type CodeRow, useCode } from '../src/domain/consumer-code.ts'
import { ok, type Result, refuse } from '../src/domain/result.ts'
import type { Sql } from './sql.ts'

/** One request for codes; the same one again gets the same codes. */
export interface Issue {
  readonly requestId: string
  /** Hash of the request's canonical form, hex. */
  readonly bodyHash: string
  readonly tokens: readonly string[]
  readonly payer: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface Issued {
  readonly tokens: readonly string[]
  readonly expiresAt: number
}

const schema = [
  `CREATE TABLE IF NOT EXISTS code (
     token     TEXT PRIMARY KEY,
     payer     TEXT,
     expires   INTEGER,
     used_by   TEXT
   ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS issue (
     request   TEXT PRIMARY KEY,
     body_hash TEXT NOT NULL,
     tokens    TEXT NOT NULL,
     expires   INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
  // What nobody used is let go; the index is over those alone.
  'CREATE INDEX IF NOT EXISTS code_unused ON code (expires) WHERE used_by IS NULL',
  'CREATE INDEX IF NOT EXISTS issue_expires ON issue (expires)',
] as const

/** Rows let go with each issue: twice what it adds, so that a book never grows by what was not used. */
const LET_GO = 20
/** A repeated request is told from a new one for this long after its codes have ended. */
const REPEAT_MS = 600_000

export class Codes {
  readonly #sql: Sql
  /** Before this instant there is nothing to let go. */
  #idleUntil = 0

  constructor(sql: Sql) {
    this.#sql = sql
    sql.transaction(() => {
      for (const statement of schema) sql.rows(statement)
    })
  }

  /** Refusals: REPEAT_REQ_INCONSISTENT; BUSY where chance made a code that is there already. */
  issue(wanted: Issue, now: number): Result<Issued> {
    const { requestId, bodyHash, tokens, payer, expiresAt } = wanted
    const [known] = this.#sql.rows<{ body_hash: string; tokens: string; expires: number }>(
      'SELECT body_hash, tokens, expires FROM issue WHERE request = ?',
      requestId,
    )
    if (known !== undefined) {
      if (!isSameBody(known.body_hash, bodyHash)) return refuse('REPEAT_REQ_INCONSISTENT')
      return ok({ tokens: known.tokens.split(' '), expiresAt: known.expires })
    }
    if (tokens.some(token => this.#find(token) !== null)) return refuse('BUSY')
    for (const token of tokens) this.#put({ token, payer, expiresAt, usedBy: null })
    this.#sql.rows(
      'INSERT INTO issue (request, body_hash, tokens, expires) VALUES (?, ?, ?, ?)',
      requestId,
      bodyHash,
      tokens.join(' '),
      expiresAt,
    )
    this.#letGo(now)
    return ok({ tokens, expiresAt })
  }

  /** Refusals: those of the domain's `useCode`. */
  use(token: string, paymentId: string, now: number): Result<CodeRow> {
    const before = this.#find(token)
    const used = useCode(before, token, paymentId, now)
    if (used.ok && used.value !== before) this.#put(used.value)
    return used
  }

  #find(token: string): CodeRow | null {
    const [row] = this.#sql.rows<{
      payer: string | null
      expires: number | null
      used_by: string | null
    }>('SELECT payer, expires, used_by FROM code WHERE token = ?', token)
    if (row === undefined) return null
    return { token, payer: row.payer, expiresAt: row.expires, usedBy: row.used_by }
  }

  #put({ token, payer, expiresAt, usedBy }: CodeRow) {
    this.#sql.rows(
      `INSERT INTO code (token, payer, expires, used_by) VALUES (?, ?, ?, ?)
         ON CONFLICT (token) DO UPDATE SET used_by = excluded.used_by`,
      token,
      payer,
      expiresAt,
      usedBy,
    )
  }

  #letGo(now: number) {
    if (now < this.#idleUntil) return
    this.#sql.rows(
      `DELETE FROM code WHERE token IN (
         SELECT token FROM code WHERE used_by IS NULL AND expires <= ? ORDER BY expires LIMIT ?)`,
      now - REPEAT_MS,
      LET_GO,
    )
    this.#sql.rows(
      `DELETE FROM issue WHERE request IN (
         SELECT request FROM issue WHERE expires <= ? ORDER BY expires LIMIT ?)`,
      now - REPEAT_MS,
      2,
    )
    const [oldest] = this.#sql.rows<{ expires: number }>(
      `SELECT min(expires) AS expires
         FROM (SELECT min(expires) AS expires FROM code WHERE used_by IS NULL
               UNION ALL SELECT min(expires) FROM issue)`,
    )
    this.#idleUntil = (oldest?.expires ?? 0) + REPEAT_MS
  }
}
