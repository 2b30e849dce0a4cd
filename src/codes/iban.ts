/**
 * IBAN check, ISO 13616: country, two check digits, account; the number moved round is 1 modulo 97.
 */
export function ibanIsRight(iban: string): boolean {
  if (iban.length < 15 || iban.length > 34) return false
  if (isDigit(iban, 0) || isDigit(iban, 1) || !isDigit(iban, 2) || !isDigit(iban, 3)) return false
  return modulo97(iban, 4) === 1
}

/**
 * ISO 11649 creditor reference: RF, two check digits, up to 21 characters; same check as an IBAN.
 */
export const creditorReferenceIsRight = (reference: string): boolean =>
  reference.length >= 5 &&
  reference.length <= 25 &&
  reference.startsWith('RF') &&
  modulo97(reference, 4) === 1

/** The two digits that make `body` right behind `head` (country, or RF). */
export const checkDigits97 = (head: string, body: string): string =>
  String(98 - modulo97(`${head}00${body}`, 4)).padStart(2, '0')

/**
 * The text read from `start` on and then from the beginning, letters as 10 to 35; -1 for others.
 */
function modulo97(text: string, start: number): number {
  let rest = 0
  for (let count = 0; count < text.length; count++) {
    const unit = text.charCodeAt((start + count) % text.length)
    if (unit >= 48 && unit <= 57) rest = (rest * 10 + unit - 48) % 97
    else if (unit >= 65 && unit <= 90) rest = (rest * 100 + unit - 55) % 97
    else return -1
  }
  return rest
}

const isDigit = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 48 && unit <= 57
}
