/** A center's bucket: pieces of journals go in once, and come out again. */
import type { ChainedRow } from './domain/anchor.ts'
import { behind, folderOf, type Piece, pieceName, pieceText, rowsIn } from './domain/archive.ts'
import { sha256 } from './trust/digest.ts'

/** Writes a piece once: one of that name stays as it is. False where that ends otherwise, or another comes before it. */
export async function keepPiece(bucket: R2Bucket, piece: Piece): Promise<boolean> {
  const { center, lane, after, rows } = piece
  const [last = 0, , hash = ''] = rows.at(-1) ?? []
  const text = new TextEncoder().encode(pieceText(piece))
  const kept = await bucket.put(pieceName(lane, last), text, {
    onlyIf: { etagDoesNotMatch: '*' },
    // Refused by the bucket where it arrives as anything else.
    sha256: (await sha256(text)) as Uint8Array<ArrayBuffer>,
    httpMetadata: { contentType: 'application/jsonl' },
    customMetadata: { center, lane, after: `${after}`, hash },
  })
  if (kept !== null) return true
  const known = await knownPiece(bucket, lane, after)
  return known?.[0] === last && known[1] === hash
}

/** The piece that has what comes after a row: name and hash of its last one; null where there is none. */
export async function knownPiece(
  bucket: R2Bucket,
  lane: string,
  after: number,
): Promise<readonly [last: number, hash: string] | null> {
  const found = await pieceAfter(bucket, lane, after)
  return found && [lastOf(found.key), found.customMetadata?.hash ?? '']
}

/** Rows of a lane after one of them, as the archive has them; none where it does not. Throws when the bucket is away. */
export async function archived(
  bucket: R2Bucket,
  lane: string,
  after: number,
  limit: number,
): Promise<readonly ChainedRow[]> {
  const found = await pieceAfter(bucket, lane, after)
  const piece = found && (await bucket.get(found.key))
  return piece === null ? [] : rowsIn(await piece.text(), after).slice(0, limit)
}

async function pieceAfter(bucket: R2Bucket, lane: string, after: number) {
  const listed = await bucket.list({
    prefix: folderOf(lane),
    startAfter: behind(lane, after),
    limit: 1,
    include: ['customMetadata'],
  })
  return listed.objects[0] ?? null
}

const lastOf = (key: string): number => Number.parseInt(key.split('/').at(-1) ?? '', 10)
