/**
 * The payment: one machine for both presentments. The gateway decides each payment exactly once.
 *
 * This file only decides: a payment and a message give events, and events give the next payment. The lane
 * records the events and tells the world; replaying them gives the same payment.
 */
import type { Allowance } from './allowance.ts'
import { isSameBody } from './body-hash.ts'
import { cancel } from './cancel.ts'
import { type Duty, isLeft, isNamed, isTold, isUndoing, nameOf } from './duty.ts'
import { kept } from './evidence.ts'
import type { Reserve } from './limit.ts'
import { apply } from './payment-apply.ts'
import type { Message, PaymentEvent, Verdict } from './payment-event.ts'
import { timers } from './payment-timer.ts'
import type { Terms } from './quote.ts'
import { answerRefund, coverRefund, type Refund, refund } from './refund.ts'
import type { ResultCode } from './refusal.ts'
import { ok, type Result, refuse } from './result.ts'
import { isFinal, may, type Status } from './status.ts'

export * from './budget.ts'
export { apply } from './payment-apply.ts'
export type { Message, Outcome, PaymentEvent, Verdict } from './payment-event.ts'
export { dueAt } from './payment-timer.ts'
export { isFinal, type Status } from './status.ts'

export interface Hold {
  /** The wallet's own reference of the money it holds. */
  readonly reference: string
  /** The key under which it said so. */
  readonly key: string
}

/** In CPM nothing is held when the payment is opened: the wallet's authorization is what says so. */
export const NO_HOLD: Hold = { reference: '', key: '' }

export interface Acceptance {
  readonly reference: string
  readonly key: string
}

export interface Cancel {
  /** The cancel's own id, chosen by the requester. */
  readonly requestId: string
  readonly bodyHash: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Set where it is not its requester's: the acquirer of a merchant's code. */
  readonly by?: 'acquirer'
}

export interface Payment {
  readonly terms: Terms
  /** See `body-hash`: another body under the same requestId is caught by it. */
  readonly bodyHash: string
  readonly hold: Hold
  readonly status: Status
  readonly resultCode: ResultCode
  /** Instants in milliseconds since 1970. */
  readonly openedAt: number
  /** Until when the responder may answer the first request. */
  readonly respondBy: number
  /** When the gateway decides without an answer. */
  readonly decideBy: number
  readonly decidedAt: number | null
  readonly inquiries: number
  readonly nextInquiryAt: number | null
  readonly acceptance: Acceptance | null
  readonly duties: readonly Duty[]
  /** The requester heard U while the payment was pending; it must be told of the decision. */
  readonly left?: true
  /** Oldest first. */
  readonly refunds?: readonly Refund[]
  /** The first cancel that was asked for. */
  readonly cancel?: Cancel
  /** What it took of limits, and of its payer's allowance, when it was opened. */
  readonly limits?: readonly Reserve[]
  readonly allowance?: Allowance
  /** When the payer's allowance begins anew that did not allow it. */
  readonly resetsAt?: number
  /** When a committed payment was cancelled in full. */
  readonly reversedAt?: number
  /** W3C trace of the request that opened it, hex; absent in old rows. */
  readonly trace?: string
  /** How many events made this payment; rises with each. */
  readonly version: number
}

/**
 * Decides what a message makes of a payment, `null` being one that does not exist yet.
 *
 * Timers that should have fired before the message are applied first, so that an alarm that runs late never
 * lets a late answer through. An empty list means: heard, and nothing changes.
 *
 * A cancel of a payment that does not exist is refused with PAYMENT_BARRED, and the refusal is a promise: whoever
 * records decisions must see to it that the payment can never be opened.
 *
 * Refusals: QUOTE_EXPIRED, REPEAT_REQ_INCONSISTENT, PAYMENT_NOT_EXIST, PAYMENT_BARRED, and those of `cancel`
 * and `refund`.
 */
export function decide(
  payment: Payment | null,
  message: Message,
  now: number,
): Result<readonly PaymentEvent[]> {
  if (message.kind === 'open') return open(payment, message, now)
  if (payment === null) {
    return refuse(message.kind === 'cancel' ? 'PAYMENT_BARRED' : 'PAYMENT_NOT_EXIST')
  }
  const overdue = timers(payment, now)
  const current = overdue.reduce<Payment>(apply, payment)
  if (message.kind === 'answer') return ok([...overdue, ...answer(current, message.verdict, now)])
  if (message.kind === 'left') return ok([...overdue, ...leftLate(current, now)])
  if (message.kind === 'cancel') return after(overdue, cancel(current, message, now))
  if (message.kind === 'refund') return after(overdue, refund(current, message, now))
  if (message.kind === 'refund_cover') {
    return ok([...overdue, ...coverRefund(current, message.refund, message.limits, now)])
  }
  if (message.kind === 'refund_answer') {
    return ok([...overdue, ...answerRefund(current, message.refund, message.answer, now)])
  }
  if (message.kind === 'acknowledge') {
    const owed = current.duties.find(duty => isNamed(duty, message) && duty.nextAt !== null)
    return ok(owed ? [...overdue, { type: 'duty_done', at: now, ...nameOf(owed) }] : overdue)
  }
  return ok([...overdue, ...early(current, message, now)])
}

/** What is asked for before its time, where it is still owed. */
function early(
  { duties, refunds = [] }: Payment,
  { tell, ask }: Extract<Message, { kind: 'timer' }>,
  at: number,
): readonly PaymentEvent[] {
  const duty = tell && duties.find(each => isNamed(each, tell) && each.nextAt !== null)
  if (duty !== undefined) return [{ type: 'duty_told', at, ...nameOf(duty) }]
  const refund = refunds.find(({ id, nextAt }) => id === ask && nextAt !== null)
  return refund === undefined ? [] : [{ type: 'refund_tried', at, refund: refund.id }]
}

/** What is refused records nothing: the timer comes back for what was overdue. */
const after = (
  overdue: readonly PaymentEvent[],
  decision: Result<readonly PaymentEvent[]>,
): Result<readonly PaymentEvent[]> => (decision.ok ? ok([...overdue, ...decision.value]) : decision)

function open(
  payment: Payment | null,
  {
    terms,
    bodyHash,
    hold,
    evidence,
    trace,
    limits = [],
    allowance,
  }: Extract<Message, { kind: 'open' }>,
  now: number,
): Result<readonly PaymentEvent[]> {
  if (payment !== null) {
    const same =
      isSameBody(payment.bodyHash, bodyHash) && payment.terms.requestId === terms.requestId
    return same ? ok(left(payment, now)) : refuse('REPEAT_REQ_INCONSISTENT')
  }
  // A repeated request is answered above whatever the time, so only a first one can come too late.
  if (now >= terms.expiresAt) return refuse('QUOTE_EXPIRED')
  const taken = {
    ...(limits.length === 0 ? {} : { limits }),
    ...(allowance === undefined ? {} : { allowance }),
  }
  const under = trace === undefined ? {} : { trace }
  const rest = { ...taken, ...under, ...kept(evidence) }
  return ok([{ type: 'opened', at: now, terms, bodyHash, hold, ...rest }])
}

/** A requester that hears U while the payment is pending is told of the decision, like one left in doubt. */
const left = (payment: Payment, now: number): readonly PaymentEvent[] =>
  payment.status === 'pending' && !isLeft(payment) ? [{ type: 'left', at: now }] : []

/** One that heard U although the decision was made, because the way back was cut, is told too. */
const leftLate = (payment: Payment, now: number): readonly PaymentEvent[] =>
  isFinal(payment.status) && !isTold(payment) ? [{ type: 'left', at: now }] : left(payment, now)

function answer(payment: Payment, verdict: Verdict, now: number): readonly PaymentEvent[] {
  switch (verdict.said) {
    case 'accepted': {
      const { reference, key } = verdict
      const stated = { at: now, acceptance: { reference, key }, ...kept(verdict.evidence) }
      if (may(payment.status, 'accept')) return [{ type: 'committed', ...stated }]
      // The decision stands. What the responder did after it must be undone, unless that is under way.
      // Who has acknowledged that, and says yes after it, is told once more.
      const isUnderWay = payment.duties.some(
        duty => duty.nextAt !== null && isUndoing(duty, payment),
      )
      return payment.status === 'aborted' && !isUnderWay
        ? [{ type: 'late_acceptance', ...stated }]
        : []
    }
    case 'refused':
      if (!may(payment.status, 'refuse')) return []
      return [{ type: 'aborted', at: now, resultCode: verdict.code, ...kept(verdict.evidence) }]
    case 'user_must_confirm': {
      const mayAwait = payment.terms.presentment === 'cpm' && may(payment.status, 'ask_user')
      return mayAwait ? [{ type: 'user_asked', at: now, ...kept(verdict.evidence) }] : []
    }
    case 'not_allowed': {
      if (!may(payment.status, 'refuse')) return []
      const { code: resultCode, resetsAt } = verdict
      return [{ type: 'aborted', at: now, resultCode, ...(resetsAt === null ? {} : { resetsAt }) }]
    }
    case 'unusable':
      return may(payment.status, 'lose') ? [{ type: 'doubted', at: now }] : []
  }
}
