/** A past for lanes: as many old payments as one wants, written into their databases while the gateway is down. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Events of one row of the journal; under load a commit holds about as many. */
const EVENTS_A_ROW = 50

/**
 * Fills every lane of a center with its share of `payments`. Old payments have no timer and lie in the same trees as
 * new ones; their bodies are shorter than real ones, because depth is what a tree costs, not width. They come before
 * the journal's first row, so what is there stays true.
 *
 * @returns the bytes that all of it takes
 */
export function fillHistory(folder: string, center: string, payments: number): number {
  const objects = join(folder, 'gateway/do', `opencpg-${center}-Lane`)
  const lanes = readdirSync(objects).filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))
  const each = Math.ceil(payments / lanes.length)
  const sizes = lanes.map((name, lane) => {
    const database = new DatabaseSync(join(objects, name))
    try {
      database.exec('PRAGMA synchronous = OFF; BEGIN')
      const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)'
      const body = `'{"terms":{"paymentId":"'||'pay_'||printf('%032d', n.i)||'"},"status":"committed","pad":"${'x'.repeat(160)}"}'`
      database
        .prepare(
          `${numbers} INSERT OR IGNORE INTO payment (id, due, body, rows)
           SELECT 'pay_' || printf('%032d', n.i), NULL, ${body}, '-' || n.i FROM n`,
        )
        .run(each)
      database
        .prepare(
          `${numbers} INSERT OR IGNORE INTO journal (last, body, hash)
           SELECT -n.i, '["${'y'.repeat(1_000)}"]', zeroblob(32) FROM n`,
        )
        .run(Math.ceil((each * 3) / EVENTS_A_ROW))
      database.exec('COMMIT')
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      const [row] = database
        .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
        .all()
      process.stderr.write(`  lane ${lane + 1} of ${lanes.length}: ${each} payments\n`)
      return Number(row?.bytes ?? 0)
    } finally {
      database.close()
    }
  })
  return sizes.reduce((sum, size) => sum + size, 0)
}
