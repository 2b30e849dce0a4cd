/** Errands: what must be done outside because of what was just recorded. A crash may repeat one, never lose it for good. */
import type { Duty } from './duty.ts'
import type { Payment, PaymentEvent } from './payment.ts'

export type Errand =
  | { readonly kind: 'inquire'; readonly payment: Payment }
  | { readonly kind: 'deliver'; readonly payment: Payment; readonly duty: Duty }

/** Errands follow from events alone; the payment is the one after them. */
export function errandsOf(payment: Payment, events: readonly PaymentEvent[]): readonly Errand[] {
  return events.flatMap((event): Errand | [] => {
    if (event.type === 'inquired') return { kind: 'inquire', payment }
    if (event.type !== 'duty_told') return []
    const duty = payment.duties.find(d => d.kind === event.duty && d.owner === event.owner)
    return duty === undefined ? [] : { kind: 'deliver', payment, duty }
  })
}

/** What whoever made a decision delivers at once, before the lane's own timer does. */
export const firstErrandsOf = (payment: Payment): readonly Errand[] =>
  payment.duties
    .filter(duty => duty.nextAt !== null && duty.attempts === 0)
    .map(duty => ({ kind: 'deliver', payment, duty }))
