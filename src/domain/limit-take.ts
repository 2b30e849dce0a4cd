/** What a payment takes of its two institutions' limits, and whether it may at all by itself. */
import { currencyByCode } from './currency.ts'
import type { Directory } from './directory.ts'
import { bestRate, payerMinor } from './fx.ts'
import type { Institution } from './institution.ts'
import {
  isAbout,
  type LimitHistory,
  type LimitKind,
  limitAt,
  limitKinds,
  limitName,
  type Reserve,
} from './limit.ts'
import type { Money } from './money.ts'
import { ok, type Result, refuse } from './result.ts'
import { dayAt } from './zone.ts'

/** Who takes part, and what either side pays or is paid. */
export interface Taking {
  readonly wallet: Institution
  readonly acquirer: Institution
  readonly payer: Money
  readonly payee: Money
}

interface Side {
  readonly institution: Institution
  readonly other: string
  readonly amount: Money
  readonly isWallet: boolean
}

/**
 * Judges the bounds of a single payment, and says what the lane must take of every other limit in force. An amount in
 * another currency than the institution's own is converted at the best rate and rounded up, so that no limit is
 * overshot by a fraction. Empty for institutions without limits, which costs two look-ups.
 *
 * Refusals: LIMIT_SINGLE, RATE_UNAVAILABLE.
 */
export function takes(taking: Taking, directory: Directory, now: number): Result<Reserve[]> {
  const { wallet, acquirer, payer, payee } = taking
  const corridor = `${wallet.market}>${acquirer.market}`
  const reserves = new Map<string, bigint>()
  const sides: readonly Side[] = [
    { institution: wallet, other: acquirer.id, amount: payer, isWallet: true },
    { institution: acquirer, other: wallet.id, amount: payee, isWallet: false },
  ]
  for (const side of sides) {
    const histories = directory
      .limits(side.institution.id)
      .filter(history => isAbout(history.scope, corridor, side.other))
    if (histories.length === 0) continue
    const minor = inOwn(side, directory, now)
    if (minor === null) return refuse('RATE_UNAVAILABLE')
    for (const history of histories) {
      const refused = isBeyond(history, side.institution, minor, now)
      if (refused !== null) return refused
      const reserve = reserveOf(history, side, minor, now)
      // One institution may be on both sides; then its limit counts the payment once.
      if (reserve !== null && !reserves.has(reserve.limit))
        reserves.set(reserve.limit, reserve.minor)
    }
  }
  return ok([...reserves].map(([limit, minor]) => ({ limit, minor })))
}

const bounds: Partial<Record<LimitKind, (minor: bigint, value: bigint) => boolean>> = {
  single_min: (minor, value) => minor < value,
  single_max: (minor, value) => minor > value,
}

function isBeyond(
  history: LimitHistory,
  { id, currencies }: Institution,
  minor: bigint,
  now: number,
): Result<never> | null {
  const { scope, kind } = history
  const value = limitAt(history, now)?.value ?? null
  if (value === null || bounds[kind]?.(minor, value) !== true) return null
  const currency = currencies[0] ?? null
  const standing = { institution: id, scope, kind, currency, value, left: value, resetsAt: null }
  return refuse('LIMIT_SINGLE', { limit: standing })
}

function reserveOf(history: LimitHistory, side: Side, minor: bigint, now: number): Reserve | null {
  const { scope, kind } = history
  const { counts, period } = limitKinds[kind]
  const { id, zone } = side.institution
  // A second is lent as the limit is when it begins: one in the middle of which the first limit comes counts nothing yet.
  const at = period === 'second' ? now - (now % 1_000) : now
  if (period === 'single' || (limitAt(history, at)?.value ?? null) === null) return null
  // Who is paid comes to be owed: only the wallet's side draws on what an institution may owe.
  if (period === 'open' && !side.isWallet) return null
  if (kind === 'refund_open') return null
  const place = {
    institution: id,
    scope,
    kind,
    period: period === 'day' ? dayAt(now, zone).label : '-',
  }
  return { limit: limitName(place), minor: counts === 'payments' ? 1n : minor }
}

/**
 * What a refund takes of its acquirer's cover, for as long as it is under way. Null where it cannot be told, because no
 * rate leads to the acquirer's own currency; empty where nothing bounds it.
 */
export function takesOfRefund(
  { wallet, acquirer, payee }: Omit<Taking, 'payer'>,
  directory: Directory,
  now: number,
): readonly Reserve[] | null {
  const corridor = `${wallet.market}>${acquirer.market}`
  const inForce = directory
    .limits(acquirer.id)
    .filter(
      history => history.kind === 'refund_open' && isAbout(history.scope, corridor, wallet.id),
    )
    .filter(history => (limitAt(history, now)?.value ?? null) !== null)
  if (inForce.length === 0) return []
  const side = { institution: acquirer, other: wallet.id, amount: payee, isWallet: false }
  const minor = inOwn(side, directory, now)
  if (minor === null) return null
  const nameOf = ({ scope, kind }: LimitHistory) =>
    limitName({ institution: acquirer.id, scope, kind, period: '-' })
  return inForce.map(history => ({ limit: nameOf(history), minor }))
}

/** In the institution's own currency, rounded up; null where no rate leads there. */
function inOwn({ institution, amount }: Side, directory: Directory, now: number): bigint | null {
  const own = institution.currencies[0] ?? ''
  if (amount.currency === own) return amount.minor
  const [base, counter] = [currencyByCode(amount.currency), currencyByCode(own)]
  const rates = directory.rates(amount.currency, own)
  // However old: nobody is bound by it, and a quote that was made is good for longer than its rate.
  const market = { rates, isOpen: (id: string) => directory.isOpen(id, now), now: 0 }
  const best = bestRate(market)
  if (base === undefined || counter === undefined || best === null || best === 'stale') return null
  return payerMinor(amount.minor, best.rate, base, counter)
}
