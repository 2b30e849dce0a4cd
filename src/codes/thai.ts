/**
 * Reads two Thai codes that are not EMVCo's: the bar code of bills, and the slip that proves a
 * payment.
 */
import { decimalOf } from './amount.ts'
import { crc16, crcText } from './crc.ts'
import type { Family } from './families/row.ts'
import { familyById } from './families.ts'
import { linesOf } from './lines.ts'
import { Draft } from './reading.ts'
import { isDigits } from './shapes.ts'
import { stateAmount } from './stated.ts'
import { splitFields } from './tlv.ts'
import { growMpm } from './tree.ts'

/** `|biller␍reference 1␍reference 2␍satang` (Bank of Thailand bar code standard). */
export function readThaiBarcode(draft: Draft, row: Family, text: string): void {
  const [biller = '', reference1 = '', reference2 = '', satang = '', ...more] = linesOf(
    text.slice(1),
  )
  const isBiller = biller.length >= 13 && biller.length <= 16 && isDigits(biller)
  if (!isBiller) draft.refuse(biller === '' ? 'payee-missing' : 'account-malformed')
  if (more.some(line => line !== '')) draft.refuse('field-malformed')
  if (satang !== '' && !isDigits(satang)) draft.refuse('amount-malformed')
  // All zeros mean that the payer says how much.
  else if (satang !== '' && BigInt(satang) > 0n) stateAmount(draft, decimalOf(BigInt(satang), 2))
  draft.additionalData = {
    ...(reference1 === '' ? {} : { '01': reference1 }),
    ...(reference2 === '' ? {} : { '05': reference2 }),
  }
  draft.accounts.push({ tag: 'biller', value: biller })
  draft.addFamily(row, { biller, reference1, reference2 }, isBiller ? biller : null, {
    type: 'biller',
    value: biller,
  })
}

/**
 * The mini code on a transfer slip looks like EMVCo's, but its first field is a template and its
 * checksum has id 91: a receipt, never payable. Null when the text is no slip.
 */
export function readThaiSlip(text: string): Draft | null {
  const { fields, brokenAt } = splitFields(text, 0, text.length, 'unit')
  const [first] = fields
  const last = fields.at(-1)
  if (brokenAt >= 0 || first?.id !== 0 || last?.id !== 91 || first.to - first.from < 8) return null
  const draft = new Draft('other')
  draft.growsFrom(text, growMpm)
  draft.country = 'TH'
  const stated = text.slice(last.from, last.to)
  if (stated.toUpperCase() !== crcText(crc16(text, last.from))) {
    draft.refuse('crc-mismatch', last.from)
  }
  const inner = splitFields(text, first.from, first.to, 'unit')
  const said = (id: number): string => {
    const field = inner.fields.find(each => each.id === id)
    return field === undefined ? '' : text.slice(field.from, field.to)
  }
  if (inner.brokenAt >= 0) draft.refuse('malformed-tlv', first.from)
  const fieldsRead = { api: said(0), sendingBank: said(1), transaction: said(2) }
  draft.addFamily(familyById('th-slip-verify') as Family, fieldsRead, said(1) || null)
  return draft.settle()
}
