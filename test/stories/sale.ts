/** A sale told step by step, by a wallet that holds the money and lets only notices tell it how it ended. */
import { GatewayRefusal } from '../../src/sdk/index.ts'
import type { PaymentView, PayRequest, Quote, QuoteRequest } from '../../src/wire/payment.ts'
import { codeAt, type Network, newRequest, until } from './network.ts'

export interface Sale {
  readonly order: PayRequest
  readonly quote: Quote
  readonly paymentId: string
  /** The answer to the one request to pay. */
  readonly paid: Promise<PaymentView>
}

export interface Wanted {
  readonly wallet: string
  readonly merchant: string
  readonly amount?: QuoteRequest['amount']
}

/** Quotes, once more where the acquirer was too busy to say in time what its code stands for; gives the order that would pay it. */
export async function quoted(net: Network, { wallet, merchant, amount }: Wanted) {
  const asked = newRequest('sale')
  const code = codeAt(merchant, amount === undefined ? 'dynamic' : 'static')
  const scan = () => net.client(wallet).quote({ ...asked, code, ...(amount && { amount }) })
  const isLate = (error: unknown) =>
    error instanceof GatewayRefusal && error.code === 'RESOLVE_TIMEOUT'
  const scanned = () =>
    scan().catch((error: unknown) => {
      if (isLate(error)) return null
      throw error
    })
  const quote = (await until(scanned, said => said !== null)) ?? (await scan())
  const order = { ...asked, quote: quote.quote, hold: { reference: asked.requestId } }
  return { quote, order, paymentId: quote.paymentId }
}

/** Quotes, puts the money aside in the wallet's own book, and asks to pay. */
export async function begin(net: Network, wanted: Wanted): Promise<Sale> {
  const { quote, order, paymentId } = await quoted(net, wanted)
  const { requestId, requestedAt, hold } = order
  const expiresAt = Date.parse(quote.expiresAt)
  const { reference } = hold
  const held = { requestId, requestedAt, paymentId, ...quote.payer, expiresAt, reference }
  net.box.wallets.get(wanted.wallet)?.book.holds.place(held, Date.now())
  const paid = net.client(wanted.wallet).pay(order)
  // Whoever awaits it later hears of a failure then.
  paid.catch(() => null)
  return { order, quote, paymentId, paid }
}

export const holdOf = (net: Network, wallet: string, paymentId: string): string | null =>
  net.box.wallets.get(wallet)?.book.holds.byPayment(paymentId)?.state ?? null

/** Makes an acquirer misbehave. */
export async function misbehave(net: Network, acquirer: string, ...faults: string[]) {
  for (const fault of faults) await net.box.acquirers.get(acquirer)?.faults.add(fault)
}

/** How many calls a counted fault has met. */
export function met(net: Network, acquirer: string, name: string, of: number): number {
  const faults = net.box.acquirers.get(acquirer)?.faults.list() ?? []
  return of - (faults.find(fault => fault.name === name && fault.left !== null)?.left ?? 0)
}
