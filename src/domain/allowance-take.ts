/** What a payment takes of its payer's allowance, and whether it may at all by itself. */
import {
  ALLOWANCE_CURRENCY,
  type Allowance,
  type AllowanceKind,
  type Person,
  personCenter,
} from './allowance.ts'
import { currencyByCode } from './currency.ts'
import type { Directory } from './directory.ts'
import { bestRate, payerMinor } from './fx.ts'
import type { Institution } from './institution.ts'
import type { LimitStanding } from './limit.ts'
import type { Money } from './money.ts'
import type { Refusal } from './refusal.ts'
import { ok, type Result, refuse } from './result.ts'
import { yearAt } from './zone.ts'

export interface Spending {
  readonly wallet: Institution
  readonly acquirer: Institution
  readonly payee: Money
  /** Null where the wallet has not said who pays. */
  readonly person: Person | null
}

export interface Spent {
  readonly allowance: Allowance
  /** All that this person may pay in the year, US cents. */
  readonly cap: bigint
}

/**
 * Null in a corridor where nobody's payments are counted. The amount in US dollars is that of the merchant's amount at
 * the best rate, rounded up, so that no allowance is overshot by a fraction.
 *
 * Refusals: LIMIT_ID_REQUIRED, RATE_UNAVAILABLE, LIMIT_SINGLE, ALLOWANCE_UNKNOWN.
 */
export function spends(
  { wallet, acquirer, payee, person }: Spending,
  directory: Directory,
  now: number,
): Result<Spent | null> {
  const allowances = directory.allowances(wallet.market, acquirer.market, now)
  if (allowances === null) return ok(null)
  const corridor = directory.corridor(wallet.market, acquirer.market)
  if (person === null && corridor?.whenPersonUnstated !== 'accept') {
    return refuse('LIMIT_ID_REQUIRED', { says: 'This corridor needs to know who pays.' })
  }
  const minor = inDollars(payee, directory, now)
  if (minor === null) return refuse('RATE_UNAVAILABLE')
  if (allowances.single !== null && minor > allowances.single) {
    const { pool, single } = allowances
    return refuse('LIMIT_SINGLE', { limit: { ...standing(pool, 'single', single), left: single } })
  }
  if (person === null) return ok(null)
  const cap = person.isKnown ? allowances.year : allowances.yearWithoutId
  if (cap === null) return ok(null)
  const year = yearAt(now, acquirer.zone)
  if (!person.isKnown && minor > cap) {
    const limit = standing(allowances.pool, 'year_without_id', cap, year.until)
    return refuse('LIMIT_ID_REQUIRED', { limit })
  }
  // By the key of that year, so that nobody becomes another one while a year is being counted.
  const token = person.tokens.find(({ from }) => from <= Number(year.label))?.token
  const centers = directory.centers.filter(({ since = 0 }) => since <= year.from)
  const ids = centers.map(({ id }) => id)
  const center = token && personCenter(token, ids)
  if (token === undefined || center === undefined) return refuse('ALLOWANCE_UNKNOWN')
  const goesOn = corridor?.whenPersonAway === 'accept'
  const { isKnown } = person
  const allowance: Allowance = {
    ...{ token, isKnown, pool: allowances.pool, minor },
    ...{ year: year.label, resetsAt: year.until, center },
    ...(goesOn ? { goesOn: true as const } : {}),
  }
  return ok({ allowance, cap })
}

/**
 * Refuses with LIMIT_PERSON what is by itself beyond all of its payer's year, so that no money is held for it; null
 * where it may be within it, which only the person's object knows. Without a document `spends` has said so already.
 */
export function beyondYear({ allowance, cap }: Spent): Refusal | null {
  const { minor, pool, resetsAt } = allowance
  if (minor <= cap) return null
  return { code: 'LIMIT_PERSON', detail: { limit: standing(pool, 'year', cap, resetsAt) } }
}

/** What all may know of an allowance: never what is left of it. */
const standing = (
  scope: string,
  kind: AllowanceKind,
  value: bigint,
  resetsAt: number | null = null,
): LimitStanding => ({
  institution: null,
  ...{ scope, kind, value, resetsAt },
  currency: ALLOWANCE_CURRENCY,
  left: null,
})

/** Rounded up; null where no rate leads there. */
function inDollars(money: Money, directory: Directory, now: number): bigint | null {
  if (money.currency === ALLOWANCE_CURRENCY) return money.minor
  const [base, counter] = [currencyByCode(money.currency), currencyByCode(ALLOWANCE_CURRENCY)]
  const rates = directory.rates(money.currency, ALLOWANCE_CURRENCY)
  // However old: nobody is bound by it, and a quote that was made is good for longer than its rate.
  const best = bestRate({ rates, isOpen: id => directory.isOpen(id, now), now: 0 })
  if (base === undefined || counter === undefined || best === null || best === 'stale') return null
  return payerMinor(money.minor, best.rate, base, counter)
}
