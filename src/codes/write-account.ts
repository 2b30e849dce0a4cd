/** Puts one account of a family into the fields of a code, as its row of the table says. */
import type { Family, FieldRule, Mark } from './families/row.ts'
import { mobileFor } from './payee.ts'
import { hasShape } from './shapes.ts'
import type { MpmAccount } from './write-mpm.ts'
import { place, placeIn, type Tree } from './write-tree.ts'
import type { Complaints } from './written.ts'

export function placeAccount(
  tree: Tree,
  row: Family,
  account: MpmAccount,
  complaints: Complaints,
): void {
  const mark = row.marks[account.mark ?? 0]
  const tag = mark === undefined ? undefined : tagOf(mark, account)
  if (mark === undefined || tag === undefined) {
    complaints.add('field-unknown', `${row.id}.tag`)
    return
  }
  for (const name of Object.keys(account.fields)) {
    if (!Object.hasOwn(mark.fields, name)) complaints.add('field-unknown', `${row.id}.${name}`)
  }
  if (tree.has(tag)) complaints.add('tag-taken', row.id)
  if (mark.guid !== undefined) {
    placeIn(tree, tag, '00', mark.written ?? mark.guid, 32, row.id, complaints)
  }
  for (const [name, rule] of Object.entries(mark.fields)) {
    const given = account.fields[name]
    const field = `${row.id}.${name}`
    if (given === undefined) {
      if (rule.required) complaints.add('field-missing', field)
      continue
    }
    const value = mobileFor(rule.shape, given)
    if (rule.shape !== undefined && !hasShape(rule.shape, value))
      complaints.add('field-shape', field)
    if (rule.path === '00' && mark.guid !== undefined) {
      // The identifier is the mark's; saying it again is harmless, saying another is a mistake.
      if (value.toUpperCase() !== mark.guid) complaints.add('field-shape', field)
    } else placeField(tree, tag, rule, value, field, complaints)
  }
}

/** The mark's first place, or the one asked for when the mark allows it. */
function tagOf({ tags }: Mark, { tag }: MpmAccount): string | undefined {
  if (tag === undefined) return String(tags[0]).padStart(2, '0')
  const id = Number(tag)
  return tag.length === 2 && id >= tags[0] && id <= tags[1] ? tag : undefined
}

function placeField(
  tree: Tree,
  tag: string,
  { path }: FieldRule,
  value: string,
  field: string,
  complaints: Complaints,
): void {
  if (path === '') place(tree, tag, value, 99, field, complaints)
  else if (path.length === 2) placeIn(tree, tag, path, value, 99, field, complaints)
  else if (path.length === 3) place(tree, path.slice(1), value, 99, field, complaints)
  else if (path[0] === '/') {
    placeIn(tree, path.slice(1, 3), path.slice(4), value, 99, field, complaints)
  } else placeDeep(tree, tag, path, value, field, complaints)
}

function placeDeep(
  tree: Tree,
  tag: string,
  path: string,
  value: string,
  field: string,
  complaints: Complaints,
): void {
  const template = tree.get(tag) ?? new Map()
  if (!(template instanceof Map)) {
    complaints.add('tag-taken', field)
    return
  }
  placeIn(template, path.slice(0, 2), path.slice(3), value, 99, field, complaints)
  tree.set(tag, template)
}
