/**
 * Amounts as codes write them: ASCII digits and at most one point; `98.` is legal, `98,73` is not.
 * EMVCo MPM 1.1, section 4.7.9 (field 54).
 */
export type Minor =
  | { readonly ok: true; readonly minor: bigint }
  | { readonly ok: false; readonly why: 'amount-malformed' | 'amount-precision' }

/**
 * Whole minor units of a currency with `exponent` decimals. Zeros beyond them are harmless (CLP
 * 5.00).
 */
export function minorUnits(text: string, exponent: number): Minor {
  const point = text.indexOf('.')
  const whole = point < 0 ? text.length : point
  if (whole === 0) return malformed
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if ((unit < 48 || unit > 57) && index !== point) return malformed
  }
  const kept = Math.min(text.length, whole + 1 + exponent)
  for (let index = kept; index < text.length; index++) {
    if (index !== point && text.charCodeAt(index) !== 48) return tooFine
  }
  const decimals = point < 0 ? '' : text.slice(point + 1, kept)
  const digits = text.slice(0, whole) + decimals.padEnd(exponent, '0')
  return { ok: true, minor: BigInt(digits) }
}

/**
 * Minor units as the shortest decimal with all decimals of the currency: 1250 of THB is `12.50`.
 */
export function decimalOf(minor: bigint, exponent: number): string {
  if (exponent === 0) return minor.toString()
  const digits = minor.toString().padStart(exponent + 1, '0')
  return `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

const malformed: Minor = { ok: false, why: 'amount-malformed' }
const tooFine: Minor = { ok: false, why: 'amount-precision' }
