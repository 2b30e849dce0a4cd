import { describe, expect, it } from 'vitest'
import { Silence } from '../../durable-objects/silence.ts'
import type { Errand } from '../../src/domain/errand.ts'
import type { Payment, Status } from '../../src/domain/payment.ts'
import { T0 } from '../domain/play.ts'
import { terms } from '../domain/terms.ts'

const payment = (responder: string, status: Status = 'in_doubt') =>
  ({ terms: { ...terms, responder }, status }) as Payment
const inquiry = (responder = 'acquirer-cn', status?: Status): Errand => ({
  kind: 'inquire',
  payment: payment(responder, status),
})
const answer = (said: 'accepted' | 'refused' | 'unusable') =>
  ({ kind: 'answer', verdict: { said, reference: 'r', key: 'k', code: 'DECLINED' } }) as never

/** How many of so many inquiries go, all at one instant. */
const asked = (silence: Silence, at: number, errands: readonly Errand[]) =>
  silence.admit(errands, T0 + at).length

const crowd = Array.from({ length: 30 }, () => inquiry())

function silent() {
  const silence = new Silence()
  for (const at of [0, 2_000]) asked(silence, at, crowd)
  return silence
}

describe('a responder', () => {
  it('is asked about every payment while it may only be slow', () => {
    const silence = new Silence()
    expect([0, 2_000, 3_999].map(at => asked(silence, at, crowd))).toEqual([30, 30, 30])
  })

  it('that answers nothing for four seconds is asked once in a second, whatever payment it is about', () => {
    const silence = silent()
    const times = [4_000, 4_500, 5_000, 5_999, 6_000, 20_000]
    expect(times.map(at => asked(silence, at, crowd))).toEqual([1, 0, 1, 0, 1, 1])
  })

  it('is asked about every payment again once it has said anything', () => {
    for (const said of ['accepted', 'refused'] as const) {
      const silence = silent()
      expect(asked(silence, 5_000, crowd)).toBe(1)
      silence.hear(payment('acquirer-cn', 'pending'), answer(said))
      expect(asked(silence, 5_001, crowd)).toBe(30)
    }
  })

  it('is not heard where nothing usable came, nor by what another one says', () => {
    const silence = silent()
    asked(silence, 5_000, crowd)
    silence.hear(payment('acquirer-cn'), answer('unusable'))
    silence.hear(payment('acquirer-my'), answer('accepted'))
    expect(asked(silence, 5_500, crowd)).toBe(0)
  })

  it('that is asked rarely is never held to be silent, nor another one because of it', () => {
    const silence = new Silence()
    for (let at = 0; at < 18_000; at += 2_000) {
      expect(asked(silence, at, [inquiry('acquirer-th')])).toBe(1)
    }
    const other = silent()
    expect(asked(other, 6_000, [...crowd, inquiry('acquirer-my')])).toBe(2)
  })

  it('is asked about what is deemed and told whatever it is owed, silent or not', () => {
    const silence = silent()
    asked(silence, 5_000, crowd)
    const deliver = { ...inquiry(), kind: 'deliver' } as Errand
    expect(asked(silence, 5_001, [inquiry('acquirer-cn', 'deemed'), deliver, inquiry()])).toBe(2)
  })
})
