import { describe, expect, it } from 'vitest'
import { decide, dueAt, isFinal, type Message, NO_HOLD } from '../../src/domain/payment.ts'
import type { Terms } from '../../src/domain/quote.ts'
import { receiptOf } from '../../src/domain/receipt.ts'
import { cases, play, T0 } from './play.ts'
import { terms } from './terms.ts'

const cpm: Terms = {
  ...terms,
  presentment: 'cpm',
  requester: 'acquirer-cn',
  responder: 'wallet-th',
  payerReference: 'user-1',
}
const opening = (of: Terms): Message => ({ kind: 'open', terms: of, bodyHash: 'aa', hold: NO_HOLD })
const open = opening(cpm)
const yes: Message = { kind: 'answer', verdict: { said: 'accepted', reference: 'h', key: 'k' } }
const no: Message = { kind: 'answer', verdict: { said: 'refused', code: 'USER_REJECTED' } }
const later: Message = { kind: 'answer', verdict: { said: 'user_must_confirm' } }
const silence: Message = { kind: 'answer', verdict: { said: 'unusable' } }
const cancel: Message = { kind: 'cancel', requestId: 'c', bodyHash: 'c' }
const timer: Message = { kind: 'timer' }

const reached: Record<string, [Message, number][]> = {
  pending: [[open, 0]],
  in_doubt: [
    [open, 0],
    [silence, 100],
  ],
  awaiting_user: [
    [open, 0],
    [later, 100],
  ],
  committed: [
    [open, 0],
    [yes, 100],
  ],
  aborted: [
    [open, 0],
    [no, 100],
  ],
  reversed: [
    [open, 0],
    [yes, 100],
    [cancel, 150],
  ],
}
const messages: Record<string, Message> = {
  accepted: yes,
  refused: no,
  must_confirm: later,
  unusable: silence,
  cancelled: cancel,
}

// Every message in every status of a payment that a till asked for.
const life = `
                 accepted   refused    must_confirm   unusable       cancelled
  pending        committed  aborted    awaiting_user  in_doubt       aborted
  in_doubt       committed  aborted    awaiting_user  in_doubt       aborted
  awaiting_user  committed  aborted    awaiting_user  awaiting_user  aborted
  committed      committed  committed  committed      committed      reversed
  aborted        aborted    aborted    aborted        aborted        aborted
  reversed       reversed   reversed   reversed       reversed       reversed`

describe('a payment that a till asked for', () => {
  it.each(cases(life))('that is %s and hears %s is then %s', (from, said, want) => {
    expect(play(...reached[from]!, [messages[said]!, 200]).payment.status).toBe(want)
  })

  it('waits for its user no longer than 60 seconds after the scan', () => {
    const { payment } = play(...reached.awaiting_user!, [timer, 59_999])
    expect(payment).toMatchObject({ status: 'awaiting_user', resultCode: 'USER_ACTION' })
    expect(dueAt(payment)).toBe(T0 + 60_000)
    expect(play(...reached.awaiting_user!, [yes, 59_999]).payment.status).toBe('committed')
    expect(play(...reached.awaiting_user!, [yes, 60_000]).payment.status).toBe('aborted')
  })

  it('is decided without its user after 20 seconds', () => {
    expect(play(...reached.in_doubt!, [timer, 19_999]).payment.status).toBe('in_doubt')
    expect(play(...reached.in_doubt!, [timer, 20_000]).payment).toMatchObject({
      status: 'aborted',
      resultCode: 'DEADLINE_EXCEEDED',
    })
  })

  it('has a live timer in every state that is not final', () => {
    for (const steps of Object.values(reached)) {
      const { payment } = play(...steps)
      expect(isFinal(payment.status) || dueAt(payment) !== null).toBe(true)
    }
  })

  it('names the wallet first in its receipt, whoever asked', () => {
    expect(receiptOf(play(...reached.committed!).payment)).toMatchObject({
      q: 'wallet-th',
      r: 'acquirer-cn',
    })
  })
})

describe('its duties', () => {
  const duties = (...steps: [Message, number][]) =>
    play(...steps)
      .payment.duties.filter(({ nextAt }) => nextAt !== null)
      .map(({ kind, owner }) => `${kind} ${owner}`)
  const debit = { ...cpm, walletDebits: true } as const

  it('of a commit are the capture, and the receipt for an acquirer that heard U', () => {
    expect(duties(...reached.committed!)).toEqual(['capture wallet-th'])
    expect(duties(...reached.awaiting_user!, [yes, 900])).toEqual([
      'capture wallet-th',
      'deliver_receipt acquirer-cn',
    ])
  })

  it('of a deadline are the release, or the return by a wallet that debits, and the till', () => {
    const silent = (of: Terms): [Message, number][] => [
      [opening(of), 0],
      [timer, 20_000],
    ]
    expect(duties(...silent(cpm))).toEqual(['release_hold wallet-th', 'void_order acquirer-cn'])
    expect(duties(...silent(debit))).toEqual(['return_funds wallet-th', 'void_order acquirer-cn'])
  })

  it('of a success that comes after the refusal give the money back, once', () => {
    expect(duties(...reached.aborted!, [yes, 900], [yes, 901])).toEqual(['release_hold wallet-th'])
    expect(duties([opening(debit), 0], [no, 100], [yes, 900])).toEqual(['return_funds wallet-th'])
  })

  it('of a till that gave up are the release, whatever the wallet says later', () => {
    expect(duties(...reached.pending!, [cancel, 100], [yes, 900])).toEqual([
      'release_hold wallet-th',
    ])
  })
})

it('lets no acquirer put a payment off: only a wallet has a user', () => {
  const mpm: Message = { kind: 'open', terms, bodyHash: 'a', hold: { reference: 'h', key: 'k' } }
  const { payment } = play([mpm, 0])
  expect(decide(payment, later, T0 + 1)).toEqual({ ok: true, value: [] })
})
