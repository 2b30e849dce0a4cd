/** What an event gives back of the limits that its payment took. */
import { limitKinds, limitPlace, type Reserve } from './limit.ts'
import type { Payment, PaymentEvent } from './payment.ts'

/** What a payment takes for as long as it stands; payments of a second are over with their second. */
export const lasting = (limits: readonly Reserve[]): readonly Reserve[] =>
  limits.filter(({ limit }) => limitKinds[limitPlace(limit).kind].period !== 'second')

/** Whether an event may give back anything at all. */
export const givesBack = ({ type }: PaymentEvent): boolean =>
  type === 'aborted' || type === 'reversed' || type === 'refund_done' || type === 'refund_unapplied'

/**
 * An abort and a reversal give back all. A refund gives back its part of what the wallet owes; the day's value and
 * count stay as they were, because what was paid was paid.
 *
 * @param payment as it is after the event, or later
 * @returns amounts to take off what is used
 */
export function givenBack(payment: Payment, event: PaymentEvent): readonly Reserve[] {
  const { limits } = payment
  if (limits === undefined) return []
  switch (event.type) {
    case 'aborted':
    case 'reversed':
      return lasting(limits)
    case 'refund_done':
    case 'refund_unapplied': {
      const refund = payment.refunds?.find(({ id }) => id === event.refund)
      return refund === undefined
        ? []
        : ofRefund(limits, payment.terms.payer.minor, refund.payer.minor)
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
