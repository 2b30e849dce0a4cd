/** The fields of one EMVCo merchant code, for those who read single fields. */
import type { Field, FieldList } from './tlv.ts'

export interface Root {
  readonly payload: string
  readonly list: FieldList
  /** The first field of each id. */
  readonly byId: readonly (Field | undefined)[]
}

/** What a field says, or null when it is not there. */
export function textOf(root: Root, id: number): string | null {
  const field = root.byId[id]
  return field === undefined ? null : root.payload.slice(field.from, field.to)
}

/** What a coded field says; an empty one says nothing. */
export const codedText = (root: Root, id: number): string | null => textOf(root, id) || null
