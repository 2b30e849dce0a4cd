/** What somebody might do to the gateway's books, and what verification must find. */

import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { chain } from '../../durable-objects/chain.ts'
import type { Fault } from '../../src/cli/verify/findings.ts'
import { type Anchor, anchorText, FIRST_BEFORE } from '../../src/domain/anchor.ts'
import type { Lived } from './lived.ts'

/** The books of the center in a folder that may be spoiled. */
export interface Books extends Lived {
  readonly laneFile: string
  readonly own: string
  readonly witness: string
  readonly directory: string
}

/** Runs statements on one database. */
const on =
  (file: keyof Books, ...statements: ((books: Books) => string)[]) =>
  (books: Books) => {
    const database = new DatabaseSync(String(books[file]))
    for (const statement of statements) {
      const { changes } = database.prepare(statement(books)).run()
      if (changes === 0) throw new Error(`changes nothing: ${statement(books)}`)
    }
    database.close()
  }
const lane = (...statements: ((books: Books) => string)[]) => on('laneFile', ...statements)
const own = (...statements: ((books: Books) => string)[]) => on('own', ...statements)
const witness = (...statements: ((books: Books) => string)[]) => on('witness', ...statements)

/** What a forger does who knows the chain: makes all hashes fit. */
function rechain({ laneFile }: Books) {
  const database = new DatabaseSync(laneFile)
  let hash: Uint8Array = new Uint8Array(32)
  const write = database.prepare('UPDATE journal SET hash = ? WHERE last = ?')
  for (const { last, body } of database
    .prepare('SELECT last, body FROM journal ORDER BY last')
    .all()) {
    hash = chain(hash, String(body))
    write.run(hash, Number(last))
  }
  database.close()
}
const forged = (change: (books: Books) => void) => (books: Books) => {
  change(books)
  rechain(books)
}

/** Replaces in the rows of the journal that speak of a payment. */
const swap = (of: 'committed' | 'tail', from: string, to: string) =>
  lane(
    books =>
      `UPDATE journal SET body = replace(body, '${from}', '${to}') WHERE body LIKE '%${books[of]}%' AND body LIKE '%${from}%'`,
  )
const inRow = (of: keyof Books, type: string, set: string) =>
  lane(
    books =>
      `UPDATE journal SET ${set} WHERE body LIKE '%${books[of]}%' AND body LIKE '%"${type}"%'`,
  )
interface Event {
  type: string
  at: number
  hold: { key: string; reference: string }
  evidence?: unknown
}

/** Changes one event of a payment, wherever in its row it stands. */
const edit = (of: keyof Books, type: string, change: (event: Event, books: Books) => void) => {
  return (books: Books) => {
    const database = new DatabaseSync(books.laneFile)
    const { last, entries } = rowOf(database, String(books[of]), type)
    const [, event] = entries.find(([id, each]) => id === books[of] && each.type === type)!
    change(event, books)
    const body = JSON.stringify(entries)
    database.prepare('UPDATE journal SET body = ? WHERE last = ?').run(body, last)
    database.close()
  }
}

function rowOf(database: DatabaseSync, id: string, type: string) {
  for (const { last, body } of database.prepare('SELECT last, body FROM journal').all()) {
    const entries: [string, Event][] = JSON.parse(String(body))
    if (entries.some(([of, event]) => of === id && event.type === type)) {
      return { last: Number(last), entries }
    }
  }
  throw new Error(`the journal has no ${type} of ${id}`)
}

/** The signature of another payment's statement of the same kind. */
function borrow(event: Event, { laneFile, committed }: Books) {
  const database = new DatabaseSync(laneFile)
  const { entries } = rowOf(database, committed, event.type)
  event.evidence = entries.find(
    ([id, each]) => id === committed && each.type === event.type,
  )![1].evidence
  database.close()
}
const unsigned = (event: Event) => delete event.evidence

/** Makes the anchors of a copy follow on again after one was changed. */
function refit(file: 'own' | 'witness', change: (heads: string) => string) {
  return (books: Books) => {
    const database = new DatabaseSync(books[file])
    let before = FIRST_BEFORE
    for (const row of database
      .prepare('SELECT * FROM anchors WHERE center = ? ORDER BY number')
      .all(books.center)) {
      const { center, number, at } = row as unknown as Anchor
      const heads = change(String(row.heads))
      before = createHash('sha256')
        .update(anchorText(before, { center, number, at, heads: JSON.parse(heads) }))
        .digest('hex')
      database
        .prepare('UPDATE anchors SET heads = ?, hash = ? WHERE center = ? AND number = ?')
        .run(heads, before, center, number)
    }
    database.close()
  }
}
const otherHash = (heads: string) => heads.replace(/"[0-9a-f]{64}"/, `"${'0'.repeat(64)}"`)
const both =
  (...crimes: ((books: Books) => void)[]) =>
  (books: Books) => {
    for (const crime of crimes) crime(books)
  }

export interface Tampering {
  readonly what: string
  readonly tamper: (books: Books) => void
  readonly fault: Fault
  /** Only a member that has kept an anchor can tell. */
  readonly kept?: true
}

const t = (what: string, tamper: Tampering['tamper'], fault: Fault, kept?: true): Tampering => ({
  what,
  tamper,
  fault,
  ...(kept && { kept }),
})

// biome-ignore format: a table is read by column
export const tamperings: readonly Tampering[] = [
  // The journal.
  t('an amount in the journal',                    swap('committed', '"minor":"12850"', '"minor":"12851"'), 'hash'),
  t('the reference of a hold',                     edit('committed', 'opened', event => (event.hold.reference = 'hold-9')), 'hash'),
  t('the instant of an event',                     edit('committed', 'committed', event => (event.at = 1)), 'hash'),
  t('what became of a payment',                    swap('committed', '"type":"committed"', '"type":"aborted"'), 'hash'),
  t('white space in a row',                        inRow('committed', 'opened', `body = body || ' '`), 'hash'),
  t('the digest of what a wallet signed',          swap('committed', 'sha-256=:', 'sha-256=:A'), 'hash'),
  t('a hash',                                      inRow('committed', 'opened', `hash = x'00'`), 'hash'),
  t('the newest hash',                             lane(() => `UPDATE journal SET hash = x'00' WHERE last = (SELECT max(last) FROM journal)`), 'hash'),
  t('a row that is gone',                          lane(() => 'DELETE FROM journal WHERE last = 2'), 'row_length'),
  t('the first row gone',                          lane(() => 'DELETE FROM journal WHERE last = 1'), 'row_length'),
  t('the newest row gone',                         lane(() => 'DELETE FROM journal WHERE last = (SELECT max(last) FROM journal)'), 'progress_ahead'),
  t('a row that was made up',                      lane(() => `INSERT INTO journal VALUES (999, '[]', x'00')`), 'row_unreadable'),
  t('a row put before all others',                 lane(() => 'UPDATE journal SET last = 0 WHERE last = 1'), 'row_order'),
  t('a row put behind all others',                 lane(() => 'UPDATE journal SET last = 999 WHERE last = 1'), 'row_length'),
  t('a row that is no JSON',                       lane(() => `UPDATE journal SET body = 'x' WHERE last = 1`), 'row_unreadable'),
  t('an amount, and the whole chain made to fit',  forged(swap('committed', '"minor":"12850"', '"minor":"12851"')), 'anchor'),
  t('all but the newest rows gone, the chain fit', forged(lane(() => 'DELETE FROM journal WHERE last < (SELECT max(last) FROM journal)')), 'anchor'),
  t('an unanchored commit that cannot be',         forged(swap('tail', '"type":"opened"', '"type":"inquired"')), 'event_impossible'),
  t('an unanchored event of another lane',         forged(lane(({ tail, elsewhere }) => `UPDATE journal SET body = replace(body, '${tail}', '${elsewhere}') WHERE body LIKE '%${tail}%'`)), 'payment_misplaced'),
  // What members signed, in rows that nobody has anchored yet.
  t('a hold without its signature',                forged(edit('tail', 'opened', unsigned)), 'statement_missing'),
  t('an acceptance without its signature',         forged(edit('tail', 'committed', unsigned)), 'statement_missing'),
  t('a refund that its acquirer never signed',     forged(edit('refunded', 'refund_queued', unsigned)), 'statement_missing'),
  t('a cancel that its wallet never signed',       forged(edit('reversed', 'cancel_asked', unsigned)), 'statement_missing'),
  t('another digest under a signature',            forged(swap('tail', 'sha-256=:', 'sha-256=:A')), 'statement_forged'),
  t('a hold under another key',                    forged(edit('tail', 'opened', event => (event.hold.key = 'wallet-th-9'))), 'statement_differs'),
  t('a signature of long ago',                     forged(swap('tail', ';created=1', ';created=0')), 'statement_differs'),
  t('the signature of another acceptance',         forged(edit('tail', 'committed', borrow)), 'statement_repeated'),
  t('another question under an answer',            forged(swap('tail', '/payments/accept', '/payments/cancel')), 'question_forged'),
  t('the key of a member taken out of the directory', on('directory', () => `DELETE FROM institution_keys WHERE id = 'wallet-th-1'`), 'statement_keyless'),
  t('the key of a member exchanged',               on('directory', () => `UPDATE institution_keys SET public_key = (SELECT public_key FROM institution_keys WHERE id = 'acquirer-cn-1') WHERE id = 'wallet-th-1'`), 'statement_forged'),
  // What the lane keeps beside its journal.
  t('a payment that is gone',                      lane(({ committed }) => `DELETE FROM payment WHERE id = '${committed}'`), 'payment_missing'),
  t('a payment that was made up',                  lane(() => `INSERT INTO payment (id, body) VALUES ('pay_x', '{}')`), 'payment_unknown'),
  t('the status of a payment',                     lane(({ committed }) => `UPDATE payment SET body = replace(body, '"committed"', '"aborted"') WHERE id = '${committed}'`), 'payment_differs'),
  t('the amount of a refund',                      lane(({ refunded }) => `UPDATE payment SET body = replace(body, '"minor":"100"', '"minor":"900"') WHERE id = '${refunded}'`), 'payment_differs'),
  t('a payment that cannot be read',               lane(({ committed }) => `UPDATE payment SET body = 'x' WHERE id = '${committed}'`), 'payment_differs'),
  t('a timer where nothing is owed',               lane(({ committed }) => `UPDATE payment SET due = 1 WHERE id = '${committed}'`), 'timer_differs'),
  t('rows hidden from a timeline',                 lane(({ reversed }) => `UPDATE payment SET rows = substr(rows, 1, instr(rows, ' ')) WHERE id = '${reversed}'`), 'rows_differ'),
  t('a bar that was lifted',                       lane(() => 'DELETE FROM bar'), 'bar_missing'),
  t('a bar that was made up',                      lane(({ refused }) => `INSERT INTO bar VALUES ('${refused}', '{}')`), 'bar_unknown'),
  t('who barred it',                               lane(() => `UPDATE bar SET body = replace(body, 'cancel-2', 'cancel-9')`), 'bar_differs'),
  t('how much was told',                           lane(() => `UPDATE mark SET value = 999 WHERE name = 'projected'`), 'mark_differs'),
  t('the whole journal',                           lane(() => 'DELETE FROM journal'), 'payment_unknown'),
  t('a database without a journal',                ({ laneFile }) => { const database = new DatabaseSync(laneFile); database.exec('DROP TABLE journal'); database.close() }, 'lane_unreadable'),
  t('a lane that is gone',                         ({ laneFile }) => rmSync(laneFile), 'lane_missing'),
  t('a lane that is no database any more',         ({ laneFile }) => writeFileSync(laneFile, 'gone'), 'lane_missing'),
  // The projection.
  t('an amount that searches show',                own(({ committed }) => `UPDATE payments SET body = replace(body, '"minor":"12850"', '"minor":"1"') WHERE id = '${committed}'`), 'projection_differs'),
  t('a status that searches find',                 own(({ refused }) => `UPDATE payments SET status = 'committed' WHERE id = '${refused}'`), 'projection_differs'),
  t('a payment that searches do not find',         own(({ committed }) => `DELETE FROM payments WHERE id = '${committed}'`), 'projection_missing'),
  t('a payment that only searches find',           own(({ committed }) => `INSERT INTO payments SELECT substr(id, 1, 35) || CASE substr(id, 36) WHEN '0' THEN '1' ELSE '0' END, version, requester, responder, opened_at, request_id, status, result, payer_market, payee_market, scenario, family, body FROM payments WHERE id = '${committed}'`), 'projection_unknown'),
  t('a payment that searches find twice',          own(({ committed }) => `INSERT INTO payments SELECT id, version, requester, responder, opened_at + 1, request_id, status, result, payer_market, payee_market, scenario, family, body FROM payments WHERE id = '${committed}'`), 'projection_unknown'),
  t('a version that never was',                    own(({ committed }) => `UPDATE payments SET version = 99 WHERE id = '${committed}'`), 'projection_ahead'),
  t('a version of before',                         own(({ committed }) => `UPDATE payments SET version = 1 WHERE id = '${committed}'`), 'projection_behind'),
  t('an event that its member never hears',        own(({ lane: name }) => `DELETE FROM feed WHERE lane = '${name}' AND institution = 'acquirer-cn' AND position = (SELECT max(position) FROM feed WHERE lane = '${name}' AND institution = 'acquirer-cn')`), 'feed_missing'),
  t('an event that never was',                     own(({ lane: name, refused }) => `INSERT INTO feed VALUES ('wallet-th', 999, '${name}', 'wallet-th', '[[1,"payment.committed",1,"${refused}",1]]')`), 'feed_unknown'),
  t('an event that is told twice',                 own(({ lane: name }) => `INSERT INTO feed SELECT institution, 999, lane, requester, events FROM feed WHERE lane = '${name}' AND institution = 'wallet-th' LIMIT 1`), 'feed_unknown'),
  t('an event that finds its payment no more',     own(({ lane: name }) => `UPDATE feed SET events = replace(events, ']]', '0]]') WHERE lane = '${name}' AND institution = 'acquirer-cn'`), 'feed_missing'),
  t('a feed of somebody else’s payments',          own(({ lane: name }) => `UPDATE feed SET requester = 'wallet-my' WHERE lane = '${name}' AND institution = 'acquirer-cn'`), 'feed_missing'),
  t('how far it is, put forward',                  own(({ lane: name }) => `UPDATE lane_progress SET seq = 999 WHERE lane = '${name}'`), 'progress_ahead'),
  t('how far it is, put back',                     own(({ lane: name }) => `UPDATE lane_progress SET seq = 1 WHERE lane = '${name}'`), 'progress_behind'),
  // The anchors.
  t('a hash that the witness keeps',               witness(({ center }) => `UPDATE anchors SET hash = CASE substr(hash, 1, 1) WHEN 'f' THEN '0' ELSE 'f' END || substr(hash, 2) WHERE center = '${center}' AND number = 1`), 'anchor_broken'),
  t('a head that the witness keeps, made to fit',  refit('witness', otherHash), 'anchor_differs'),
  t('the newest anchor of the witness',            witness(({ center }) => `DELETE FROM anchors WHERE center = '${center}' AND number = (SELECT max(number) FROM anchors WHERE center = '${center}')`), 'anchor_gone'),
  t('every anchor, wherever it was',               both(witness(({ center }) => `DELETE FROM anchors WHERE center = '${center}'`), own(({ center }) => `DELETE FROM anchors WHERE center = '${center}'`)), 'anchor_gone'),
  t('every anchor forged, wherever it was',        both(refit('witness', otherHash), refit('own', otherHash)), 'anchor_denied', true),
]
