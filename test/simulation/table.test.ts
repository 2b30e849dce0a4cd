/**
 * Every status and every message, in one table: what is recorded, or why it is refused. A status or a kind of message
 * that is added does not compile before it has its column or its row.
 */
import { describe, expect, it } from 'vitest'
import {
  DECISION_MPM_MS,
  decide,
  dueAt,
  isFinal,
  type Message,
  NO_HOLD,
  type Payment,
  type Status,
} from '../../src/domain/payment.ts'
import type { Verdict } from '../../src/domain/payment-event.ts'
import { refundId } from '../../src/domain/payment-id.ts'
import type { Terms } from '../../src/domain/quote.ts'
import { cases, play, T0 } from '../domain/play.ts'
import { terms } from '../domain/terms.ts'

const cpm: Terms = {
  ...terms,
  presentment: 'cpm',
  requester: terms.responder,
  responder: terms.requester,
  payerReference: 'user-1',
}
const opening = (of: Terms): Message => ({
  kind: 'open',
  terms: of,
  bodyHash: 'aa',
  hold: of.presentment === 'cpm' ? NO_HOLD : { reference: 'hold-1', key: 'k' },
})
const said = (verdict: Extract<Message, { kind: 'answer' }>['verdict']): Message => ({
  kind: 'answer',
  verdict,
})
const yes = said({ said: 'accepted', reference: 'r', key: 'k' })
const no = said({ said: 'refused', code: 'DECLINED' })
const confirm = said({ said: 'user_must_confirm' })
const notAllowed = said({ said: 'not_allowed', code: 'LIMIT_PERSON', resetsAt: null })
const silence = said({ said: 'unusable' })
const cancel: Message = { kind: 'cancel', requestId: 'cancel-1', bodyHash: 'bb' }
/** From the acquirer, and from a wallet whose corridor leaves nothing to cancel after the commit. */
const acquirerCancel: Message = { ...cancel, by: 'acquirer' }
const timer: Message = { kind: 'timer' }
const refund: Message = {
  kind: 'refund',
  requestId: 'refund-1',
  bodyHash: 'dd',
  amount: { ...terms.payee, minor: 1_000n },
}

/** By then a switch's file for the day has come, or has not. */
const DEEMED_MS = 3 * 86_400_000

/** How a payment comes to each status, and of which presentment it is. */
const ways: Record<Status, { of: Terms; steps: [Message, number][] }> = {
  pending: { of: terms, steps: [] },
  awaiting_user: { of: cpm, steps: [[confirm, 100]] },
  in_doubt: {
    of: terms,
    steps: [
      [silence, 100],
      [timer, 101],
    ],
  },
  deemed: {
    of: { ...terms, singlePhase: true },
    steps: [
      [silence, 100],
      [timer, DECISION_MPM_MS],
    ],
  },
  committed: { of: terms, steps: [[yes, 100]] },
  aborted: { of: terms, steps: [[no, 100]] },
  reversed: {
    of: terms,
    steps: [
      [yes, 100],
      [cancel, 150],
    ],
  },
}

/** Rows; those of one kind differ in what decides. */
const messages: Record<string, (of: Terms) => Message> = {
  same_again: opening,
  other_body: of => ({ ...opening(of), bodyHash: 'zz' }) as Message,
  accepted: () => yes,
  refused: () => no,
  must_confirm: () => confirm,
  not_allowed: () => notAllowed,
  unusable: () => silence,
  timer: () => timer,
  left: () => ({ kind: 'left' }),
  cancel: () => cancel,
  acquirer_cancel: () => acquirerCancel,
  refund: () => refund,
  refund_cover: () => ({ kind: 'refund_cover', refund: 'none', limits: [] }),
  refund_answer: () => ({ kind: 'refund_answer', refund: 'none', answer: { said: 'sent' } }),
  acknowledge: () => ({ kind: 'acknowledge', duty: 'capture', owner: 'nobody' }),
  // Before its time, as its owner asks for it or is well again.
  tell_receipt: of => ({ kind: 'timer', tell: { duty: 'deliver_receipt', owner: of.responder } }),
  ask_refund: of => ({ kind: 'timer', ask: refundId(of.paymentId, 0) }),
}

/** Likewise for what a responder may say. */
const verdictRows: Record<Verdict['said'], keyof typeof messages> = {
  accepted: 'accepted',
  refused: 'refused',
  user_must_confirm: 'must_confirm',
  not_allowed: 'not_allowed',
  unusable: 'unusable',
}

/** Fails to compile while a kind of message has no row. */
const rowOf: Record<Message['kind'], keyof typeof messages> = {
  open: 'same_again',
  answer: 'accepted',
  timer: 'timer',
  left: 'left',
  cancel: 'cancel',
  refund: 'refund',
  refund_cover: 'refund_cover',
  refund_answer: 'refund_answer',
  acknowledge: 'acknowledge',
}

// `-` is heard and changes nothing; capitals are the refusal; `own_timer` is the moment for which it has set its alarm;
// `deadline` a timer at fifteen seconds, when a user still has time, or, of what is deemed, three days later.
const undecided = `
                 none               pending                  awaiting_user                in_doubt                 deemed
  same_again     opened             left                     -                            -                        -
  other_body     opened             REPEAT_REQ_INCONSISTENT  REPEAT_REQ_INCONSISTENT      REPEAT_REQ_INCONSISTENT  REPEAT_REQ_INCONSISTENT
  accepted       PAYMENT_NOT_EXIST  committed                committed                    committed                committed
  refused        PAYMENT_NOT_EXIST  aborted                  aborted                      aborted                  aborted
  must_confirm   PAYMENT_NOT_EXIST  -                        -                            -                        -
  not_allowed    PAYMENT_NOT_EXIST  aborted                  aborted                      aborted                  aborted
  unusable       PAYMENT_NOT_EXIST  doubted                  -                            -                        -
  timer          PAYMENT_NOT_EXIST  -                        -                            -                        -
  deadline       PAYMENT_NOT_EXIST  aborted+duty_told+duty_told -                         aborted+duty_told+duty_told aborted+duty_told+duty_told
  own_timer      none               doubted+inquired         aborted+duty_told+duty_told  inquired                 inquired
  left           PAYMENT_NOT_EXIST  left                     -                            -                        -
  cancel         PAYMENT_BARRED     cancel_asked+aborted     cancel_asked+aborted         cancel_asked+aborted     PAYMENT_DEEMED
  acquirer_cancel PAYMENT_BARRED    cancel_asked+aborted     cancel_asked+aborted         cancel_asked+aborted     PAYMENT_DEEMED
  refund         PAYMENT_NOT_EXIST  REFUND_NOT_POSSIBLE      REFUND_NOT_POSSIBLE          REFUND_NOT_POSSIBLE      REFUND_NOT_POSSIBLE
  refund_cover   PAYMENT_NOT_EXIST  -                        -                            -                        -
  refund_answer  PAYMENT_NOT_EXIST  -                        -                            -                        -
  acknowledge    PAYMENT_NOT_EXIST  -                        -                            -                        -
  tell_receipt   PAYMENT_NOT_EXIST  -                        -                            -                        -
  ask_refund     PAYMENT_NOT_EXIST  -                        -                            -                        -`

// Where the shop scans the user, the responder is the wallet, and its user may be asked.
const charged = `
                 charged                  charged_in_doubt
  same_again       left                     -
  other_body       REPEAT_REQ_INCONSISTENT  REPEAT_REQ_INCONSISTENT
  accepted         committed                committed
  refused          aborted                  aborted
  must_confirm     user_asked               user_asked
  not_allowed      aborted                  aborted
  unusable         doubted                  -
  timer            -                        -
  deadline         doubted+inquired         inquired
  own_timer        doubted+inquired         inquired
  left             left                     -
  cancel           cancel_asked+aborted     cancel_asked+aborted
  acquirer_cancel  cancel_asked+aborted     cancel_asked+aborted
  refund           REFUND_NOT_POSSIBLE      REFUND_NOT_POSSIBLE
  refund_cover     -                        -
  refund_answer    -                        -
  acknowledge      -                        -
  tell_receipt     -                        -
  ask_refund       -                        -`

// A decision stands: nothing here is `committed` or `aborted` again, and only a cancel takes one back.
const decided = `
                 committed                aborted                  reversed
  same_again     -                        -                        -
  other_body     REPEAT_REQ_INCONSISTENT  REPEAT_REQ_INCONSISTENT  REPEAT_REQ_INCONSISTENT
  accepted       -                        late_acceptance          -
  refused        -                        -                        -
  must_confirm   -                        -                        -
  not_allowed    -                        -                        -
  unusable       -                        -                        -
  timer          -                        -                        -
  deadline       duty_told                -                        duty_told+duty_told
  own_timer      duty_told                none                     duty_told+duty_told
  left           left                     left                     -
  cancel         cancel_asked+reversed    cancel_asked             -
  acquirer_cancel cancel_asked+reversed   cancel_asked             -
  refund         refund_queued            REFUND_NOT_POSSIBLE      REFUND_NOT_POSSIBLE
  refund_cover   -                        -                        -
  refund_answer  -                        -                        -
  acknowledge    -                        -                        -
  tell_receipt   duty_told                -                        -
  ask_refund     -                        -                        -`

/** The same statuses, reached by a charge. */
const charges: Readonly<Record<string, (typeof ways)[Status]>> = {
  charged: { of: cpm, steps: [] },
  charged_in_doubt: {
    of: cpm,
    steps: [
      [silence, 100],
      [timer, 101],
    ],
  },
}

interface Reached {
  readonly payment: Payment | null
  readonly of: Terms
  /** Milliseconds after the opening. */
  readonly at: number
}

function reach(status: string): Reached {
  const way = { ...ways, ...charges }[status]
  if (way === undefined) return { payment: null, of: terms, at: 200 }
  const { payment } = play([opening(way.of), 0], ...way.steps)
  return { payment, of: way.of, at: (way.steps.at(-1)?.[1] ?? 100) + 100 }
}

function outcome(payment: Payment | null, message: Message, at: number): string {
  const decision = decide(payment, message, T0 + at)
  if (!decision.ok) return decision.refusal.code
  return decision.value.map(({ type }) => type).join('+') || '-'
}

function cell({ payment, of, at }: Reached, row: string): string {
  const message = messages[row]
  if (message !== undefined) return outcome(payment, message(of), at)
  if (row === 'deadline')
    return outcome(payment, timer, payment?.status === 'deemed' ? DEEMED_MS : DECISION_MPM_MS)
  const due = payment === null ? null : dueAt(payment)
  return due === null ? 'none' : outcome(payment, timer, due - T0)
}

describe('a payment', () => {
  const all = [...cases(undecided), ...cases(charged), ...cases(decided)]

  it.each(all)('that hears %s while it is %s: %s', (row, status, want) => {
    expect(cell(reach(status), row)).toBe(want)
  })

  it('has a cell for every status and every kind of message', () => {
    const rows = new Set(all.map(([row]) => row))
    expect(new Set(all.map(([, status]) => status))).toEqual(
      new Set(['none', ...Object.keys(ways), ...Object.keys(charges)]),
    )
    expect(rows).toEqual(new Set([...Object.keys(messages), 'deadline', 'own_timer']))
    for (const row of [...Object.values(rowOf), ...Object.values(verdictRows)]) {
      expect(rows).toContain(row)
    }
    const columns = Object.keys({ ...ways, ...charges }).length + 1
    expect(all).toHaveLength(columns * rows.size)
  })

  it('is in the status that its column says', () => {
    for (const status of Object.keys(ways)) expect(reach(status).payment?.status).toBe(status)
  })

  it('that is decided is never decided again, whatever it hears', () => {
    const decisions = all.filter(
      ([, status, events]) => isFinal(status as Status) && /committed|aborted/.test(events),
    )
    expect(decisions).toEqual([])
  })
})
