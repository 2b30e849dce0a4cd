/** The terms of one ordinary payment: a Thai wallet at a mainland merchant. */
import type { Terms } from '../../src/domain/quote.ts'

export const terms: Terms = {
  paymentId: 'pay_04000030002000h9q4nm0kx2v6z8c1bd',
  requestId: 'purchase-1',
  requestedAt: 1_000_000,
  requester: 'wallet-th',
  responder: 'acquirer-cn',
  presentment: 'mpm',
  scenario: 'inbound',
  payerMarket: 'TH',
  payeeMarket: 'CN',
  family: 'unionpay',
  payer: { currency: 'THB', minor: 12_437n },
  payee: { currency: 'CNY', minor: 2_500n },
  rate: null,
  fees: [],
  merchant: { id: 'shop-1', name: 'Silk Street Tea', city: 'Beijing', mcc: '5499', country: 'CN' },
  order: 'order-1',
  // Longer than any day is, so that only the cut ends it.
  walletCancelMs: 2 * 86_400_000,
  expiresAt: 1_300_000,
}
