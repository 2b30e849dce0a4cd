/** Archiving: the journals of lanes that have ended, piece by piece, while nothing else waits for it. */
import type { ChainedRow } from '../domain/anchor.ts'
import {
  type Archived,
  archivedFrom,
  isDue,
  LANES_MAX,
  LATER_MS,
  type LaneRest,
  type LaneToArchive,
  PIECE_CHARACTERS,
  PIECE_ROWS,
  PIECES_MAX,
  type Piece,
  RUN_MS,
} from '../domain/archive.ts'

export interface ArchivePorts {
  readonly center: string
  now(): number
  /** Lanes that are due, which no other run gets meanwhile. */
  claim(now: number, limit: number): Promise<readonly LaneToArchive[]>
  /** Where the lane's epoch ends, null while it goes on; undefined where the directory does not know it. */
  until(lane: string): number | null | undefined
  rest(lane: string): Promise<LaneRest>
  rows(lane: string, after: number): Promise<readonly ChainedRow[]>
  /** The piece that has what comes after a row, by the name and the hash of its last one; null where there is none. */
  known(lane: string, after: number): Promise<readonly [last: number, hash: string] | null>
  /** Writes a piece once; one of that name is left as it is. False where that is another one. */
  keep(piece: Piece): Promise<boolean>
  mark(told: readonly Archived[]): Promise<void>
  log(line: ArchiveLine): void
}

export interface ArchiveLine {
  readonly log: 'archive'
  /** `differs`: the bucket has a piece that is not what the lane says. `unread`: a lane could not be asked. */
  readonly event: 'kept' | 'differs' | 'unread' | 'failed'
  readonly center: string
  readonly lane?: string
  readonly seq?: number
  readonly reason?: string
}

/**
 * Archives what is due, a bounded piece of it. Whatever fails is due again; a piece that was written although
 * nobody heard of it is found, and not written twice.
 *
 * @throws when the bucket or the database is away
 */
export async function archiveLanes(ports: ArchivePorts): Promise<readonly Archived[]> {
  const began = ports.now()
  const claimed = await ports.claim(began, LANES_MAX)
  const told: Archived[] = []
  let begun = 0
  let pieces = PIECES_MAX
  const isOver = () => pieces === 0 || ports.now() >= began + RUN_MS
  try {
    for (const { lane, archivedSeq, anchoredSeq } of claimed) {
      if (isOver()) break
      begun += 1
      const [from, rest] = await standingOf(lane, ports)
      if (rest === null) {
        told.push([lane, archivedSeq, from])
        continue
      }
      const upTo = Math.min(rest.seq, anchoredSeq)
      let at = archivedSeq
      for (; at < upTo && !isOver(); pieces -= 1) {
        const next = await keepNext(lane, at, upTo, ports)
        if (next === null) break
        at = next
      }
      // What is left is due at once; what comes after is looked for once in a while.
      told.push([lane, at, at < upTo && isOver() ? 0 : ports.now() + LATER_MS])
    }
  } finally {
    // What was done before something failed is done, and what this run did not come to is for the next one. A write
    // that failed may still arrive, so its lane stays claimed.
    const left = claimed
      .slice(begun)
      .map(({ lane, archivedSeq }) => [lane, archivedSeq, 0] as const)
    if (told.length + left.length > 0) await ports.mark([...told, ...left])
  }
  return told
}

/** When the lane is looked at again, and how it stands where it is archived now. */
async function standingOf(
  lane: string,
  ports: ArchivePorts,
): Promise<readonly [from: number, rest: LaneRest | null]> {
  const now = ports.now()
  const until = ports.until(lane) ?? null
  const from = archivedFrom(until)
  if (until === null || from === null || now < from) {
    return [Math.min(from ?? Number.POSITIVE_INFINITY, now + LATER_MS), null]
  }
  try {
    const rest = await ports.rest(lane)
    return [now + LATER_MS, isDue(until, rest, now) ? rest : null]
  } catch (error) {
    ports.log({ log: 'archive', event: 'unread', center: ports.center, lane, reason: `${error}` })
    return [now + LATER_MS, null]
  }
}

/** Writes the next piece and gives its last row; null where there is nothing to go on with. */
async function keepNext(
  lane: string,
  after: number,
  anchored: number,
  ports: ArchivePorts,
): Promise<number | null> {
  const { center, log } = ports
  const known = await ports.known(lane, after)
  const upTo = known?.[0] ?? anchored
  const rows = await rowsOf(lane, after, upTo, known === null, ports)
  const [last, , hash] = rows.at(-1) ?? []
  if (known === null) {
    if (last === undefined) return null
    if (await ports.keep({ center, lane, after, rows })) {
      log({ log: 'archive', event: 'kept', center, lane, seq: last })
      return last
    }
  } else if (known[0] === last && known[1] === hash) return last
  log({ log: 'archive', event: 'differs', center, lane, seq: known?.[0] ?? last ?? after })
  return null
}

/** Rows for one piece: up to a row, or as many as fit into a new one. */
async function rowsOf(
  lane: string,
  after: number,
  upTo: number,
  isNew: boolean,
  ports: ArchivePorts,
): Promise<readonly ChainedRow[]> {
  const rows: ChainedRow[] = []
  let characters = 0
  for (let at = after; ; ) {
    const page = await ports.rows(lane, at)
    for (const row of page) {
      if (row[0] > upTo) return rows
      rows.push(row)
      characters += row[1].length
      if (isNew && (characters >= PIECE_CHARACTERS || rows.length >= PIECE_ROWS)) return rows
    }
    const last = page.at(-1)?.[0]
    if (last === undefined) return rows
    at = last
  }
}
