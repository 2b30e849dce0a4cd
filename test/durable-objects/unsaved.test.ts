import { describe, expect, it } from 'vitest'
import { UnsavedPayments } from '../../durable-objects/unsaved.ts'
import type { Payment } from '../../src/domain/payment.ts'

const payment = (n: number) => ({ terms: { paymentId: `pay_${n}` } }) as Payment

describe('payments that are not in the table yet', () => {
  it('keep the rows that speak of them, and how far everything before is saved', () => {
    const unsaved = new UnsavedPayments()
    unsaved.change(payment(1), 100, 3, 2)
    unsaved.change(payment(2), 50, 5, 4)
    unsaved.change(payment(1), 70, 7, 6)
    expect(unsaved.get('pay_1')).toMatchObject({ rows: [3, 7], since: 2, due: 70 })
    expect(unsaved.savedUpTo(9)).toBe(2)
    unsaved.saved('pay_1')
    expect(unsaved.savedUpTo(9)).toBe(4)
    unsaved.saved('pay_2')
    expect(unsaved.savedUpTo(9)).toBe(9)
  })

  it('wait where they have a timer', () => {
    const unsaved = new UnsavedPayments()
    for (const [n, due] of [
      [1, 30],
      [2, null],
      [3, 10],
      [4, 10],
    ] as const) {
      unsaved.change(payment(n), due, n, n - 1)
    }
    expect(unsaved.waiting().map(({ id }) => id)).toEqual(['pay_1', 'pay_3', 'pay_4'])
  })

  it('are saved, the oldest first, once there are too many', () => {
    const unsaved = new UnsavedPayments()
    for (let n = 1; n <= 260; n += 1) unsaved.change(payment(n), 1, n, n - 1)
    expect(unsaved.overdue(260).map(each => each.payment.terms.paymentId)).toEqual([
      'pay_1',
      'pay_2',
      'pay_3',
      'pay_4',
    ])
  })

  it('are saved once the journal has gone on for long', () => {
    const unsaved = new UnsavedPayments()
    unsaved.change(payment(1), 1, 1, 0)
    unsaved.change(payment(2), 1, 2_000, 1_999)
    expect(unsaved.overdue(2_000)).toEqual([])
    expect(unsaved.overdue(2_001).map(({ since }) => since)).toEqual([0])
  })
})
