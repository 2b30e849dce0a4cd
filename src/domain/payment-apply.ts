/** Events make the payment: applying them again gives the same one (I9). */
import {
  DECISION_CPM_MS,
  DECISION_MPM_MS,
  DECISION_USER_MS,
  DEEMED_PACE_MS,
  HOP_BUDGET_MS,
  INQUIRY_PACE_MS,
} from './budget.ts'
import { cutAfter } from './cut.ts'
import {
  dutiesOfAbort,
  dutiesOfCommit,
  dutiesOfReversal,
  isUndoing,
  telling,
  told,
  undoing,
} from './duty.ts'
import type { Payment } from './payment.ts'
import type { Opened, PaymentEvent } from './payment-event.ts'
import { applyRefund } from './refund-apply.ts'
import { assert } from './result.ts'
import { isFinal, type Status } from './status.ts'

/** Applies one event. Total over the events that `decide` can give; anything else is a broken belief. */
export function apply(payment: Payment | null, event: PaymentEvent): Payment {
  if (event.type === 'opened') {
    assert(payment === null, 'a payment is opened once')
    return opened(event)
  }
  assert(payment !== null, `${event.type} needs a payment`)
  return { ...payment, ...changeOf(payment, event), version: payment.version + 1 }
}

function changeOf(
  payment: Payment,
  event: Exclude<PaymentEvent, { type: 'opened' }>,
): Partial<Payment> {
  const { at } = event
  switch (event.type) {
    case 'doubted':
      return { status: 'in_doubt', nextInquiryAt: at }
    case 'user_asked':
      return {
        status: 'awaiting_user',
        resultCode: 'USER_ACTION',
        nextInquiryAt: null,
        decideBy: payment.openedAt + DECISION_USER_MS,
      }
    case 'deemed':
      return {
        status: 'deemed',
        resultCode: 'DEEMED',
        nextInquiryAt: at + DEEMED_PACE_MS,
        decideBy: dayAfter(payment),
      }
    case 'inquired': {
      const pace = payment.status === 'deemed' ? DEEMED_PACE_MS : INQUIRY_PACE_MS
      return { inquiries: payment.inquiries + 1, nextInquiryAt: at + pace }
    }
    case 'committed':
      return {
        ...decided('committed', at),
        resultCode: 'SUCCESS',
        acceptance: event.acceptance,
        // In CPM it is the wallet that was asked, and its yes is its hold.
        ...(payment.terms.presentment === 'cpm' ? { hold: event.acceptance } : {}),
        duties: dutiesOfCommit(payment, at),
      }
    case 'aborted':
      return {
        ...decided('aborted', at),
        resultCode: event.resultCode,
        ...(event.resetsAt === undefined ? {} : { resetsAt: event.resetsAt }),
        duties: dutiesOfAbort(payment, event.resultCode, at),
      }
    case 'cancel_asked': {
      const { requestId, bodyHash, by } = event
      return { cancel: { requestId, bodyHash, at, ...(by === undefined ? {} : { by }) } }
    }
    case 'reversed':
      return {
        status: 'reversed',
        resultCode: 'CANCELLED',
        reversedAt: at,
        duties: dutiesOfReversal(payment, at),
      }
    case 'late_acceptance':
      // In the place of one that is done: a duty has one name.
      return {
        duties: [...payment.duties.filter(duty => !isUndoing(duty, payment)), undoing(payment, at)],
      }
    case 'left':
      return isFinal(payment.status)
        ? { left: true, duties: [...payment.duties, telling(payment, at)] }
        : { left: true }
    case 'duty_told':
    case 'duty_done':
      return { duties: payment.duties.map(duty => told(duty, event)) }
    default:
      return applyRefund(payment, event)
  }
}

function opened({ at, terms, bodyHash, hold, limits, allowance, trace }: Opened): Payment {
  return {
    terms,
    bodyHash,
    hold,
    status: 'pending',
    resultCode: 'PAYMENT_IN_PROCESS',
    openedAt: at,
    respondBy: at + HOP_BUDGET_MS,
    decideBy: at + (terms.presentment === 'cpm' ? DECISION_CPM_MS : DECISION_MPM_MS),
    decidedAt: null,
    inquiries: 0,
    nextInquiryAt: null,
    acceptance: null,
    duties: [],
    ...(limits === undefined ? {} : { limits }),
    ...(allowance === undefined ? {} : { allowance }),
    ...(trace === undefined ? {} : { trace }),
    version: 1,
  }
}

/** T+1: the cut of the day after, by which the switch's file must have said what it did. */
function dayAfter({ openedAt, terms }: Payment): number {
  const zone = terms.payeeZone ?? 'UTC'
  return cutAfter(cutAfter(openedAt, zone), zone)
}

const decided = (status: Status, at: number) =>
  ({ status, decidedAt: at, nextInquiryAt: null }) as const
