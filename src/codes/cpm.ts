/**
 * Reads EMVCo consumer-presented codes: base64 of BER-TLV.
 * EMVCo QRCPS Consumer-Presented Mode 1.1 (November 2020).
 *
 * A reading shows only the ends of the card number; who forwards the payment sends the payload
 * itself.
 */
import { bytesOf } from './base64.ts'
import { type BerField, berFields, hexOf } from './ber.ts'
import { maskedPan } from './card.ts'
import type { Account } from './code.ts'
import { growCpm } from './cpm-tree.ts'
import type { Family } from './families/row.ts'
import { families, familyById } from './families.ts'
import { Draft } from './reading.ts'

/** Base64 of tag 85, length 5, `CPV`: how a reader knows the format (5.1.1.1). */
export const CPM_HEAD = 'hQVDUFY'

export function readCpm(payload: string): Draft {
  const draft = new Draft('cpm-emv')
  draft.presentment = 'consumer'
  const bytes = bytesOf(payload)
  if (bytes === null) {
    draft.refuse('base64-malformed')
    return draft
  }
  if (payload.length % 4 !== 0) draft.warn('unpadded-base64')
  const fields = berFields(bytes, 0, bytes.length)
  if (fields === null) {
    draft.refuse('malformed-tlv')
    return draft
  }
  draft.growsFrom(payload, growCpm)
  if (textAt(bytes, fields[0]) !== 'CPV01' || fields[0]?.tag !== '85')
    draft.refuse('format-unknown')
  const applications = fields.filter(field => field.tag === '61')
  const common = fields.filter(field => field.tag === '62')
  if (applications.length === 0) draft.refuse('application-missing')
  for (const application of applications) {
    readApplication(draft, bytes, application, common[0])
  }
  if (common.length > 1 || fields.filter(field => field.tag === '85').length > 1) {
    draft.refuse('duplicate-field')
  }
  return draft.settle()
}

/**
 * One application with the common data: what a till would present to the issuer (5.1.1.8 to
 * 5.1.1.11).
 */
function readApplication(
  draft: Draft,
  bytes: Uint8Array,
  application: BerField,
  common: BerField | undefined,
): void {
  const combined = [...primitives(application), ...(common === undefined ? [] : primitives(common))]
  if (new Set(combined.map(field => field.tag)).size < combined.length) {
    draft.refuse('duplicate-field')
  }
  const find = (tag: string): BerField | undefined => combined.find(field => field.tag === tag)
  const aid = find('4F')
  if (aid === undefined || aid.to - aid.from < 5 || aid.to - aid.from > 16) {
    draft.refuse('application-missing')
    return
  }
  const aidText = hexOf(bytes, aid.from, aid.to)
  const row = rowOf(aidText)
  const account = panOf(bytes, find('5A')) ?? panOf(bytes, find('57'))
  const pan = account?.pan
  // A ticket pays nothing, so it needs no account.
  if (pan === undefined && row.payable) draft.refuse('pan-missing')
  const label = textAt(bytes, find('50'))
  const fields: Record<string, string> = { aid: aidText }
  if (label !== null) fields.label = label
  draft.country ??= row.market
  if (draft.families.every(each => each.id !== row.id)) {
    draft.addFamily(row, fields, pan === undefined ? null : pan.slice(0, keyLength(row)))
  }
  if (account !== null && account !== undefined) {
    const shown: Account = { tag: account.tag, guid: aidText, value: maskedPan(account.pan) }
    draft.accounts.push(shown)
  }
}

/** Issuer identification numbers have six to eight digits; a row may say more exactly. */
const keyLength = (row: Family): number => row.key?.take ?? 8

/** Every primitive of a template and of the transparent template inside it (63, 64). */
const primitives = (template: BerField): BerField[] =>
  template.children.flatMap(field => (isConstructed(field) ? primitives(field) : [field]))

const isConstructed = ({ tag }: BerField): boolean =>
  (Number.parseInt(tag.slice(0, 2), 16) & 0x20) !== 0

interface Pan {
  readonly tag: string
  readonly pan: string
}

/** 5A is the number padded with F; 57 is the number, D, expiry, service code and more. */
function panOf(bytes: Uint8Array, field: BerField | undefined): Pan | null {
  if (field === undefined) return null
  const hex = hexOf(bytes, field.from, field.to)
  let end = 0
  while (end < hex.length && hex.charCodeAt(end) < 58) end++
  return end === 0 ? null : { tag: field.tag, pan: hex.slice(0, end) }
}

function textAt(bytes: Uint8Array, field: BerField | undefined): string | null {
  if (field === undefined) return null
  return String.fromCharCode(...bytes.subarray(field.from, Math.min(field.to, field.from + 99)))
}

/** Application identifiers match by prefix, the longest first (5.1.1.6). */
function rowOf(aid: string): Family {
  return rows.find(each => aid.startsWith(each.aid))?.row ?? genericCpm
}

const rows = families
  .flatMap(row => row.aids.map(aid => ({ row, aid })))
  .toSorted((one, other) => other.aid.length - one.aid.length)

const genericCpm = familyById('emv-cpm') as Family
