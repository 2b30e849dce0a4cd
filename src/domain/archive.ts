/**
 * The archive: a second copy of the journals of lanes that have ended, in their center's bucket.
 *
 * A lane goes on for as long as anything is owed, and refunds come for a year. So what is kept is a row of pieces:
 * each goes on where the one before it ended, is written once and never changed. One after another they are the file
 * that `cpg verify` reads. A piece ends with a row that an anchor names or that comes before one, so whoever has the
 * anchors can say whether an archive is what the lane was.
 */
import type { ChainedRow, Head } from './anchor.ts'

/** How a lane stands that may be archived. */
export interface LaneRest extends Head {
  /** Everything in it is final and delivered, and the projection has it all. */
  readonly isAtRest: boolean
}

export interface LaneToArchive {
  readonly lane: string
  /** The last row that the archive has. */
  readonly archivedSeq: number
  /** The last row that an anchor names: nothing behind it is archived yet. */
  readonly anchoredSeq: number
}

/** What became of a lane: how far it is archived, and when it is looked at again. */
export type Archived = readonly [lane: string, archivedSeq: number, archiveAt: number]

export interface Piece {
  readonly center: string
  readonly lane: string
  /** The row after which it begins, 0 for the lane's first piece. */
  readonly after: number
  readonly rows: readonly ChainedRow[]
}

/** After its epoch a lane is given a day, in which nearly everything in it comes to rest. */
export const GRACE_MS = 86_400_000
/** What is owed for longer than this is not waited for: what there is is archived, the rest follows. */
export const PATIENCE_MS = 7 * 86_400_000
/** A lane that is not due is looked at again so much later. */
export const LATER_MS = 6 * 3_600_000
/** A piece is read and written in one go; it ends with the row that makes it so long (characters, rows). */
export const PIECE_CHARACTERS = 1_000_000
export const PIECE_ROWS = 200
/** Lanes looked at, and pieces written, in one run. */
export const LANES_MAX = 100
export const PIECES_MAX = 8
/** A run begins nothing new after this. */
export const RUN_MS = 5 * 60_000
/**
 * So long a run has the lanes that it looks at for itself: two that looked at one lane while it moved would end its
 * next piece at different rows, and both would be there. The platform ends a scheduled run after as long.
 */
export const CLAIM_MS = 15 * 60_000

/**
 * When a lane may be archived: null for never as long as its epoch goes on.
 *
 * @param until where the next epoch begins; null while none is known
 */
export const archivedFrom = (until: number | null): number | null =>
  until === null ? null : until + GRACE_MS

/** Whether what a lane holds is archived now, although something in it may not be at rest. */
export const isDue = (until: number, { isAtRest }: LaneRest, now: number): boolean =>
  now >= until + (isAtRest ? GRACE_MS : PATIENCE_MS)

const FOLDER = 'journals'
const DIGITS = 15

export const folderOf = (lane: string): string => `${FOLDER}/${lane}/`

/** A piece is named by its last row, so the piece with what comes after a row is the first one behind that row's name. */
export const pieceName = (lane: string, last: number): string =>
  `${folderOf(lane)}${String(last).padStart(DIGITS, '0')}.jsonl`

/** The name behind which every piece has something after this row. */
export const behind = (lane: string, after: number): string => pieceName(lane, after)

/** One JSON object a line. Only the first piece says what the file is, so that all of them in a row are one file. */
export function pieceText({ center, lane, after, rows }: Piece): string {
  const head = { file: 'opencpg-journal', v: 1, center, lane, journalOnly: true }
  const lines = rows.map(journal => ({ journal }))
  return [...(after === 0 ? [head] : []), ...lines]
    .map(line => `${JSON.stringify(line)}\n`)
    .join('')
}

/** The rows of a piece after one of them. */
export const rowsIn = (text: string, after: number): readonly ChainedRow[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .flatMap(line => {
      const { journal } = JSON.parse(line) as { journal?: ChainedRow }
      return journal !== undefined && journal[0] > after ? [journal] : []
    })

/** Whether these rows go on where a reader has stopped: no row is missing in between. */
export function follows([first]: readonly ChainedRow[], after: number): boolean {
  if (first === undefined) return false
  const [last, body] = first
  return last - (JSON.parse(body) as readonly unknown[]).length <= after
}
