import type { CodeNode } from '../codes/index.ts'

/** The innermost field that holds this place of the payload. */
export function nodeAt(tree: readonly CodeNode[], unit: number): CodeNode | null {
  const holder = tree.find(({ at, to }) => unit >= at && unit < to)
  if (holder === undefined) return null
  return nodeAt(holder.children, unit) ?? holder
}
