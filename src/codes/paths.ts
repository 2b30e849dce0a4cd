/** Paths of the table of families: where the value of a field stands in a code. */
import type { Account } from './code.ts'
import type { Draft } from './reading.ts'
import { type Root, textOf } from './root.ts'
import { splitFields } from './tlv.ts'

/** Where a value stands: a path of the table, taken apart once. */
export interface Path {
  readonly from: 'bare' | 'guid' | 'sub' | 'additional' | 'root'
  readonly id: string
  /** Id one level deeper, or -1. */
  readonly inner: number
}

/** `` the bare value, `01` in the template, `01.00` one deeper, `/62.07` from the root. */
export function pathOf(text: string): Path {
  if (text === '') return { from: 'bare', id: '', inner: -1 }
  if (text === '00') return { from: 'guid', id: '00', inner: -1 }
  const id = text[0] === '/' ? text.slice(1, 3) : text.slice(0, 2)
  const inner = text.includes('.') ? Number(text.slice(-2)) : -1
  if (text[0] !== '/') return { from: 'sub', id, inner }
  if (id === '62' && inner >= 0) return { from: 'additional', id: text.slice(-2), inner: -1 }
  return { from: 'root', id, inner }
}

export function valueAt(
  path: Path,
  account: Account,
  draft: Draft,
  root: Root,
): string | undefined {
  switch (path.from) {
    case 'bare':
      return account.value
    case 'guid':
      return account.guid
    case 'sub':
      return path.inner < 0
        ? account.sub?.[path.id]
        : nestedValue(account.sub?.[path.id], path.inner)
    case 'additional':
      return draft.additionalData[path.id]
    case 'root': {
      const value = textOf(root, Number(path.id)) ?? undefined
      return path.inner < 0 ? value : nestedValue(value, path.inner)
    }
  }
}

function nestedValue(template: string | undefined, id: number): string | undefined {
  if (template === undefined) return undefined
  const { fields, brokenAt } = splitFields(template, 0, template.length, 'unit')
  if (brokenAt >= 0) return undefined
  const field = fields.find(each => each.id === id)
  return field === undefined ? undefined : template.slice(field.from, field.to)
}
