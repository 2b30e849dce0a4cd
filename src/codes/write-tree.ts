/** The fields of an EMVCo merchant code in the making. */
import { type Complaints, isPlain } from './written.ts'

/** Fields by id; templates by sub-id. */
export type Tree = Map<string, string | Tree>

/** Puts plain text under an id once. */
export function place(
  tree: Tree,
  id: string,
  value: string,
  max: number,
  field: string,
  complaints: Complaints,
): void {
  if (!isPlain(value)) complaints.add('field-not-ascii', field)
  if (value.length > max) complaints.add('field-too-long', field)
  if (tree.has(id) && tree.get(id) !== value) complaints.add('tag-taken', field)
  tree.set(id, value)
}

/** Puts plain text under a sub-id of a template, which is made when it is not there. */
export function placeIn(
  tree: Tree,
  template: string,
  id: string,
  value: string,
  max: number,
  field: string,
  complaints: Complaints,
): void {
  const inner = tree.get(template) ?? new Map()
  if (!(inner instanceof Map)) {
    complaints.add('tag-taken', field)
    return
  }
  place(inner, id, value, max, field, complaints)
  tree.set(template, inner)
}

/** Text of any script (format S), as the language template holds. */
export function placeLocal(
  tree: Tree,
  id: string,
  value: string,
  max: number,
  field: string,
  complaints: Complaints,
): void {
  if (value === '') complaints.add('field-missing', field)
  if ([...value].length > max) complaints.add('field-too-long', field)
  tree.set(id, value)
}

/** Ascending ids; only the first field and the checksum have a fixed place (4.6.1). */
export function joined(tree: Tree, complaints: Complaints, path: string): string {
  let text = ''
  for (const id of [...tree.keys()].sort()) {
    const entry = tree.get(id) as string | Tree
    const value = typeof entry === 'string' ? entry : joined(entry, complaints, `${path}${id}.`)
    const length = [...value].length
    if (length > 99) complaints.add('field-too-long', path + id)
    text += id + String(length).padStart(2, '0') + value
  }
  return text
}
