/** Anchors as the centers keep them: each copy chained, the copies agreeing, and none gone that is known elsewhere. */
import { createHash } from 'node:crypto'
import {
  ANCHORS_MAX,
  type Anchor,
  anchorText,
  FIRST_BEFORE,
  type Head,
} from '../../domain/anchor.ts'
import { type Finding, findingOf } from './findings.ts'

/** Anchors of one center, by one keeper's word. */
export interface AnchorCopy {
  /** The center whose database this is. */
  readonly keeper: string
  /** Oldest first. */
  readonly anchors: readonly Anchor[]
}

/** What a member has kept of `GET /v1/anchors`. */
export type KeptAnchor = Pick<Anchor, 'center' | 'number' | 'hash'>

/** @param kept what members have kept, of any center */
export function checkAnchors(
  center: string,
  copies: readonly AnchorCopy[],
  kept: readonly KeptAnchor[] = [],
): readonly Finding[] {
  const found = (
    fault: 'anchor_broken' | 'anchor_gone' | 'anchor_differs' | 'anchor_denied',
    where: string,
  ) => findingOf(fault, { center, where })
  const known = new Map<number, string>()
  const differing = new Set<number>()
  for (const { number, hash } of copies.flatMap(({ anchors }) => anchors)) {
    if ((known.get(number) ?? hash) !== hash) differing.add(number)
    known.set(number, hash)
  }
  const own = kept.filter(each => each.center === center)
  const isDenied = ({ number, hash }: KeptAnchor) =>
    known.has(number) && !copies.some(copy => has(copy, number, hash))
  return [
    ...copies.flatMap(({ keeper, anchors }) =>
      brokenIn(anchors).map(number => found('anchor_broken', `${number}, kept by ${keeper}`)),
    ),
    ...[...differing].map(number => found('anchor_differs', `${number}`)),
    ...goneFrom(center, copies, own).map(number => found('anchor_gone', `${number}`)),
    ...own.filter(isDenied).map(({ number }) => found('anchor_denied', `${number}`)),
  ]
}

const has = ({ anchors }: AnchorCopy, number: number, hash: string): boolean =>
  anchors.some(anchor => anchor.number === number && anchor.hash === hash)

/**
 * Numbers that somebody knows of and no other center keeps any more. The center's own copy may lack some, where it
 * could not be told that an anchor was made, and only the oldest are ever let go.
 */
function goneFrom(
  center: string,
  copies: readonly AnchorCopy[],
  kept: readonly KeptAnchor[],
): number[] {
  const numbers = [...copies.flatMap(({ anchors }) => anchors), ...kept].map(each => each.number)
  const newest = numbers.reduce((most, number) => Math.max(most, number), 0)
  const oldest = numbers.reduce((least, number) => Math.min(least, number), newest)
  const outside = new Set(
    copies
      .filter(({ keeper }) => keeper !== center)
      .flatMap(({ anchors }) => anchors.map(({ number }) => number)),
  )
  const from = Math.max(oldest, newest - ANCHORS_MAX + 1)
  return Array.from({ length: Math.max(newest - from + 1, 0) }, (_, place) => from + place).filter(
    number => number > 0 && !outside.has(number),
  )
}

/** Numbers that do not follow from what is before them. The oldest may have been let go. */
function brokenIn(anchors: readonly Anchor[]): number[] {
  return anchors
    .filter((anchor, place) => {
      const before = place === 0 ? FIRST_BEFORE : (anchors[place - 1]?.hash ?? '')
      if (place === 0 && anchor.number > 1) return false
      if (place > 0 && anchor.number !== (anchors[place - 1]?.number ?? 0) + 1) return false
      return hashOf(before, anchor) !== anchor.hash
    })
    .map(({ number }) => number)
}

const hashOf = (before: string, anchor: Omit<Anchor, 'hash'>): string =>
  createHash('sha256').update(anchorText(before, anchor)).digest('hex')

/** What was kept of each lane, by anybody. */
export function headsByLane(copies: readonly AnchorCopy[]): ReadonlyMap<string, readonly Head[]> {
  const heads = copies.flatMap(({ anchors }) => anchors.flatMap(anchor => anchor.heads))
  const lanes = Map.groupBy(heads, ([lane]) => lane)
  return new Map(
    [...lanes].map(([lane, list]) => [lane, list.map(([, seq, hash]) => ({ seq, hash }))]),
  )
}
