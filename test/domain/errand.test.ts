import { describe, expect, it } from 'vitest'
import { errandsOf, firstErrandsOf, heardFrom, memberOf } from '../../src/domain/errand.ts'
import type { Message, PaymentEvent } from '../../src/domain/payment.ts'
import { play } from './play.ts'
import { terms } from './terms.ts'

const hold = { reference: 'hold-1', key: 'k' }
const open: Message = { kind: 'open', terms, bodyHash: 'aa', hold }
const yes: Message = { kind: 'answer', verdict: { said: 'accepted', reference: 'r', key: 'k' } }
const cancel: Message = { kind: 'cancel', requestId: 'cancel-1', bodyHash: 'bb' }

/** The duties that one message delivers while the receipt of a committed payment is due again. */
function delivered(message: Message): string[] {
  const before = play([open, 0], [yes, 100]).events.length
  const { payment, events } = play([open, 0], [yes, 100], [message, 5_200])
  return errandsOf(payment, events.slice(before)).flatMap(errand =>
    errand.kind === 'deliver' ? errand.duty.kind : [],
  )
}

describe('errands of one commit', () => {
  it('deliver what has come due', () => {
    expect(delivered({ kind: 'timer' })).toEqual(['deliver_receipt'])
  })

  it('deliver no receipt that the same commit has taken back', () => {
    const { events } = play([open, 0], [yes, 100], [cancel, 5_200])
    expect(events.map(({ type }) => type).slice(-3)).toEqual([
      'duty_told',
      'cancel_asked',
      'reversed',
    ])
    expect(delivered(cancel)).toEqual([])
  })
})

it('what the gateway owes itself goes to the center of the person, each of which may be away for itself', () => {
  const allowance = {
    ...{ token: 'a7', isKnown: true, pool: '*>CN', minor: 1n, year: '2026', resetsAt: 1 },
    center: 'sg',
  }
  const no: Message = { kind: 'answer', verdict: { said: 'refused', code: 'DECLINED' } }
  const { payment, events } = play([{ ...open, allowance }, 0], [no, 100])
  const types = events.map(({ type }) => type)
  expect(firstErrandsOf(payment, types).map(memberOf)).toEqual(['gateway in sg'])
  const done: PaymentEvent = { type: 'duty_done', at: 1, duty: 'free_allowance', owner: 'gateway' }
  expect(heardFrom(payment, [done]).map(({ owner }) => owner)).toEqual(['gateway in sg'])
})
