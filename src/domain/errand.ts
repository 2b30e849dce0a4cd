/** Errands: what must be done outside because of what was just recorded. A crash may repeat one, never lose it for good. */
import { type Duty, isNamed } from './duty.ts'
import type { Payment, PaymentEvent } from './payment.ts'
import { walletOf } from './quote.ts'
import { isEnded, type Refund } from './refund.ts'

export type Errand =
  | { readonly kind: 'inquire'; readonly payment: Payment }
  | { readonly kind: 'deliver'; readonly payment: Payment; readonly duty: Duty }
  | { readonly kind: 'refund'; readonly payment: Payment; readonly refund: Refund }

/** Errands follow from events alone; the payment is the one after them. */
export function errandsOf(payment: Payment, events: readonly PaymentEvent[]): readonly Errand[] {
  return events.flatMap((event): Errand | [] => {
    if (event.type === 'inquired') return { kind: 'inquire', payment }
    if (event.type === 'refund_tried') {
      const refund = payment.refunds?.find(each => each.id === event.refund)
      return refund === undefined || isEnded(refund) ? [] : { kind: 'refund', payment, refund }
    }
    if (event.type !== 'duty_told') return []
    // What one commit tells and then ends or replaces is owed no more: a receipt must not follow a reversal.
    const duty = payment.duties.find(each => isNamed(each, event) && each.nextAt !== null)
    return duty === undefined ? [] : { kind: 'deliver', payment, duty }
  })
}

/** What whoever made a decision delivers at once, before the lane's own timer does. */
export const firstErrandsOf = (payment: Payment): readonly Errand[] => [
  ...payment.duties.filter(isFresh).map((duty): Errand => ({ kind: 'deliver', payment, duty })),
  ...(payment.refunds ?? [])
    .filter(isFresh)
    .map((refund): Errand => ({ kind: 'refund', payment, refund })),
]

const isFresh = ({ nextAt, attempts }: { nextAt: number | null; attempts: number }): boolean =>
  nextAt !== null && attempts === 0

/** A Worker has six connections at a time; an errand behind six that hang would be late before it begins. */
const LOAD_MAX = 6

/** Errands apart by the member they go to, and few enough in each part to run side by side. */
export function loadsOf(errands: readonly Errand[]): readonly (readonly Errand[])[] {
  return [...Map.groupBy(errands, memberOf).values()].flatMap(list =>
    Array.from({ length: Math.ceil(list.length / LOAD_MAX) }, (_, load) =>
      list.slice(load * LOAD_MAX, (load + 1) * LOAD_MAX),
    ),
  )
}

function memberOf(errand: Errand): string {
  switch (errand.kind) {
    case 'inquire':
      return errand.payment.terms.responder
    case 'deliver':
      return errand.duty.owner
    case 'refund':
      return walletOf(errand.payment.terms)
  }
}
