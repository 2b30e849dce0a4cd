/** Reads numeric consumer codes: bar codes whose first digits and length name the wallet. */
import { looksLikeCard } from './card.ts'
import type { Family, NumberRange } from './families/row.ts'
import { families } from './families.ts'
import { Draft } from './reading.ts'

export function readNumeric(digits: string): Draft {
  const draft = new Draft('cpm-numeric')
  const matches = ranges.filter(({ range }) => digits.startsWith(range.prefix))
  const fitting = matches.filter(({ range }) => hasLength(range, digits.length))
  const isCard = looksLikeCard(digits)
  if (fitting.length === 0) {
    draft.refuse(isCard ? 'card-number' : matches.length > 0 ? 'length-wrong' : 'unknown-code')
    return draft
  }
  // One in ten genuine codes in a card range passes the check digit, so a known wallet's is only
  // marked.
  if (isCard) draft.warn('card-number-look-alike')
  const best = fitting[0]?.row as Family
  draft.presentment = 'consumer'
  draft.country = best.market
  for (const { row, range } of fitting) draft.addFamily(row, {}, range.prefix)
  return draft.settle()
}

const hasLength = ({ lengths }: NumberRange, length: number): boolean =>
  length >= lengths[0] && length <= lengths[1]

/** Longest prefix first: a wallet's own range lies inside its network's. */
const ranges: readonly { readonly row: Family; readonly range: NumberRange }[] = families
  .flatMap(row => row.numbers.map(range => ({ row, range })))
  .toSorted((one, other) => other.range.prefix.length - one.range.prefix.length)
