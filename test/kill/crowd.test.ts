/**
 * Hundreds of payments of one wallet at once, every one met by silence, so that their timers come in crowds too.
 * The second crowd's gateway is killed while all of them wait, and nobody asks it for anything afterwards.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Payment } from '../../src/domain/payment.ts'
import { type Box, startBox } from '../../src/local/box.ts'
import { type LaneBook, laneBooks, projectedBooks } from './books.ts'
import { gather, WALLET } from './crowd.ts'
import { isAtRest, kill, projected, until } from './watch.ts'

const SIZE = Number(process.env.CROWD ?? 300)
const PATIENCE_MS = 180_000
/** More calls than there will be, so that the fault lasts and what is left of it counts them. */
const CALLS = 100_000

let folder: string
let box: Box
let killedAt: number
let lanes: LaneBook[]
let shown: ReadonlyMap<string, Payment>
const ids = new Map<string, readonly string[]>()
const sides = new Map<string, [hold: string | undefined, order: string | undefined]>()

/** Silence until every deadline has passed and every duty is acknowledged. */
async function silence(acquirer: string, meanwhile: (cutOff: () => void) => void) {
  const member = box.acquirers.get(acquirer)!
  const crowd = await gather(box, acquirer, SIZE)
  await member.faults.add(`silent accept x${CALLS}`)
  await member.faults.add('silent inquire')
  const paying = Promise.allSettled(crowd.pay())
  const heard = () => CALLS - (member.faults.list()[0]?.left ?? CALLS)
  // One that is opened too late for its acquirer to be worth a call is open without it.
  await until('all are open', PATIENCE_MS, async () => {
    if (heard() >= SIZE) return true
    const payments = await projected(box.gateway)
    return crowd.ids.every(id => payments.has(id))
  })
  meanwhile(crowd.cutOff)
  await until('every payment is decided and every duty done', PATIENCE_MS, async () => {
    const payments = await projected(box.gateway)
    return crowd.ids.every(id => {
      const payment = payments.get(id)
      return payment !== undefined && isAtRest(payment)
    })
  })
  await paying
  ids.set(acquirer, crowd.ids)
  for (const id of crowd.ids) {
    const { holds } = box.wallets.get(WALLET)!.book
    sides.set(id, [holds.byPayment(id)?.state, member.book.orders.find(id)?.state])
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opencpg-crowd-'))
  box = await startBox({ folder })
  await silence('acquirer-th', () => undefined)
  await silence('acquirer-my', cutOff => {
    cutOff()
    killedAt = Date.now()
    kill(box.gateway)
  })
  await box.stop()
  lanes = laneBooks(folder)
  shown = projectedBooks(folder)
}, 5 * PATIENCE_MS)
afterAll(() => rm(folder, { recursive: true, force: true }))

const kept = (acquirer: string): Payment[] => {
  const all = new Map(lanes.flatMap(({ payments }) => [...payments]))
  return (ids.get(acquirer) ?? []).flatMap(id => all.get(id) ?? [])
}

describe.each(['acquirer-th', 'acquirer-my'])(
  `${SIZE} payments at once, met by the silence of %s`,
  acquirer => {
    it('are all aborted, at their deadline and not before', () => {
      const payments = kept(acquirer)
      expect(payments).toHaveLength(SIZE)
      for (const { terms, status, resultCode, decidedAt, decideBy } of payments) {
        const ended = [terms.paymentId, status, resultCode, (decidedAt ?? 0) >= decideBy]
        expect(ended).toEqual([terms.paymentId, 'aborted', 'DEADLINE_EXCEEDED', true])
      }
    })

    it('leave both sides told: nothing is held, and no order is open', () => {
      for (const { terms, duties } of kept(acquirer)) {
        const kinds = duties.map(({ kind, nextAt }) => [kind, nextAt])
        expect(kinds).toEqual([
          ['void_order', null],
          ['release_hold', null],
        ])
        expect(sides.get(terms.paymentId)).toEqual(['released', 'voided'])
      }
    })

    it('are projected as they are', () => {
      for (const payment of kept(acquirer))
        expect(shown.get(payment.terms.paymentId)).toEqual(payment)
    })
  },
)

it('the lanes came back by themselves: what was open at the kill was decided after it', () => {
  const payments = kept('acquirer-my')
  const open = payments.filter(({ decidedAt }) => (decidedAt ?? 0) > killedAt)
  console.log(`${open.length} of ${payments.length} payments were open when workerd was killed`)
  expect(open.length).toBeGreaterThan(0)
})

it('every lane is what its journal makes of it', () => {
  for (const { faults } of lanes) expect(faults).toEqual([])
})
