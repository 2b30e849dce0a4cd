/**
 * Card numbers (ISO/IEC 7812): nobody should scan, send or log one, so they are refused before
 * anything else.
 */

/**
 * Whether 13 to 19 digits begin like a card of a large network and end in the right check digit.
 */
export const looksLikeCard = (digits: string): boolean =>
  digits.length >= 13 && digits.length <= 19 && isCardRange(digits) && luhnIsRight(digits)

/** The networks' ranges and lengths, from ISO/IEC 7812 issuer identification numbers. */
function isCardRange(digits: string): boolean {
  const { length } = digits
  const two = Number(digits.slice(0, 2))
  const four = Number(digits.slice(0, 4))
  // Visa issues none of 13 digits any more, and those would be product bar codes.
  if (digits[0] === '4') return length === 16 || length === 19
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16
  if (two === 34 || two === 37) return length === 15
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059)) return length === 14
  if (four >= 3528 && four <= 3589) return length >= 16
  return digits[0] === '6' && length >= 16
}

/** ISO/IEC 7812-1, annex B: every second digit from the right is doubled. */
function luhnIsRight(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48
    const weighted = place % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}

/**
 * Begin and end of a number, enough to tell cards apart and too little to pay with (PCI DSS 3.4).
 */
export const maskedPan = (pan: string): string =>
  pan.length < 13
    ? '*'.repeat(pan.length)
    : `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`
