/** Rules that one scheme adds to EMVCo's. A row of the table of families names those it follows. */

import { payeeOf } from './payee.ts'
import type { Draft, FamilyDraft } from './reading.ts'
import type { Root } from './root.ts'
import { hasShape, isDigits } from './shapes.ts'
import { endOfDayMs, instantMs } from './times.ts'

export type Rule = (draft: Draft, family: FamilyDraft, root: Root) => void

/** KHQR 49: timestamps are 13 digits, milliseconds since 1970. */
function khqrTimes(draft: Draft, { fields }: FamilyDraft, root: Root): void {
  for (const time of [fields.createdMs, fields.expiresMs]) {
    if (time !== undefined && !hasShape('ms-13', time)) {
      draft.refuse('time-malformed', root.byId[99]?.from)
      return
    }
  }
  if (fields.expiresMs !== undefined) draft.expiresAtMs = Number(fields.expiresMs)
}

/** KHQR 45 and 47: a dynamic code has an amount and an expiry. */
function khqrDynamic(draft: Draft, { fields }: FamilyDraft, root: Root): void {
  if (draft.initiation !== 'dynamic') return
  if (draft.amount === null) draft.refuse('amount-missing', root.byId[1]?.from)
  if (fields.expiresMs === undefined) draft.refuse('expiry-missing', root.byId[99]?.from)
}

/**
 * PayNow: type 0 is a mobile in E.164, type 2 a business number (UEN), with or without a suffix.
 */
function paynowProxy(draft: Draft, family: FamilyDraft, root: Root): void {
  const { proxyType, proxy } = family.fields
  if (proxy === undefined || proxy === '') draft.refuse('payee-missing', root.byId[26]?.from)
  else if (proxyType === '0') {
    if (hasShape('mobile', proxy)) family.proxy = payeeOf('mobile', proxy)
    else draft.refuse('proxy-malformed', root.byId[26]?.from)
  } else family.proxy = { type: 'tax-id', value: proxy }
}

/** PayNow's expiry is the last day, or an instant, of Singapore. */
function paynowExpiry(draft: Draft, { fields }: FamilyDraft): void {
  const text = fields.expires
  if (text === undefined) return
  draft.expiresAtMs = text.length === 8 ? endOfDayMs(text, 8) : instantMs(text, 8)
}

/** FPS writes an instant of Hong Kong. */
function hkfpsExpiry(draft: Draft, { fields }: FamilyDraft): void {
  if (fields.expires !== undefined) draft.expiresAtMs = instantMs(fields.expires, 8)
}

/** GhQR writes `E`, then date `T` time of Ghana. */
function ghqrExpiry(draft: Draft, { fields }: FamilyDraft): void {
  const text = fields.expires
  if (text?.[0] === 'E') draft.expiresAtMs = instantMs(text.slice(1).replace('T', ''), 0)
}

/** Pix writes links without protocol, so that readers choose https. */
function pixUrl(draft: Draft, { fields }: FamilyDraft, root: Root): void {
  for (const url of [fields.url, fields.recurrenceUrl]) {
    if (url?.includes('://')) draft.refuse('url-malformed', root.byId[26]?.from)
  }
}

/** Kenya: the sub-id is the provider's number, its value the till, paybill or mobile. */
function keProvider(draft: Draft, family: FamilyDraft): void {
  const account = draft.accounts.find(each => each.guid?.toUpperCase() === 'KE.GO.QR')
  for (const id in account?.sub) {
    if (!isDigits(id) || id === '00') continue
    family.fields.provider = id
    family.fields.till = account?.sub?.[id] ?? ''
    return
  }
}

/** The scheme's unit is not verified, and a factor of a hundred is not guessed. */
function amountUnit(draft: Draft): void {
  if (draft.amount === null) return
  draft.amountMinor = null
  draft.warn('amount-unit-unverified')
}

// biome-ignore format: a table is read by column
export const rules = {
  'khqr-times':    khqrTimes,
  'khqr-dynamic':  khqrDynamic,
  'paynow-proxy':  paynowProxy,
  'paynow-expiry': paynowExpiry,
  'hkfps-expiry':  hkfpsExpiry,
  'ghqr-expiry':   ghqrExpiry,
  'pix-url':       pixUrl,
  'ke-provider':   keProvider,
  'amount-unit':   amountUnit,
} as const satisfies Record<string, Rule>
export type RuleName = keyof typeof rules
