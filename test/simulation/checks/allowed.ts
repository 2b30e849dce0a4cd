/** What one person may pay, worked out from the regulators' own rows: without the directory, its snapshots, and its zones. */
import type { AllowanceKind, Person } from '../../../src/domain/allowance.ts'
import { acquirerOf, type Terms } from '../../../src/domain/quote.ts'
import type { Sights } from '../edge.ts'
import type { Planned } from '../members/operators.ts'
import { yearOf } from './day.ts'
import { valuesIn } from './rows.ts'

/** Of two machines; and of the directory, as the oldest snapshot has it. */
const SKEW_MS = 2_000
const SNAPSHOT_MS = 5_000
/** Between the beginning of a request and the moment at which it looks at allowances. */
const WORK_MS = 15_000
const EVER = Number.POSITIVE_INFINITY
/** A quote is good for so long; who pays is in it only where that mattered when it was made. */
const QUOTE_MS = 300_000

export interface Times {
  readonly from: number
  /** When it was judged at the latest, and until when its payer may have been asked. */
  readonly judged: number
  readonly until: number
  readonly quoted: number
}

export function spanOf({ openings, quotings }: Sights, terms: Terms, now: number): Times {
  const seenAt = (sights: Sights['openings'], otherwise: number) =>
    Math.min(otherwise, ...sights.map(each => each.seenAt)) - SNAPSHOT_MS - SKEW_MS
  const from = seenAt(openings, now)
  const judged = Math.min(Math.max(...openings.map(({ at }) => at)) + WORK_MS, now + SKEW_MS)
  const quoted = seenAt(quotings, terms.expiresAt - QUOTE_MS)
  return { from, judged, until: now + SKEW_MS, quoted: Math.min(quoted, from) }
}

const rowsOf = ({ allowances }: Planned, corridor: string, kind: AllowanceKind, known = EVER) =>
  allowances.filter(row => row.corridor === corridor && row.kind === kind && row.knownAt <= known)

/** What a person may pay in a year under one name, by whichever rows counted; null where nothing bounded it. */
export const capsIn = (
  planned: Planned,
  { pool, isKnown }: { readonly pool: string; readonly isKnown: boolean },
  { from, until }: Times,
): readonly (bigint | null)[] =>
  valuesIn(rowsOf(planned, pool, isKnown ? 'year' : 'year_without_id'), from, until)

export interface WantedAllowance {
  readonly token: string
  readonly isKnown: boolean
  readonly pool: string
  readonly year: string
  readonly resetsAt: number
  readonly center: string
  readonly least: bigint
  readonly most: bigint
}

/** What a payment may take of an allowance, as it is at each instant that counts; `none` where it takes nothing. */
export function wantedIn(
  planned: Planned,
  terms: Terms,
  payer: Person | null,
  { from, judged, quoted }: Times,
): readonly (WantedAllowance | 'none')[] {
  const instants = [from, judged, ...changesIn(planned, terms, from, judged)]
  // By what an older snapshot knew of it, too.
  const wantedBy = (who: Person | null) =>
    instants.flatMap(at =>
      [from, ...instants.filter(known => known <= at)].flatMap(known =>
        wantedAt(planned, terms, who, at, known),
      ),
    )
  const wanted = wantedBy(payer)
  // Nobody was counted when it was quoted, so its quote does not say who pays.
  const quotes = [quoted, ...changesIn(planned, terms, quoted, judged)]
  const isUnsaid = quotes.some(at => wantedAt(planned, terms, payer, at).includes('none'))
  return isUnsaid ? [...wanted, ...wantedBy(null)] : wanted
}

const changesIn = (
  { allowances }: Planned,
  terms: Terms,
  from: number,
  until: number,
): readonly number[] => {
  const acquirer = acquirerOf(terms)
  const rows = allowances.map(row => row.from).filter(at => at > from && at <= until)
  if (yearOf(acquirer, from) === yearOf(acquirer, until)) return rows
  // The year ends in between: as it was, and as it is then, at each change.
  return [...rows, ...rows.map(at => at - 1), until]
}

/** Empty where it must not be opened at all. */
function wantedAt(
  planned: Planned,
  terms: Terms,
  payer: Person | null,
  at: number,
  known = at,
): readonly (WantedAllowance | 'none')[] {
  const { payerMarket, payeeMarket } = terms
  const own = `${payerMarket}>${payeeMarket}`
  const names = payerMarket === payeeMarket ? [own] : [own, `*>${payeeMarket}`]
  const bound = (pool: string, kind: AllowanceKind) =>
    valuesIn(rowsOf(planned, pool, kind, known), at, at)[0] ?? null
  const kinds = ['single', 'year', 'year_without_id'] as const
  const pool = names.find(name => kinds.some(kind => bound(name, kind) !== null))
  if (pool === undefined) return ['none']
  const choices = planned.directoryAt(at).corridor(payerMarket, payeeMarket)
  if (payer === null && choices?.whenPersonUnstated !== 'accept') return []
  const [least, most] = dollarsOf(planned, terms)
  const single = bound(pool, 'single')
  if (single !== null && least > single) return []
  if (payer === null) return ['none']
  const cap = bound(pool, payer.isKnown ? 'year' : 'year_without_id')
  if (cap === null) return ['none']
  if (!payer.isKnown && least > cap) return []
  const year = yearOf(acquirerOf(terms), at)
  const token = payer.tokens.find(each => each.from <= Number(year))?.token ?? ''
  const { isKnown } = payer
  return [{ token, isKnown, pool, year, resetsAt: 0, center: '', least, most }]
}

/** US cents, by the lowest and the highest rate that anybody quotes. All these currencies have two places. */
function dollarsOf(planned: Planned, { payee }: Terms): [bigint, bigint] {
  const rates = planned
    .directoryAt(0)
    .rates(payee.currency, 'USD')
    .map(({ value, markupBp }) => Number(value) * (1 + markupBp / 10_000))
  const cents = (rate: number) => Number(payee.minor) * rate
  return [
    BigInt(Math.ceil(cents(Math.min(...rates)) - 0.01)),
    BigInt(Math.ceil(cents(Math.max(...rates)) + 0.01)),
  ]
}
