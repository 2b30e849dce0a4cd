import { describe, expect, it } from 'vitest'
import { errandsOf } from '../../src/domain/errand.ts'
import type { Message } from '../../src/domain/payment.ts'
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
