/** Which families an EMVCo merchant code belongs to, and whether it keeps their rules. */
import type { Account } from './code.ts'
import type { Family, FieldRule, Mark } from './families/row.ts'
import { families, familyById } from './families.ts'
import { payeeOf } from './payee.ts'
import type { Draft, FamilyDraft } from './reading.ts'
import type { Root } from './root.ts'
import { rules } from './rules.ts'
import { hasShape } from './shapes.ts'
import { splitFields } from './tlv.ts'

export function judgeFamilies(draft: Draft, root: Root): void {
  const found = familiesIn(draft, root)
  const fitting = found.filter(each => fits(draft, each.row))
  // A code may carry another market's template besides its own; alone, it is a forgery or a mistake.
  if (found.length > 0 && fitting.length === 0) draft.refuse('scheme-conflict')
  else if (fitting.length < found.length) draft.warn('foreign-account')
  const kept = fitting.length > 0 ? fitting : found
  kept.sort((one, other) => ranks[one.row.rank] - ranks[other.row.rank])

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
    const match = matchOf(account, draft, root)
    if (match === undefined) continue
    let family = found.find(each => each.row === match.row)
    if (family === undefined) {
      family = { row: match.row, fields: {}, proxy: null }
      found.push(family)
    }
    if (match.mark.presentment === 'consumer') draft.presentment = 'consumer'
    readFields(family, match.mark, account, draft, root)
  }
  return found
}

function fits(draft: Draft, { market, currencies }: Family): boolean {
  if (market !== null && draft.country !== null && draft.country !== market) return false
  return currencies.length === 0 || draft.currency === null || currencies.includes(draft.currency)
}

function readFields(
  family: FamilyDraft,
  mark: Mark,
  account: Account,
  draft: Draft,
  root: Root,
): void {
  for (const name in mark.fields) {
    const rule = mark.fields[name] as FieldRule
    const value = valueAt(rule.path, account, draft, root)
    if (value === undefined || family.fields[name] !== undefined) continue
    family.fields[name] = value
    if (rule.proxy !== undefined) family.proxy ??= payeeOf(rule.proxy, value)
  }
}

/** Follows a path of the table: `` the bare value, `01`, `01.00`, or `/62.07` from the root. */
export function valueAt(
  path: string,
  account: Account,
  draft: Draft,
  root: Root,
): string | undefined {
  if (path === '') return account.value
  if (path === '00') return account.guid
  if (path.length === 2) return account.sub?.[path]
  if (path[0] !== '/') return nestedValue(account.sub?.[path.slice(0, 2)], path.slice(3))
  const id = path.slice(1, 3)
  const field = root.byId[Number(id)]
  if (field === undefined) return undefined
  if (id === '62' && path.length > 3) return draft.additionalData[path.slice(4)]
  const value = root.payload.slice(field.from, field.to)
  return path.length === 3 ? value : nestedValue(value, path.slice(4))
}

function nestedValue(template: string | undefined, id: string): string | undefined {
  if (template === undefined) return undefined
  const { fields, brokenAt } = splitFields(template, 0, template.length, 'unit')
  if (brokenAt >= 0) return undefined
  const field = fields.find(each => each.id === Number(id))
  return field === undefined ? undefined : template.slice(field.from, field.to)
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

interface Match {
  readonly row: Family
  readonly mark: Mark
}

function matchOf(account: Account, draft: Draft, root: Root): Match | undefined {
  if (account.guid !== undefined) {
    const known = byGuid.get(account.guid) ?? byGuid.get(account.guid.toUpperCase())
    if (known !== undefined) return known
  }
  for (const match of byTag[Number(account.tag)] ?? []) {
    if (shows(match.mark, account, draft, root)) return match
  }
  return undefined
}

/** Whether an account without a known identifier looks as the mark says. */
function shows(mark: Mark, account: Account, draft: Draft, root: Root): boolean {
  if (mark.country !== undefined && mark.country !== draft.country) return false
  if (mark.guidStarts !== undefined) {
    if (!account.guid?.toUpperCase().startsWith(mark.guidStarts)) return false
  }
  if (mark.bare !== undefined) {
    return account.value !== undefined && hasShape(mark.bare, account.value)
  }
  for (const path in mark.when) {
    const value = valueAt(path, account, draft, root)
    const shape = mark.when[path]
    if (value === undefined || shape === undefined || !hasShape(shape, value)) return false
  }
  return true
}

const matches: readonly Match[] = families.flatMap(row => row.marks.map(mark => ({ row, mark })))

const byGuid = new Map(
  matches.flatMap(match => (match.mark.guid === undefined ? [] : [[match.mark.guid, match]])),
)

const width = ({ mark }: Match): number => mark.tags[1] - mark.tags[0]

/** Marks without identifier by field id; the narrower place speaks first. */
const byTag: readonly (readonly Match[])[] = Array.from({ length: 52 }, (_, id) =>
  matches
    .filter(({ mark }) => mark.guid === undefined && id >= mark.tags[0] && id <= mark.tags[1])
    .toSorted((one, other) => width(one) - width(other)),
)

const genericFamily = familyById('emv-generic') as Family
