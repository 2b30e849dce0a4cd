/** Which families an EMVCo merchant code belongs to, and whether it keeps their rules. */
import type { Account } from './code.ts'
import type { Family } from './families/row.ts'
import { familyById } from './families.ts'
import { matchesOf, readFields } from './marks.ts'
import type { Draft, FamilyDraft } from './reading.ts'
import type { Root } from './root.ts'
import { rules } from './rules.ts'

export function judgeFamilies(draft: Draft, root: Root): void {
  const found = familiesIn(draft, root)
  const isHome = (each: FamilyDraft): boolean => fits(draft, each.row)
  const fitting = found.every(isHome) ? found : found.filter(isHome)
  // A code may carry another market's template besides its own; alone, it is a forgery or a
  // mistake.
  if (contradicts(found, fitting)) draft.refuse('scheme-conflict')
  else if (fitting.length < found.length) draft.warn('foreign-account')
  const kept = fitting.length > 0 ? fitting : found
  if (kept.length > 1) kept.sort((one, other) => ranks[one.row.rank] - ranks[other.row.rank])

  for (const each of kept) {
    for (const rule of each.row.rules) rules[rule](draft, each, root)
    draft.addFamily(each.row, each.fields, keyOf(each.row, each.fields), each.proxy)
  }
  if (kept.length === 0 && draft.accounts.length > 0) {
    draft.addFamily(genericFamily, {}, firstGuid(draft.accounts))
  }
  draft.settle()
}

const ranks = { national: 0, wallet: 1, network: 2, generic: 3 }

function familiesIn(draft: Draft, root: Root): FamilyDraft[] {
  const found: FamilyDraft[] = []
  for (const account of draft.accounts) {
    for (const match of matchesOf(account, draft, root)) {
      const family = familyIn(found, match.row)
      if (match.mark.presentment === 'consumer') draft.presentment = 'consumer'
      readFields(family, match, account, draft, root)
    }
  }
  return found
}

/** A family that shows in two templates (QRIS, Bharat QR) is one family. */
function familyIn(found: FamilyDraft[], row: Family): FamilyDraft {
  for (const each of found) if (each.row === row) return each
  const family = { row, fields: {}, proxy: null }
  found.push(family)
  return family
}

function fits(draft: Draft, { market, currencies }: Family): boolean {
  if (market !== null && draft.country !== null && draft.country !== market) return false
  return currencies.length === 0 || draft.currency === null || currencies.includes(draft.currency)
}

/**
 * A national scheme away from home needs another one at home beside it; card networks prove
 * nothing.
 */
function contradicts(found: readonly FamilyDraft[], fitting: readonly FamilyDraft[]): boolean {
  if (fitting.length === found.length) return false
  if (fitting.length === 0) return true
  const isNational = ({ row }: FamilyDraft): boolean => row.rank === 'national'
  return found.some(isNational) && !fitting.some(isNational)
}

/** The part of the row's key field that names the institution. */
export function keyOf({ key }: Family, fields: Readonly<Record<string, string>>): string | null {
  const value = key === null ? undefined : fields[key.field]
  if (key === null || value === undefined || value === '') return null
  if (key.after === undefined) return key.take === undefined ? value : value.slice(0, key.take)
  const sign = value.lastIndexOf(key.after)
  return sign < 0 || sign === value.length - 1 ? null : value.slice(sign + 1)
}

/** A code of no family we know is still routed by the identifier of its first account. */
const firstGuid = (accounts: readonly Account[]): string | null =>
  accounts.find(each => each.guid !== undefined)?.guid?.toUpperCase() ?? null

const genericFamily = familyById('emv-generic') as Family
