import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openBook } from '../../src/members/book.ts'

const folder = mkdtempSync(join(tmpdir(), 'book-'))
afterAll(() => rmSync(folder, { recursive: true }))

const hold = {
  requestId: 'r-1',
  reference: 'hold-1',
  paymentId: 'pay_1',
  requestedAt: '2026-01-31T08:00:00.000Z',
  currency: 'THB',
  minor: '31110',
  expiresAt: 1_000,
}

describe('a hold', () => {
  it('is placed once per request, whatever a repeat says', () => {
    const { holds } = openBook(':memory:')
    expect(holds.place(hold, 1)).toEqual({ ...hold, state: 'held' })
    expect(holds.place({ ...hold, reference: 'hold-2' }, 2).reference).toBe('hold-1')
    expect(() => holds.place({ ...hold, requestId: 'r-2' }, 3)).toThrow('another request')
  })

  it.each(['captured', 'released'] as const)('is %s once, and again is no change', state => {
    const { holds } = openBook(':memory:')
    holds.place(hold, 1)
    expect(holds.settle('pay_1', state, 2).state).toBe(state)
    expect(holds.settle('pay_1', state, 3).state).toBe(state)
    const opposite = state === 'captured' ? 'released' : 'captured'
    expect(() => holds.settle('pay_1', opposite, 4)).toThrow(`is ${state} already`)
    expect(holds.byRequest('r-1')?.state).toBe(state)
  })

  it('that does not exist cannot be settled', () => {
    expect(() => openBook(':memory:').holds.settle('pay_9', 'captured', 1)).toThrow(
      'nothing is held',
    )
  })

  it('is open until it is settled, and listed once it is old enough', () => {
    const { holds } = openBook(':memory:')
    holds.place(hold, 10)
    expect(holds.open(9, 10)).toEqual([])
    expect(holds.open(10, 10)).toMatchObject([{ paymentId: 'pay_1' }])
    holds.settle('pay_1', 'released', 11)
    expect(holds.open(99, 10)).toEqual([])
  })

  it('is still there when the book is opened again', () => {
    const file = join(folder, 'wallet.db')
    const before = openBook(file)
    before.holds.place(hold, 1)
    before.close()
    const after = openBook(file)
    expect(after.holds.byPayment('pay_1')?.state).toBe('held')
    after.close()
  })
})

type Step = 'offer' | 'accept' | 'refuse' | 'deliver' | 'void'
const offer = { paymentId: 'pay_1', order: 'o-1', merchantId: 'm-1', sale: null, minor: '6800' }

// Every step in every state. A refusal and a void are sticky, and a receipt counts even without an acceptance.
const life = `
             offer      accept     refuse     deliver    void
  none       offered    -          refused    delivered  voided
  offered    offered    accepted   refused    delivered  voided
  accepted   accepted   accepted   accepted   delivered  voided
  refused    refused    refused    refused    refused    refused
  delivered  delivered  delivered  delivered  delivered  delivered
  voided     voided     voided     voided     voided     voided`

const rows = life
  .trim()
  .split('\n')
  .map(line => line.trim().split(/\s+/))
const cases = rows
  .slice(1)
  .flatMap(([from, ...becomes]) =>
    becomes.flatMap((want, at) =>
      want === '-' ? [] : [[from as string, rows[0]![at] as Step, want] as const],
    ),
  )

describe('an order', () => {
  const made = (from: string) => {
    const { orders } = openBook(':memory:')
    const step = (name: Step) =>
      ({
        offer: () => orders.offer(offer, 1),
        accept: () => orders.accept('pay_1', 'a-1', 1),
        refuse: () => orders.refuse('pay_1', 'DECLINED', 1),
        deliver: () => orders.deliver(offer, 1),
        void: () => orders.void('pay_1', 1),
      })[name]()
    if (from !== 'none') step('offer')
    const last = { accepted: 'accept', refused: 'refuse', delivered: 'deliver', voided: 'void' }[
      from
    ]
    if (last !== undefined) step(last as Step)
    return step
  }

  it.each(cases)('that is %s becomes, by %s, %s', (from, name, want) => {
    expect(made(from)(name).state).toBe(want)
  })

  it('follows the last offer, until it is accepted', () => {
    const { orders } = openBook(':memory:')
    orders.offer(offer, 1)
    expect(orders.offer({ ...offer, merchantId: 'm-2' }, 2).merchantId).toBe('m-2')
    orders.accept('pay_1', 'a-1', 3)
    expect(orders.offer({ ...offer, merchantId: 'm-3' }, 4).merchantId).toBe('m-2')
    expect(orders.accept('pay_1', 'a-2', 5).reference).toBe('a-1')
  })
})

describe('a sale', () => {
  it('is taken by one payment, and free again when that is voided', () => {
    const { orders } = openBook(':memory:')
    orders.print({ reference: 's-1', merchantId: 'm-1', minor: '6800' })
    expect(orders.takeSale('s-1', 'pay_1')).toBe(true)
    expect(orders.takeSale('s-1', 'pay_1')).toBe(true)
    expect(orders.takeSale('s-1', 'pay_2')).toBe(false)
    orders.void('pay_1', 1)
    expect(orders.takeSale('s-1', 'pay_2')).toBe(true)
  })
})
