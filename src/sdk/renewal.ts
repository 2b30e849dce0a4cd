/**
 * Going on with a new quote where the gateway does not take the old one any more. That is safe only where it is certain
 * that nothing was paid with the old one, and only for what the payer has agreed to.
 */
import type { PaymentView, PayRequest, Quote, QuoteRequest } from '../wire/payment.ts'
import { GatewayRefusal, QuoteChanged } from './errors.ts'

/** A new quote, and the request that it was made for. */
export interface Renewed extends Pick<PayRequest, 'requestId' | 'requestedAt'> {
  readonly quote: Quote
}

export interface Renewal {
  /** The quote that the payer has seen and said yes to. */
  readonly shown: Quote
  /** What it was asked with: code, amount, payer. */
  readonly asked: Omit<QuoteRequest, 'requestId' | 'requestedAt'>
  /**
   * Called and awaited before the new quote is paid: whoever holds money notes that it is held for this request and
   * payment from now on, and for the old ones no more. Gives what is stated about the hold. Where it throws, nothing is paid.
   */
  renewed(renewed: Renewed): Promise<PayRequest['hold']>
}

export interface Renewing {
  quote(request: QuoteRequest): Promise<Quote>
  pay(request: PayRequest): Promise<PaymentView>
  now(): number
  newId(): string
}

/** Refusals that speak of the quote alone. Whatever a person or a member declined is never asked again unasked. */
const ABOUT_THE_QUOTE = new Set<GatewayRefusal['code']>(['LANE_CLOSED', 'QUOTE_EXPIRED'])

/** Whether it is certain that nothing was paid and never will be under that request, and a new quote helps. */
export const mayRenew = (error: unknown): error is GatewayRefusal =>
  error instanceof GatewayRefusal &&
  ABOUT_THE_QUOTE.has(error.code) &&
  (error.result === 'F' || (error.result === null && error.opened === false && error.lost === 0))

/**
 * Pays once more, with a new quote under a new request. A quote that says something else to the payer is not paid but
 * handed over. Where there is no new quote, the old refusal stands.
 *
 * @throws QuoteChanged, or what the first payment was refused with, or whatever the second one ends with
 */
export async function payRenewed(
  refused: GatewayRefusal,
  { shown, asked, renewed: note }: Renewal,
  { quote: ask, pay, now, newId }: Renewing,
): Promise<PaymentView> {
  const request = { requestId: newId(), requestedAt: new Date(now()).toISOString() }
  let quote: Quote
  try {
    quote = await ask({ ...asked, ...request })
  } catch (error) {
    refused.cause = error
    throw refused
  }
  const renewed = { ...request, quote }
  if (!isSameForPayer(shown, quote)) throw new QuoteChanged(renewed, refused)
  const hold = await note(renewed)
  return pay({ ...request, quote: quote.quote, hold })
}

/** Who gets it, what they get, what the payer pays, at which rate and with which fees: all that a screen shows. */
export const isSameForPayer = (one: Quote, other: Quote): boolean => seen(one) === seen(other)

const seen = ({ merchant, payer, payee, rate, fees, scenario, family }: Quote): string =>
  JSON.stringify([merchant, payer, payee, rate?.value ?? null, fees, scenario, family].map(ordered))

/** The same whatever the order of fields. */
const ordered = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
