/** The canonical dialect: what the core asks a member, in the gateway's own shapes. */
import type { Duty, MemberDuty } from '../domain/duty.ts'
import type { Institution } from '../domain/institution.ts'
import type { Money } from '../domain/money.ts'
import type { Payment, Verdict } from '../domain/payment.ts'
import type { Merchant } from '../domain/quote.ts'
import { responderCode } from '../domain/refusal.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import type {
  AcceptAnswer,
  AcceptRequest,
  CancelRequest,
  InquireRequest,
  Notice,
  OrderInquiry,
} from '../wire/peer.ts'
import {
  acceptAnswerSchema,
  cancelAnswerSchema,
  noticeAnswerSchema,
  orderAnswerSchema,
  peerPaths,
} from '../wire/peer.ts'
import { feeView, instantText, moneyView, paymentView } from '../wire/view.ts'
import { type Heard, type PostPorts, post } from './post.ts'
import { traced } from './trace.ts'

/** What the acquirer says a code stands for. */
export interface Order {
  readonly merchant: Merchant
  /** The acquirer's own reference. */
  readonly order: string
  readonly currency: string
  readonly amount: Money | null
}

/** An answer came, and is none. */
const wrong: ReadonlySet<string> = new Set(['untrusted', 'unreadable', 'error'])

/** The gateway gives an acknowledgement this long (milliseconds). */
const ACKNOWLEDGE_MS = 5_000

/**
 * Asks what a code stands for.
 * Refusals: RESOLVE_TIMEOUT, PEER_ERROR, or the acquirer's own out of the closed list.
 */
export async function inquireOrder(
  acquirer: Institution,
  inquiry: Omit<OrderInquiry, 'deadline'>,
  deadline: number,
  ports: PostPorts,
): Promise<Result<Order>> {
  const content: OrderInquiry = { ...inquiry, deadline: instantText(deadline) }
  const posted = await post(acquirer, peerPaths.order, content, deadline, ports)
  if (!posted.heard) {
    return refuse(wrong.has(posted.why) ? 'PEER_ERROR' : 'RESOLVE_TIMEOUT')
  }
  const answer = orderAnswerSchema.safeParse(posted.body)
  if (!answer.success) return refuse('PEER_ERROR')
  if (answer.data.result === 'U') return refuse('RESOLVE_TIMEOUT')
  if (answer.data.result === 'F') return refuse(responderCode(answer.data.code ?? ''))
  const { merchant, order, currency, amount } = answer.data
  return ok({
    merchant,
    order,
    currency,
    amount: amount && { currency: amount.currency, minor: BigInt(amount.minor) },
  })
}

/**
 * Asks the acquirer to accept. It has the hop budget; goods go out on the receipt, not on its yes.
 *
 * @param code what was scanned, where the acquirer has not been asked about it
 */
export function accept(
  acquirer: Institution,
  payment: Payment,
  ports: PostPorts,
  code?: string,
): Promise<Verdict> {
  const { terms, respondBy, decideBy } = payment
  const content: AcceptRequest = {
    paymentId: terms.paymentId,
    order: terms.order,
    merchantId: terms.merchant.id,
    ...(code === undefined ? {} : { code }),
    wallet: terms.requester,
    payee: moneyView(terms.payee),
    payer: moneyView(terms.payer),
    fees: terms.fees.map(feeView),
    deadline: instantText(respondBy),
    decideBy: instantText(decideBy),
  }
  return verdict(acquirer, peerPaths.accept, content, respondBy, traced(ports, payment))
}

/** Asks what the acquirer said. An inquiry must not outlive the next one. */
export function inquire(
  acquirer: Institution,
  payment: Payment,
  deadline: number,
  ports: PostPorts,
): Promise<Verdict> {
  const { terms } = payment
  const content: InquireRequest = {
    paymentId: terms.paymentId,
    order: terms.order,
    deadline: instantText(deadline),
  }
  return verdict(acquirer, peerPaths.inquire, content, deadline, traced(ports, payment))
}

async function verdict(
  acquirer: Institution,
  path: string,
  content: object,
  deadline: number,
  ports: PostPorts,
): Promise<Verdict> {
  const posted = await post(acquirer, path, content, deadline, ports)
  if (!posted.heard) return { said: 'unusable' }
  const answer = acceptAnswerSchema.safeParse(posted.body)
  return answer.success ? verdictOf(answer.data, posted) : { said: 'unusable' }
}

function verdictOf(answer: AcceptAnswer, { key, evidence }: Heard): Verdict {
  if (answer.result === 'S') {
    return { said: 'accepted', reference: answer.reference, key, evidence }
  }
  if (answer.result === 'F') {
    return { said: 'refused', code: responderCode(answer.code ?? ''), evidence }
  }
  return { said: 'unusable' }
}

/**
 * Tells a member of its duty once. True when it acknowledged.
 *
 * @param receipt the signed receipt of a committed payment, null otherwise
 */
export async function tellDuty(
  owner: Institution,
  payment: Payment,
  duty: MemberDuty,
  receipt: string | null,
  ports: PostPorts,
): Promise<boolean> {
  const deadline = ports.now() + ACKNOWLEDGE_MS
  if (duty.kind === 'void_order' || duty.kind === 'reverse_order') {
    const content: CancelRequest = {
      paymentId: payment.terms.paymentId,
      order: payment.terms.order,
      reason: payment.resultCode,
      ...(duty.kind === 'reverse_order' ? { reversed: true } : {}),
      deadline: instantText(deadline),
    }
    const posted = await post(owner, peerPaths.cancel, content, deadline, traced(ports, payment))
    const answer = posted.heard ? cancelAnswerSchema.safeParse(posted.body) : null
    return answer?.success === true && answer.data.result === 'S'
  }
  const content: Notice = {
    type: noticeType(payment, duty),
    timestamp: instantText(duty.since),
    duty: duty.kind,
    ...(duty.about === undefined ? {} : { refundId: duty.about }),
    data: paymentView(payment, receipt),
  }
  const id = noticeId(payment, duty)
  const posted = await post(owner, peerPaths.notice, content, deadline, traced(ports, payment), id)
  return posted.heard && noticeAnswerSchema.safeParse(posted.body).success
}

/** A duty is told until it is acknowledged, always as the same message. */
const noticeId = ({ terms }: Payment, { kind, owner, about }: Duty): string =>
  [terms.paymentId, kind, owner, ...(about === undefined ? [] : [about])].join(':')

/** What happened, in the same words as in the list of events. */
function noticeType(payment: Payment, { about }: Duty): Notice['type'] {
  const refund = payment.refunds?.find(({ id }) => id === about)
  if (refund?.status === 'REFUNDED') return 'refund.refunded'
  if (refund !== undefined) return refund.status === 'FAILED' ? 'refund.failed' : 'refund.unapplied'
  if (payment.status === 'committed') return 'payment.committed'
  return payment.status === 'reversed' ? 'payment.reversed' : 'payment.aborted'
}
