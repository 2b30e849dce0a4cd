/** Amounts that codes of any kind state. */
import { currencyByCode } from '../domain/currency.ts'
import { minorUnits } from './amount.ts'
import type { Draft } from './reading.ts'

/** More decimals than any currency has: what is checked while the currency is not known. */
const DECIMALS_MAX = 99

/**
 * Takes an amount in major units of the draft's currency, which must be set before.
 * Zero stands for no amount: static codes of Argentina and bar codes of Thailand carry it.
 */
export function stateAmount(draft: Draft, text: string, at?: number): void {
  draft.amount = text
  if (text.length > 13) draft.warn('amount>13')
  const currency = draft.currency === null ? undefined : currencyByCode(draft.currency)
  const result = minorUnits(text, currency?.exponent ?? DECIMALS_MAX)
  if (!result.ok) draft.refuse(result.why, at)
  else if (result.minor === 0n) draft.warn('amount-zero')
  else if (currency !== undefined) draft.amountMinor = result.minor
}
