import { describe, expect, it } from 'vitest'
import { chain } from '../../durable-objects/chain.ts'
import { type Change, Journal } from '../../durable-objects/journal.ts'
import { Sequencer, type SequencerPorts } from '../../durable-objects/sequencer.ts'
import type { Sql } from '../../durable-objects/sql.ts'
import type { Standing } from '../../src/domain/epoch.ts'
import type { Errand } from '../../src/domain/errand.ts'
import { unpackJson } from '../../src/domain/pack.ts'
import { apply, type Message, type Payment, type PaymentEvent } from '../../src/domain/payment.ts'
import { readLaneBatch } from '../../src/queues/lane-batch.ts'
import { terms } from '../domain/terms.ts'
import { noLimits } from './limits.ts'
import { memorySql } from './sqlite.ts'

const T0 = 1_000_000

function lane(sql: Sql = memorySql()) {
  const world = {
    at: T0,
    armed: [] as number[],
    errands: [] as Errand[],
    commits: [] as Change[][],
    failures: [] as string[],
    mute: false,
    /** What each group takes. */
    slowMs: 0,
    standing: 'in_force' as Standing,
  }
  const journal = new Journal(sql)
  const ports: SequencerPorts = {
    now: () => world.at,
    pause: ms => {
      if (ms > 1_000) return new Promise(() => undefined)
      world.at += world.slowMs
      return Promise.resolve()
    },
    arm: at => void world.armed.push(at),
    send: errands => void world.errands.push(...errands),
    committed: changes => {
      if (world.mute) throw new Error('nobody listens')
      world.commits.push([...changes])
    },
    failed: what => void world.failures.push(what),
    standing: () => world.standing,
  }
  const sequencer = new Sequencer(journal, ports, noLimits(sql, journal))
  return { sql, world, journal, sequencer }
}

const idOf = (n: number) => `pay_${String(n).padStart(32, '0')}`
const opening = (n: number): Message => ({
  kind: 'open',
  terms: { ...terms, paymentId: idOf(n), requestId: `purchase-${n}` },
  bodyHash: `body-${n}`,
  hold: { reference: `hold-${n}`, key: 'k' },
})
const wide = (n: number): Message => {
  const made = opening(n)
  const merchant = { ...terms.merchant, name: '丝'.repeat(100), city: '路'.repeat(50) }
  return made.kind === 'open' ? { ...made, terms: { ...made.terms, merchant } } : made
}
const yes: Message = { kind: 'answer', verdict: { said: 'accepted', reference: 'r', key: 'k' } }

describe('the sequencer', () => {
  it('commits what came together as one, and answers each', async () => {
    const { sequencer, world, sql } = lane()
    const results = await Promise.all([1, 2, 3].map(n => sequencer.submit(idOf(n), opening(n))))
    expect(results.every(result => result.ok)).toBe(true)
    expect(world.commits).toHaveLength(1)
    expect(sql.rows('SELECT last FROM journal')).toEqual([{ last: 3 }])
  })

  it('tells of an id that was barred although nothing was paid with it, and once', async () => {
    const { sequencer, world } = lane()
    const cancel: Message = { kind: 'cancel', requestId: 'c', bodyHash: 'c' }
    await sequencer.submit(idOf(1), cancel)
    expect(world.commits).toEqual([[]])
    await sequencer.submit(idOf(1), cancel)
    expect(world.commits).toHaveLength(1)
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

  it('wakes those who wait for a decision, and answers those whose patience ends', async () => {
    const { sequencer, world } = lane()
    await sequencer.submit(idOf(1), opening(1))
    const [long, short] = [sequencer.wait(idOf(1), 20_000), sequencer.wait(idOf(1), 0)]
    expect((await short)?.status).toBe('pending')
    await sequencer.submit(idOf(1), yes)
    expect((await long)?.status).toBe('committed')
    expect(await sequencer.wait(idOf(9), 1_000)).toBeNull()
    expect(world.failures).toEqual([])
  })

  it('answers what is committed although nobody can be told, and goes on', async () => {
    const { sequencer, world } = lane()
    world.mute = true
    expect(await sequencer.submit(idOf(1), opening(1))).toMatchObject({ ok: true })
    world.mute = false
    expect(await sequencer.submit(idOf(1), yes)).toMatchObject({ value: { events: ['committed'] } })
    expect(world.failures).toEqual(['telling of a commit'])
  })

  it('fires the other timers although one payment breaks a belief', async () => {
    const before = lane()
    await Promise.all([1, 2].map(n => before.sequencer.submit(idOf(n), opening(n))))
    // An alarm writes down what waits.
    await before.sequencer.wake()
    before.sql.rows('UPDATE payment SET body = ? WHERE id = ?', 'no payment', idOf(1))
    // A lane that comes back, because one that stays remembers better.
    const { sequencer, world } = lane(before.sql)
    world.at = T0 + 8_000
    await sequencer.wake()
    expect(sequencer.read(idOf(2))?.status).toBe('in_doubt')
    expect(world.failures).toEqual([`timer of ${idOf(1)}`])
  })

  it('sheds what it could not answer in time', async () => {
    const { sequencer } = lane()
    const all = Array.from({ length: 2_049 }, (_, n) => sequencer.submit(idOf(n), opening(n)))
    expect(await all[2_048]).toMatchObject({ refusal: { code: 'BUSY' } })
    // What is under way is still ended: only what is new is shed.
    expect(await sequencer.submit(idOf(0), yes)).toMatchObject({ value: { events: ['committed'] } })
    expect((await Promise.all(all.slice(0, 2_048))).every(result => result.ok)).toBe(true)
  })
})

describe('a lane that becomes slow', () => {
  /** So many at once, and how many of them it let in. */
  async function crowd({ sequencer }: ReturnType<typeof lane>, from: number, count: number) {
    const all = await Promise.all(
      Array.from({ length: count }, (_, n) => sequencer.submit(idOf(from + n), opening(from + n))),
    )
    const shed = all.flatMap(result => (result.ok ? [] : [result.refusal]))
    return { shed, taken: count - shed.length }
  }

  it('sheds by how long one more would wait, and says when to come again', async () => {
    const slow = lane()
    slow.world.slowMs = 512
    // It cannot know yet; what it learns is that 256 take half a second.
    expect((await crowd(slow, 0, 1_500)).taken).toBe(1_500)
    const { shed, taken } = await crowd(slow, 2_000, 1_500)
    expect(taken).toBeGreaterThan(400)
    expect(taken).toBeLessThan(600)
    for (const refusal of shed) {
      expect(refusal).toMatchObject({ code: 'BUSY', detail: { notOpened: true } })
      expect(refusal.detail?.retryAfterMs).toBeGreaterThanOrEqual(500)
      expect(refusal.detail?.retryAfterMs).toBeLessThan(1_000)
    }
    // Whoever comes then is let in.
    expect((await crowd(slow, 4_000, 200)).taken).toBe(200)
  })

  it('still ends what is under way while it sheds', async () => {
    const slow = lane()
    slow.world.slowMs = 1_000
    await crowd(slow, 0, 1_000)
    const coming = crowd(slow, 2_000, 1_000)
    const ended = Array.from({ length: 300 }, (_, n) => slow.sequencer.submit(idOf(n), yes))
    expect((await coming).shed.length).toBeGreaterThan(500)
    expect((await Promise.all(ended)).every(({ ok }) => ok)).toBe(true)
  })

  it('lets everybody in again soon after it is fast', async () => {
    const slow = lane()
    slow.world.slowMs = 2_000
    await crowd(slow, 0, 1_500)
    slow.world.slowMs = 0
    expect((await crowd(slow, 2_000, 1_000)).shed.length).toBeGreaterThan(0)
    slow.world.at += 20_000
    expect((await crowd(slow, 4_000, 1_500)).taken).toBe(1_500)
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

  it('gives its runs in order and without a hole, each small enough for the queue', async () => {
    const { sequencer, journal } = lane()
    // Commits of one and of two hundred payments, in the widest letters a name can have.
    await sequencer.submit(idOf(0), opening(0))
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => sequencer.submit(idOf(n + 1), wide(n + 1))),
    )
    for (let n = 201; n < 250; n += 1) await sequencer.submit(idOf(n), opening(n))
    const seen: number[] = []
    for (let after = 0; ; ) {
      const packed = journal.run(after, 'hk', 'lane')
      if (packed === null) break
      expect(new TextEncoder().encode(packed.text).length).toBeLessThan(128_000)
      const run = readLaneBatch(packed.text)!
      expect(new Set(run.payments.map(({ terms: { paymentId } }) => paymentId))).toEqual(
        new Set(run.entries.map(({ paymentId }) => paymentId)),
      )
      expect(run.from).toBe(after + 1)
      seen.push(...run.entries.map(entry => entry.seq))
      after = run.to
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => index + 1))
  })
})
