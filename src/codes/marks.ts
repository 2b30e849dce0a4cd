/** The marks of the table of families, made ready for reading. */
import type { Account, ProxyType } from './code.ts'
import type { Family, Mark } from './families/row.ts'
import { families } from './families.ts'
import { type Path, pathOf, valueAt } from './paths.ts'
import { payeeOf } from './payee.ts'
import type { Draft, FamilyDraft } from './reading.ts'
import type { Root } from './root.ts'
import { hasShape, type ShapeName } from './shapes.ts'

export interface Match {
  readonly row: Family
  readonly mark: Mark
  readonly when: readonly { readonly path: Path; readonly shape: ShapeName }[]
  readonly fields: readonly {
    readonly name: string
    readonly path: Path
    readonly proxy: ProxyType | undefined
  }[]
}

/**
 * The marks by which an account belongs to families: by identifier, else by place and looks. A
 * field of the card networks may be a national scheme's too (QPay writes its invoices in
 * UnionPay's).
 */
export function matchesOf(account: Account, draft: Draft, root: Root): readonly Match[] {
  if (account.guid !== undefined) {
    const known = byGuid.get(account.guid) ?? byGuid.get(account.guid.toUpperCase())
    if (known !== undefined) return known
  }
  const id = Number(account.tag)
  const shown: Match[] = []
  for (const match of byTag[id] ?? []) {
    if (shows(match, account, draft, root)) shown.push(match)
    if (id >= 26 && shown.length > 0) break
  }
  return shown
}

/** Whether an account without a known identifier looks as the mark says. */
function shows({ mark, when }: Match, account: Account, draft: Draft, root: Root): boolean {
  if (mark.country !== undefined && mark.country !== draft.country) return false
  if (mark.bare !== undefined) {
    return account.value !== undefined && hasShape(mark.bare, account.value)
  }
  return when.every(({ path, shape }) => {
    const value = valueAt(path, account, draft, root)
    return value !== undefined && hasShape(shape, value)
  })
}

/** Takes what the account says into the family; what is there already stays. */
export function readFields(
  family: FamilyDraft,
  match: Match,
  account: Account,
  draft: Draft,
  root: Root,
): void {
  for (const { name, path, proxy } of match.fields) {
    const value = valueAt(path, account, draft, root)
    if (value === undefined || family.fields[name] !== undefined) continue
    family.fields[name] = value
    if (proxy !== undefined) family.proxy ??= payeeOf(proxy, value)
  }
}

const matches: readonly Match[] = families.flatMap(row =>
  row.marks.map(mark => ({
    row,
    mark,
    when: Object.entries(mark.when ?? {}).map(([path, shape]) => ({ path: pathOf(path), shape })),
    fields: Object.entries(mark.fields).map(([name, { path, proxy }]) => ({
      name,
      path: pathOf(path),
      proxy,
    })),
  })),
)

/** As written and in capitals, so that most codes are found without changing case. */
const byGuid = new Map<string, readonly Match[]>()
for (const match of matches) {
  const { guid, written } = match.mark
  if (guid !== undefined) byGuid.set(guid, [match])
  if (written !== undefined) byGuid.set(written, [match])
}

const width = ({ mark }: Match): number => mark.tags[1] - mark.tags[0]

/** Marks without identifier by field id; the narrower place speaks first. */
const byTag: readonly (readonly Match[])[] = Array.from({ length: 52 }, (_, id) =>
  matches
    .filter(({ mark }) => mark.guid === undefined && id >= mark.tags[0] && id <= mark.tags[1])
    .toSorted((one, other) => width(one) - width(other)),
)
