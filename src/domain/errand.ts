/** Errands: what must be done outside because of what was just recorded. A crash may repeat one, never lose it for good. */
import { type Duty, type DutyName, isNamed, nameOf } from './duty.ts'
import type { Message, Payment, PaymentEvent } from './payment.ts'
import { walletOf } from './quote.ts'
import { isEnded, type Refund } from './refund.ts'
import { GATEWAY_ID } from './signature.ts'

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

/** What opens duties, and refunds. */
const decisions: ReadonlySet<PaymentEvent['type']> = new Set([
  'committed',
  'aborted',
  'reversed',
  'late_acceptance',
  'refund_queued',
  'refund_done',
  'refund_failed',
  'refund_unapplied',
])

/** What whoever made these events delivers at once, before the lane's own timer does. */
export function firstErrandsOf(
  payment: Payment,
  events: readonly PaymentEvent['type'][],
): readonly Errand[] {
  if (!events.some(type => decisions.has(type))) return []
  const fresh = owedBy(payment).filter(errand => attemptsOf(errand) === 0)
  // What another message opened a moment ago is on its way already.
  const newest = Math.max(...fresh.map(sinceOf))
  return fresh.filter(errand => sinceOf(errand) === newest)
}

/** What has had its turn, and comes again. */
export const repeatedErrandsOf = (payment: Payment): readonly Errand[] =>
  owedBy(payment).filter(errand => attemptsOf(errand) > 0)

const owedBy = (payment: Payment): readonly Errand[] => [
  ...payment.duties.filter(isWaiting).map((duty): Errand => ({ kind: 'deliver', payment, duty })),
  ...(payment.refunds ?? [])
    .filter(isWaiting)
    .map((refund): Errand => ({ kind: 'refund', payment, refund })),
]

const isWaiting = ({ nextAt }: { readonly nextAt: number | null }): boolean => nextAt !== null

/** Tells an errand from every other one of its lane, however often it comes. */
export function errandName(errand: Errand): string {
  const { paymentId } = errand.payment.terms
  if (errand.kind === 'refund') return errand.refund.id
  if (errand.kind === 'inquire') return paymentId
  return dutyErrandName(paymentId, nameOf(errand.duty))
}

/** The same, of what tells this duty. */
export const dutyErrandName = (paymentId: string, { duty, owner, about = '' }: DutyName): string =>
  `${paymentId} ${duty} ${owner} ${about}`

/** How often its turn has come, this one included; none for whoever made the decision. */
export function attemptsOf(errand: Errand): number {
  if (errand.kind === 'deliver') return errand.duty.attempts
  return errand.kind === 'refund' ? errand.refund.attempts : 0
}

function sinceOf(errand: Errand): number {
  if (errand.kind === 'deliver') return errand.duty.since
  return errand.kind === 'refund' ? errand.refund.queuedAt : 0
}

/** What has one errand done before its time. */
export function promptOf(errand: Errand): Message {
  if (errand.kind === 'deliver') return { kind: 'timer', tell: nameOf(errand.duty) }
  return errand.kind === 'refund' ? { kind: 'timer', ask: errand.refund.id } : { kind: 'timer' }
}

/** A Worker has six connections at a time; an errand behind six that hang would be late before it begins. */
const LOAD_MAX = 6

/** A member's acknowledgement of the errand with this name. */
export interface Heard {
  readonly owner: string
  readonly name: string
}

/** Who has acknowledged what by these events. */
export const heardFrom = (payment: Payment, events: readonly PaymentEvent[]): readonly Heard[] =>
  events.flatMap((event): Heard | [] => {
    const { terms } = payment
    if (event.type === 'duty_done') {
      const owner = placeOfOwner(event.owner, payment)
      return { owner, name: dutyErrandName(terms.paymentId, event) }
    }
    return isRefundAnswer(event) ? { owner: walletOf(terms), name: event.refund } : []
  })

/** What the gateway owes itself goes to another center, and each of them may be away for itself. */
const placeOfOwner = (owner: string, { allowance }: Payment): string =>
  owner === GATEWAY_ID ? `${GATEWAY_ID} in ${allowance?.center}` : owner

const isRefundAnswer = (event: PaymentEvent): event is PaymentEvent & { refund: string } =>
  event.type === 'refund_done' ||
  event.type === 'refund_failed' ||
  event.type === 'refund_unapplied'

/** Errands apart by the member they go to, and few enough in each part to run side by side. */
export function loadsOf(errands: readonly Errand[]): readonly (readonly Errand[])[] {
  return [...Map.groupBy(errands, memberOf).values()].flatMap(list =>
    Array.from({ length: Math.ceil(list.length / LOAD_MAX) }, (_, load) =>
      list.slice(load * LOAD_MAX, (load + 1) * LOAD_MAX),
    ),
  )
}

/** Whom it goes to. */
export function memberOf(errand: Errand): string {
  switch (errand.kind) {
    case 'inquire':
      return errand.payment.terms.responder
    case 'deliver':
      return placeOfOwner(errand.duty.owner, errand.payment)
    case 'refund':
      return walletOf(errand.payment.terms)
  }
}
