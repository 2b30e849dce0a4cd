/**
 * Reads UPI links: `upi://pay?pa=…&pn=…&am=…` (NPCI UPI linking specification).
 * The signature, when there is one, covers the raw string, so nothing here rewrites it.
 */
import type { Family } from './families/row.ts'
import { type LinkParts, parameters } from './link.ts'
import { checkText } from './plain.ts'
import type { Draft } from './reading.ts'
import { hasShape, isDigits } from './shapes.ts'
import { stateAmount } from './stated.ts'
import { zonedMs } from './times.ts'

export function readUpi(draft: Draft, row: Family, { query }: LinkParts): void {
  const { values, isTwice } = parameters(query)
  const said = (name: string): string | null => values.get(name) || null
  if (isTwice) draft.refuse('duplicate-field')
  draft.merchantName = said('pn')
  if (draft.merchantName !== null) checkText(draft, draft.merchantName)
  if ((said('cu') ?? 'INR').toUpperCase() !== 'INR') draft.refuse('scheme-conflict')
  const amount = said('am')
  if (amount !== null) stateAmount(draft, amount)
  readCategory(draft, said('mc'))
  readExpiry(draft, said('qrexpire'))
  draft.initiation = initiations[said('mode') ?? ''] ?? null
  draft.additionalData = additional(said)
  readPayee(draft, row, said('pa'), values)
}

/** The handle after `@` names the payment provider. */
function readPayee(
  draft: Draft,
  row: Family,
  vpa: string | null,
  values: ReadonlyMap<string, string>,
): void {
  const fields = Object.fromEntries(values)
  if (vpa === null) draft.refuse('payee-missing')
  else if (!hasShape('address', vpa)) draft.refuse('proxy-malformed')
  const key = vpa === null ? '' : vpa.slice(vpa.indexOf('@') + 1).toLowerCase()
  draft.addFamily(row, fields, key || null, vpa === null ? null : { type: 'alias', value: vpa })
}

/**
 * 0000 is a person, who has no category; generators also write `null` or `0`, which says nothing.
 */
function readCategory(draft: Draft, mcc: string | null): void {
  if (mcc !== null && mcc.length === 4 && isDigits(mcc)) draft.mcc = mcc
}

function readExpiry(draft: Draft, expires: string | null): void {
  if (expires === null) return
  // Some writers encode the plus of the zone as form data do, which decoding leaves as a blank.
  draft.expiresAtMs = zonedMs(expires.replace(' ', '+'))
  if (draft.expiresAtMs === null) draft.warn('time-unreadable')
}

function additional(said: (name: string) => string | null): Record<string, string> {
  const reference = said('tr')
  const note = said('tn')
  return {
    ...(reference === null ? {} : { '05': reference }),
    ...(note === null ? {} : { '08': note }),
  }
}

/** `mode`: printed codes are static, codes shown per bill dynamic; intents and taps are neither. */
const initiations: Readonly<Record<string, 'static' | 'dynamic'>> = {
  '01': 'static',
  '02': 'static',
  '15': 'dynamic',
  '16': 'dynamic',
  '17': 'dynamic',
}
