import { describe, expect, it } from 'vitest'
import { givenBack, takenBy } from '../../src/domain/limit-effect.ts'
import { apply, decide, dueAt, type Message, type Payment } from '../../src/domain/payment.ts'
import { paymentOfRefund } from '../../src/domain/payment-id.ts'
import { debtorOf, isCovered, REFUNDS_MAX, type RefundAnswer } from '../../src/domain/refund.ts'
import { cases, play, T0 } from './play.ts'
import { terms } from './terms.ts'

const DAY_MS = 86_400_000
const open = {
  kind: 'open',
  terms,
  bodyHash: 'aa',
  hold: { reference: 'hold-1', key: 'k' },
} as const
const yes: Message = { kind: 'answer', verdict: { said: 'accepted', reference: 'a', key: 'k' } }
const paid: [Message, number][] = [
  [open, 0],
  [yes, 100],
]
const timer: Message = { kind: 'timer' }

/** The payment is of 2,500 CNY fen for 12,437 satang. */
const ask = (minor: bigint, requestId = `r-${minor}`): Message => ({
  kind: 'refund',
  requestId,
  bodyHash: `${minor}`,
  amount: { currency: 'CNY', minor },
})
const idOf = (payment: Payment, place = 0) => payment.refunds![place]!.id
const refundedWith =
  (answer: RefundAnswer, place = 0) =>
  (payment: Payment) => {
    const message: Message = { kind: 'refund_answer', refund: idOf(payment, place), answer }
    const decision = decide(payment, message, T0 + 900)
    if (!decision.ok) throw new Error(decision.refusal.code)
    return decision.value.reduce<Payment>(apply, payment)
  }

const answers: Record<string, RefundAnswer> = {
  uncovered: { said: 'uncovered' },
  unsent: { said: 'unsent' },
  sent: { said: 'sent' },
  refunded: { said: 'refunded', reference: 'back-1' },
  failed: { said: 'failed', code: 'DECLINED' },
  unapplied: { said: 'unapplied' },
}

// Every answer in every status of a refund, so that neither can be added without deciding what it means.
const life = `
             uncovered  unsent     sent       refunded   failed     unapplied
  QUEUED     QUEUED     QUEUED     SENT       REFUNDED   FAILED     UNAPPLIED
  SENT       SENT       SENT       SENT       REFUNDED   FAILED     UNAPPLIED
  REFUNDED   REFUNDED   REFUNDED   REFUNDED   REFUNDED   REFUNDED   REFUNDED
  FAILED     FAILED     FAILED     FAILED     FAILED     FAILED     FAILED
  UNAPPLIED  UNAPPLIED  UNAPPLIED  UNAPPLIED  UNAPPLIED  UNAPPLIED  UNAPPLIED`

const reaching: Record<string, RefundAnswer | null> = {
  QUEUED: null,
  SENT: { said: 'sent' },
  REFUNDED: answers.refunded!,
  FAILED: answers.failed!,
  UNAPPLIED: answers.unapplied!,
}

describe('a refund', () => {
  it.each(cases(life))('that is %s and hears %s is then %s', (from, said, want) => {
    const queued = play(...paid, [ask(1_000n), 200]).payment
    const first = reaching[from]
    const before = first ? refundedWith(first)(queued) : queued
    expect(before.refunds![0]!.status).toBe(from)
    expect(refundedWith(answers[said]!)(before).refunds![0]!.status).toBe(want)
  })

  it('is at the rate of its payment, rounded down, and the last one takes the rest', () => {
    const { payment } = play(
      ...paid,
      [ask(833n, 'a'), 200],
      [ask(833n, 'b'), 201],
      [ask(834n, 'c'), 202],
    )
    expect(payment.refunds!.map(each => each.payer.minor)).toEqual([4_144n, 4_144n, 4_149n])
    expect(payment.refunds!.reduce((sum, each) => sum + each.payer.minor, 0n)).toBe(12_437n)
  })

  it('never makes all refunds together exceed the payment, on either side, whatever fails in between', () => {
    // Every order of small and large parts, some of which the wallet refuses and which are then asked for anew.
    for (let seed = 1; seed <= 300; seed += 1) {
      let payment = play(...paid).payment
      let state = seed
      const next = (bound: number) => {
        state = (state * 48_271) % 2_147_483_647
        return state % bound
      }
      for (let step = 0; step < 30; step += 1) {
        const decision = decide(payment, ask(BigInt(1 + next(900)), `s-${step}`), T0 + 300)
        if (decision.ok) payment = decision.value.reduce<Payment>(apply, payment)
        const place = next(Math.max(payment.refunds?.length ?? 0, 1))
        if (payment.refunds?.[place] && next(3) === 0) {
          payment = refundedWith(answers.failed!, place)(payment)
        }
        const alive = (payment.refunds ?? []).filter(each => each.status !== 'FAILED')
        const sum = (side: 'payee' | 'payer') =>
          alive.reduce((total, each) => total + each[side].minor, 0n)
        expect(sum('payee') <= 2_500n && sum('payer') <= 12_437n).toBe(true)
        if (sum('payee') === 2_500n) expect(sum('payer')).toBe(12_437n)
      }
    }
  })

  it('is refused by the first thing that is wrong with it', () => {
    const { payment } = play(...paid, [ask(1_000n), 200])
    const refusal = (message: Message, at = T0 + 300, of: Payment = payment) => {
      const decision = decide(of, message, at)
      return decision.ok ? null : decision.refusal.code
    }
    expect(refusal(ask(1_501n))).toBe('REFUND_AMOUNT_EXCEEDED')
    expect(refusal(ask(1_500n))).toBeNull()
    expect(refusal({ ...ask(1n), amount: { currency: 'THB', minor: 1n } } as Message)).toBe(
      'AMOUNT_INVALID',
    )
    expect(refusal({ ...ask(1n), requestId: 'r-1000' } as Message)).toBe('REPEAT_REQ_INCONSISTENT')
    expect(refusal(ask(1n), T0 + 100 + 366 * DAY_MS - 1)).toBeNull()
    expect(refusal(ask(1n), T0 + 100 + 366 * DAY_MS)).toBe('REFUND_WINDOW_EXCEEDED')
    expect(refusal(ask(1n), T0 + 300, play([open, 0]).payment)).toBe('REFUND_NOT_POSSIBLE')
    const many = play(
      ...paid,
      ...Array.from({ length: REFUNDS_MAX }, (_, n): [Message, number] => [ask(1n, `m-${n}`), 200]),
    ).payment
    expect(refusal(ask(1n, 'one-more'), T0 + 300, many)).toBe('REFUND_COUNT_EXCEEDED')
  })

  it('is answered the same when it is asked for again, whatever the time', () => {
    const { payment } = play(...paid, [ask(2_500n), 200])
    expect(decide(payment, ask(2_500n), T0 + 400 * DAY_MS)).toMatchObject({ ok: true })
    expect(decide(payment, ask(2_500n), T0 + 201)).toEqual({ ok: true, value: [] })
  })

  it('is owed by the acquirer until the wallet has it, and by the wallet until its user has it', () => {
    const owes = ['QUEUED', 'SENT', 'REFUNDED', 'FAILED', 'UNAPPLIED'] as const
    const { payment } = play(...paid, [ask(1n), 200])
    const debtors = owes.map(status => debtorOf({ ...payment.refunds![0]!, status }))
    expect(debtors).toEqual(['acquirer', 'acquirer', 'none', 'none', 'wallet'])
  })

  it('has a live timer until it has ended, and then the acquirer is told', () => {
    const { payment } = play(
      ...paid,
      [{ kind: 'acknowledge', duty: 'deliver_receipt', owner: 'acquirer-cn' }, 150],
      [ask(1_000n), 200],
    )
    expect(dueAt(payment)).toBe(T0 + 5_200)
    const tried = play(
      ...paid,
      [{ kind: 'acknowledge', duty: 'deliver_receipt', owner: 'acquirer-cn' }, 150],
      [ask(1_000n), 200],
      [timer, 5_200],
    )
    expect(tried.events.at(-1)).toMatchObject({ type: 'refund_tried' })
    expect(tried.payment.refunds![0]).toMatchObject({ attempts: 1, nextAt: T0 + 6_200 })
    const done = refundedWith(answers.refunded!)(payment)
    expect(done.refunds![0]!.nextAt).toBeNull()
    expect(done.duties.at(-1)).toMatchObject({ kind: 'report_refund', about: idOf(done) })
    const told = { duty: 'report_refund', owner: 'acquirer-cn', about: idOf(done) } as const
    const heard = decide(done, { kind: 'acknowledge', ...told }, T0 + 1_000)
    expect(heard).toMatchObject({ ok: true, value: [{ type: 'duty_done', about: idOf(done) }] })
  })

  it('says that it waits for cover, once, and goes on when there is some', () => {
    const held = refundedWith(answers.uncovered!)(play(...paid, [ask(1n), 200]).payment)
    expect(held.refunds![0]).toMatchObject({ status: 'QUEUED', resultCode: 'COVER_SHORT' })
    expect(refundedWith(answers.uncovered!)(held)).toEqual(held)
    expect(refundedWith(answers.sent!)(held).refunds![0]).toMatchObject({
      status: 'SENT',
      resultCode: 'REFUND_IN_PROCESS',
    })
  })

  it('makes a cancel impossible, unless it failed', () => {
    const cancel: Message = { kind: 'cancel', requestId: 'c', bodyHash: 'c' }
    const { payment } = play(...paid, [ask(1n), 200])
    expect(decide(payment, cancel, T0 + 300)).toMatchObject({
      refusal: { code: 'CANCEL_AFTER_REFUND' },
    })
    expect(decide(refundedWith(answers.failed!)(payment), cancel, T0 + 950)).toMatchObject({
      ok: true,
    })
  })

  it('carries the id of its payment in its own, and no two are the same', () => {
    const { payment } = play(...paid, [ask(1n, 'a'), 200], [ask(2n, 'b'), 200])
    const ids = payment.refunds!.map(each => each.id)
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(paymentOfRefund(id)).toBe(terms.paymentId)
    expect(paymentOfRefund(terms.paymentId)).toBeNull()
    expect(paymentOfRefund(`${ids[0]}0`)).toBeNull()
  })
})

describe('the cover of an acquirer', () => {
  const covered = (payment: Payment, place: number, minor: bigint | null) =>
    isCovered(payment, payment.refunds![place]!, minor)
  const { payment } = play(...paid, [ask(1_000n), 200], [ask(500n), 201])
  const sent = refundedWith({ said: 'sent' })(payment)

  it('carries what is under way and one more, to the last minor unit', () => {
    expect(covered(payment, 1, 500n)).toBe(true)
    expect(covered(payment, 1, 499n)).toBe(false)
    expect(covered(sent, 1, 1_500n)).toBe(true)
    expect(covered(sent, 1, 1_499n)).toBe(false)
    expect(covered(sent, 1, null)).toBe(true)
  })

  it('is not asked about again for what was sent, nor counts what has ended', () => {
    expect(covered(sent, 0, 0n)).toBe(true)
    const ended = refundedWith({ said: 'refunded', reference: 'back-1' })(sent)
    expect(covered(ended, 1, 500n)).toBe(true)
  })
})

describe('a running total of cover', () => {
  const limits = [{ limit: 'acquirer-cn * refund_open -', minor: 1_000n }]
  const cover = (payment: Payment): Message => ({
    kind: 'refund_cover',
    refund: idOf(payment),
    limits,
  })
  const said = (payment: Payment, message: Message) => {
    const decision = decide(payment, message, T0 + 300)
    if (!decision.ok) throw new Error(decision.refusal.code)
    return decision.value
  }
  const { payment } = play(...paid, [ask(1_000n), 200])
  const covered = said(payment, cover(payment)).reduce<Payment>(apply, payment)

  it('is taken once, before a refund is sent, and given back however it ends', () => {
    expect(takenBy(said(payment, cover(payment)))).toEqual(limits)
    expect(said(covered, cover(covered))).toEqual([])
    for (const ending of [answers.refunded!, answers.failed!, answers.unapplied!]) {
      const message: Message = { kind: 'refund_answer', refund: idOf(payment), answer: ending }
      const events = said(covered, message)
      const ended = events.reduce<Payment>(apply, covered)
      expect(events.flatMap(event => givenBack(ended, event))).toEqual(limits)
    }
    expect(
      said(covered, {
        kind: 'refund_answer',
        refund: idOf(payment),
        answer: answers.sent!,
      }).flatMap(event => givenBack(covered, event)),
    ).toEqual([])
  })

  it('is taken no more of a refund that was sent or has ended', () => {
    for (const answer of [answers.sent!, answers.failed!]) {
      const later = refundedWith(answer)(payment)
      expect(said(later, cover(later))).toEqual([])
    }
  })

  it('ends the wait for cover', () => {
    const held = refundedWith({ said: 'uncovered' })(payment)
    expect(held.refunds![0]).toMatchObject({ status: 'QUEUED', resultCode: 'COVER_SHORT' })
    const after = said(held, cover(held)).reduce<Payment>(apply, held)
    expect(after.refunds![0]).toMatchObject({ status: 'QUEUED', resultCode: 'REFUND_IN_PROCESS' })
  })
})
