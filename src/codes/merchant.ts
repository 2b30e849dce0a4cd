/** Who is paid, in EMVCo merchant codes: fields 52, 55 to 57, 59 to 62 and 64. */
import type { Tip } from './code.ts'
import { checkPlain, checkText } from './plain.ts'
import type { Draft } from './reading.ts'
import { codedText, type Root, textOf } from './root.ts'
import { isDigits } from './shapes.ts'
import { splitFields } from './tlv.ts'

/**
 * Many domestic schemes leave out category, name or city, which EMVCo calls mandatory: not refused.
 */
export function readMerchant(draft: Draft, root: Root): void {
  const mcc = codedText(root, 52)
  draft.mcc = mcc
  if (mcc === null) draft.warn('missing-mcc')
  else if (mcc.length !== 4 || !isDigits(mcc)) draft.refuse('mcc-malformed', root.byId[52]?.from)

  const name = textOf(root, 59)
  draft.merchantName = name
  if (name === null) draft.warn('missing-merchant-name')
  else {
    if (characters(name) > 25) draft.warn('merchant-name>25')
    checkPlain(draft, name)
  }
  const city = textOf(root, 60)
  draft.merchantCity = city
  if (city === null) draft.warn('missing-merchant-city')
  else {
    if (characters(city) > 15) draft.warn('merchant-city>15')
    checkPlain(draft, city)
  }
  const postalCode = codedText(root, 61)
  draft.postalCode = postalCode
  if (postalCode !== null && postalCode.length > 10) draft.warn('postal-code>10')
}

/** Fields 55 to 57: who adds a tip or fee, and how much. */
export function readTip(draft: Draft, root: Root): void {
  const indicator = codedText(root, 55)
  const fixed = codedText(root, 56)
  const percentage = codedText(root, 57)
  if (indicator === null) {
    if (fixed !== null || percentage !== null) draft.warn('tip-inconsistent')
    return
  }
  const tip = tipOf(indicator, fixed, percentage)
  if (tip === null) draft.warn('tip-inconsistent')
  draft.tip = tip
}

function tipOf(indicator: string, fixed: string | null, percentage: string | null): Tip | null {
  if (indicator === '01') return { kind: 'prompt', value: null }
  if (indicator === '02' && fixed !== null) return { kind: 'fixed', value: fixed }
  if (indicator === '03' && percentage !== null) return { kind: 'percentage', value: percentage }
  return null
}

/** Template 64: the names in the merchant's own language. */
export function readLanguage(draft: Draft, root: Root): void {
  const field = root.byId[64]
  if (field === undefined) return
  const { fields, brokenAt } = splitFields(root.payload, field.from, field.to, root.list.measure)
  if (brokenAt >= 0) {
    draft.warn('malformed-template')
    return
  }
  for (const sub of fields) {
    const value = root.payload.slice(sub.from, sub.to)
    if (sub.id === 0) draft.language = value
    else if (sub.id === 1) draft.merchantNameLocal = value
    else if (sub.id === 2) draft.merchantCityLocal = value
    if (sub.id !== 0) checkText(draft, value)
  }
}

/**
 * Template 62, by sub-id. Payment systems nest their own templates under 50 to 99; those stay text
 * here.
 */
export function readAdditional(draft: Draft, root: Root): void {
  const field = root.byId[62]
  if (field === undefined) return
  const { fields, brokenAt } = splitFields(root.payload, field.from, field.to, root.list.measure)
  if (brokenAt >= 0) {
    draft.warn('malformed-template')
    return
  }
  draft.additionalData = subValues(draft, root.payload, fields)
}

/** The values of a template by two-digit id; the first of each id counts. */
function subValues(
  draft: Draft,
  payload: string,
  fields: readonly { readonly id: number; readonly from: number; readonly to: number }[],
): Record<string, string> {
  const values: Record<string, string> = {}
  for (const { id, from, to } of fields) {
    const key = idText(id)
    if (values[key] === undefined) values[key] = payload.slice(from, to)
    else draft.warn('duplicate-sub-field')
    if (from === to) draft.warn('zero-length-object')
  }
  return values
}

export const idText = (id: number): string => idTexts[id] as string

const idTexts = Array.from({ length: 100 }, (_, id) => String(id).padStart(2, '0'))

/** Counts code points, as EMVCo counts lengths (4.4.1.1). */
function characters(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) {
    // The second half of a surrogate pair is not a character of its own.
    if ((text.charCodeAt(index) & 0xfc00) !== 0xdc00) count++
  }
  return count
}
