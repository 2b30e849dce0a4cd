/**
 * Reads the Swiss QR-bill: SIX implementation guidelines QR-bill 2.3, chapter 4 (data structure).
 * 31 to 34 lines; the ultimate creditor's seven are kept free for later.
 */
import type { Family } from './families/row.ts'
import { creditorReferenceIsRight, ibanIsRight } from './iban.ts'
import { linesOf } from './lines.ts'
import { checkText } from './plain.ts'
import type { Draft } from './reading.ts'
import { isDigits } from './shapes.ts'
import { stateAmount } from './stated.ts'

const LINES_MIN = 31
const LINES_MAX = 34

export function readSwissBill(draft: Draft, row: Family, text: string): void {
  const lines = linesOf(text)
  const line = (number: number): string => lines[number] ?? ''
  const iban = line(3)
  draft.addFamily(row, { iban, referenceType: line(27) }, bankOf(iban), {
    type: 'iban',
    value: iban,
  })
  const version = line(1)
  if (version.length !== 4 || !version.startsWith('02') || !isDigits(version)) {
    draft.refuse('version-unsupported')
    return
  }
  if (line(2) !== '1' || lines.length < LINES_MIN || lines.length > LINES_MAX) {
    draft.refuse('field-malformed')
  }
  if (line(30) !== 'EPD') draft.refuse('field-malformed')
  if (!/^(CH|LI)/.test(iban) || iban.length !== 21 || !ibanIsRight(iban)) {
    draft.refuse('iban-malformed')
  }
  draft.country = iban.slice(0, 2) || null
  draft.accounts.push({ tag: 'iban', value: iban })
  readCreditor(draft, line)
  readSum(draft, line(18), line(19))
  readReference(draft, line(27), line(28), isQrIban(iban))
  const message = line(29)
  if (message !== '') {
    draft.additionalData = { ...draft.additionalData, '08': message }
    checkText(draft, message)
  }
}

/** Clearing number of the bank: digits 5 to 9 of the IBAN. */
const bankOf = (iban: string): string | null => (iban.length === 21 ? iban.slice(4, 9) : null)

/** A QR-IBAN has a clearing number from 30000 to 31999 (guidelines 4.2.2). */
export const isQrIban = (iban: string): boolean =>
  iban[4] === '3' && (iban[5] === '0' || iban[5] === '1')

/** Name and address; K, the combined form, ended in November 2025. */
function readCreditor(draft: Draft, line: (number: number) => string): void {
  const type = line(4)
  if (type !== 'S' && type !== 'K') draft.refuse('field-malformed')
  if (type === 'K' || line(20) === 'K') draft.warn('deprecated')
  const name = line(5)
  draft.merchantName = name
  if (name === '') draft.refuse('payee-missing')
  if ([...name].length > 70) draft.refuse('field-malformed')
  checkText(draft, name)
  // The combined form has postal code and city in its second line.
  const [code = '', ...city] = line(7).split(' ')
  draft.postalCode = (type === 'K' ? code : line(8)) || null
  draft.merchantCity = (type === 'K' ? city.join(' ') : line(9)) || null
}

/** At most 999 999 999.99, two decimals, in francs or euros; empty when the payer fills it in. */
function readSum(draft: Draft, amount: string, currency: string): void {
  if (currency !== 'CHF' && currency !== 'EUR') draft.refuse('scheme-conflict')
  else draft.currency = currency
  if (amount === '') return
  if (amount.length > 12) draft.refuse('amount-malformed')
  stateAmount(draft, amount)
}

/** QRR goes with a QR-IBAN only, SCOR and NON with any other (guidelines 4.2.2). */
function readReference(draft: Draft, type: string, reference: string, isQr: boolean): void {
  const isRight =
    type === 'QRR'
      ? isQr && isQrReference(reference)
      : type === 'SCOR'
        ? !isQr && creditorReferenceIsRight(reference)
        : type === 'NON' && !isQr && reference === ''
  if (!isRight) draft.refuse('reference-malformed')
  if (reference !== '') draft.additionalData = { '05': reference }
}

/** 27 digits, the last by recursive modulo 10 (guidelines, annex B). */
export function isQrReference(reference: string): boolean {
  if (reference.length !== 27 || !isDigits(reference)) return false
  return String(recursiveModulo10(reference.slice(0, 26))) === reference[26]
}

export function recursiveModulo10(digits: string): number {
  let carry = 0
  for (let index = 0; index < digits.length; index++) {
    carry = carries[(carry + digits.charCodeAt(index) - 48) % 10] as number
  }
  return (10 - carry) % 10
}

const carries = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5]
