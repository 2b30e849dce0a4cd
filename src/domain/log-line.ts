/** One structured line per event that people watch for: made for `wrangler tail`, which searches and filters text. */
import type { Payment, PaymentEvent } from './payment.ts'
import { acquirerOf, walletOf } from './quote.ts'
import { resultCodes } from './refusal.ts'

export interface PaymentLine {
  readonly log: 'payment'
  readonly event: PaymentEvent['type']
  readonly payment: string
  readonly wallet: string
  readonly acquirer: string
  readonly scenario: string
  readonly family: string
  /** S, F or U. */
  readonly result: 'S' | 'F' | 'U'
  readonly status: string
  readonly code: string
  readonly payer: string
  readonly payee: string
  /** W3C trace of the request that opened it; null for one from before there were any. */
  readonly trace: string | null
  /** Milliseconds since the payment was opened. */
  readonly ms: number
}

/** Duties are told about only when they are done or told again, acknowledgements of routine are not worth a line. */
const watched: ReadonlySet<PaymentEvent['type']> = new Set([
  'opened',
  'doubted',
  'deemed',
  'user_asked',
  'committed',
  'aborted',
  'reversed',
  'late_acceptance',
  'duty_told',
  'refund_queued',
  'refund_held',
  'refund_sent',
  'refund_done',
  'refund_failed',
  'refund_unapplied',
])

export const paymentLines = (payment: Payment, events: readonly PaymentEvent[]): PaymentLine[] =>
  events
    .filter(event => watched.has(event.type))
    .map(event => ({
      log: 'payment',
      event: event.type,
      payment: payment.terms.paymentId,
      wallet: walletOf(payment.terms),
      acquirer: acquirerOf(payment.terms),
      scenario: payment.terms.scenario,
      family: payment.terms.family,
      result: resultCodes[payment.resultCode].outcome ?? 'U',
      status: payment.status,
      code: payment.resultCode,
      payer: `${payment.terms.payer.minor} ${payment.terms.payer.currency}`,
      payee: `${payment.terms.payee.minor} ${payment.terms.payee.currency}`,
      trace: payment.trace ?? null,
      ms: event.at - payment.openedAt,
    }))
