/**
 * The payment: one machine for both presentments. The gateway decides each payment exactly once.
 *
 * This file only decides: a payment and a message give events, and events give the next payment. The lane
 * records the events and tells the world; replaying them gives the same payment.
 */
import { type Duty, type DutyKind, FIRST_ATTEMPT_MS, retryAt } from './duty.ts'
import type { Terms } from './quote.ts'
import type { ResponderCode, ResultCode } from './refusal.ts'
import { assert, ok, type Result, refuse } from './result.ts'

export type Status =
  | 'pending'
  | 'awaiting_user'
  | 'in_doubt'
  | 'deemed'
  | 'committed'
  | 'aborted'
  | 'reversed'

/** The responder has this long to answer; UPI and Alipay+ live with 8 to 15 s. */
export const HOP_BUDGET_MS = 8_000
/** An MPM payment is decided this long after it was opened, whatever happens. */
export const DECISION_MPM_MS = 15_000
/** A payment in doubt is asked about this often. */
export const INQUIRY_PACE_MS = 2_000

export interface Hold {
  /** The wallet's own reference of the money it holds. */
  readonly reference: string
  /** The key under which it said so. */
  readonly key: string
}

export interface Acceptance {
  readonly reference: string
  readonly key: string
}

export interface Payment {
  readonly terms: Terms
  /** SHA-256 of the request's canonical form, hex: another body under the same requestId is caught by it. */
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
  /** How many events made this payment; rises with each. */
  readonly version: number
}

/** What a responder's message amounts to. `unusable` is silence, garbage, or a bad signature. */
export type Verdict =
  | { readonly said: 'accepted'; readonly reference: string; readonly key: string }
  | { readonly said: 'refused'; readonly code: ResponderCode }
  | { readonly said: 'unusable' }

export type Message =
  | { readonly kind: 'open'; readonly terms: Terms; readonly bodyHash: string; readonly hold: Hold }
  | { readonly kind: 'answer'; readonly verdict: Verdict }
  | { readonly kind: 'timer' }
  | { readonly kind: 'acknowledge'; readonly duty: DutyKind; readonly owner: string }

export type PaymentEvent =
  | {
      readonly type: 'opened'
      readonly at: number
      readonly terms: Terms
      readonly bodyHash: string
      readonly hold: Hold
    }
  | { readonly type: 'doubted'; readonly at: number }
  | { readonly type: 'inquired'; readonly at: number }
  | { readonly type: 'committed'; readonly at: number; readonly acceptance: Acceptance }
  | { readonly type: 'aborted'; readonly at: number; readonly resultCode: ResultCode }
  | { readonly type: 'late_acceptance'; readonly at: number }
  | {
      readonly type: 'duty_told'
      readonly at: number
      readonly duty: DutyKind
      readonly owner: string
    }
  | {
      readonly type: 'duty_done'
      readonly at: number
      readonly duty: DutyKind
      readonly owner: string
    }

export type Move = 'accept' | 'refuse' | 'lose' | 'expire'

/** The whole life of an undecided payment under the answers of its responder. A move not written here changes no decision. */
// biome-ignore format: a table is read by column
export const moves = {
  accept: { from: ['pending', 'in_doubt'], to: 'committed' },
  refuse: { from: ['pending', 'in_doubt'], to: 'aborted'   },
  // Silence is never a failure: the responder may have accepted although it did not answer.
  lose:   { from: ['pending'],             to: 'in_doubt'  },
  // Only the deadline ends a doubt without an answer, and the void that follows makes it true.
  expire: { from: ['pending', 'in_doubt'], to: 'aborted'   },
} as const satisfies Record<Move, { from: readonly Status[]; to: Status }>

const may = (status: Status, move: Move): boolean =>
  (moves[move].from as readonly Status[]).includes(status)

export const isFinal = (status: Status): boolean =>
  status === 'committed' || status === 'aborted' || status === 'reversed'

/**
 * Decides what a message makes of a payment, `null` being one that does not exist yet.
 *
 * Timers that should have fired before the message are applied first, so that an alarm that runs late never
 * lets a late answer through. An empty list means: heard, and nothing changes.
 *
 * Refusals: QUOTE_EXPIRED, REPEAT_REQ_INCONSISTENT, PAYMENT_NOT_EXIST.
 */
export function decide(
  payment: Payment | null,
  message: Message,
  now: number,
): Result<readonly PaymentEvent[]> {
  if (message.kind === 'open') return open(payment, message, now)
  if (payment === null) return refuse('PAYMENT_NOT_EXIST')

  const overdue = timers(payment, now)
  const current = overdue.reduce<Payment>(apply, payment)
  if (message.kind === 'answer') return ok([...overdue, ...answer(current, message.verdict, now)])
  if (message.kind === 'acknowledge') {
    const { duty, owner } = message
    const owed = current.duties.some(d => d.kind === duty && d.owner === owner && d.nextAt !== null)
    return ok(owed ? [...overdue, { type: 'duty_done', at: now, duty, owner }] : overdue)
  }
  return ok(overdue)
}

function open(
  payment: Payment | null,
  { terms, bodyHash, hold }: Extract<Message, { kind: 'open' }>,
  now: number,
): Result<readonly PaymentEvent[]> {
  if (payment !== null) {
    const same = payment.bodyHash === bodyHash && payment.terms.requestId === terms.requestId
    return same ? ok([]) : refuse('REPEAT_REQ_INCONSISTENT')
  }
  // A repeated request is answered above whatever the time, so only a first one can come too late.
  if (now >= terms.expiresAt) return refuse('QUOTE_EXPIRED')
  return ok([{ type: 'opened', at: now, terms, bodyHash, hold }])
}

function answer(payment: Payment, verdict: Verdict, now: number): readonly PaymentEvent[] {
  switch (verdict.said) {
    case 'accepted': {
      const { reference, key } = verdict
      if (may(payment.status, 'accept')) {
        return [{ type: 'committed', at: now, acceptance: { reference, key } }]
      }
      // The decision stands. What the responder did after it must be undone, unless that is under way.
      const toVoid = payment.duties.some(duty => duty.kind === 'void_order')
      return payment.status === 'aborted' && !toVoid ? [{ type: 'late_acceptance', at: now }] : []
    }
    case 'refused':
      if (!may(payment.status, 'refuse')) return []
      return [{ type: 'aborted', at: now, resultCode: verdict.code }]
    case 'unusable':
      return may(payment.status, 'lose') ? [{ type: 'doubted', at: now }] : []
  }
}

/** What time alone does to a payment: doubt, inquiry, abort at the deadline, and duties told again. */
function timers(payment: Payment, now: number): readonly PaymentEvent[] {
  if (isFinal(payment.status))
    return tell(payment, duty => duty.nextAt !== null && now >= duty.nextAt, now)
  if (now >= payment.decideBy) {
    const aborted: PaymentEvent = { type: 'aborted', at: now, resultCode: 'DEADLINE_EXCEEDED' }
    // Nobody else knows of a decision that time made, so its duties are told with it.
    return [aborted, ...tell(apply(payment, aborted), () => true, now)]
  }
  if (payment.status === 'pending' && now >= payment.respondBy) {
    return [
      { type: 'doubted', at: now },
      { type: 'inquired', at: now },
    ]
  }
  const asks = payment.nextInquiryAt !== null && now >= payment.nextInquiryAt
  return asks ? [{ type: 'inquired', at: now }] : []
}

const tell = (payment: Payment, when: (duty: Duty) => boolean, now: number): PaymentEvent[] =>
  payment.duties
    .filter(when)
    .map(({ kind, owner }) => ({ type: 'duty_told', at: now, duty: kind, owner }))

/** Applies one event. Total over the events that `decide` can give; anything else is a broken belief. */
export function apply(payment: Payment | null, event: PaymentEvent): Payment {
  if (event.type === 'opened') {
    assert(payment === null, 'a payment is opened once')
    return opened(event)
  }
  assert(payment !== null, `${event.type} needs a payment`)
  const version = payment.version + 1
  switch (event.type) {
    case 'doubted':
      return { ...payment, version, status: 'in_doubt', nextInquiryAt: event.at }
    case 'inquired':
      return {
        ...payment,
        version,
        inquiries: payment.inquiries + 1,
        nextInquiryAt: event.at + INQUIRY_PACE_MS,
      }
    case 'committed':
      return {
        ...payment,
        version,
        ...decided('committed', event.at),
        resultCode: 'SUCCESS',
        acceptance: event.acceptance,
        duties: dutiesOfCommit(payment, event.at),
      }
    case 'aborted':
      return {
        ...payment,
        version,
        ...decided('aborted', event.at),
        resultCode: event.resultCode,
        duties: dutiesOfAbort(payment, event),
      }
    case 'late_acceptance': {
      const duty = owed('void_order', payment.terms.responder, event.at)
      return { ...payment, version, duties: [...payment.duties, duty] }
    }
    case 'duty_told':
    case 'duty_done':
      return { ...payment, version, duties: payment.duties.map(duty => told(duty, event)) }
  }
}

function opened(event: Extract<PaymentEvent, { type: 'opened' }>): Payment {
  const { at, terms, bodyHash, hold } = event
  return {
    terms,
    bodyHash,
    hold,
    status: 'pending',
    resultCode: 'PAYMENT_IN_PROCESS',
    openedAt: at,
    respondBy: at + HOP_BUDGET_MS,
    decideBy: at + DECISION_MPM_MS,
    decidedAt: null,
    inquiries: 0,
    nextInquiryAt: null,
    acceptance: null,
    duties: [],
    version: 1,
  }
}

const decided = (status: Status, at: number) =>
  ({ status, decidedAt: at, nextInquiryAt: null }) as const

const owed = (kind: DutyKind, owner: string, at: number): Duty => ({
  kind,
  owner,
  since: at,
  attempts: 0,
  nextAt: at + FIRST_ATTEMPT_MS,
})

/** A requester that was left in doubt heard U, so it must be told; one still waiting hears the answer itself. */
function dutiesOfCommit({ terms, status }: Payment, at: number): readonly Duty[] {
  const receipt = owed('deliver_receipt', terms.responder, at)
  return status === 'in_doubt' ? [receipt, owed('capture', terms.requester, at)] : [receipt]
}

/** A refusal by the responder leaves nothing to undo there; a deadline may, so the order is voided. */
function dutiesOfAbort(
  { terms, status }: Payment,
  { at, resultCode }: Extract<PaymentEvent, { type: 'aborted' }>,
): readonly Duty[] {
  const duties: Duty[] = []
  if (resultCode === 'DEADLINE_EXCEEDED') duties.push(owed('void_order', terms.responder, at))
  if (status === 'in_doubt' || resultCode === 'DEADLINE_EXCEEDED') {
    duties.push(owed('release_hold', terms.requester, at))
  }
  return duties
}

function told(duty: Duty, event: Extract<PaymentEvent, { type: 'duty_told' | 'duty_done' }>): Duty {
  if (duty.kind !== event.duty || duty.owner !== event.owner) return duty
  if (event.type === 'duty_done') return { ...duty, nextAt: null }
  const attempts = duty.attempts + 1
  return { ...duty, attempts, nextAt: retryAt(attempts, event.at) }
}

/** When the payment next needs the clock; null for one that is final with nothing owed (I3). */
export function dueAt(payment: Payment): number | null {
  const instants = payment.duties.flatMap(duty => duty.nextAt ?? [])
  if (!isFinal(payment.status)) {
    instants.push(payment.decideBy)
    if (payment.status === 'pending') instants.push(payment.respondBy)
    if (payment.nextInquiryAt !== null) instants.push(payment.nextInquiryAt)
  }
  return instants.length === 0 ? null : Math.min(...instants)
}
