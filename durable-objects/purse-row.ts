/** The one row in which a lane's purse outlives its memory. */
import { NO_SHARE, type Share } from '../src/domain/share.ts'
import type { Sql } from './sql.ts'

/** What the lane holds of one limit, and what the lender last heard of it. */
export interface Holding {
  readonly share: Share
  readonly told: Pick<Share, 'returned' | 'used'>
}

export interface Kept {
  /** Up to which event of the journal `used` counts. */
  readonly seq: number
  readonly holdings: Map<string, Holding>
  /** By institution: how often its shares were recalled, as far as the lane has heard. */
  readonly recalls: Map<string, number>
  /** By institution: of the directory as it was when its shares were last recalled, as far as the lane has heard. */
  readonly versions: Map<string, number>
}

/** Amounts are texts, because JSON has no big integers. */
type Line = readonly [
  limit: string,
  granted: string,
  returned: string,
  used: string,
  expiresAt: number,
  toldReturned: string,
  toldUsed: string,
]

interface Body {
  readonly lines: readonly Line[]
  readonly recalls: readonly (readonly [string, number])[]
  /** Absent where the row is from before lanes heard of it. */
  readonly versions?: readonly (readonly [string, number])[]
}

export class PurseRow {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.rows(
      `CREATE TABLE IF NOT EXISTS purse (
         id   INTEGER PRIMARY KEY CHECK (id = 1),
         seq  INTEGER NOT NULL,
         body TEXT NOT NULL
       ) STRICT`,
    )
  }

  load(): Kept {
    const [row] = this.#sql.rows<{ seq: number; body: string }>('SELECT seq, body FROM purse')
    const none = { recalls: new Map(), versions: new Map() }
    if (row === undefined) return { seq: 0, holdings: new Map(), ...none }
    const { lines, recalls, versions }: Body = JSON.parse(row.body)
    return {
      seq: row.seq,
      holdings: new Map(lines.map(holdingOf)),
      recalls: new Map(recalls),
      versions: new Map(versions),
    }
  }

  /** Part of whatever transaction it is called in. */
  save({ seq, holdings, recalls, versions }: Kept) {
    const body: Body = {
      lines: [...holdings].map(lineOf),
      recalls: [...recalls],
      versions: [...versions],
    }
    this.#sql.rows(
      'INSERT INTO purse (id, seq, body) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, body = excluded.body',
      seq,
      JSON.stringify(body),
    )
  }
}

const lineOf = ([limit, { share, told }]: [string, Holding]): Line => [
  limit,
  `${share.granted}`,
  `${share.returned}`,
  `${share.used}`,
  share.expiresAt,
  `${told.returned}`,
  `${told.used}`,
]

function holdingOf(line: Line): [string, Holding] {
  const [limit, granted, returned, used, expiresAt, toldReturned, toldUsed] = line
  const share: Share = {
    ...NO_SHARE,
    granted: BigInt(granted),
    returned: BigInt(returned),
    used: BigInt(used),
    expiresAt,
  }
  const told = { returned: BigInt(toldReturned), used: BigInt(toldUsed) }
  return [limit, { share, told }]
}
