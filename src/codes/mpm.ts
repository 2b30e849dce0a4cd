/**
 * Reads EMVCo merchant-presented codes, leniently: what only breaks a recommendation is a warning.
 * EMVCo QRCPS Merchant-Presented Mode 1.1 (November 2020).
 */
import { currencyByNumeric } from '../domain/currency.ts'
import { readAccounts } from './accounts.ts'
import { hexDigit } from './ber.ts'
import { crc16 } from './crc.ts'
import { readAdditional, readLanguage, readMerchant, readTip } from './merchant.ts'
import { Draft } from './reading.ts'
import { judgeFamilies } from './recognise.ts'
import { codedText, type Root } from './root.ts'
import { isDigits } from './shapes.ts'
import { stateAmount } from './stated.ts'
import { type Field, splitFields } from './tlv.ts'
import { growMpm } from './tree.ts'

export function readMpm(payload: string): Draft {
  const draft = new Draft('mpm-emv')
  draft.presentment = 'merchant'
  // Shown as far as it goes even when it breaks, so that a person sees where.
  draft.growsFrom(payload, growMpm)
  const list = splitFields(payload, 0, payload.length, 'unit')
  if (list.brokenAt >= 0) {
    // A broken list is not half read: after the break, every value may be another field's.
    draft.refuse('malformed-tlv', list.brokenAt)
    return draft
  }
  const root = { payload, list, byId: indexed(draft, list.fields) }
  checkFrame(draft, root)
  readInitiation(draft, root)
  readMarket(draft, root)
  const amount = codedText(root, 54)
  if (amount !== null) stateAmount(draft, amount, root.byId[54]?.from)
  readMerchant(draft, root)
  readTip(draft, root)
  readLanguage(draft, root)
  readAdditional(draft, root)
  readAccounts(draft, root)
  judgeFamilies(draft, root)
  return draft
}

function indexed(draft: Draft, fields: readonly Field[]): readonly (Field | undefined)[] {
  const byId = new Array<Field | undefined>(100)
  for (const field of fields) {
    if (byId[field.id] === undefined) byId[field.id] = field
    else draft.refuse('duplicate-field', field.at)
    if (field.from === field.to) draft.warn('zero-length-object')
    if (field.id >= 65 && field.id <= 79) draft.warn('reserved-field')
  }
  return byId
}

/** First 00, last 63, and a right checksum over everything before its four digits (4.7.3). */
function checkFrame(draft: Draft, { payload, list, byId }: Root): void {
  if (list.measure === 'byte') draft.warn('length-in-bytes')
  else if (list.measure === 'unit' && surrogates.test(payload)) draft.warn('length-in-utf16')
  if (payload.length > 512) draft.warn('payload>512')

  const first = list.fields[0]
  if (first === undefined || first.id !== 0) draft.refuse('format-not-first', 0)
  else if (first.to - first.from !== 2) draft.refuse('format-unknown', first.from)
  else if (payload.startsWith('02', first.from)) draft.warn('payload-format-indicator-02')
  else if (!payload.startsWith('01', first.from)) draft.refuse('format-unknown', first.from)

  const last = list.fields.at(-1)
  const crc = byId[63]
  if (crc === undefined) draft.refuse('crc-missing', payload.length)
  else if (last?.id !== 63) draft.refuse('crc-not-last', crc.at)
  else {
    checkSum(draft, payload, crc)
  }
}

/** Small letters are read too: several generators write them. */
function checkSum(draft: Draft, payload: string, { from, to }: Field): void {
  let stated = to - from === 4 ? 0 : -1
  for (let index = from; index < to && stated >= 0; index++) {
    const unit = payload.charCodeAt(index)
    const digit = hexDigit(unit)
    stated = digit < 0 ? -1 : stated * 16 + digit
    if (unit >= 97) draft.warn('crc-lowercase')
  }
  if (stated !== crc16(payload, from)) draft.refuse('crc-mismatch', from)
}

/** Halves of surrogate pairs; a class is linear, and a plain ASCII text answers at once. */
const surrogates = /[\ud800-\udfff]/

function readInitiation(draft: Draft, root: Root): void {
  const value = codedText(root, 1)
  if (value === '11') draft.initiation = 'static'
  else if (value === '12') draft.initiation = 'dynamic'
  else if (value !== null) draft.refuse('initiation-malformed', root.byId[1]?.from)
}

/** Country and currency, 58 and 53. */
function readMarket(draft: Draft, root: Root): void {
  const country = codedText(root, 58)
  if (country === null) draft.warn('missing-country')
  else if (country.length !== 2 || !isLetter(country, 0) || !isLetter(country, 1)) {
    draft.refuse('country-malformed', root.byId[58]?.from)
  } else {
    draft.country = country.toUpperCase()
    if (draft.country !== country) draft.warn('country-lowercase')
  }
  const numeric = codedText(root, 53)
  if (numeric === null) {
    draft.warn('missing-currency')
    return
  }
  const currency = currencyByNumeric(numeric)
  if (currency !== undefined) draft.currency = currency.code
  else if (numeric.length === 3 && isDigits(numeric)) draft.warn('currency-unknown')
  else draft.refuse('currency-malformed', root.byId[53]?.from)
}

function isLetter(text: string, at: number): boolean {
  const letter = text.charCodeAt(at) | 32
  return letter >= 97 && letter <= 122
}
