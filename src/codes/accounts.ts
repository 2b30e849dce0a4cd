/** Where the money goes in EMVCo merchant codes: fields 02 to 51. */
import type { Account } from './code.ts'
import { idText } from './merchant.ts'
import type { Draft } from './reading.ts'
import type { Root } from './root.ts'
import { type Field, splitFields } from './tlv.ts'

/** EMVCo MPM 1.1, table 4.1: ids 02 to 25 belong to networks and hold one bare value. */
export function networkOf(id: number): string {
  if (id <= 3) return 'visa'
  if (id <= 5) return 'mastercard'
  if (id <= 8) return 'emvco-reserved'
  if (id <= 10) return 'discover'
  if (id <= 12) return 'amex'
  if (id <= 14) return 'jcb'
  if (id <= 16) return 'unionpay'
  return 'emvco-reserved'
}

export function readAccounts(draft: Draft, root: Root): void {
  for (const field of root.list.fields) {
    if (field.id >= 2 && field.id <= 51) draft.accounts.push(accountOf(draft, root, field))
  }
  if (draft.accounts.length === 0) draft.refuse('no-account')
}

function accountOf(draft: Draft, root: Root, field: Field): Account {
  const tag = idText(field.id)
  const { payload } = root
  if (field.id < 26) {
    return { tag, network: networkOf(field.id), value: payload.slice(field.from, field.to) }
  }
  const list = splitFields(payload, field.from, field.to, root.list.measure)
  // Real codes put bare tokens and numbers where a template should be.
  if (list.brokenAt >= 0) return { tag, value: payload.slice(field.from, field.to) }
  const sub: Record<string, string> = {}
  let guid: string | undefined
  for (const { id, from, to } of list.fields) {
    if (from === to) draft.warn('zero-length-object')
    const key = idText(id)
    if (id === 0 && guid === undefined) guid = payload.slice(from, to)
    else if (id === 0 || sub[key] !== undefined) draft.warn('duplicate-sub-field')
    else sub[key] = payload.slice(from, to)
  }
  if (guid === undefined) return { tag, sub }
  if (guid.length > 32) draft.warn('guid>32')
  return { tag, guid, sub }
}
