import { describe, expect, it } from 'vitest'
import { cancelUntil } from '../../src/domain/cancel.ts'
import {
  apply,
  DECISION_MPM_MS,
  DEEMED_PACE_MS,
  decide,
  dueAt,
  HOP_BUDGET_MS,
  INQUIRY_PACE_MS,
  isFinal,
  type Message,
  type Payment,
} from '../../src/domain/payment.ts'
import type { Terms } from '../../src/domain/quote.ts'
import { cases, play, T0 } from './play.ts'
import { terms } from './terms.ts'

const hold = { reference: 'hold-1', key: 'wallet-th-1' }
const open = { kind: 'open', terms, bodyHash: 'aa', hold } as const
const yes = { kind: 'answer', verdict: { said: 'accepted', reference: 'acc-1', key: 'k' } } as const
const no = { kind: 'answer', verdict: { said: 'refused', code: 'DECLINED' } } as const
const silence = { kind: 'answer', verdict: { said: 'unusable' } } as const
const cancel = { kind: 'cancel', requestId: 'cancel-1', bodyHash: 'cc' } as const
const timer = { kind: 'timer' } as const

const reached: Record<string, [Message, number][]> = {
  pending: [[open, 0]],
  in_doubt: [
    [open, 0],
    [silence, 100],
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

// Every message in every status, so that neither can be added without deciding what it means.
const life = `
             accepted   refused    unusable   cancelled
  pending    committed  aborted    in_doubt   aborted
  in_doubt   committed  aborted    in_doubt   aborted
  committed  committed  committed  committed  reversed
  aborted    aborted    aborted    aborted    aborted
  reversed   reversed   reversed   reversed   reversed`

const answers: Record<string, Message> = {
  accepted: yes,
  refused: no,
  unusable: silence,
  cancelled: cancel,
}

describe('a payment', () => {
  it.each(cases(life))('that is %s and hears %s is then %s', (from, said, want) => {
    const { payment } = play(...reached[from]!, [answers[said]!, 200])
    expect(payment.status).toBe(want)
  })

  it('is opened by a first request and answered the same by a second', () => {
    const { payment } = play([open, 0])
    const again = decide(payment, open, T0 + 100)
    expect(again).toEqual({ ok: true, value: [{ type: 'left', at: T0 + 100 }] })
    expect(decide(play([open, 0], [open, 100]).payment, open, T0 + 200)).toEqual({
      ok: true,
      value: [],
    })
    expect(decide(play([open, 0], [yes, 100]).payment, open, T0 + 200)).toEqual({
      ok: true,
      value: [],
    })
  })

  it('refuses another body under the same request', () => {
    const { payment } = play([open, 0])
    const decision = decide(payment, { ...open, bodyHash: 'bb' }, T0)
    expect(decision).toMatchObject({ refusal: { code: 'REPEAT_REQ_INCONSISTENT' } })
  })

  it('can be opened until the last millisecond of its quote', () => {
    expect(decide(null, open, terms.expiresAt - 1)).toMatchObject({ ok: true })
    expect(decide(null, open, terms.expiresAt)).toMatchObject({
      refusal: { code: 'QUOTE_EXPIRED' },
    })
  })

  it('that was never opened exists for no message', () => {
    for (const message of [
      yes,
      timer,
      { kind: 'acknowledge', duty: 'capture', owner: 'x' } as const,
    ]) {
      expect(decide(null, message, T0)).toMatchObject({ refusal: { code: 'PAYMENT_NOT_EXIST' } })
    }
  })
})

describe('time', () => {
  it('turns silence into doubt at the hop budget, and asks at once', () => {
    expect(play([open, 0], [timer, HOP_BUDGET_MS - 1]).events).toHaveLength(1)
    const { payment, events } = play([open, 0], [timer, HOP_BUDGET_MS])
    expect(payment.status).toBe('in_doubt')
    expect(events.map(event => event.type)).toEqual(['opened', 'doubted', 'inquired'])
  })

  it('asks again every two seconds while in doubt', () => {
    const { payment } = play(
      [open, 0],
      [silence, 100],
      [timer, 100],
      [timer, 2_099],
      [timer, 2_100],
    )
    expect(payment.inquiries).toBe(2)
    expect(payment.nextInquiryAt).toBe(T0 + 2_100 + INQUIRY_PACE_MS)
  })

  it('aborts at the deadline, voids the order and releases the hold', () => {
    const { payment } = play([open, 0], [silence, 100], [timer, DECISION_MPM_MS])
    expect(payment).toMatchObject({ status: 'aborted', resultCode: 'DEADLINE_EXCEEDED' })
    expect(payment.duties.map(duty => [duty.kind, duty.attempts])).toEqual([
      ['void_order', 1],
      ['release_hold', 1],
    ])
  })

  it('lets no late answer through although the alarm has not fired yet', () => {
    const { payment } = play([open, 0], [yes, DECISION_MPM_MS])
    expect(payment.status).toBe('aborted')
    expect(play([open, 0], [yes, DECISION_MPM_MS - 1]).payment.status).toBe('committed')
  })
})

describe('a late acceptance', () => {
  it('after a refusal opens the duty to void it, once', () => {
    const { payment, events } = play([open, 0], [no, 100], [yes, 200], [yes, 300])
    expect(payment.status).toBe('aborted')
    expect(payment.duties.map(duty => duty.kind)).toEqual(['void_order'])
    expect(events.filter(event => event.type === 'late_acceptance')).toHaveLength(1)
  })

  it('after the deadline adds nothing, because the void is under way', () => {
    const { payment } = play([open, 0], [silence, 1], [timer, DECISION_MPM_MS], [yes, 20_000])
    expect(payment.duties.filter(duty => duty.kind === 'void_order')).toHaveLength(1)
  })
})

describe('a duty', () => {
  const told = { kind: 'acknowledge', duty: 'deliver_receipt', owner: terms.responder } as const

  it('is the receipt to the acquirer, and to a wallet that was left in doubt its capture', () => {
    expect(play(...reached.committed!).payment.duties.map(duty => duty.kind)).toEqual([
      'deliver_receipt',
    ])
    const doubted = play(...reached.in_doubt!, [yes, 200]).payment
    expect(doubted.duties.map(duty => duty.kind)).toEqual(['deliver_receipt', 'capture'])
  })

  it('tells a requester that asked again, or was left, whatever the decision', () => {
    const left = { kind: 'left' } as const
    const kinds = (...steps: [Message, number][]) => play(...steps).payment.duties.map(d => d.kind)
    expect(kinds([open, 0], [open, 50], [yes, 100])).toEqual(['deliver_receipt', 'capture'])
    expect(kinds([open, 0], [left, 50], [no, 100])).toEqual(['release_hold'])
    // The decision was made, and its answer lost on the way back.
    expect(kinds([open, 0], [yes, 100], [left, 150])).toEqual(['deliver_receipt', 'capture'])
    expect(kinds([open, 0], [no, 100], [left, 150], [left, 200])).toEqual(['release_hold'])
  })

  it('voids what a refusal by inquiry leaves behind, because the request may still be on its way', () => {
    const { payment } = play(...reached.in_doubt!, [no, 200])
    expect(payment.duties.map(duty => duty.kind)).toEqual(['void_order', 'release_hold'])
  })

  it('is told again with growing patience until it is acknowledged', () => {
    const { payment } = play(...reached.committed!, [timer, 5_100], [timer, 6_100], [timer, 8_100])
    expect(payment.duties[0]).toMatchObject({ attempts: 3, nextAt: T0 + 8_100 + 4_000 })
    const done = play(...reached.committed!, [told, 200]).payment
    expect(done.duties[0]?.nextAt).toBeNull()
    expect(dueAt(done)).toBeNull()
  })

  it('is told at once when its owner asks, and not once it is done', () => {
    const { kind: _, ...name } = told
    const again = { kind: 'timer', tell: name } as const
    const { payment, events } = play(...reached.committed!, [again, 300])
    expect(events.at(-1)).toMatchObject({ type: 'duty_told', duty: 'deliver_receipt' })
    expect(payment.duties[0]?.attempts).toBe(1)
    const done = play(...reached.committed!, [told, 200]).payment
    expect(decide(done, again, T0 + 300)).toEqual({ ok: true, value: [] })
    expect(
      decide(payment, { kind: 'timer', tell: { ...name, owner: 'stranger' } }, T0 + 300),
    ).toEqual({
      ok: true,
      value: [],
    })
  })

  it('acknowledged twice, or by one who owes nothing, changes nothing', () => {
    const { payment } = play(...reached.committed!, [told, 200])
    expect(decide(payment, told, T0 + 300)).toEqual({ ok: true, value: [] })
    expect(decide(payment, { ...told, owner: 'stranger' }, T0 + 300)).toEqual({
      ok: true,
      value: [],
    })
  })
})

describe('a switch that cannot undo', () => {
  const single = {
    ...open,
    terms: { ...terms, singlePhase: true, payeeZone: 'Asia/Jakarta' },
  } as const
  const silent: [Message, number][] = [
    [single, 0],
    [silence, 100],
    [timer, DECISION_MPM_MS],
  ]
  // 1970-01-01 07:16 in Jakarta: the day after ends at 00:15 on the third, 17:15 UTC on the second.
  const dayAfter = Date.UTC(1970, 0, 2, 17, 15)

  it('and stays silent is deemed: nothing is decided, voided or released', () => {
    const { payment } = play(...silent)
    expect(payment).toMatchObject({ status: 'deemed', resultCode: 'DEEMED', decideBy: dayAfter })
    expect(payment.duties).toEqual([])
    expect(dueAt(payment)).toBe(T0 + DECISION_MPM_MS + DEEMED_PACE_MS)
  })

  it.each([
    ['paid', yes, 'committed', ['deliver_receipt', 'capture']],
    ['failed', no, 'aborted', ['release_hold']],
  ] as const)('is decided by its file: %s', (_, message, status, duties) => {
    const { payment } = play(...silent, [message, 3_600_000])
    expect(payment.status).toBe(status)
    expect(payment.duties.map(duty => duty.kind)).toEqual(duties)
  })

  it('without a file is decided by the end of the next day, and then it must give back', () => {
    const at = dayAfter - T0
    expect(play(...silent, [timer, at - 1]).payment.status).toBe('deemed')
    const { payment } = play(...silent, [timer, at])
    expect(payment).toMatchObject({ status: 'aborted', resultCode: 'DEADLINE_EXCEEDED' })
    expect(payment.duties.map(duty => duty.kind)).toEqual(['void_order', 'release_hold'])
  })

  it('is asked every five minutes meanwhile, and cannot be cancelled', () => {
    const asked = DECISION_MPM_MS + DEEMED_PACE_MS
    const { payment, events } = play(...silent, [timer, asked - 1], [timer, asked])
    expect(events.at(-1)).toMatchObject({ type: 'inquired' })
    expect(payment.nextInquiryAt).toBe(T0 + asked + DEEMED_PACE_MS)
    expect(decide(payment, cancel, T0 + asked)).toMatchObject({
      refusal: { code: 'PAYMENT_DEEMED' },
    })
  })
})

describe('a cancel', () => {
  const kinds = (payment: Payment) =>
    payment.duties.filter(duty => duty.nextAt !== null).map(duty => [duty.kind, duty.owner])

  it('before the decision aborts, and what the acquirer may have accepted is voided', () => {
    const { payment } = play(...reached.pending!, [cancel, 100])
    expect(payment).toMatchObject({ status: 'aborted', resultCode: 'CANCELLED' })
    expect(kinds(payment)).toEqual([['void_order', 'acquirer-cn']])
    const doubted = play(...reached.in_doubt!, [cancel, 200]).payment
    expect(kinds(doubted)).toEqual([
      ['void_order', 'acquirer-cn'],
      ['release_hold', 'wallet-th'],
    ])
  })

  it('is not undone by an acceptance that comes after it, and adds no second void', () => {
    const { payment, events } = play(...reached.pending!, [cancel, 100], [yes, 200])
    expect(payment.status).toBe('aborted')
    expect(events.map(event => event.type)).toEqual(['opened', 'cancel_asked', 'aborted'])
  })

  it('is undone once more by an acceptance that comes after the void was acknowledged', () => {
    const done: Message = { kind: 'acknowledge', duty: 'void_order', owner: 'acquirer-cn' }
    const { payment, events } = play(
      ...reached.pending!,
      [cancel, 100],
      [done, 200],
      [yes, 300],
      [yes, 301],
    )
    expect(payment.status).toBe('aborted')
    expect(kinds(payment)).toEqual([['void_order', 'acquirer-cn']])
    expect(events.filter(({ type }) => type === 'late_acceptance')).toHaveLength(1)
    expect(
      kinds(play(...reached.pending!, [cancel, 100], [done, 200], [yes, 300], [done, 400]).payment),
    ).toEqual([])
  })

  it('after a commit reverses, and the duties of the commit give way to those of the reversal', () => {
    const { payment } = play(...reached.committed!, [cancel, 200])
    expect(payment).toMatchObject({ status: 'reversed', reversedAt: T0 + 200, decidedAt: T0 + 100 })
    expect(kinds(payment)).toEqual([
      ['reverse_order', 'acquirer-cn'],
      ['return_funds', 'wallet-th'],
    ])
  })

  it('comes in time until the last millisecond before the cut, and then never', () => {
    // UTC: the payment is of the first hour of 1970, so its day ends at 24:00 and its cut is at 00:15.
    const cut = 86_400_000 + 15 * 60_000 - T0
    expect(play(...reached.committed!, [cancel, cut - 1]).payment.status).toBe('reversed')
    const { payment } = play(...reached.committed!)
    expect(decide(payment, cancel, T0 + cut)).toMatchObject({
      refusal: { code: 'CANCEL_WINDOW_EXCEEDED' },
    })
  })

  describe('of what is committed', () => {
    const { walletCancelMs: _, ...usual } = terms
    const committed = (of: Terms) => play([{ ...open, terms: of }, 0], [yes, 100]).payment
    const asked = (of: Terms, at: number, by?: 'acquirer') => {
      const decision = decide(committed(of), by ? { ...cancel, by } : cancel, T0 + at)
      return decision.ok ? decision.value.map(({ type }) => type).join('+') : decision.refusal.code
    }

    it("is no wallet's, where its corridor does not say otherwise, and always its acquirer's", () => {
      expect(asked(usual, 101)).toBe('CANCEL_WINDOW_EXCEEDED')
      expect(cancelUntil(committed(usual), 'wallet')).toBeNull()
      expect(asked(usual, 101, 'acquirer')).toBe('cancel_asked+reversed')
      const charged = { ...usual, presentment: 'cpm', requester: usual.responder } as const
      expect(asked({ ...charged, responder: usual.requester }, 101)).toBe('cancel_asked+reversed')
    })

    it('is in time until the last millisecond of the window that the corridor gives', () => {
      const agreed = { ...usual, walletCancelMs: 60_000 }
      expect(asked(agreed, 100 + 59_999)).toMatch(/cancel_asked\+reversed$/)
      expect(asked(agreed, 100 + 60_000)).toBe('CANCEL_WINDOW_EXCEEDED')
      expect(cancelUntil(committed(agreed), 'wallet')).toBe(T0 + 60_100)
      expect(asked(agreed, 100 + 60_000, 'acquirer')).toMatch(/cancel_asked\+reversed$/)
    })
  })

  it('of its acquirer, before the decision, is told to the wallet that asked for it', () => {
    const { payment } = play(...reached.pending!, [{ ...cancel, by: 'acquirer' }, 100])
    expect(payment).toMatchObject({ status: 'aborted', cancel: { by: 'acquirer' } })
    expect(kinds(payment)).toEqual([
      ['void_order', 'acquirer-cn'],
      ['release_hold', 'wallet-th'],
    ])
  })

  it('is answered the same when it is repeated, also after the cut', () => {
    const { payment } = play(...reached.reversed!)
    expect(decide(payment, cancel, T0 + 900_000_000)).toMatchObject({ ok: true })
    expect(decide(payment, { ...cancel, requestId: 'cancel-2' }, T0 + 200)).toEqual({
      ok: true,
      value: [],
    })
    expect(decide(payment, { ...cancel, bodyHash: 'dd' }, T0 + 200)).toMatchObject({
      refusal: { code: 'REPEAT_REQ_INCONSISTENT' },
    })
  })

  it('of a payment that does not exist promises that it never will', () => {
    expect(decide(null, cancel, T0)).toMatchObject({ refusal: { code: 'PAYMENT_BARRED' } })
  })
})

it('has a live timer in every state that is not final', () => {
  for (const steps of Object.values(reached)) {
    const { payment } = play(...steps)
    expect(isFinal(payment.status) || dueAt(payment) !== null).toBe(true)
  }
})

it('is rebuilt from its events alone', () => {
  const { payment, events } = play(...reached.in_doubt!, [timer, 100], [yes, 900], [timer, 9_000])
  expect(events.reduce<Payment | null>(apply, null)).toEqual(payment)
})
