/** Events of refunds make the refunds of a payment. */
import { FIRST_ATTEMPT_MS, reporting, retryAt } from './duty.ts'
import type { Payment } from './payment.ts'
import type { RefundEvent } from './payment-event.ts'
import type { Refund } from './refund.ts'

/** What an event makes of the payment's refunds, and of its duties: the acquirer must learn how each one ended. */
export function applyRefund(payment: Payment, event: RefundEvent): Partial<Payment> {
  const refunds = payment.refunds ?? []
  if (event.type === 'refund_queued') return { refunds: [...refunds, queued(event)] }
  const changed = refunds.map(refund =>
    refund.id === event.refund ? after(refund, event) : refund,
  )
  if (!endings.has(event.type)) return { refunds: changed }
  return {
    refunds: changed,
    duties: [...payment.duties, reporting(payment, event.refund, event.at)],
  }
}

const endings: ReadonlySet<RefundEvent['type']> = new Set([
  'refund_done',
  'refund_failed',
  'refund_unapplied',
])

function queued(event: Extract<RefundEvent, { type: 'refund_queued' }>): Refund {
  const { at, refund: id, requestId, bodyHash, payee, payer } = event
  return {
    id,
    requestId,
    bodyHash,
    payee,
    payer,
    status: 'QUEUED',
    resultCode: 'REFUND_IN_PROCESS',
    queuedAt: at,
    sentAt: null,
    endedAt: null,
    attempts: 0,
    nextAt: at + FIRST_ATTEMPT_MS,
    reference: null,
  }
}

function after(refund: Refund, event: Exclude<RefundEvent, { type: 'refund_queued' }>): Refund {
  const { at } = event
  switch (event.type) {
    case 'refund_tried': {
      const attempts = refund.attempts + 1
      return { ...refund, attempts, nextAt: retryAt(attempts, at) }
    }
    case 'refund_covered':
      return { ...refund, limits: event.limits, resultCode: 'REFUND_IN_PROCESS' }
    case 'refund_held':
      return { ...refund, resultCode: 'COVER_SHORT' }
    case 'refund_sent':
      return { ...refund, status: 'SENT', resultCode: 'REFUND_IN_PROCESS', sentAt: at }
    case 'refund_done': {
      const { reference } = event
      return { ...refund, ...ended(at), status: 'REFUNDED', resultCode: 'REFUNDED', reference }
    }
    case 'refund_failed':
      return { ...refund, ...ended(at), status: 'FAILED', resultCode: event.resultCode }
    case 'refund_unapplied':
      return { ...refund, ...ended(at), status: 'UNAPPLIED', resultCode: 'REFUND_UNAPPLIED' }
  }
}

const ended = (at: number) => ({ endedAt: at, nextAt: null })
