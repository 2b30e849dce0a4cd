/** One center verified: its anchors, then lane by lane, then what is projected of lanes that are not there. */
import {
  type Progress,
  type ProjectedKey,
  progressOf,
  projectedKeys,
  type Read,
  readFeed,
  readProgress,
  readRows,
} from '../../db/projected.ts'
import type { Head } from '../../domain/anchor.ts'
import { laneName, type PaymentPlace, placeOf } from '../../domain/payment-id.ts'
import type { KeyFinder } from '../../trust/signature.ts'
import { checkAnchors, headsByLane, type KeptAnchor } from './anchors.ts'
import type { CenterBook, LaneBook } from './books.ts'
import { type Finding, findingOf } from './findings.ts'
import { type LaneReport, verifyLaneBook } from './lane.ts'

export interface CenterReport {
  readonly center: string
  readonly anchors: number
  readonly lanes: readonly LaneReport[]
  /** Those of the center as a whole; each lane has its own. */
  readonly findings: readonly Finding[]
}

export interface Terms {
  readonly find: KeyFinder | null
  /** Anchors that members have kept. */
  readonly kept: readonly KeptAnchor[]
  /** Hears of each lane that is done. */
  readonly progress: (lane: LaneReport, done: number, of: number) => void
}

export async function verifyCenter(book: CenterBook, terms: Terms): Promise<CenterReport> {
  const { center, projection } = book
  // In this order: what is known of a lane is read before the lane.
  const known = projection === null ? new Map<string, Progress>() : readProgress(projection)
  const feed = projection === null ? new Map<string, ReadonlySet<string>>() : readFeed(projection)
  const keys = byLane(projection === null ? [] : projectedKeys(projection))
  const copies = book.copies()
  const heads = headsByLane(copies)
  const lanes = book.lanes()

  const reports: LaneReport[] = []
  for (const [index, lane] of lanes.entries()) {
    const report = await verifyLane(lane, { center, projection, known, feed, heads, keys }, terms)
    if (report === null) continue
    reports.push(report)
    terms.progress(report, index + 1, lanes.length)
  }
  const there = new Set(lanes.flatMap(({ place }) => (place === null ? [] : laneName(place))))
  return {
    center,
    anchors: copies.reduce((most, { anchors }) => Math.max(most, anchors.length), 0),
    lanes: reports,
    findings: [
      ...checkAnchors(center, copies, terms.kept),
      ...unanchored(center, known, heads),
      ...(book.whole ? strays(center, there, { known, feed, heads, keys }) : []),
    ],
  }
}

interface Known {
  readonly center: string
  readonly projection: Read | null
  readonly known: ReadonlyMap<string, Progress>
  readonly feed: ReadonlyMap<string, ReadonlySet<string>>
  readonly heads: ReadonlyMap<string, readonly Head[]>
  readonly keys: KeysByLane
}

const NONE: Progress = { seq: 0, anchoredSeq: 0 }

/** Null for an object that was made and never used. */
async function verifyLane(
  book: LaneBook,
  { center, projection, known, feed, heads, keys }: Known,
  { find }: Terms,
): Promise<LaneReport | null> {
  if (book.place === null) return null
  const lane = laneName(book.place)
  const projected = projection && {
    progress: known.get(lane) ?? NONE,
    feed: feed.get(lane) ?? new Set<string>(),
    rows: readRows(projection, keys.get(lane) ?? []),
  }
  const opened = book.open()
  try {
    return await verifyLaneBook(opened.sql, {
      center,
      lane,
      extent: book.extent,
      heads: heads.get(lane) ?? [],
      projected,
      progress: () => (projection === null ? 0 : progressOf(projection, lane)),
      find,
    })
  } catch (error) {
    return unreadable(center, lane, String(error))
  } finally {
    opened.close()
  }
}

const unreadable = (center: string, lane: string, where: string): LaneReport => ({
  center,
  lane,
  rows: 0,
  events: 0,
  payments: 0,
  statements: 0,
  verified: 0,
  anchored: 0,
  projected: null,
  findings: [findingOf('lane_unreadable', { center, lane, where })],
})

/** By the center's own word the lane was anchored, and nobody has the anchor. */
const unanchored = (
  center: string,
  known: Known['known'],
  heads: Known['heads'],
): readonly Finding[] =>
  [...known]
    .filter(([lane, { anchoredSeq }]) => {
      const kept = (heads.get(lane) ?? []).some(({ seq }) => seq >= anchoredSeq)
      return anchoredSeq > 0 && !kept
    })
    .map(([lane, { anchoredSeq }]) =>
      findingOf('anchor_gone', { center, lane, where: `row ${anchoredSeq}` }),
    )

/** What speaks of lanes whose databases are not there. */
function strays(
  center: string,
  there: ReadonlySet<string>,
  { known, feed, heads, keys }: Pick<Known, 'known' | 'feed' | 'heads' | 'keys'>,
): readonly Finding[] {
  const missing = new Set([...known.keys(), ...heads.keys()].filter(lane => !there.has(lane)))
  const isStray = (lane: string) => !there.has(lane) && !missing.has(lane)
  return [
    ...[...missing].map(lane => findingOf('lane_missing', { center, lane, where: lane })),
    ...[...feed.keys()]
      .filter(isStray)
      .map(lane => findingOf('feed_unknown', { center, lane, where: lane })),
    ...[...keys]
      .filter(([lane]) => isStray(lane))
      .flatMap(([, strange]) => strange)
      .map(([, , id]) => findingOf('projection_unknown', { center, where: id })),
  ]
}

type KeysByLane = ReadonlyMap<string, readonly ProjectedKey[]>

const byLane = (keys: readonly ProjectedKey[]): KeysByLane =>
  Map.groupBy(keys, ([, , id]) => laneIn(placeOf(id)))

const laneIn = (place: PaymentPlace | null): string => (place === null ? '' : laneName(place))
