/** What an amount is worth in yuan and dollars, near enough to watch by and never to account by. */
import { currencyByCode } from './currency.ts'
import type { Directory } from './directory.ts'
import type { Money } from './money.ts'

/** Whole units of a currency for one US dollar, for where the directory quotes nothing. Rough, and rarely changed. */
// biome-ignore format: a table is read by column
const perDollar: Readonly<Record<string, number>> = {
  USD: 1,     CNY: 7.15,  HKD: 7.79,   MOP: 8.02,   TWD: 31.5,  JPY: 150,    KRW: 1_390,
  THB: 32.6,  IDR: 16_700, MYR: 4.23,  VND: 26_400, SGD: 1.3,   PHP: 58,     KHR: 4_020,
  LAK: 21_600, MMK: 2_100, BND: 1.3,   INR: 88,     NPR: 141,   BDT: 122,    LKR: 303,
  PKR: 281,   MVR: 15.4,  KZT: 540,    MNT: 3_590,  UZS: 12_100, RUB: 81,    AED: 3.67,
  SAR: 3.75,  QAR: 3.64,  TRY: 42,     EUR: 0.86,   GBP: 0.75,  CHF: 0.8,    SEK: 9.4,
  NOK: 10.1,  DKK: 6.4,   PLN: 3.65,   CZK: 20.9,   HUF: 334,   AUD: 1.53,   NZD: 1.75,
  CAD: 1.4,   MXN: 18.4,  BRL: 5.35,   ARS: 1_430,  CLP: 940,   COP: 3_850,  PEN: 3.38,
  ZAR: 17.3,  NGN: 1_440, KES: 129,    EGP: 47.4,   GHS: 10.9,  TZS: 2_450,  ILS: 3.25,
}

export interface Value {
  /** Fen. */
  readonly cny: number
  /** Cents. */
  readonly usd: number
}

/** Makes the rates of one directory answer at once: a monitor asks for every payment. */
export function valuer(directory: Directory): (money: Money) => Value {
  const known = new Map<string, Value>()
  return ({ currency, minor }) => {
    let unit = known.get(currency)
    if (unit === undefined) {
      unit = unitOf(directory, currency)
      known.set(currency, unit)
    }
    const amount = Number(minor)
    return { cny: Math.round(amount * unit.cny), usd: Math.round(amount * unit.usd) }
  }
}

/** One minor unit in fen and in cents; 0 for a currency that nobody prices. */
function unitOf(directory: Directory, currency: string): Value {
  const exponent = currencyByCode(currency)?.exponent
  if (exponent === undefined) return { cny: 0, usd: 0 }
  const whole = 10 ** -exponent
  return {
    cny: 100 * whole * rateOf(directory, currency, 'CNY'),
    usd: 100 * whole * rateOf(directory, currency, 'USD'),
  }
}

/** Whole units of `counter` for one of `base`: a provider's mid, or the other way round, or the rough table. */
function rateOf(directory: Directory, base: string, counter: string): number {
  if (base === counter) return 1
  const [quoted] = directory.rates(base, counter)
  if (quoted !== undefined && Number(quoted.value) > 0) return Number(quoted.value)
  const [inverse] = directory.rates(counter, base)
  if (inverse !== undefined && Number(inverse.value) > 0) return 1 / Number(inverse.value)
  const [ofBase, ofCounter] = [perDollar[base], perDollar[counter]]
  return ofBase === undefined || ofCounter === undefined ? 0 : ofCounter / ofBase
}
