/** Duties: what is still owed after a decision, told again and again until it is acknowledged. */
import type { Payment } from './payment.ts'
import { acquirerOf, walletOf } from './quote.ts'
import type { ResultCode } from './refusal.ts'
import { GATEWAY_ID } from './signature.ts'

/**
 * - `deliver_receipt`: the acquirer must learn of the commit, so that the merchant may hand over the goods.
 * - `capture`: the wallet must learn of the commit, and take what it holds.
 * - `release_hold`: the wallet must learn of the abort, and give back what it holds.
 * - `return_funds`: the wallet must give back what it has taken already.
 * - `void_order`: the acquirer may have accepted, and must undo it.
 * - `report_refund`: the acquirer must learn how a refund ended.
 * - `reverse_order`: the acquirer must undo what was committed, the word to its merchant included.
 * - `count_allowance`: the gateway's own: the payer's allowance must learn what the payment takes of it.
 * - `free_allowance`: the same: it must learn that the payment takes nothing of it any more.
 */
export type DutyKind =
  | 'deliver_receipt'
  | 'capture'
  | 'release_hold'
  | 'return_funds'
  | 'void_order'
  | 'reverse_order'
  | 'report_refund'
  | 'count_allowance'
  | 'free_allowance'

/** What the gateway owes itself, and no member hears of. */
export type OwnDutyKind = 'count_allowance' | 'free_allowance'

export interface Duty {
  readonly kind: DutyKind
  /** The institution that must be told and must acknowledge. */
  readonly owner: string
  /** The refund it is about; duties without one are about the payment. */
  readonly about?: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** How often its turn came without an acknowledgement; an endpoint that is away is not called at every turn. */
  readonly attempts: number
  /** When it is told next; null once it is acknowledged, or once another duty has taken its place. */
  readonly nextAt: number | null
}

/** Seconds between attempts: quick while a till waits, then patient; the last one repeats for ever. */
const PACE_S = [1, 2, 4, 8, 15, 30, 60, 300, 900, 3600] as const

/** How long whoever decided has to tell it the first time before the lane's own timer does. */
export const FIRST_ATTEMPT_MS = 5_000

/** Told so often without an acknowledgement, a duty is a dead letter: it goes on, and its owner can see it. */
export const DEAD_AFTER = 8

/** When a duty is told again after `attempts` attempts, the first included. */
export const retryAt = (attempts: number, now: number): number =>
  now + 1_000 * (PACE_S[Math.min(attempts, PACE_S.length) - 1] ?? 1)

/** What each side must do about each decision. */
// biome-ignore format: a table is read by column
const kinds = {
  committed: { wallet: 'capture',      acquirer: 'deliver_receipt' },
  aborted:   { wallet: 'release_hold', acquirer: 'void_order'      },
  reversed:  { wallet: 'return_funds', acquirer: 'reverse_order'   },
} as const satisfies Record<string, Record<'wallet' | 'acquirer', DutyKind>>

function owed(decision: keyof typeof kinds, owner: string, payment: Payment, at: number): Duty {
  const kind = kindOf(decision, owner, payment)
  return { kind, owner, since: at, attempts: 0, nextAt: at + FIRST_ATTEMPT_MS }
}

function kindOf(decision: keyof typeof kinds, owner: string, { terms }: Payment): DutyKind {
  if (owner !== walletOf(terms)) return kinds[decision].acquirer
  // What was debited cannot be released, only returned.
  return decision === 'aborted' && terms.walletDebits ? 'return_funds' : kinds[decision].wallet
}

/** A requester that heard U must be told; one still waiting hears the answer itself. */
export const isLeft = ({ status, left }: Payment): boolean => status !== 'pending' || left === true

export function dutiesOfCommit(payment: Payment, at: number): readonly Duty[] {
  const { requester, responder } = payment.terms
  const duties = [owed('committed', responder, payment, at)]
  if (isLeft(payment)) duties.push(owed('committed', requester, payment, at))
  // Where its center could not be asked the payment went on, so it is told of every one.
  if (payment.allowance?.goesOn) duties.push(own('count_allowance', at))
  return duties
}

/**
 * A refusal in answer to the request itself leaves nothing to undo; a deadline or a cancel may, and so may a refusal
 * heard by inquiry, because the request may still be on its way.
 */
export function dutiesOfAbort(
  payment: Payment,
  resultCode: ResultCode,
  at: number,
): readonly Duty[] {
  const { requester } = payment.terms
  const expired = resultCode === 'DEADLINE_EXCEEDED'
  const duties: Duty[] = []
  const doubted = payment.status === 'in_doubt'
  if (expired || doubted || resultCode === 'CANCELLED') duties.push(undoing(payment, at))
  // The requester hears its own cancel answered; of another one it must be told like of a deadline.
  const isOwn = payment.cancel?.by === undefined
  if (expired || !isOwn || isLeft(payment)) duties.push(owed('aborted', requester, payment, at))
  return [...duties, ...freeing(payment, at)]
}

export const isOwnKind = (kind: DutyKind): kind is OwnDutyKind =>
  kind === 'count_allowance' || kind === 'free_allowance'

/** A duty of a member's. */
export type MemberDuty = Duty & { readonly kind: Exclude<DutyKind, OwnDutyKind> }

export const isMemberDuty = (duty: Duty): duty is MemberDuty => !isOwnKind(duty.kind)

/** Whether the requester is owed word of the decision, or has been. */
export const isTold = ({ duties, terms }: Payment): boolean =>
  duties.some(({ owner, about }) => owner === terms.requester && about === undefined)

/** Word of a decision to a requester that heard U after all. */
export const telling = (payment: Payment, at: number): Duty =>
  owed(
    payment.status === 'committed' ? 'committed' : 'aborted',
    payment.terms.requester,
    payment,
    at,
  )

/** The responder must undo what it did, or never do it. */
export const undoing = (payment: Payment, at: number): Duty =>
  owed('aborted', payment.terms.responder, payment, at)

export const isUndoing = ({ kind, owner }: Duty, payment: Payment): boolean =>
  owner === payment.terms.responder && kind === kindOf('aborted', owner, payment)

/** Both sides have acted on the commit, or are about to; both must hear that it is undone, and of nothing else. */
export function dutiesOfReversal(payment: Payment, at: number): readonly Duty[] {
  const { terms, duties } = payment
  return [
    ...duties.map(duty => ({ ...duty, nextAt: null })),
    owed('reversed', acquirerOf(terms), payment, at),
    owed('reversed', walletOf(terms), payment, at),
    ...freeing(payment, at),
  ]
}

/** What the gateway owes itself. */
const own = (kind: OwnDutyKind, at: number): Duty => ({
  kind,
  owner: GATEWAY_ID,
  since: at,
  attempts: 0,
  nextAt: at + FIRST_ATTEMPT_MS,
})

/** Whatever ends a payment without a purchase gives back what it took of its payer's allowance. */
const freeing = ({ allowance }: Payment, at: number): readonly Duty[] =>
  allowance === undefined ? [] : [own('free_allowance', at)]

export const reporting = ({ terms }: Payment, refund: string, at: number): Duty => ({
  kind: 'report_refund',
  owner: acquirerOf(terms),
  about: refund,
  since: at,
  attempts: 0,
  nextAt: at + FIRST_ATTEMPT_MS,
})

/** What names a duty within its payment. */
export interface DutyName {
  readonly duty: DutyKind
  readonly owner: string
  readonly about?: string
}

export const isNamed = (duty: Duty, name: DutyName): boolean =>
  duty.kind === name.duty && duty.owner === name.owner && duty.about === name.about

export const nameOf = ({ kind, owner, about }: Duty): DutyName =>
  about === undefined ? { duty: kind, owner } : { duty: kind, owner, about }

/** The duty after it was told, or acknowledged. */
export function told(
  duty: Duty,
  event: DutyName & { readonly type: 'duty_told' | 'duty_done'; readonly at: number },
): Duty {
  if (!isNamed(duty, event)) return duty
  if (event.type === 'duty_done') return { ...duty, nextAt: null }
  const attempts = duty.attempts + 1
  return { ...duty, attempts, nextAt: retryAt(attempts, event.at) }
}
