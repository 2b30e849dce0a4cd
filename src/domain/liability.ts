/** The liability clock: who stands for the money now, since when, until when, and what comes next. */
import type { Payment } from './payment.ts'

export interface Liability {
  readonly liableParty: 'none' | 'wallet' | 'acquirer' | 'gateway'
  /** Milliseconds since 1970. */
  readonly since: number
  /** Null where only settlement ends it. */
  readonly until: number | null
  readonly nextAction:
    | 'await_responder'
    | 'await_user'
    | 'await_file'
    | 'await_decision'
    | 'deliver_receipt'
    | 'settle'
    | 'release_hold'
    | 'void_order'
    | 'return_funds'
    | 'reverse_order'
    | 'none'
}

export function liabilityOf(payment: Payment): Liability {
  const { status, openedAt, respondBy, decideBy } = payment
  const decidedAt = payment.decidedAt ?? openedAt
  const open = payment.duties.filter(duty => duty.nextAt !== null)
  const owes = (kind: string) => open.some(duty => duty.kind === kind)

  // Nobody owes before the decision: the wallet only holds, and the acquirer must not release goods.
  if (status === 'awaiting_user') {
    return { liableParty: 'none', since: openedAt, until: decideBy, nextAction: 'await_user' }
  }
  if (status === 'pending') {
    return { liableParty: 'none', since: openedAt, until: respondBy, nextAction: 'await_responder' }
  }
  if (status === 'deemed') {
    return { liableParty: 'acquirer', since: openedAt, until: decideBy, nextAction: 'await_file' }
  }
  if (status === 'in_doubt') {
    return { liableParty: 'none', since: openedAt, until: decideBy, nextAction: 'await_decision' }
  }
  // From the commit the wallet owes; the receipt's delivery is the gateway's own duty meanwhile.
  if (status === 'committed') {
    const nextAction = owes('deliver_receipt') ? 'deliver_receipt' : 'settle'
    return { liableParty: 'wallet', since: decidedAt, until: null, nextAction }
  }
  // What is to be undone is the risk of whoever has not undone it yet: goods that went out, money that was taken.
  const since = payment.reversedAt ?? decidedAt
  for (const [nextAction, liableParty] of undoings) {
    if (owes(nextAction)) return { liableParty, since, until: null, nextAction }
  }
  return { liableParty: 'none', since, until: null, nextAction: 'none' }
}

const undoings = [
  ['void_order', 'acquirer'],
  ['reverse_order', 'acquirer'],
  ['return_funds', 'wallet'],
  ['release_hold', 'wallet'],
] as const
