/**
 * Consumer codes: what a payer shows and a till scans. One number is both the bar code and the account in the QR
 * code: prefix of the wallet, shard of its codebook, and eleven digits that nobody can guess within a minute.
 */
import type { Person } from './allowance.ts'
import type { CodeRoute } from './directory.ts'
import { packJson, unpackJson } from './pack.ts'
import { ok, type Result, refuse } from './result.ts'

/** A code is good for this long, and for one payment. */
export const CODE_LIFE_MS = 60_000
/** Codes of one request. */
export const CODES_MAX = 10
/** Codebooks of one wallet: issuing and using spread over them. */
export const SHARDS = 16

/** The family under which a wallet's prefix is registered. */
export const CONSUMER_FAMILY = 'emv-cpm'
/** The application in our QR codes: `F`, for those not registered with ISO, and `OPENCPG` in ASCII. */
export const CONSUMER_AID = 'F04F50454E435047'
/** Where the gateway issues; no card, and no wallet that numbers its codes itself, begins like this. */
const ISSUED = /^9976\d{2}$/

const RANDOM_DIGITS = 11
/** Six digits of prefix, two of shard, and the random ones. */
const TOKEN = /^9976\d{15}$/

/** The prefix under which the gateway issues codes for a wallet; undefined where it has none. */
export const prefixOf = (wallet: string, routes: readonly CodeRoute[]): string | undefined =>
  routes.find(
    ({ family, key, institution }) =>
      family === CONSUMER_FAMILY && institution === wallet && ISSUED.test(key),
  )?.key

/** @param random a whole number below 2^53; what is above eleven digits is left out */
export const tokenOf = (prefix: string, shard: number, random: bigint): string =>
  prefix +
  shard.toString().padStart(2, '0') +
  (random % 10n ** BigInt(RANDOM_DIGITS)).toString().padStart(RANDOM_DIGITS, '0')

/** Whether the gateway has issued it, or somebody made it look so. */
export const isIssued = (token: string): boolean => TOKEN.test(token)

/** Which codebook an issued code is in. */
export const shardOf = (token: string): number => Number(token.slice(6, 8)) % SHARDS

/** The route of a bar code, the longest registered prefix first; undefined where no wallet owns it. */
export const routeOfDigits = (
  digits: string,
  routes: readonly CodeRoute[],
): CodeRoute | undefined =>
  routes
    .filter(({ family, key }) => family === CONSUMER_FAMILY && digits.startsWith(key))
    .toSorted((one, other) => other.key.length - one.key.length)[0]

/** Who shows a code: the wallet's own word for its user, and the person behind it. */
interface CodePayer {
  readonly reference: string
  readonly person: Person
}

/** One text of a codebook's row. A reference alone, as older rows have it, never begins like this. */
export const payerText = (reference: string, person: Person | undefined): string =>
  person === undefined ? reference : packJson([reference, person])

export function payerOf(text: string | null): Partial<CodePayer> {
  if (text === null) return {}
  if (!text.startsWith('[')) return { reference: text }
  const [reference, person] = unpackJson<readonly [string, Person]>(text)
  return { reference, person }
}

/** A row of a codebook. A wallet's own codes are in it from their first use on, without payer and end. */
export interface CodeRow {
  readonly token: string
  /** Of `payerText`. */
  readonly payer: string | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null
  /** The payment that used it. */
  readonly usedBy: string | null
}

/**
 * Whether a payment may use a code: the first one, before its end. The one that has it may ask again whenever.
 *
 * Refusals: CODE_INVALID for a code that was never issued, CODE_USED, CODE_EXPIRED.
 */
export function useCode(
  row: CodeRow | null,
  token: string,
  paymentId: string,
  now: number,
): Result<CodeRow> {
  if (row === null) {
    if (isIssued(token)) return refuse('CODE_INVALID')
    return ok({ token, payer: null, expiresAt: null, usedBy: paymentId })
  }
  if (row.usedBy !== null) {
    return row.usedBy === paymentId ? ok(row) : refuse('CODE_USED', { usedBy: row.usedBy })
  }
  if (row.expiresAt !== null && now >= row.expiresAt) return refuse('CODE_EXPIRED')
  return ok({ ...row, usedBy: paymentId })
}
