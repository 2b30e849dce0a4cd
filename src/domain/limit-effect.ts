/** What events take of limits, and what they give back of what their payment or refund took. */
import { limitKinds, limitPlace, type Reserve } from './limit.ts'
import type { Payment, PaymentEvent } from './payment.ts'

/** What a payment takes for as long as it stands; payments of a second are over with their second. */
export const lasting = (limits: readonly Reserve[]): readonly Reserve[] =>
  limits.filter(({ limit }) => limitKinds[limitPlace(limit).kind].period !== 'second')

/** What these events take: a payment that is opened, a refund that is covered. */
export const takenBy = (events: readonly PaymentEvent[]): readonly Reserve[] =>
  events.flatMap(event =>
    event.type === 'opened' || event.type === 'refund_covered' ? (event.limits ?? []) : [],
  )

/** Whether an event may give back anything at all. */
export const givesBack = ({ type }: PaymentEvent): boolean =>
  type === 'aborted' ||
  type === 'reversed' ||
  type === 'refund_done' ||
  type === 'refund_unapplied' ||
  type === 'refund_failed'

/**
 * An abort and a reversal give back all. A refund gives back its part of what the wallet owes; the day's value and
 * count stay as they were, because what was paid was paid. However a refund ends, its acquirer's cover is free again.
 *
 * @param payment as it is after the event, or later
 * @returns amounts to take off what is used
 */
export function givenBack(payment: Payment, event: PaymentEvent): readonly Reserve[] {
  const { limits = [] } = payment
  switch (event.type) {
    case 'aborted':
    case 'reversed':
      return lasting(limits)
    case 'refund_done':
    case 'refund_unapplied':
    case 'refund_failed': {
      const refund = payment.refunds?.find(({ id }) => id === event.refund)
      if (refund === undefined) return []
      const cover = refund.limits ?? []
      return event.type === 'refund_failed'
        ? cover
        : [...ofRefund(limits, payment.terms.payer.minor, refund.payer.minor), ...cover]
    }
    default:
      return []
  }
}

/** Rounded down, so that all parts together never give back more than the whole has taken. */
const ofRefund = (limits: readonly Reserve[], paid: bigint, back: bigint): readonly Reserve[] =>
  limits
    .filter(({ limit }) => limitKinds[limitPlace(limit).kind].period === 'open')
    .map(({ limit, minor }) => ({ limit, minor: (minor * back) / paid }))
