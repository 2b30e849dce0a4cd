/**
 * Allowances: what one person may pay into a market in a year, across all wallets. Rows of the directory with effective
 * times, in cents of US dollars, because that is how the rules are written (mainland China: 5,000 a payment and 50,000
 * a year; 2,000 a year for who has shown no document).
 */

export const allowanceKinds = ['single', 'year', 'year_without_id'] as const

export type AllowanceKind = (typeof allowanceKinds)[number]

/** The currency of every allowance. */
export const ALLOWANCE_CURRENCY = 'USD'

export interface AllowanceRow {
  /** `TH>CN`, or `*>CN` for whoever pays there from another market. All payments under one row's name count together. */
  readonly corridor: string
  readonly kind: AllowanceKind
  /** In force from this instant until the next row of the same corridor and kind begins. */
  readonly from: number
  /** US cents; null for none from then on. */
  readonly value: bigint | null
}

/** What somebody may pay in a corridor at one instant: US cents, null where nothing bounds it. */
export interface Allowances {
  /** The name under which payments count together. */
  readonly pool: string
  readonly single: bigint | null
  readonly year: bigint | null
  readonly yearWithoutId: bigint | null
}

/**
 * Who pays, as far as the gateway keeps it: a keyed hash, of a document where there is one, otherwise of the wallet's
 * own word for its user.
 */
export interface Person {
  /** One for each key that is held: the newest first, each counts in the years from this one on. */
  readonly tokens: readonly { readonly from: number; readonly token: string }[]
  /** By a document, so that all wallets mean the same person. */
  readonly isKnown: boolean
}

/** What a wallet may state a person by. */
export const documentTypes = ['passport', 'id_card', 'residence_permit', 'travel_permit'] as const

/** What a payment takes of its payer's allowance. */
export interface Allowance extends Pick<Person, 'isKnown'> {
  readonly token: string
  readonly pool: string
  /** US cents. */
  readonly minor: bigint
  /** The calendar year it counts in, and when the next one begins, milliseconds since 1970. */
  readonly year: string
  readonly resetsAt: number
  /** Where the person's object is. */
  readonly center: string
  /** Goes on where that center cannot be asked, and is counted later. */
  readonly goesOn?: true
}

/** Objects of persons in one center and year. */
const SHARD_LETTERS = 2

export const personObject = ({ token, year }: Pick<Allowance, 'token' | 'year'>): string =>
  `${year}:${token.slice(0, SHARD_LETTERS)}`

/**
 * The center that keeps a person's allowance for a year: of all that were there as it began the one with the highest
 * score. So a center that is added takes nobody away from another within a year.
 */
export function personCenter(token: string, centers: readonly string[]): string | undefined {
  const scored = centers.map(id => [scoreOf(`${token} ${id}`), id] as const)
  return scored.toSorted(([one, a], [other, b]) => other - one || (a < b ? -1 : 1))[0]?.[1]
}

/** FNV-1a, mixed once more because the texts differ in their last letters only. */
function scoreOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** Rows by corridor; of each kind the one in force, and the rows of the corridor itself before those of its market. */
export function allowancesAt(
  rows: ReadonlyMap<string, readonly AllowanceRow[]>,
  payerMarket: string,
  payeeMarket: string,
  now: number,
): Allowances | null {
  const names =
    payerMarket === payeeMarket
      ? [`${payerMarket}>${payeeMarket}`]
      : [`${payerMarket}>${payeeMarket}`, `*>${payeeMarket}`]
  for (const pool of names) {
    const of = (kind: AllowanceKind) =>
      (rows.get(pool) ?? [])
        .filter(row => row.kind === kind && row.from <= now)
        .reduce<AllowanceRow | null>(
          (newest, row) => (newest === null || row.from > newest.from ? row : newest),
          null,
        )?.value ?? null
    const [single, year, yearWithoutId] = [of('single'), of('year'), of('year_without_id')]
    if (single !== null || year !== null || yearWithoutId !== null) {
      return { pool, single, year, yearWithoutId }
    }
  }
  return null
}
