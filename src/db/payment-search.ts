/**
 * Search for the staff: payments of all members by whatever is known of them, newest first.
 *
 * There is no index but those by party and time: each further one would cost a row for every payment, for ever, and
 * people search rarely. So a search runs through time in slices, each as long as few enough payments were opened in
 * it, and looks at every payment of a slice. One call looks at a bounded number; the cursor goes on from there.
 */
import { unpackJson } from '../domain/pack.ts'
import type { Payment } from '../domain/payment.ts'
import { assert } from '../domain/result.ts'
import type { PaymentPlace } from './cursor.ts'
import type { CenterPage } from './page.ts'
import type { PaymentFilter } from './payment.ts'

export interface PaymentSearch extends PaymentFilter {
  /** Members of the network: a payment is found through the one that asked for it. */
  readonly members: readonly string[]
  /** Only payments that this institution asked for or answered. */
  readonly institution?: string | undefined
  readonly resultCode?: string | undefined
  /** The acquirer's own id of the merchant. */
  readonly merchant?: string | undefined
  /** In the currency of either side, or of the one that `currency` names. */
  readonly minMinor?: bigint | undefined
  readonly maxMinor?: bigint | undefined
  readonly currency?: string | undefined
  /**
   * Texts, one of which must be an id or a reference that either side gave the payment, its order, its merchant, its
   * cancel or a refund, or the hash of its code.
   */
  readonly needles?: readonly string[] | undefined
  /** Only payments of which something is owed that somebody has not acknowledged. */
  readonly duties?: 'open' | undefined
  /** Milliseconds since 1970; a search has a beginning. */
  readonly openedFrom: number
  readonly openedTo: number
  readonly after: PaymentPlace | null
  /** 1 to 200. */
  readonly limit: number
}

/** Payments looked at in one slice. */
export const SLICE = 2_000
/** Payments and slices in one call, so that D1, which answers one query at a time, is never held for long. */
const LOOKED_MAX = 5 * SLICE
const SLICES_MAX = 20

/** How long slices may be: from a second to forty-eight days. The shortest is taken whatever is in it. */
const LENGTHS = Array.from({ length: 12 }, (_, power) => 1_000 * 4 ** power)

const FIELDS = 'p.requester, p.opened_at, p.id'
const side = (party: 'requester' | 'responder', lo: string, more = ''): string => `
  SELECT ${FIELDS}${more} FROM json_each(?1) AS member CROSS JOIN payments AS p
  ON p.${party} = member.value AND p.opened_at >= ${lo} AND (p.opened_at, p.id) < (?2, ?3)`

/** `?1` members or the one institution · `?2 ?3` before this instant and id; a party on both sides counts once. */
const between = (lo: string, isOne: boolean): string =>
  isOne ? `${side('requester', lo)} UNION ${side('responder', lo)}` : side('requester', lo)

// ?4 lengths · ?5 the search's beginning · ?6 how many are too many
const LENGTH = (isOne: boolean): string => `
SELECT slice.value AS length,
  (SELECT count(*) FROM (${between('max(?5, ?2 - slice.value)', isOne)} LIMIT ?6 + 1)) AS payments
FROM json_each(?4) AS slice ORDER BY slice.value`

/** One condition for each filter that is given, on a row `p`; `?` is its value. */
const conditions = {
  status: 'p.status = ?',
  result: 'p.result = ?',
  payerMarket: 'p.payer_market = ?',
  payeeMarket: 'p.payee_market = ?',
  scenario: 'p.scenario = ?',
  family: 'p.family = ?',
  requestId: 'p.request_id = ?',
  resultCode: "p.body ->> '$.resultCode' = ?",
  merchant: "p.body ->> '$.terms.merchant.id' = ?",
  duties: `EXISTS (SELECT 1 FROM json_each(p.body, '$.duties') AS duty
    WHERE duty.value ->> '$.nextAt' IS NOT NULL AND ? = 'open')`,
  // What is quoted nowhere in the text is no reference of it, and to look there first is ten times as quick.
  needles: `EXISTS (SELECT 1 FROM json_each(?) AS needle WHERE instr(p.body, '"' || needle.value || '"') > 0)
    AND EXISTS (SELECT 1 FROM json_tree(p.body) AS leaf JOIN json_each(?) AS needle ON needle.value = leaf.value
    WHERE leaf.key IN ('requestId', 'order', 'reference', 'id', 'codeHash'))`,
} as const satisfies Partial<Record<keyof PaymentSearch, string>>

const amount = (which: 'payer' | 'payee'): string =>
  `(cast(p.body ->> '$.terms.${which}.minor' AS INTEGER) BETWEEN ?min AND ?max
    AND (?currency = '' OR p.body ->> '$.terms.${which}.currency' = ?currency))`

interface Row {
  readonly opened_at: number
  readonly id: string
  readonly body: string
}

type Edge = Exclude<PaymentPlace, 'end'>

/** What is found from the place on, newest first. A page may be short, even empty, and still have more behind it. */
export async function searchPayments(
  db: D1Database,
  query: PaymentSearch,
): Promise<CenterPage<Payment, PaymentPlace>> {
  const { after, limit, openedFrom, openedTo, institution, members } = query
  if (after === 'end') return { items: [], end: 'end', more: false }
  const isOne = institution !== undefined
  const among = JSON.stringify(isOne ? [institution] : members)
  const found: Row[] = []
  let edge: Edge = after === null || after[0] >= openedTo ? [openedTo, ''] : after

  let looked = 0
  for (let slices = 0; slices < SLICES_MAX && looked < LOOKED_MAX; slices += 1) {
    if (edge[0] <= openedFrom) break
    const { from, payments } = await sliceOf(db, among, isOne, edge, openedFrom)
    looked += payments
    const rows = await findIn(db, query, among, isOne, edge, from, limit + 1 - found.length)
    found.push(...rows)
    if (found.length > limit) break
    edge = [from, '']
  }
  const items = found
    .slice(0, limit)
    .map(row => ({ item: unpackJson<Payment>(row.body), place: placeOf(row) }))
  const last = found.length > limit ? found[limit - 1] : undefined
  if (last !== undefined) return { items, end: placeOf(last), more: true }
  const more = edge[0] > openedFrom
  return { items, end: more ? edge : 'end', more }
}

/** Where the longest slice begins that holds few enough, and how many it holds. */
async function sliceOf(
  db: D1Database,
  among: string,
  isOne: boolean,
  edge: Edge,
  openedFrom: number,
): Promise<{ from: number; payments: number }> {
  const { results } = await db
    .prepare(LENGTH(isOne))
    .bind(among, ...edge, JSON.stringify(LENGTHS), openedFrom, SLICE)
    .all<{ length: number; payments: number }>()
  const fits = results.findLast(({ payments }) => payments <= SLICE) ?? results[0]
  assert(fits !== undefined, 'there are lengths to choose from')
  return { from: Math.max(openedFrom, edge[0] - fits.length), payments: fits.payments }
}

async function findIn(
  db: D1Database,
  query: PaymentSearch,
  among: string,
  isOne: boolean,
  edge: Edge,
  from: number,
  rows: number,
): Promise<readonly Row[]> {
  const values: (string | number)[] = [among, ...edge, from, rows]
  const bound = (value: string | number): string => `?${values.push(value)}`
  const wanted = (Object.keys(conditions) as (keyof typeof conditions)[]).flatMap(name => {
    const value = query[name]
    if (value === undefined) return []
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return conditions[name].replaceAll('?', bound(text))
  })
  const { minMinor, maxMinor, currency } = query
  if (minMinor !== undefined || maxMinor !== undefined || currency !== undefined) {
    const names: Readonly<Record<string, string>> = {
      min: bound(Number(minMinor ?? 0n)),
      max: bound(Number(maxMinor ?? MINOR_MAX)),
      currency: bound(currency ?? ''),
    }
    const either = `(${amount('payer')} OR ${amount('payee')})`
    wanted.push(either.replaceAll(/\?(\w+)/g, (_, name: string) => names[name] ?? ''))
  }
  const { results } = await db
    .prepare(
      `WITH looked AS (${between('?4', isOne)})
       SELECT ${FIELDS}, p.body FROM looked CROSS JOIN payments AS p
       ON p.requester = looked.requester AND p.opened_at = looked.opened_at AND p.id = looked.id
       WHERE ${['true', ...wanted].join(' AND ')}
       ORDER BY p.opened_at DESC, p.id DESC LIMIT ?5`,
    )
    .bind(...values)
    .all<Row>()
  return results
}

/** No payment is larger. */
const MINOR_MAX = 10n ** 15n

const placeOf = ({ opened_at, id }: Row): Edge => [opened_at, id]
