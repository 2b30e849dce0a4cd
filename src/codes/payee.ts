/** Payees by proxy: as a directory wants them. */
import type { PayeeProxy, ProxyType } from './code.ts'
import { isDigits, type ShapeName } from './shapes.ts'

/**
 * PromptPay writes mobiles as 0066 and nine digits, Hong Kong as +852-12345678; directories take
 * E.164.
 */
export function payeeOf(type: ProxyType, value: string): PayeeProxy | null {
  if (value === '') return null
  if (type !== 'mobile') return { type, value }
  const digits = value[0] === '+' ? value.slice(1).replaceAll('-', '') : value
  if (!isDigits(digits)) return { type, value }
  if (value[0] === '+') return { type, value: `+${digits}` }
  return { type, value: digits.startsWith('00') ? `+${digits.slice(2)}` : digits }
}

/**
 * A mobile as the shape of its field wants it: PromptPay has 13 digits, left-padded with zeros,
 * where others take E.164 (dtinth/promptpay-qr). What is not E.164 stays as it is.
 */
export const mobileFor = (shape: ShapeName | undefined, value: string): string =>
  shape === 'thai-mobile' && value[0] === '+' ? value.slice(1).padStart(13, '0') : value
