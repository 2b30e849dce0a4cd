/**
 * Reads the EPC QR code for SEPA credit transfers: EPC069-12, version 2.1.
 * Ukraine's NBU uses the same head with function UCT: named, but never routed to SEPA.
 */

import type { Family } from './families/row.ts'
import { familyById } from './families.ts'
import { creditorReferenceIsRight, ibanIsRight } from './iban.ts'
import { linesOf } from './lines.ts'
import { checkText } from './plain.ts'
import type { Draft } from './reading.ts'
import { hasShape, isDigits } from './shapes.ts'
import { stateAmount } from './stated.ts'

const LINES_MAX = 12

export function readEpc(draft: Draft, sepa: Family, text: string): void {
  const lines = linesOf(text)
  const line = (number: number): string => lines[number] ?? ''
  const [version, charset, purpose] = [line(1), line(2), line(3)]
  draft.merchantName = line(5) || null
  const iban = line(6).replaceAll(' ', '')
  const row = purpose === 'UCT' ? (familyById('ua-nbu') ?? sepa) : sepa
  const fields = { iban, bic: line(4), function: purpose, version }
  draft.addFamily(row, fields, bankOf(iban, line(4)), { type: 'iban', value: iban })
  if (row !== sepa || (purpose !== 'SCT' && purpose !== 'INST')) {
    draft.refuse('function-unsupported')
    return
  }
  if (version !== '001' && version !== '002') draft.refuse('version-unsupported')
  if (charset.length !== 1 || charset < '1' || charset > '8') draft.refuse('field-malformed')
  if (lines.length > LINES_MAX) draft.refuse('field-malformed')
  readPayee(draft, version, line(4), iban)
  readSum(draft, line(7))
  readRemittance(draft, line)
}

/**
 * The BIC's bank, country and place; without BIC, country and first four characters of the IBAN's
 * bank.
 */
const bankOf = (iban: string, bic: string): string | null =>
  bic !== '' ? bic.slice(0, 8).toUpperCase() : iban.slice(0, 2) + iban.slice(4, 8) || null

/** Version 001 requires a BIC; 002 does not within the EEA. */
function readPayee(draft: Draft, version: string, bic: string, iban: string): void {
  const name = draft.merchantName
  if (name === null) draft.refuse('payee-missing')
  else {
    if ([...name].length > 70) draft.refuse('field-malformed')
    checkText(draft, name)
  }
  if (bic === '' ? version === '001' : !hasShape('bic', bic)) draft.refuse('bic-malformed')
  if (!ibanIsRight(iban)) draft.refuse('iban-malformed')
  draft.country = iban.slice(0, 2) || null
  draft.accounts.push({ tag: 'iban', value: iban })
}

/** `EUR` and an amount from 0.01 to 999999999.99, or nothing. */
function readSum(draft: Draft, sum: string): void {
  if (sum === '' || sum === 'EUR') return
  if (!sum.startsWith('EUR'))
    draft.refuse(isDigits(sum[0] ?? '') ? 'amount-malformed' : 'scheme-conflict')
  else stateAmount(draft, sum.slice(3))
}

/** A structured reference or a text, never both. */
function readRemittance(draft: Draft, line: (number: number) => string): void {
  const [purpose, reference, note] = [line(8), line(9), line(10)]
  if (purpose.length > 4 || [...note].length > 140) draft.refuse('field-malformed')
  if (reference !== '' && note !== '') draft.refuse('reference-malformed')
  if (reference.startsWith('RF') && !creditorReferenceIsRight(reference)) {
    draft.refuse('reference-malformed')
  }
  checkText(draft, note)
  draft.additionalData = {
    ...(reference === '' ? {} : { '05': reference }),
    ...(note === '' ? {} : { '08': note }),
  }
}
