/** The limits of the box: generous, because it is about payments that go through; those that do not set their own. */
import type { Limit, LimitKind } from '../domain/limit.ts'
import { acquirers, wallets } from './cast.ts'

/** Whole units of each currency, about a million euros. */
const MILLION: Readonly<Record<string, bigint>> = {
  CNY: 8_000_000n,
  THB: 38_000_000n,
  MYR: 5_000_000n,
  VND: 30_000_000_000n,
  EUR: 1_000_000n,
  IDR: 19_000_000_000n,
}

/** Minor units that make a whole one. */
const MINOR: Readonly<Record<string, bigint>> = { VND: 1n }

const PAYMENTS_A_DAY = 10_000_000n

export const limits: readonly Limit[] = [...wallets, ...acquirers].flatMap(
  ({ id, currencies: [own] }) => {
    const million = (MILLION[own] ?? 1_000_000n) * (MINOR[own] ?? 100n)
    const row = (kind: LimitKind, value: bigint): Limit => ({
      institution: id,
      scope: '*',
      kind,
      from: 0,
      value,
    })
    return [
      row('single_max', million / 10n),
      row('value_day', million * 100n),
      row('count_day', PAYMENTS_A_DAY),
    ]
  },
)
