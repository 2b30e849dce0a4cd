/**
 * Anchors: what somebody outside a center has kept of its lanes' journals. A journal's chain shows any change of a
 * row, but whoever can write the journal can write the chain anew; an anchor elsewhere then still has the old hash.
 *
 * Each anchor names the heads of the lanes that moved, and is chained to the one before it in turn: so the newest
 * hash of a center stands for all of its journals, and is small enough for anybody to keep.
 */

/** The newest row of a lane's journal. */
export interface Head {
  /** `seq` of the row's last event. */
  readonly seq: number
  /** The chain's hash of the row, hex. */
  readonly hash: string
}

/** A row of a journal as it is stored, its hash in hex. */
export type ChainedRow = readonly [last: number, body: string, hash: string]

export type LaneHead = readonly [lane: string, seq: number, hash: string]

export interface Anchor {
  /** Whose lanes these are. */
  readonly center: string
  /** Counts up by one for each center, from 1. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly heads: readonly LaneHead[]
  /** SHA-256 over the hash before it and its own text, hex. */
  readonly hash: string
}

/** A lane is anchored this often while it moves: what a rewriting of history must stay below to go unseen. */
export const ANCHOR_MS = 60_000
/** Lanes in one anchor; more are in the next. */
export const ANCHOR_LANES_MAX = 100
/** Anchors kept of each center, the newest ones: more than 400 days of one in a minute. */
export const ANCHORS_MAX = 600_000

/** What the first anchor follows. */
export const FIRST_BEFORE = '0'.repeat(64)

/** What is hashed. */
export const anchorText = (
  before: string,
  { center, number, at, heads }: Omit<Anchor, 'hash'>,
): string => [before, center, number, at, JSON.stringify(heads)].join('\n')

/** The anchor to go on from: of what a center has kept itself and what its witness has, whichever is further. */
export const later = (one: Anchor | null, other: Anchor | null): Anchor | null =>
  (one?.number ?? 0) > (other?.number ?? 0) ? one : other
