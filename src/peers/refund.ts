/** Asks a wallet to give a refund to its user. */
import type { Institution } from '../domain/institution.ts'
import type { Payment } from '../domain/payment.ts'
import type { Refund, RefundAnswer } from '../domain/refund.ts'
import { responderCode } from '../domain/refusal.ts'
import { peerPaths, type RefundOrder, refundAnswerSchema } from '../wire/peer.ts'
import { instantText, moneyView } from '../wire/view.ts'
import { type PostPorts, post } from './post.ts'
import { traced } from './trace.ts'

/** The wallet has this long; then it is asked again under the same id (milliseconds). */
const APPLY_MS = 8_000

/** A wallet's word for an account that is gone: the money is its to give in another way. */
const NO_ACCOUNT = 'ACCOUNT_CLOSED'

export async function applyRefund(
  wallet: Institution,
  payment: Payment,
  { id, payer, payee }: Refund,
  ports: PostPorts,
): Promise<RefundAnswer> {
  const { terms } = payment
  const deadline = ports.now() + APPLY_MS
  const content: RefundOrder = {
    refundId: id,
    paymentId: terms.paymentId,
    payer: moneyView(payer),
    payee: moneyView(payee),
    deadline: instantText(deadline),
  }
  const posted = await post(wallet, peerPaths.refund, content, deadline, traced(ports, payment))
  if (!posted.heard) return { said: posted.left ? 'sent' : 'unsent' }
  const answer = refundAnswerSchema.safeParse(posted.body)
  if (!answer.success || answer.data.result === 'U') return { said: 'sent' }
  const { evidence } = posted
  if (answer.data.result === 'S') {
    return { said: 'refunded', reference: answer.data.reference, evidence }
  }
  const { code = '' } = answer.data
  return code === NO_ACCOUNT
    ? { said: 'unapplied', evidence }
    : { said: 'failed', code: responderCode(code), evidence }
}
