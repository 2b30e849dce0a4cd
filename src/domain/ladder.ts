/**
 * The message ladder of a payment: who said what to whom, and when. Every rung follows from recorded events, so the
 * ladder shows what the gateway can prove, and a rung that says `silence` is one where nobody said anything usable.
 */
import { DEAD_AFTER, isLeft, isOwnKind, type MemberDuty } from './duty.ts'
import { saidIn } from './evidence.ts'
import { type Telling, toldAtOnce, toldInTurn } from './ladder-duty.ts'
import type { Payment, PaymentEvent } from './payment.ts'
import { apply } from './payment-apply.ts'
import { acquirerOf, walletOf } from './quote.ts'
import { isAllowanceCode, type ResultCode } from './refusal.ts'
import { GATEWAY_ID } from './signature.ts'
import type { Recorded } from './timeline.ts'

/** The gateway's own place on the ladder; members stand under their ids. */
const GATEWAY = GATEWAY_ID

/** What can be said; a duty is told in its own word. */
export type Saying =
  | 'pay'
  | 'charge'
  | 'accept'
  | 'authorize'
  | 'accepted'
  | 'refused'
  | 'user_must_confirm'
  | 'silence'
  | 'inquire'
  | 'unknown'
  | 'success'
  | 'failed'
  | 'cancel'
  | 'refund'
  | 'refunded'
  | 'refund_failed'
  | 'refund_unapplied'
  | 'acknowledged'
  | MemberDuty['kind']

export interface Rung {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly from: string
  readonly to: string
  readonly says: Saying
  readonly resultCode: ResultCode | null
  /** The refund it is about. */
  readonly about: string | null
  /** What the speaker calls it, and the key under which it said so. */
  readonly reference: string | null
  readonly key: string | null
  /** Content-Digest of the message's body, where its signature is kept. */
  readonly digest: string | null
  /**
   * False for a duty whose turn to be told came, and no acknowledgement before the next one: it may have been lost, and an
   * endpoint that is away is not called at every turn.
   */
  readonly proved: boolean
  /** Of the journal's row that keeps it. */
  readonly row: number
  readonly hash: string
}

type Said = Pick<Rung, 'from' | 'to' | 'says'> &
  Partial<Pick<Rung, 'resultCode' | 'about' | 'reference' | 'key' | 'proved'>>

export function ladderOf(recorded: readonly Recorded[]): readonly Rung[] {
  let payment: Payment | null = null
  const rungs: (Rung & { digest: string | null })[] = []
  const all = recorded.flatMap(({ events }) => events)
  const isAsked = !all.some(isNotAllowed)
  let passed = 0
  for (const { row, hash, events } of recorded) {
    const before: Payment | null = payment
    const after = events.reduce<Payment | null>(apply, before)
    const put = (at: number, said: Said) => {
      if (!isAsked && questions.has(said.says)) return
      const nothing = { resultCode: null, about: null, reference: null, key: null, proved: true }
      rungs.push({ at, ...nothing, ...said, digest: null, row, hash })
    }
    for (const event of events) {
      const old: Payment | null = payment
      payment = apply(old, event)
      passed += 1
      for (const said of saidBy(event, payment, old)) put(event.at, said)
      for (const said of toldInTurn(event, after, all.slice(passed))) put(event.at, telling(said))
      prove(rungs, event)
    }
    const at = events.at(-1)?.at ?? 0
    for (const said of toldAtOnce(after, events, all.slice(passed))) put(at, telling(said))
  }
  return rungs
}

const telling = ({ to, says, about, proved }: Telling): Said => ({
  from: GATEWAY,
  to,
  says,
  about,
  proved,
})

/** Puts digests to what a signature proves: the statement of this event, and the question that it answers. */
function prove(rungs: (Rung & { digest: string | null })[], event: PaymentEvent): void {
  const evidence = 'evidence' in event ? event.evidence : undefined
  if (evidence === undefined) return
  const { institution, digest } = saidIn(evidence.base)
  const said = rungs.findLast(({ from, to }) => to === GATEWAY && from === institution)
  if (said !== undefined) said.digest = digest
  const { asked } = evidence
  const question = rungs.findLast(({ says, to }) => to === institution && questions.has(says))
  if (question !== undefined && asked !== undefined) question.digest = saidIn(asked).digest
}

/** The payer's allowance did not allow it, so the responder was never asked. */
const isNotAllowed = (event: PaymentEvent): boolean =>
  event.type === 'aborted' && isAllowanceCode(event.resultCode)

const questions: ReadonlySet<Saying> = new Set(['accept', 'authorize', 'inquire'])

function saidBy(event: PaymentEvent, payment: Payment, before: Payment | null): readonly Said[] {
  const { terms } = payment
  const { requester, responder } = terms
  const wallet = walletOf(terms)
  const isMpm = terms.presentment === 'mpm'
  const heard = (from: string, says: Saying, more: Partial<Said> = {}): Said => ({
    from,
    to: GATEWAY,
    says,
    ...more,
  })
  const told = (to: string, says: Saying, more: Partial<Said> = {}): Said => ({
    from: GATEWAY,
    to,
    says,
    ...more,
  })
  // Whoever has gone away with U hears of the decision as a duty.
  const answered = (says: Saying): readonly Said[] =>
    before === null || isLeft(before)
      ? []
      : [told(requester, says, { resultCode: payment.resultCode })]

  switch (event.type) {
    case 'opened':
      return [
        heard(requester, isMpm ? 'pay' : 'charge', isMpm ? event.hold : {}),
        told(responder, isMpm ? 'accept' : 'authorize'),
      ]
    case 'committed':
      return [heard(responder, 'accepted', event.acceptance), ...answered('success')]
    case 'late_acceptance':
      return [heard(responder, 'accepted')]
    case 'aborted': {
      const { resultCode } = event
      const isOurs =
        resultCode === 'DEADLINE_EXCEEDED' || resultCode === 'CANCELLED' || isNotAllowed(event)
      const refusal = isOurs ? [] : [heard(responder, 'refused', { resultCode })]
      return [...refusal, ...answered('failed')]
    }
    case 'doubted':
      return [heard(responder, 'silence'), told(requester, 'unknown')]
    case 'user_asked':
      return [heard(responder, 'user_must_confirm'), told(requester, 'unknown')]
    case 'left':
      return [told(requester, 'unknown')]
    case 'inquired':
      return [told(responder, 'inquire')]
    case 'cancel_asked':
      return [
        heard(event.by === undefined ? requester : acquirerOf(terms), 'cancel', {
          reference: event.requestId,
        }),
      ]
    case 'duty_done':
      if (isOwnKind(event.duty)) return []
      return [heard(event.owner, 'acknowledged', { about: event.about ?? null })]
    case 'refund_queued':
      return [
        heard(acquirerOf(terms), 'refund', { about: event.refund, reference: event.requestId }),
      ]
    case 'refund_sent':
      return [told(wallet, 'refund', { about: event.refund })]
    case 'refund_tried':
      // Before it has been sent, a try may have ended at the cover or at a closed door: nothing was said.
      return isSent(payment, event.refund) ? [told(wallet, 'refund', { about: event.refund })] : []
    case 'refund_done':
      return [heard(wallet, 'refunded', { about: event.refund, reference: event.reference })]
    case 'refund_failed':
      return [heard(wallet, 'refund_failed', { about: event.refund, resultCode: event.resultCode })]
    case 'refund_unapplied':
      return [heard(wallet, 'refund_unapplied', { about: event.refund })]
    default:
      return []
  }
}

const isSent = ({ refunds = [] }: Payment, id: string): boolean =>
  refunds.some(refund => refund.id === id && refund.status === 'SENT')

/** How it stands with what is owed: told and acknowledged, on its way, or told so often that somebody should look. */
export const dutyState = ({
  nextAt,
  attempts,
}: Pick<Payment['duties'][number], 'nextAt' | 'attempts'>): 'done' | 'open' | 'dead' => {
  if (nextAt === null) return 'done'
  return attempts >= DEAD_AFTER ? 'dead' : 'open'
}
