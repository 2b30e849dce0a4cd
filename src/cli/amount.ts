/** Amounts for people: with the decimals of their currency. */
import { currencyByCode } from '../domain/currency.ts'

/** `12437` of THB is `THB 124.37`. */
export function amountText({ currency, minor }: { currency: string; minor: string }): string {
  const exponent = currencyByCode(currency)?.exponent ?? 0
  const digits = minor.padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ',')
  return exponent === 0 ? `${currency} ${whole}` : `${currency} ${whole}.${digits.slice(-exponent)}`
}
