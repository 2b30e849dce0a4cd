/** Anchoring: the heads of a center's lanes go to another center, where nobody who can change the lanes can follow. */
import {
  ANCHOR_LANES_MAX,
  ANCHOR_MS,
  type Anchor,
  anchorText,
  FIRST_BEFORE,
  type Head,
  type LaneHead,
  later,
} from '../domain/anchor.ts'
import { hexOf, sha256 } from '../trust/digest.ts'

export interface AnchorPorts {
  readonly center: string
  now(): number
  /** Lanes that have moved since they were last anchored at or before `until`, at most `limit`. */
  due(until: number, limit: number): Promise<readonly string[]>
  /** The lane's newest row that is durable. */
  head(lane: string): Promise<Head>
  /** The center's newest anchor, by its own word and by its witness's. */
  ownLast(): Promise<Anchor | null>
  witnessLast(): Promise<Anchor | null>
  /** False where the witness has one of this number already. */
  deposit(anchor: Anchor): Promise<boolean>
  /** Notes what was deposited. */
  mark(anchor: Anchor): Promise<void>
  log(line: AnchorLine): void
}

export interface AnchorLine {
  readonly log: 'anchor'
  /** The witness has lost anchors or has others, or a lane could not say its head; `failed` is for the whole. */
  readonly event: 'witness_lost' | 'witness_differs' | 'headless' | 'failed'
  readonly center: string
  readonly reason: string
}

/**
 * Anchors what is due, if anything. Gives the anchor, or null where there was none to make. Whatever fails is due
 * again: an anchor that was made twice does no harm. Throws when a database is away.
 */
export async function anchorHeads(ports: AnchorPorts): Promise<Anchor | null> {
  const { center } = ports
  const at = ports.now()
  const lanes = await ports.due(at - ANCHOR_MS, ANCHOR_LANES_MAX)
  if (lanes.length === 0) return null
  // Before the lanes are asked, so that a witness that is away costs them nothing.
  const [own, deposited] = await Promise.all([ports.ownLast(), ports.witnessLast()])
  compare(own, deposited, ports)
  const heads = (await Promise.all(lanes.map(lane => headOf(lane, ports)))).filter(
    head => head !== null,
  )
  if (heads.length === 0) return null
  const before = later(own, deposited)
  const made = { center, number: (before?.number ?? 0) + 1, at, heads }
  const text = new TextEncoder().encode(anchorText(before?.hash ?? FIRST_BEFORE, made))
  const anchor = { ...made, hash: hexOf(await sha256(text)) }
  if (!(await ports.deposit(anchor))) return null
  await ports.mark(anchor)
  return anchor
}

/** A witness may be ahead, where its answer was lost; it is never behind, and never says otherwise. */
function compare(own: Anchor | null, deposited: Anchor | null, { center, log }: AnchorPorts) {
  if (own === null) return
  const theirs = deposited?.number ?? 0
  if (theirs < own.number) {
    const reason = `it has ${theirs} of ${own.number}`
    log({ log: 'anchor', event: 'witness_lost', center, reason })
  } else if (theirs === own.number && deposited?.hash !== own.hash) {
    log({ log: 'anchor', event: 'witness_differs', center, reason: `at number ${theirs}` })
  }
}

async function headOf(lane: string, { head, center, log }: AnchorPorts): Promise<LaneHead | null> {
  try {
    const { seq, hash } = await head(lane)
    return [lane, seq, hash]
  } catch (error) {
    log({ log: 'anchor', event: 'headless', center, reason: `${lane}: ${error}` })
    return null
  }
}
