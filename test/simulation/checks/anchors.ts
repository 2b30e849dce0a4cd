/** The anchors at the end: chained in the witness's database, and every head in them a row of its lane to this day. */
import { createHash } from 'node:crypto'
import { anchorText, FIRST_BEFORE, type LaneHead } from '../../../src/domain/anchor.ts'
import type { Center } from '../platform/center.ts'
import type { World } from '../world.ts'

export function checkAnchors(world: World) {
  for (const center of world.centers.values()) checkCenter(center, world)
}

function checkCenter({ id, lanes, witness }: Center, { ledger }: World) {
  let before = FIRST_BEFORE
  let last = 0
  const rows = witness.sqlite.prepare('SELECT * FROM anchors WHERE center = ? ORDER BY number')
  for (const row of rows.all(id)) {
    const [number, at] = [Number(row.number), Number(row.at)]
    const heads: readonly LaneHead[] = JSON.parse(String(row.heads))
    const text = anchorText(before, { center: id, number, at, heads })
    before = createHash('sha256').update(text).digest('hex')
    if (before !== row.hash || number !== last + 1) {
      return ledger.broken('chain', null, `anchor ${number} of ${id} does not follow on`)
    }
    last = number
    for (const [lane, seq, hash] of heads) {
      const stored = lanes.get(lane)?.disk.rows(`SELECT hash FROM journal WHERE last = ${seq}`)[0]
      if (stored === undefined || Buffer.from(stored.hash as Uint8Array).toString('hex') !== hash) {
        ledger.broken('chain', null, `${lane} has not the row ${seq} that was anchored`)
      }
    }
  }
}
