/**
 * Going on with a new quote where the gateway does not take the old one any more, for what the payer has agreed to.
 *
 * It is paid under the same request, because a request makes one payment at the most, whatever is sent under it: so
 * nobody pays twice who asks again, and an inquiry by the request finds whatever was paid.
 */
import type { PaymentView, PayRequest, Quote, QuoteRequest } from '../wire/payment.ts'
import { GatewayRefusal, QuoteChanged, QuoteGone } from './errors.ts'
import { isSameForPayer } from './shown.ts'

type Request = Pick<PayRequest, 'requestId' | 'requestedAt'>

/** A new quote, and the request that it was made for. */
export interface Renewed extends Request {
  readonly quote: Quote
}

export interface Renewal {
  /** The quote that the payer has seen and said yes to. */
  readonly shown: Quote
  /** What it was asked with: code, amount, payer. */
  readonly asked: Omit<QuoteRequest, 'requestId' | 'requestedAt'>
  /**
   * Called and awaited before the new quote is paid: whoever holds money notes that it is held for this payment from
   * now on. The request is the one that is being paid; the payment's id may be another. Gives what is stated about the
   * hold. Where it throws, the new quote is not paid. Called anew where the same is asked for again.
   */
  renewed(renewed: Renewed): Promise<PayRequest['hold']>
}

/** The calls it takes. */
export interface Renewing {
  quote(request: QuoteRequest): Promise<Quote>
  pay(request: PayRequest): Promise<PaymentView>
  inquire(request: Request): Promise<PaymentView>
}

/** Refusals that speak of the quote alone. Whatever a person or a member declined is never asked again unasked. */
const ABOUT_THE_QUOTE = new Set<GatewayRefusal['code']>(['LANE_CLOSED', 'QUOTE_EXPIRED'])

const isAboutTheQuote = (error: unknown): error is GatewayRefusal =>
  error instanceof GatewayRefusal && ABOUT_THE_QUOTE.has(error.code)

/** Whether it is certain that the old quote made nothing and never will, and a new one helps. */
export const mayRenew = (error: unknown): error is GatewayRefusal =>
  isAboutTheQuote(error) &&
  // What was lost may come late, to a lane that was started anew with a clock that is a moment behind.
  error.lost === 0 &&
  (error.result === 'F' || (error.result === null && error.opened === false))

/**
 * Pays, and where the quote does not count any more, pays a new one once. Asked again it gives what was paid before.
 *
 * A refusal of the old quote says nothing of a new one which an earlier call has paid and which may still be on its
 * way, so it is never passed on as F.
 *
 * @throws QuoteChanged, QuoteGone, or whatever paying and quoting end with
 */
export async function payRenewing(
  order: PayRequest,
  renewal: Renewal,
  line: Renewing,
): Promise<PaymentView> {
  const request = { requestId: order.requestId, requestedAt: order.requestedAt }
  try {
    return await line.pay(order)
  } catch (error) {
    if (mayRenew(error)) return payRenewed(error, request, renewal, line)
    if (isRepeated(error)) return paidBefore(error, request, renewal, line)
    if (!isAboutTheQuote(error) || error.result !== 'F') throw error
    return paidBefore(new QuoteGone(error), request, renewal, line)
  }
}

async function payRenewed(
  refused: GatewayRefusal,
  request: Request,
  renewal: Renewal,
  line: Renewing,
): Promise<PaymentView> {
  let quote: Quote
  try {
    quote = await line.quote({ ...renewal.asked, ...request })
  } catch (error) {
    if (!(error instanceof GatewayRefusal) || error.result !== 'F') throw error
    refused.cause = error
    return paidBefore(new QuoteGone(refused), request, renewal, line)
  }
  const renewed = { ...request, quote }
  if (!isSameForPayer(renewal.shown, quote)) {
    return paidBefore(new QuoteChanged(renewed, refused), request, renewal, line)
  }
  const hold = await renewal.renewed(renewed)
  try {
    return await line.pay({ ...request, quote: quote.quote, hold })
  } catch (error) {
    if (!isRepeated(error)) throw error
    return paidBefore(error, request, renewal, line)
  }
}

/** Another quote was paid under this request. */
const isRepeated = (error: unknown): boolean =>
  error instanceof GatewayRefusal && error.code === 'REPEAT_REQ_INCONSISTENT'

/**
 * What an earlier call, whose answer was lost, has paid of what the payer agreed to. Throws the error where nothing is
 * known of that, and where the request was used for another purchase.
 */
async function paidBefore(
  error: unknown,
  request: Request,
  { shown }: Renewal,
  line: Renewing,
): Promise<PaymentView> {
  const paid = await line.inquire(request).catch(() => null)
  if (paid === null || !isSameForPayer(shown, paid)) throw error
  return paid
}
