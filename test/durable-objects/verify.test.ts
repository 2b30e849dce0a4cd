import { describe, expect, it } from 'vitest'
import { chain, hexOf } from '../../durable-objects/chain.ts'
import { Journal } from '../../durable-objects/journal.ts'
import { Sequencer } from '../../durable-objects/sequencer.ts'
import type { Sql } from '../../durable-objects/sql.ts'
import { verifyLane } from '../../durable-objects/verify.ts'
import type { Head } from '../../src/domain/anchor.ts'
import { apply, type Message, type PaymentEvent } from '../../src/domain/payment.ts'
import { timelineOf } from '../../src/domain/timeline.ts'
import { T0 } from '../domain/play.ts'
import { terms } from '../domain/terms.ts'
import { noLimits } from './limits.ts'
import { memorySql } from './sqlite.ts'

const idOf = (n: number) => `pay_${String(n).padStart(32, '0')}`
/** As far as a timeline reads it. */
const baseOf = (digest: string) => `"content-digest": ${digest}`
const opening = (n: number): Message => ({
  kind: 'open',
  terms: { ...terms, paymentId: idOf(n), requestId: `purchase-${n}` },
  bodyHash: `body-${n}`,
  hold: { reference: `hold-${n}`, key: 'wallet-key' },
  evidence: { base: baseOf('sha-256=:hold:'), signature: 'wallet' },
})

const yes: Message = {
  kind: 'answer',
  verdict: {
    said: 'accepted',
    reference: 'r',
    key: 'acquirer-key',
    evidence: {
      base: baseOf('sha-256=:yes:'),
      signature: 'acquirer',
      asked: baseOf('sha-256=:asked:'),
    },
  },
}

/** A lane with some life behind it: commits, a cancel, a refund, a bar, and what somebody outside has kept of it. */
async function lived(saved = true): Promise<{ sql: Sql; journal: Journal; anchors: Head[] }> {
  const sql = memorySql()
  const journal = new Journal(sql)
  const ports = {
    now: () => T0,
    pause: () => Promise.resolve(),
    arm: () => undefined,
    send: () => undefined,
    committed: () => undefined,
    standing: () => 'in_force',
    failed: () => undefined,
  } as ConstructorParameters<typeof Sequencer>[1]
  const sequencer = new Sequencer(journal, ports, noLimits(sql, journal))
  const cancel: Message = { kind: 'cancel', requestId: 'c', bodyHash: 'c' }
  const amount = { currency: 'CNY', minor: 100n }
  for (const n of [1, 2, 3]) await sequencer.submit(idOf(n), opening(n))
  for (const n of [1, 2]) await sequencer.submit(idOf(n), yes)
  await sequencer.submit(idOf(1), { kind: 'refund', requestId: 'r', bodyHash: 'b', amount })
  await sequencer.submit(idOf(2), cancel)
  await sequencer.submit(idOf(9), cancel)
  if (saved) journal.saveWaiting(0)
  const [head] = sql.rows<{ last: number; hash: ArrayBuffer }>(
    'SELECT last, hash FROM journal ORDER BY last DESC LIMIT 1',
  )
  return { sql, journal, anchors: [{ seq: head!.last, hash: hexOf(new Uint8Array(head!.hash)) }] }
}

/** What a forger does who knows the chain: changes a row and makes all hashes after it fit. */
function rechain(sql: Sql) {
  let hash: Uint8Array = new Uint8Array(32)
  for (const { last, body } of sql.rows<{ last: number; body: string }>(
    'SELECT last, body FROM journal ORDER BY last',
  )) {
    hash = chain(hash, body)
    sql.rows('UPDATE journal SET hash = ? WHERE last = ?', hash, last)
  }
}
const one = idOf(1)
const swap = (from: string, to: string) => (sql: Sql) =>
  void sql.rows(`UPDATE journal SET body = replace(body, ?, ?)`, from, to)
const run = (statement: string) => (sql: Sql) => void sql.rows(statement)
const forged = (change: (sql: Sql) => void) => (sql: Sql) => {
  change(sql)
  rechain(sql)
}

// biome-ignore format: a table is read by column
const tamperings: readonly [string, (sql: Sql) => void, string][] = [
  ['an amount in the journal',            swap('"minor":"2500"', '"minor":"2501"'),                              'hash'],
  ['a hold in the journal',               swap('"hold-1"', '"hold-7"'),                                          'hash'],
  ['an instant in the journal',           swap(`"at":${T0}`, `"at":${T0 + 1}`),                                  'hash'],
  ['the kind of an event',                swap('"type":"committed"', '"type":"late_acceptance"'),                'hash'],
  ['white space in a row',                run(`UPDATE journal SET body = body || ' ' WHERE last = 2`),           'hash'],
  ['a hash',                              run(`UPDATE journal SET hash = x'00' WHERE last = 3`),                 'hash'],
  ['the last hash',                       run(`UPDATE journal SET hash = x'00' WHERE last = (SELECT max(last) FROM journal)`), 'hash'],
  ['a row that is gone',                  run('DELETE FROM journal WHERE last = 2'),                             'hash'],
  ['a first row that is gone',            run('DELETE FROM journal WHERE last = 1'),                             'hash'],
  ['a last row that is gone',             run('DELETE FROM journal WHERE last = (SELECT max(last) FROM journal)'), 'anchor'],
  ['a row that is somewhere else',        run('UPDATE journal SET last = 99 WHERE last = 1'),                    'hash'],
  ['a row that was made up',              run(`INSERT INTO journal VALUES (99, '[]', x'00')`),                   'hash'],
  ['a row that is no JSON',               run(`UPDATE journal SET body = 'x' WHERE last = 1`),                   'row_unreadable'],
  ['an amount, and the chain made to fit', forged(swap('"minor":"2500"', '"minor":"2501"')),                     'anchor'],
  ['a row gone, and the chain made to fit', forged(run('DELETE FROM journal WHERE last = 2')),                   'row_length'],
  ['an event that cannot be',             forged(swap('"type":"opened"', '"type":"doubted"')),                   'event_impossible'],
  ['a payment that is gone',              run(`DELETE FROM payment WHERE id = '${one}'`),                        'payment_missing'],
  ['a payment that was made up',          run(`INSERT INTO payment (id, body) VALUES ('pay_x', '{}')`),          'payment_unknown'],
  ['the status of a payment',             run(`UPDATE payment SET body = replace(body, '"committed"', '"aborted"') WHERE id = '${one}'`), 'payment_differs'],
  ['a refund of a payment',               run(`UPDATE payment SET body = replace(body, '"minor":"100"', '"minor":"1"') WHERE id = '${one}'`), 'payment_differs'],
  ['a payment that cannot be read',       run(`UPDATE payment SET body = 'x' WHERE id = '${one}'`),              'payment_differs'],
  ['a timer that was taken away',         run(`UPDATE payment SET due = NULL WHERE id = '${idOf(3)}'`),          'timer_differs'],
  ['a timer that was put off',            run(`UPDATE payment SET due = due + 1 WHERE id = '${one}'`),           'timer_differs'],
  ['a bar that was lifted',               run('DELETE FROM bar'),                                                'bar_missing'],
  ['the rows that speak of a payment',    run(`UPDATE payment SET rows = '1' WHERE id = '${one}'`),              'rows_differ'],
  ['how much was told',                   run(`INSERT OR REPLACE INTO mark VALUES ('projected', 99)`),           'mark_differs'],
  ['whose bar it is',                     run(`UPDATE bar SET body = replace(body, '"c"', '"d"')`),              'bar_differs'],
  ['a row of other things',               run(`UPDATE journal SET body = '[1]' WHERE last = 1`),                 'row_unreadable'],
  ['a bar that was made up',              run(`INSERT INTO bar VALUES ('pay_y', '{}')`),                         'bar_unknown'],
]

describe('verification', () => {
  it('finds nothing in a lane that nobody has touched', async () => {
    const { sql, anchors } = await lived()
    expect(verifyLane(sql, anchors)).toEqual([])
  })

  it('finds nothing in a lane that has written no payment yet that waits', async () => {
    const { sql, anchors } = await lived(false)
    expect(sql.rows('SELECT id FROM payment')).toEqual([])
    expect(verifyLane(sql, anchors)).toEqual([])
    const journal = new Journal(sql)
    expect(journal.load(one)?.refunds).toHaveLength(1)
    expect(verifyLane(sql, anchors)).toEqual([])
  })

  it('finds a payment at rest that is gone, however new it is', async () => {
    const { sql, journal, anchors } = await lived(false)
    const payment = journal.load(idOf(3))!
    const done: PaymentEvent = { type: 'aborted', at: T0, resultCode: 'USER_REJECTED' }
    const rested = apply(payment, done)
    journal.transaction(() => journal.record([{ payment: rested, events: [done] }]))
    expect(sql.rows('SELECT id FROM payment')).toEqual([{ id: idOf(3) }])
    sql.rows('DELETE FROM payment')
    const faults = verifyLane(sql, anchors).map(({ fault, where }) => [fault, where])
    expect(faults).toEqual([['payment_missing', idOf(3)]])
  })

  it.each(tamperings)('finds %s', async (_, tamper, fault) => {
    const { sql, anchors } = await lived()
    tamper(sql)
    expect(verifyLane(sql, anchors).map(each => each.fault)).toContain(fault)
  })
})

describe('the history of a payment', () => {
  it('is every event of it, each with the row of the journal that has it', async () => {
    const { journal, sql } = await lived()
    const recorded = journal.history(one)
    expect(recorded.flatMap(({ events }) => events.map(({ type }) => type))).toEqual([
      'opened',
      'committed',
      'refund_queued',
    ])
    for (const { row, hash } of recorded) {
      const [stored] = sql.rows<{ hash: ArrayBuffer }>(
        'SELECT hash FROM journal WHERE last = ?',
        row,
      )
      expect(hash).toBe(hexOf(new Uint8Array(stored!.hash)))
    }
    expect(journal.history('pay_none')).toEqual([])
  })

  it('shows each party its own statements, and who did what with how much time left', async () => {
    const { journal } = await lived()
    const wallet = timelineOf(journal.history(one), 'wallet-th')
    const acquirer = timelineOf(journal.history(one), 'acquirer-cn')
    expect(wallet.map(({ event, by, status }) => [event, by, status])).toEqual([
      ['opened', 'wallet', 'pending'],
      ['committed', 'acquirer', 'committed'],
      ['refund_queued', 'acquirer', 'committed'],
    ])
    expect(wallet.map(({ key }) => key)).toEqual(['wallet-key', null, null])
    expect(acquirer.map(({ key }) => key)).toEqual([null, 'acquirer-key', null])
    expect(wallet.map(({ digest }) => digest)).toEqual(['sha-256=:hold:', null, null])
    expect(acquirer.map(({ digest }) => digest)).toEqual([null, 'sha-256=:yes:', null])
    expect(acquirer.map(({ askedDigest }) => askedDigest)).toEqual([null, 'sha-256=:asked:', null])
    expect(wallet.every(({ askedDigest }) => askedDigest === null)).toBe(true)
    expect(wallet.map(({ budgetLeftMs }) => budgetLeftMs)).toEqual([8_000, 8_000, null])
  })
})
