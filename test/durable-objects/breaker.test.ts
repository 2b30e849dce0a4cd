import { describe, expect, it } from 'vitest'
import { Journal } from '../../durable-objects/journal.ts'
import { Sequencer, type SequencerPorts } from '../../durable-objects/sequencer.ts'
import type { Errand } from '../../src/domain/errand.ts'
import { memberOf } from '../../src/domain/errand.ts'
import type { Message, Outcome } from '../../src/domain/payment.ts'
import { T0 } from '../domain/play.ts'
import { terms } from '../domain/terms.ts'
import { noLimits } from './limits.ts'
import { memorySql } from './sqlite.ts'

const yes: Message = { kind: 'answer', verdict: { said: 'accepted', reference: 'r', key: 'k' } }
const idOf = (n: number) => `pay_${String(n).padStart(32, '0')}`
const done = { kind: 'acknowledge', duty: 'deliver_receipt', owner: 'acquirer-cn' } as const
const CROWD = 30

/** A lane, and what it sends out. */
function lane() {
  const world = { at: T0, errands: [] as Errand[] }
  const sql = memorySql()
  const start = () => {
    const journal = new Journal(sql)
    const ports: SequencerPorts = {
      now: () => world.at,
      pause: () => Promise.resolve(),
      arm: () => undefined,
      send: errands => void world.errands.push(...errands),
      committed: () => undefined,
      standing: () => 'in_force',
      failed: (what, error) => {
        throw new Error(`${what}: ${error}`)
      },
    }
    return new Sequencer(journal, ports, noLimits(sql, journal))
  }
  const made = {
    world,
    sequencer: start(),
    restart() {
      made.sequencer = start()
    },
    /** Commits a payment; gives whom its decision must not be told by whoever made it. */
    async commit(n: number, acquirer = 'acquirer-cn'): Promise<readonly string[]> {
      const paymentId = idOf(n)
      await made.sequencer.submit(paymentId, {
        kind: 'open',
        terms: { ...terms, paymentId, requestId: `r-${n}`, responder: acquirer },
        bodyHash: 'b',
        hold: { reference: `h-${n}`, key: 'k' },
      })
      return away(await made.sequencer.submit(paymentId, yes))
    },
    /** What was told since it was asked last; all that can happen now has happened. */
    async told(owner = 'acquirer-cn'): Promise<readonly Errand[]> {
      await new Promise(resolve => setTimeout(resolve, 5))
      return world.errands
        .splice(0)
        .filter(errand => errand.kind !== 'inquire' && memberOf(errand) === owner)
    },
    async wakeAt(at: number): Promise<number> {
      world.at = T0 + at
      await made.sequencer.wake()
      return (await made.told()).length
    },
  }
  return made
}

const away = (result: { ok: boolean; value?: Outcome }) => result.value?.away ?? []

/** Thirty payments whose receipts nobody acknowledges, told twice each as far as the breaker lets them. */
async function deadEndpoint() {
  const made = lane()
  for (let n = 0; n < CROWD; n += 1) expect(await made.commit(n)).toEqual([])
  // A busy hour: whatever is told for the first time goes out, however much it is.
  expect(await made.wakeAt(5_000)).toBe(CROWD)
  expect(await made.wakeAt(6_000)).toBe(10)
  return made
}

describe('an endpoint that does not acknowledge', () => {
  it('is tried ten times, then probed every fifteen seconds', async () => {
    const { wakeAt } = await deadEndpoint()
    expect(await wakeAt(8_000)).toBe(0)
    expect(await wakeAt(20_999)).toBe(0)
    expect(await wakeAt(30_000)).toBe(1)
    expect(await wakeAt(31_000)).toBe(0)
  })

  it('is told nothing new by those who decide either, but for the probe', async () => {
    const { commit, world } = await deadEndpoint()
    expect(await commit(90)).toEqual(['acquirer-cn'])
    world.at = T0 + 21_000
    expect(await commit(91)).toEqual([])
    expect(await commit(92)).toEqual(['acquirer-cn'])
  })

  it('is known to be away by a lane that starts anew', async () => {
    const made = await deadEndpoint()
    made.restart()
    expect(await made.commit(90)).toEqual([])
    expect(await made.commit(91)).toEqual(['acquirer-cn'])
    expect(await made.wakeAt(8_000)).toBe(0)
  })

  it('is told what waits as soon as it acknowledges again, eight at a time', async () => {
    const { sequencer, told, wakeAt } = await deadEndpoint()
    await sequencer.submit(idOf(3), done)
    const order = (await told()).map(({ payment }) => payment.terms.paymentId)
    expect(order).toHaveLength(8)
    // Each acknowledgement brings the next, until nothing waits any more.
    for (let answered = 0; answered < order.length; answered += 1) {
      await sequencer.submit(order[answered]!, done)
      const more = await told()
      expect(more.length).toBeLessThanOrEqual(1)
      order.push(...more.map(({ payment }) => payment.terms.paymentId))
    }
    expect(new Set(order)).toEqual(new Set(without(3)))
    expect(order).toHaveLength(CROWD - 1)
    expect(await wakeAt(3_600_000)).toBe(0)
  })

  it('is told the rest although it never acknowledges some of it', async () => {
    const { sequencer, world, told } = await deadEndpoint()
    await sequencer.submit(idOf(0), done)
    const heard = new Set([idOf(0)])
    const refused = (id: string) => Number(id.slice(-2)) < 12
    for (let round = 0; round < 40; round += 1) {
      for (const { payment } of await told()) {
        const { paymentId } = payment.terms
        if (refused(paymentId)) continue
        heard.add(paymentId)
        await sequencer.submit(paymentId, done)
      }
      world.at += 15_000
      await sequencer.wake()
    }
    expect([...heard].filter(id => !refused(id))).toHaveLength(CROWD - 12)
  })

  it('is told what its owner asks for, whatever is thought of it', async () => {
    const { sequencer, told } = await deadEndpoint()
    const { kind: _, ...tell } = done
    await sequencer.submit(idOf(20), { kind: 'timer', tell, invited: true })
    await sequencer.submit(idOf(21), { kind: 'timer', tell })
    const ids = (await told()).map(({ payment }) => payment.terms.paymentId)
    expect(ids).toEqual([idOf(20)])
  })

  it('holds up nobody else', async () => {
    const { commit, wakeAt, told, world, sequencer } = await deadEndpoint()
    expect(await commit(99, 'acquirer-my')).toEqual([])
    world.at = T0 + 11_000
    await sequencer.wake()
    expect(await told('acquirer-my')).toHaveLength(1)
    expect(await wakeAt(12_000)).toBe(0)
  })

  it('may have more waiting behind the crowd of another one', async () => {
    const made = await deadEndpoint()
    const { sequencer, commit, wakeAt, told } = made
    // More payments of another dead member than one look takes, all due before those of this one.
    for (let n = 200; n < 400; n += 1) await commit(n, 'acquirer-my')
    for (const at of [11_000, 11_001, 12_500, 12_501]) await wakeAt(at)
    await sequencer.submit(idOf(3), done)
    expect(await told()).toHaveLength(8)
  })
})

const without = (n: number) =>
  Array.from({ length: CROWD }, (_, each) => idOf(each)).filter(id => id !== idOf(n))

describe('a wallet that is away', () => {
  const refund = (n: number): Message => ({
    kind: 'refund',
    requestId: `refund-${n}`,
    bodyHash: 'r',
    amount: { ...terms.payee, minor: 100n },
  })
  const idOfRefund = (outcome: { value?: Outcome }) =>
    outcome.value?.payment.refunds?.at(-1)?.id ?? ''

  async function deadWallet() {
    const made = lane()
    const refunds: [string, string][] = []
    for (let n = 0; n < CROWD; n += 1) {
      await made.commit(n)
      await made.sequencer.submit(idOf(n), done)
      const queued = await made.sequencer.submit(idOf(n), refund(n))
      expect(away(queued)).toEqual([])
      refunds.push([idOf(n), idOfRefund(queued as never)])
    }
    await made.wakeAt(5_000)
    await made.wakeAt(6_000)
    return { ...made, refunds }
  }

  it('is asked for no more refunds than for a probe, and for all of them once it answers', async () => {
    const made = await deadWallet()
    expect(away(await made.sequencer.submit(idOf(0), refund(90)))).toEqual(['wallet-th'])
    await made.told('wallet-th')
    const answer = { said: 'refunded', reference: 'w' } as const
    const [[id, first] = ['', '']] = made.refunds
    await made.sequencer.submit(id, { kind: 'refund_answer', refund: first, answer })
    expect(await made.told('wallet-th')).toHaveLength(8)
  })

  it('is not held to be away for refunds that want of cover keeps', async () => {
    const made = lane()
    for (let n = 0; n < CROWD; n += 1) {
      await made.commit(n)
      await made.sequencer.submit(idOf(n), done)
      const queued = await made.sequencer.submit(idOf(n), refund(n))
      const short = { said: 'uncovered' } as const
      const held = { kind: 'refund_answer', refund: idOfRefund(queued as never), answer: short }
      await made.sequencer.submit(idOf(n), held as Message)
    }
    for (const at of [5_000, 6_000, 8_000, 12_000, 20_000]) await made.wakeAt(at)
    expect(away(await made.sequencer.submit(idOf(0), refund(90)))).toEqual([])
  })
})
