import { describe, expect, it } from 'vitest'
import type { ReceiptClaims } from '../../src/domain/receipt.ts'
import { checkPayment, checkReceipt, verifyNotice } from '../../src/sdk/index.ts'
import { signReceipt } from '../../src/trust/receipt.ts'
import type { Notice } from '../../src/wire/peer.ts'
import { gatewayParty, party, payment } from './network.ts'

const gateway = await gatewayParty()
const stranger = await party('gateway')
const keys = [gateway.verifying]

const claims: ReceiptClaims = {
  v: 1,
  p: payment().paymentId,
  q: 'wallet-th',
  r: 'acquirer-cn',
  a: 'THB 31110',
  b: 'CNY 6800',
  o: 'order-1',
  m: 'cn-tea',
  t: 1,
}
const receipt = await signReceipt(claims, gateway.signing)
const strange = await signReceipt(claims, stranger.signing)
const paid = payment({ receipt })

describe('a receipt', () => {
  it('of the gateway that agrees with the payment counts', async () => {
    expect(await checkPayment(paid, keys)).toEqual({ ok: true, claims })
    expect(await checkReceipt(receipt, {}, keys)).toMatchObject({ ok: true })
  })

  it.each([
    ['signed by a stranger under the same key id', strange],
    ['changed', receipt.replace('.', '.x')],
    ['that is none', ''],
  ])('%s is not genuine', async (_, text) => {
    expect(await checkReceipt(text, {}, keys)).toEqual({ ok: false, why: 'not_genuine' })
  })

  it.each([
    ['paymentId', { paymentId: 'pay_2' }],
    ['wallet', { wallet: 'wallet-cn' }],
    ['acquirer', { acquirer: 'acquirer-th' }],
    ['payer', { payer: { currency: 'THB', minor: '31111' } }],
    ['payee', { payee: { currency: 'THB', minor: '6800' } }],
    ['order', { order: 'order-2' }],
    ['merchantId', { merchant: { ...paid.merchant, id: 'cn-silk' } }],
  ])('of a payment with another %s says so', async (field, change) => {
    expect(await checkPayment({ ...paid, ...change }, keys)).toEqual({
      ok: false,
      why: 'differs',
      fields: [field],
    })
  })
})

describe('a notice', () => {
  const aborted = payment({ result: 'F', status: 'aborted', resultCode: 'DEADLINE_EXCEEDED' })
  const committed = { type: 'payment.committed', data: paid } as const
  const dropped = { type: 'payment.aborted', data: aborted } as const

  it.each<[string, Omit<Notice, 'timestamp'>, 'ok' | 'not_genuine' | 'differs' | 'contradicts']>([
    ['to deliver, with its receipt', { ...committed, duty: 'deliver_receipt' }, 'ok'],
    ['to capture, with its receipt', { ...committed, duty: 'capture' }, 'ok'],
    ['to release an aborted payment', { ...dropped, duty: 'release_hold' }, 'ok'],
    [
      'to deliver, without a receipt',
      { ...committed, duty: 'deliver_receipt', data: payment() },
      'not_genuine',
    ],
    [
      'to deliver another amount',
      { ...committed, duty: 'deliver_receipt', data: { ...paid, payee: paid.payer } },
      'differs',
    ],
    ['to capture an aborted payment', { ...dropped, duty: 'capture' }, 'contradicts'],
    ['to release a committed payment', { ...committed, duty: 'release_hold' }, 'contradicts'],
    [
      'to release with a receipt',
      { ...dropped, duty: 'release_hold', data: { ...aborted, receipt } },
      'contradicts',
    ],
  ])('%s', async (_, notice, want) => {
    const check = await verifyNotice({ timestamp: '2026-01-31T08:00:00.300Z', ...notice }, keys)
    expect(check.ok ? 'ok' : check.why).toBe(want)
  })
})
