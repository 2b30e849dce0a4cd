/** A payment as a monitor sees it: a Thai wallet at a mainland merchant. */
import type { Seen } from '../../src/domain/window-digest.ts'

export const seen: Seen = {
  id: 'pay_04000030002000h9q4nm0kx2v6z8c1bd',
  version: 1,
  openedAt: 1_000_000_000,
  quotedAt: 999_980_000,
  wallet: 'wallet-th',
  acquirer: 'acquirer-cn',
  responder: 'acquirer-cn',
  corridor: 'TH>CN',
  scenario: 'inbound',
  family: 'unionpay',
  code: 'PAYMENT_IN_PROCESS',
  payer: ['THB', '12437'],
  payee: ['CNY', '2500'],
  cny: 2_500,
  usd: 350,
  payeeMarket: 'CN',
  merchant: 'acquirer-cn/shop-1',
  order: 'o1',
  person: null,
  limitShare: null,
  unfinished: [],
}
