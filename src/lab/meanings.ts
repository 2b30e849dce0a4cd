/** What the coded fields of an EMVCo merchant code stand for, in the words of the reading. */
import type { CodeNode, CodeReading } from '../codes/index.ts'
import { inEnglish } from './names.ts'

export function meaningsOf(
  tree: readonly CodeNode[],
  { kind, currency, initiation, country, errors, tip }: CodeReading,
): ReadonlyMap<CodeNode, string> {
  if (kind !== 'mpm-emv') return new Map()
  const broken = errors.some(({ code }) => code === 'crc-mismatch')
  const byId: Readonly<Record<string, string | null>> = {
    '01': initiation,
    '53': currency === null ? null : inEnglish('currency', currency),
    '55': tip?.kind ?? null,
    '58': country === null ? null : inEnglish('region', country),
    '63': broken ? 'does not match' : null,
  }
  return new Map(
    tree.flatMap(node => {
      const meaning = byId[node.id] ?? null
      return meaning === null ? [] : [[node, meaning] as const]
    }),
  )
}
