/** A payload cut into the pieces in which it is shown: each belongs to one field, none to two, and all of it is there. */
import type { CodeNode } from '../codes/index.ts'

export interface Segment {
  readonly from: number
  readonly to: number
  /** The field; null where nothing could be read. */
  readonly node: CodeNode | null
  /** Id and length before a value, or the value itself. */
  readonly part: 'head' | 'value' | 'rest'
}

export function segmentsOf(payload: string, tree: readonly CodeNode[]): Segment[] {
  const segments: Segment[] = []
  let place = 0
  // Fields of base64 codes share a character at their borders; it goes to the field that comes first.
  const take = (to: number, node: CodeNode | null, part: Segment['part']) => {
    const end = Math.min(to, payload.length)
    if (end <= place) return
    segments.push({ from: place, to: end, node, part })
    place = end
  }
  const walk = (nodes: readonly CodeNode[]) => {
    for (const node of nodes) {
      take(node.at, null, 'rest')
      take(node.from, node, 'head')
      walk(node.children)
      take(node.to, node, 'value')
    }
  }
  walk(tree)
  take(payload.length, null, 'rest')
  return segments
}
