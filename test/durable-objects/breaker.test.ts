import { describe, expect, it } from 'vitest'
import { Journal } from '../../durable-objects/journal.ts'
import { Sequencer } from '../../durable-objects/sequencer.ts'
import type { Errand } from '../../src/domain/errand.ts'
import type { Message } from '../../src/domain/payment.ts'
import { T0 } from '../domain/play.ts'
import { terms } from '../domain/terms.ts'
import { memorySql } from './sqlite.ts'

const yes: Message = { kind: 'answer', verdict: { said: 'accepted', reference: 'r', key: 'k' } }
const idOf = (n: number) => `pay_${String(n).padStart(32, '0')}`
const done = { kind: 'acknowledge', duty: 'deliver_receipt', owner: 'acquirer-cn' } as const

/** Thirty payments whose receipts nobody acknowledges. */
async function deadEndpoint() {
  const world = { at: T0, errands: [] as Errand[] }
  const sequencer = new Sequencer(new Journal(memorySql()), {
    now: () => world.at,
    pause: () => Promise.resolve(),
    arm: () => undefined,
    send: errands => void world.errands.push(...errands),
    committed: () => undefined,
    failed: (what, error) => {
      throw new Error(`${what}: ${error}`)
    },
  })
  for (let n = 0; n < 30; n += 1) {
    const paymentId = idOf(n)
    const hold = { reference: `h-${n}`, key: 'k' }
    const opening: Message = {
      kind: 'open',
      terms: { ...terms, paymentId, requestId: `r-${n}` },
      bodyHash: 'b',
      hold,
    }
    await sequencer.submit(paymentId, opening)
    await sequencer.submit(paymentId, yes)
  }
  const deliveries = () => world.errands.splice(0).filter(({ kind }) => kind === 'deliver').length
  const wakeAt = async (at: number) => {
    world.at = T0 + at
    await sequencer.wake()
    return deliveries()
  }
  return { sequencer, wakeAt, deliveries }
}

describe('an endpoint that does not acknowledge', () => {
  it('is tried ten times, then probed every fifteen seconds', async () => {
    const { wakeAt } = await deadEndpoint()
    // A busy hour: whatever is told for the first time goes out, however much it is.
    expect(await wakeAt(5_000)).toBe(30)
    expect(await wakeAt(6_000)).toBe(11)
    expect(await wakeAt(8_000)).toBe(0)
    expect(await wakeAt(20_999)).toBe(0)
    expect(await wakeAt(30_000)).toBe(1)
    expect(await wakeAt(31_000)).toBe(0)
  })

  it('is told what waits as soon as it acknowledges again, a few at a time', async () => {
    const { sequencer, wakeAt, deliveries } = await deadEndpoint()
    await wakeAt(5_000)
    await wakeAt(6_000)
    await sequencer.submit(idOf(3), done)
    await new Promise(resolve => setTimeout(resolve, 5))
    expect(deliveries()).toBe(9)
    // Each acknowledgement brings more, until nothing waits any more.
    const told = async (n: number) => {
      await sequencer.submit(idOf(n), done)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    for (let n = 0; n < 30; n += 1) await told(n)
    expect(deliveries()).toBeLessThan(40)
    expect(await wakeAt(3_600_000)).toBe(0)
    // The one that was acknowledged is told no more.
    expect(sequencer.read(idOf(3))?.duties[0]?.nextAt).toBeNull()
  })

  it('holds up nobody else', async () => {
    const { sequencer, wakeAt } = await deadEndpoint()
    await wakeAt(5_000)
    await wakeAt(6_000)
    const other = idOf(99)
    const opening: Message = {
      kind: 'open',
      terms: { ...terms, paymentId: other, requestId: 'r-99', responder: 'acquirer-my' },
      bodyHash: 'b',
      hold: { reference: 'h-99', key: 'k' },
    }
    await sequencer.submit(other, opening)
    await sequencer.submit(other, yes)
    expect(await wakeAt(11_000)).toBe(1)
  })
})
