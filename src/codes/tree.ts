/** The parse tree of an EMVCo merchant code, for display: every field with name and offsets. */
import { networkOf } from './accounts.ts'
import type { CodeNode } from './code.ts'
import { matchesOf } from './marks.ts'
import { idText } from './merchant.ts'
import { additionalNames, languageNames, rootNames } from './names.ts'
import type { Draft } from './reading.ts'
import type { Root } from './root.ts'
import { type Field, splitFields } from './tlv.ts'

/** Deeper than any scheme nests (VietQR has three levels), and a bound for hostile input. */
const DEPTH_MAX = 4

export function growMpm(payload: string, draft: Draft): readonly CodeNode[] {
  const list = splitFields(payload, 0, payload.length, 'unit')
  const names = familyNames(draft, { payload, list, byId: [] })
  return list.fields.map(field => nodeOf({ payload, names }, field, '', 1))
}

interface Source {
  readonly payload: string
  /** What the code's families call a field, by its path from the root. */
  readonly names: ReadonlyMap<string, string>
}

/** The names in the rows of the families that the code belongs to. */
function familyNames(draft: Draft, root: Root): Map<string, string> {
  const names = new Map<string, string>()
  for (const account of draft.accounts) {
    const marks = matchesOf(account, draft, root).map(match => match.mark)
    for (const [name, { path }] of marks.flatMap(mark => Object.entries(mark.fields))) {
      const inAccount = path === '' ? account.tag : `${account.tag}.${path}`
      const place = path[0] === '/' ? path.slice(1) : inAccount
      if (!names.has(place)) names.set(place, inWords(name))
    }
  }
  return names
}

/** `merchantId` as `Merchant id`. */
const inWords = (name: string): string =>
  name[0]?.toUpperCase() + name.slice(1).replace(/[A-Z0-9]+/g, part => ` ${part.toLowerCase()}`)

function nodeOf(source: Source, field: Field, parent: string, depth: number): CodeNode {
  const { payload, names } = source
  const id = idText(field.id)
  const path = parent === '' ? id : `${parent}.${id}`
  return {
    id,
    name: names.get(path) ?? nameOf(field.id, parent),
    at: field.at,
    from: field.from,
    to: field.to,
    value: payload.slice(field.from, field.to),
    children:
      depth < DEPTH_MAX && mayNest(field.id, parent) ? childrenOf(source, field, path, depth) : [],
  }
}

/**
 * A value is shown as a template only if it splits exactly; many fields of these ids are bare
 * values.
 */
function childrenOf(source: Source, field: Field, path: string, depth: number): CodeNode[] {
  const { payload } = source
  if (field.to - field.from < 4) return []
  const { fields, brokenAt } = splitFields(payload, field.from, field.to, 'unit')
  return brokenAt >= 0 ? [] : fields.map(each => nodeOf(source, each, path, depth + 1))
}

function mayNest(id: number, parent: string): boolean {
  if (parent === '') return (id >= 26 && id <= 51) || id === 62 || id >= 64
  if (parent === '62') return id >= 50
  // VietQR nests the beneficiary; deeper or elsewhere a value that splits is a coincidence.
  return parent === '38' && id === 1
}

function nameOf(id: number, parent: string): string {
  const text = idText(id)
  if (parent === '62') return additionalNames[text] ?? 'Payment system data'
  if (parent === '64') return languageNames[text] ?? 'Local language data'
  if (parent !== '') return id === 0 ? 'Identifier' : `Field ${text}`
  if (id >= 2 && id <= 25) return `Merchant account, ${networkOf(id)}`
  if (id >= 26 && id <= 51) return 'Merchant account'
  if (id >= 65 && id <= 79) return 'Reserved for EMVCo'
  return rootNames[text] ?? 'Unreserved template'
}
