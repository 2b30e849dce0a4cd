/** Asks a wallet to pay for its user, whose code a till has scanned. */
import type { Institution } from '../domain/institution.ts'
import type { Payment, Verdict } from '../domain/payment.ts'
import { responderCode } from '../domain/refusal.ts'
import {
  type AuthorizeAnswer,
  type AuthorizeRequest,
  authorizeAnswerSchema,
  type InquireRequest,
  peerPaths,
} from '../wire/peer.ts'
import { feeView, instantText, moneyView } from '../wire/view.ts'
import { type Heard, type PostPorts, post } from './post.ts'
import { traced } from './trace.ts'

/** @param consumerCode what was scanned, for a wallet that numbers its codes itself; null for an issued one */
export function authorize(
  wallet: Institution,
  payment: Payment,
  consumerCode: string | null,
  ports: PostPorts,
): Promise<Verdict> {
  const { terms, respondBy, decideBy } = payment
  const content: AuthorizeRequest = {
    paymentId: terms.paymentId,
    payerReference: terms.payerReference ?? null,
    consumerCode,
    merchant: terms.merchant,
    acquirer: terms.requester,
    payer: moneyView(terms.payer),
    payee: moneyView(terms.payee),
    fees: terms.fees.map(feeView),
    deadline: instantText(respondBy),
    decideBy: instantText(decideBy),
  }
  return ask(wallet, peerPaths.authorize, content, respondBy, traced(ports, payment))
}

/** Asks what the wallet said. An inquiry must not outlive the next one. */
export function inquireAuthorization(
  wallet: Institution,
  payment: Payment,
  deadline: number,
  ports: PostPorts,
): Promise<Verdict> {
  const { paymentId, order } = payment.terms
  const content: InquireRequest = { paymentId, order, deadline: instantText(deadline) }
  return ask(wallet, peerPaths.inquire, content, deadline, traced(ports, payment))
}

async function ask(
  wallet: Institution,
  path: string,
  content: object,
  deadline: number,
  ports: PostPorts,
): Promise<Verdict> {
  const posted = await post(wallet, path, content, deadline, ports)
  if (!posted.heard) return { said: 'unusable' }
  const answer = authorizeAnswerSchema.safeParse(posted.body)
  return answer.success ? verdictOf(answer.data, posted) : { said: 'unusable' }
}

function verdictOf(answer: AuthorizeAnswer, { key, evidence }: Heard): Verdict {
  if (answer.result === 'S') {
    return { said: 'accepted', reference: answer.reference, key, evidence }
  }
  if (answer.result === 'F') {
    return { said: 'refused', code: responderCode(answer.code ?? ''), evidence }
  }
  const asks = answer.code === 'USER_ACTION'
  return asks ? { said: 'user_must_confirm', evidence } : { said: 'unusable' }
}
