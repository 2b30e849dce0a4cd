/** The flight recorder: what happened to a payment, event by event, each party seeing what is its own. */

import { isOwnKind } from './duty.ts'
import { saidIn } from './evidence.ts'
import type { Payment, PaymentEvent, Status } from './payment.ts'
import { apply } from './payment-apply.ts'
import { acquirerOf, walletOf } from './quote.ts'
import { isAllowanceCode, type ResultCode } from './refusal.ts'
import { GATEWAY_ID } from './signature.ts'
import { isFinal } from './status.ts'

/** A row of the lane's journal, as far as it is about this payment. */
export interface Recorded {
  /** `seq` of the row's last event: the row's name in the journal. */
  readonly row: number
  /** The chain's hash of the row, hex. */
  readonly hash: string
  readonly events: readonly PaymentEvent[]
}

export type Party = 'wallet' | 'acquirer' | 'gateway'

export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Milliseconds since the payment was opened. */
  readonly elapsedMs: number
  readonly event: PaymentEvent['type']
  /** Whose doing it was. */
  readonly by: Party
  /** As the payment was after it. */
  readonly status: Status
  readonly resultCode: ResultCode
  /** What was left of the budget then in force, 0 where it was used up; null once decided. */
  readonly budgetLeftMs: number | null
  /** The duty or refund it is about. */
  readonly about: string | null
  /** Reference and key of a statement, and the digest of its body; only for the party that made it. */
  readonly reference: string | null
  readonly key: string | null
  readonly digest: string | null
  /** Digest of the question that it answers, as the gateway sent it to that party. */
  readonly askedDigest: string | null
  readonly row: number
  readonly hash: string
}

/** @param reader one of the two parties, who is not shown what was repeated to the other one; null for the staff, who sees all */
export function timelineOf(
  recorded: readonly Recorded[],
  reader: string | null,
): readonly Moment[] {
  let payment: Payment | null = null
  const moments: Moment[] = []
  for (const { row, hash, events } of recorded) {
    for (const event of events) {
      const before: Payment | null = payment
      payment = apply(before, event)
      if (reader !== null && isOthers(event, reader)) continue
      const by = doerOf(event, payment)
      const isOwn = by !== 'gateway' && (reader === null || reader === partyOf(by, payment))
      moments.push({
        at: event.at,
        elapsedMs: event.at - payment.openedAt,
        event: event.type,
        by,
        status: payment.status,
        resultCode: payment.resultCode,
        budgetLeftMs: budgetLeft(before ?? payment, event.at),
        about: aboutOf(event),
        ...(isOwn ? statementOf(event) : NOTHING),
        row,
        hash,
      })
    }
  }
  return moments
}

/** What was told, or repeated, to somebody else; and what the gateway owes itself. */
const isOthers = (event: PaymentEvent, reader: string): boolean =>
  (event.type === 'duty_told' && event.owner !== reader) ||
  (event.type === 'duty_done' && isOwnKind(event.duty))

const partyOf = (party: Party, { terms }: Payment): string =>
  party === 'wallet' ? walletOf(terms) : acquirerOf(terms)

function doerOf(event: PaymentEvent, { terms, cancel }: Payment): Party {
  const party = (institution: string): Party =>
    institution === walletOf(terms) ? 'wallet' : 'acquirer'
  switch (event.type) {
    case 'opened':
      return party(terms.requester)
    case 'cancel_asked':
    case 'reversed':
      return cancel?.by ?? party(terms.requester)
    case 'committed':
    case 'late_acceptance':
    case 'user_asked':
      return party(terms.responder)
    case 'aborted':
      if (event.resultCode === 'DEADLINE_EXCEEDED') return 'gateway'
      if (isAllowanceCode(event.resultCode)) return 'gateway'
      if (event.resultCode !== 'CANCELLED') return party(terms.responder)
      return cancel?.by ?? party(terms.requester)
    case 'duty_done':
      return event.owner === GATEWAY_ID ? 'gateway' : party(event.owner)
    case 'refund_queued':
      return 'acquirer'
    case 'refund_done':
    case 'refund_failed':
    case 'refund_unapplied':
      return 'wallet'
    default:
      return 'gateway'
  }
}

function budgetLeft({ status, respondBy, decideBy }: Payment, at: number): number | null {
  if (isFinal(status)) return null
  return Math.max((status === 'pending' ? respondBy : decideBy) - at, 0)
}

function aboutOf(event: PaymentEvent): string | null {
  if ('refund' in event) return event.refund
  return 'duty' in event ? (event.about ?? event.duty) : null
}

type Statement = Pick<Moment, 'reference' | 'key' | 'digest' | 'askedDigest'>

const NOTHING: Statement = { reference: null, key: null, digest: null, askedDigest: null }

function statementOf(event: PaymentEvent): Statement {
  const evidence = 'evidence' in event ? event.evidence : undefined
  const said = evidence && saidIn(evidence.base)
  const asked = evidence?.asked === undefined ? undefined : saidIn(evidence.asked)
  const proof = {
    key: said?.key ?? null,
    digest: said?.digest ?? null,
    askedDigest: asked?.digest ?? null,
  }
  if (event.type === 'opened') return { ...proof, ...event.hold }
  if ('acceptance' in event && event.acceptance) return { ...proof, ...event.acceptance }
  return { ...proof, reference: event.type === 'refund_done' ? event.reference : null }
}
