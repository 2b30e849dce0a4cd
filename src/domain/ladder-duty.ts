/** Duties on the message ladder: what is drawn as told is what went out, as far as the journal can prove it. */
import { type DutyName, isMemberDuty, isOwnKind, type MemberDuty, nameOf } from './duty.ts'
import { errandsOf, firstErrandsOf } from './errand.ts'
import type { Payment, PaymentEvent } from './payment.ts'

export interface Telling {
  readonly to: string
  readonly says: MemberDuty['kind']
  /** The refund it is about. */
  readonly about: string | null
  /** Its acknowledgement is the next that is recorded of it. */
  readonly proved: boolean
}

/**
 * A duty whose turn has come. What the same row ends or replaces was not told.
 *
 * @param after the payment at the end of the event's row
 * @param later what is recorded of it behind the event
 */
export function toldInTurn(
  event: PaymentEvent,
  after: Payment | null,
  later: readonly PaymentEvent[],
): readonly Telling[] {
  if (after === null || event.type !== 'duty_told' || isOwnKind(event.duty)) return []
  if (errandsOf(after, [event]).length === 0) return []
  return [tellingOf(event.duty, event, isHeard(event, after, later))]
}

/**
 * What a decision made owed is told the first time by whoever decided, behind the answer, and that is not recorded: only
 * its acknowledgement proves it. An endpoint that is away is not told, and what the row itself tells is not told twice.
 */
export function toldAtOnce(
  after: Payment | null,
  events: readonly PaymentEvent[],
  later: readonly PaymentEvent[],
): readonly Telling[] {
  if (after === null) return []
  const types = events.map(({ type }) => type)
  return firstErrandsOf(after, types).flatMap(errand => {
    if (errand.kind !== 'deliver' || !isMemberDuty(errand.duty)) return []
    const name = nameOf(errand.duty)
    return isHeard(name, after, later) ? [tellingOf(errand.duty.kind, name, true)] : []
  })
}

const tellingOf = (
  says: MemberDuty['kind'],
  { owner, about }: DutyName,
  proved: boolean,
): Telling => ({ to: owner, says, about: about ?? null, proved })

/** The next that is recorded of this duty is its acknowledgement. */
function isHeard(name: DutyName, { terms }: Payment, later: readonly PaymentEvent[]): boolean {
  const next = later.find(
    event =>
      // It makes the duty of the responder anew, and what comes then acknowledges the new one.
      (event.type === 'late_acceptance' && name.owner === terms.responder) ||
      ((event.type === 'duty_told' || event.type === 'duty_done') && isSameName(event, name)),
  )
  return next?.type === 'duty_done'
}

const isSameName = (one: DutyName, other: DutyName): boolean =>
  one.duty === other.duty && one.owner === other.owner && one.about === other.about
