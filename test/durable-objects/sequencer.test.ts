import { describe, expect, it } from 'vitest'
import { type Change, chain, Journal } from '../../durable-objects/journal.ts'
import { Sequencer } from '../../durable-objects/sequencer.ts'
import type { Sql } from '../../durable-objects/sql.ts'
import type { Errand } from '../../src/domain/errand.ts'
import { unpackJson } from '../../src/domain/pack.ts'
import { apply, type Message, type Payment, type PaymentEvent } from '../../src/domain/payment.ts'
import { terms } from '../domain/terms.ts'
import { memorySql } from './sqlite.ts'

const T0 = 1_000_000

function lane(sql: Sql = memorySql()) {
  const world = {
    at: T0,
    armed: [] as number[],
    errands: [] as Errand[],
    commits: [] as Change[][],
  }
  const journal = new Journal(sql)
  const sequencer = new Sequencer(journal, {
    now: () => world.at,
    pause: () => Promise.resolve(),
    arm: at => void world.armed.push(at),
    send: errands => void world.errands.push(...errands),
    committed: changes => void world.commits.push([...changes]),
  })
  return { sql, world, journal, sequencer }
}

const idOf = (n: number) => `pay_${String(n).padStart(32, '0')}`
const opening = (n: number): Message => ({
  kind: 'open',
  terms: { ...terms, paymentId: idOf(n), requestId: `purchase-${n}` },
  bodyHash: `body-${n}`,
  hold: { reference: `hold-${n}`, key: 'k' },
})
const yes: Message = { kind: 'answer', verdict: { said: 'accepted', reference: 'r', key: 'k' } }

describe('the sequencer', () => {
  it('commits what came together as one, and answers each', async () => {
    const { sequencer, world, sql } = lane()
    const results = await Promise.all([1, 2, 3].map(n => sequencer.submit(idOf(n), opening(n))))
    expect(results.every(result => result.ok)).toBe(true)
    expect(world.commits).toHaveLength(1)
    expect(sql.rows('SELECT last FROM journal')).toEqual([{ last: 3 }])
  })

  it('decides messages for one payment one after another within a group', async () => {
    const { sequencer } = lane()
    const [opened, committed, again] = await Promise.all([
      sequencer.submit(idOf(1), opening(1)),
      sequencer.submit(idOf(1), yes),
      sequencer.submit(idOf(1), opening(1)),
    ])
    expect(opened).toMatchObject({ value: { events: ['opened'] } })
    expect(committed).toMatchObject({ value: { events: ['committed'] } })
    expect(again).toMatchObject({ value: { events: [], payment: { status: 'committed' } } })
  })

  it('writes nothing for a refusal, and the company of a refused message is unharmed', async () => {
    const { sequencer, journal } = lane()
    const [fine, refused] = await Promise.all([
      sequencer.submit(idOf(1), opening(1)),
      sequencer.submit(idOf(2), yes),
    ])
    expect(fine.ok).toBe(true)
    expect(refused).toMatchObject({ refusal: { code: 'PAYMENT_NOT_EXIST' } })
    expect(journal.load(idOf(2))).toBeNull()
    expect(journal.seq).toBe(1)
  })

  it('answers nobody when the commit fails, and stands as before it', async () => {
    const sql = memorySql()
    const { sequencer, journal } = lane(sql)
    await sequencer.submit(idOf(1), opening(1))
    const { transaction } = sql
    sql.transaction = work =>
      transaction(() => {
        work()
        throw new Error('disk full')
      })
    await expect(sequencer.submit(idOf(2), opening(2))).rejects.toThrow('disk full')
    sql.transaction = transaction
    expect(journal.seq).toBe(1)
    expect(journal.load(idOf(2))).toBeNull()
    await sequencer.submit(idOf(2), opening(2))
    expect(new Journal(sql).seq).toBe(2)
  })

  it('arms a timer with every open payment, and fires those that have come', async () => {
    const { sequencer, world } = lane()
    await sequencer.submit(idOf(1), opening(1))
    expect(world.armed).toEqual([T0 + 8_000])
    world.at = T0 + 8_000
    expect(await sequencer.wake()).toBe(T0 + 10_000)
    expect(sequencer.read(idOf(1))?.status).toBe('in_doubt')
    expect(world.errands.map(errand => errand.kind)).toEqual(['inquire'])
  })

  it('wakes those who wait for a decision', async () => {
    const { sequencer } = lane()
    await sequencer.submit(idOf(1), opening(1))
    const never = new Sequencer(new Journal(memorySql()), {
      now: () => T0,
      pause: () => Promise.resolve(),
      arm: () => undefined,
      send: () => undefined,
      committed: () => undefined,
    })
    expect(await never.wait(idOf(9), 1_000)).toBeNull()
    expect((await sequencer.wait(idOf(1), 0))?.status).toBe('pending')
  })

  it('lets nothing be opened after a cancel that came first, after a restart too', async () => {
    const { sequencer, journal, sql } = lane()
    const cancel: Message = { kind: 'cancel', requestId: 'c-1', bodyHash: 'c' }
    const [barred, late, other] = await Promise.all([
      sequencer.submit(idOf(1), cancel),
      sequencer.submit(idOf(1), opening(1)),
      sequencer.submit(idOf(2), opening(2)),
    ])
    expect(barred).toMatchObject({ refusal: { code: 'PAYMENT_BARRED' } })
    expect(late).toMatchObject({ refusal: { code: 'CANCELLED' } })
    expect(other.ok).toBe(true)
    expect(journal.run(0, 'hk', 'lane')).toMatchObject({ from: 1, to: 2, payments: [{}] })

    const restarted = lane(sql).sequencer
    expect(await restarted.submit(idOf(1), cancel)).toMatchObject({
      refusal: { code: 'PAYMENT_BARRED' },
    })
    expect(await restarted.submit(idOf(1), opening(1))).toMatchObject({
      refusal: { code: 'CANCELLED' },
    })
    expect(restarted.read(idOf(1))).toBeNull()
    expect(journal.seq).toBe(2)
  })

  it('sheds what it could not answer in time', async () => {
    const { sequencer } = lane()
    const all = Array.from({ length: 2_049 }, (_, n) => sequencer.submit(idOf(n), opening(n)))
    expect(await all[2_048]).toMatchObject({ refusal: { code: 'BUSY' } })
    expect((await Promise.all(all.slice(0, 2_048))).every(result => result.ok)).toBe(true)
  })
})

describe('the journal', () => {
  it('rebuilds every payment from its events, after a restart too', async () => {
    const { sequencer, sql, world } = lane()
    await Promise.all([1, 2].map(n => sequencer.submit(idOf(n), opening(n))))
    await sequencer.submit(idOf(1), yes)
    world.at = T0 + 20_000
    await sequencer.wake()

    const replayed = new Map<string, Payment>()
    for (const { body } of sql.rows<{ body: string }>('SELECT body FROM journal ORDER BY last')) {
      for (const [id, event] of unpackJson<[string, PaymentEvent][]>(body)) {
        replayed.set(id, apply(replayed.get(id) ?? null, event))
      }
    }
    const restarted = new Journal(sql)
    for (const [id, payment] of replayed) expect(restarted.load(id)).toEqual(payment)
    expect(replayed.size).toBe(2)
  })

  it('is chained: no row can change without its hash', async () => {
    const { sequencer, sql } = lane()
    await sequencer.submit(idOf(1), opening(1))
    await sequencer.submit(idOf(1), yes)
    const rows = sql.rows<{ body: string; hash: ArrayBuffer }>(
      'SELECT body, hash FROM journal ORDER BY last',
    )
    let previous: Uint8Array = new Uint8Array(32)
    for (const { body, hash } of rows) {
      previous = chain(previous, body)
      expect(new Uint8Array(hash)).toEqual(previous)
    }
    expect(chain(new Uint8Array(32), `${rows[0]!.body} `)).not.toEqual(
      new Uint8Array(rows[0]!.hash),
    )
  })

  it('gives its runs whole and in order, until there is no more', async () => {
    const { sequencer, journal } = lane()
    for (let n = 1; n <= 250; n += 1) await sequencer.submit(idOf(n), opening(n))
    const seen: number[] = []
    for (let after = 0; ; ) {
      const run = journal.run(after, 'hk', 'lane')
      if (run === null) break
      expect(run.from).toBe(after + 1)
      seen.push(...run.entries.map(entry => entry.seq))
      after = run.to
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => index + 1))
  })
})
