/** Amounts as people type them: `1500`, `1,500.00`, `1 500`, in whole units of a currency. */
import { AMOUNT_MAX, decimal } from './money.ts'

/** Thousands set apart by commas or spaces, all of them or none; a comma is never a decimal point. */
const shape = /^(?:\d{1,18}|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?:\.\d+)?$/

/**
 * @param exponent decimal digits of the currency's minor unit
 * @returns minor units from 0 to 10^15; null where the text is no amount, or is finer than the currency
 */
export function minorOf(text: string, exponent: number): bigint | null {
  const trimmed = text.trim()
  if (!shape.test(trimmed)) return null
  const value = decimal(trimmed.replace(/[, \u00a0\u202f]/g, ''))
  if (value === null || value.scale > exponent) return null
  const minor = value.digits * 10n ** BigInt(exponent - value.scale)
  return minor > AMOUNT_MAX ? null : minor
}

/** The way back, to be typed over: without thousands set apart. */
export function amountOf(minor: bigint, exponent: number): string {
  const digits = minor.toString().padStart(exponent + 1, '0')
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}
