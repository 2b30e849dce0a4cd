/** Taking a payment back, over the whole network: who may, until when, and what either side is left with. */
import { describe, expect, it } from 'vitest'
import type { PaymentView } from '../../src/wire/payment.ts'
import { codeAt, newRequest, refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()
const wallet = net.client('wallet-th')

async function paid() {
  const asked = newRequest('cancel')
  const { paymentId, quote } = await wallet.quote({ ...asked, code: codeAt('cn-silk') })
  const order = { ...asked, quote, hold: { reference: asked.requestId } }
  return { paymentId, order }
}

/** Longer than a cancel takes on a machine that is busy, and shorter than what the acquirer has. */
const THINKING = 'slow 5s accept x1'

/** In the last quarter of an hour before the cut, the cut comes first. */
const cutIn = ({ cancelUntil, decidedAt }: PaymentView) =>
  Date.parse(cancelUntil!) - Date.parse(decidedAt!)

/** A purchase in a corridor that leaves nothing for a wallet to cancel once it is committed. */
async function committedAbroad() {
  const member = net.box.wallets.get('wallet-vn')!
  const { payment } = await member.wallet.purchase({ code: codeAt('th-padthai') })
  expect(payment).toMatchObject({ status: 'committed', walletCancelUntil: null })
  const { paymentId } = payment!
  await until(
    () => net.orderState(paymentId),
    state => state === 'delivered',
  )
  return { paymentId, member }
}

describe('a cancel', () => {
  it("of a wallet is too late after the commit, where its corridor does not say otherwise; the acquirer's is not", async () => {
    const { paymentId, member } = await committedAbroad()
    const own = net.client('wallet-vn').cancel(paymentId, { requestId: 'own-1' })
    expect(await refusalOf(own)).toBe('CANCEL_WINDOW_EXCEEDED')
    expect(net.orderState(paymentId)).toBe('delivered')

    const acquirer = net.client('acquirer-th')
    const cancelled = await acquirer.cancel(paymentId, { requestId: 'a-1' })
    expect(cancelled).toMatchObject({ status: 'reversed', resultCode: 'CANCELLED' })
    const again = await acquirer.cancel(paymentId, { requestId: 'a-1' })
    expect(again.reversedAt).toBe(cancelled.reversedAt)
    const hold = () => member.book.holds.byPayment(paymentId)?.state
    expect(await until(hold, state => state === 'returned')).toBe('returned')
    const order = () => net.orderState(paymentId)
    expect(await until(order, state => state === 'reversed')).toBe('reversed')
    const { moments } = await acquirer.timeline(paymentId)
    expect(moments.find(({ event }) => event === 'cancel_asked')).toMatchObject({ by: 'acquirer' })
  })

  it('of the acquirer while it is asked aborts, and the wallet hears of it', async () => {
    const { faults } = net.box.acquirers.get('acquirer-cn')!
    await faults.add(THINKING)
    const { paymentId, order } = await paid()
    const paying = wallet.pay(order)
    await net.tape.hear({ event: 'opened', paymentId })
    const cancelled = await net.client('acquirer-cn').cancel(paymentId, { requestId: 'a-2' })
    expect(cancelled).toMatchObject({ status: 'aborted', resultCode: 'CANCELLED' })
    expect(await paying).toMatchObject({ status: 'aborted', resultCode: 'CANCELLED' })
  })

  it('of a wallet whose corridor allows it reverses, and the acquirer takes its word to the merchant back', async () => {
    const { paymentId, order } = await paid()
    const committed = await wallet.pay(order)
    const window = Date.parse(committed.walletCancelUntil!) - Date.parse(committed.decidedAt!)
    expect([15 * 60_000, cutIn(committed)]).toContain(window)
    const cancelled = await wallet.cancel(paymentId, { requestId: 'c-1', reason: 'user' })
    expect(cancelled).toMatchObject({ status: 'reversed', result: 'F', resultCode: 'CANCELLED' })
    expect(cancelled.receipt).toBeNull()
    const state = () => net.orderState(paymentId)
    expect(await until(state, said => said === 'reversed')).toBe('reversed')
    const acquirer = net.client('acquirer-cn')
    expect(await acquirer.payment(paymentId)).toMatchObject({ status: 'reversed', receipt: null })
  })

  it('is answered the same again, and refused under the same id with another body', async () => {
    const { paymentId, order } = await paid()
    await wallet.pay(order)
    const first = await wallet.cancel(paymentId, { requestId: 'c-2' })
    const again = await wallet.cancel(paymentId, { requestId: 'c-2' })
    expect(again.reversedAt).toBe(first.reversedAt)
    expect(await refusalOf(wallet.cancel(paymentId, { requestId: 'c-2', reason: 'fraud' }))).toBe(
      'REPEAT_REQ_INCONSISTENT',
    )
    // Whoever pays again under the same request hears what became of it.
    expect(await wallet.pay(order)).toMatchObject({ status: 'reversed' })
  })

  it('that comes first bars its payment for good', async () => {
    const { paymentId, order } = await paid()
    const cancel = () => refusalOf(wallet.cancel(paymentId, { requestId: 'c-3' }))
    expect(await cancel()).toBe('PAYMENT_BARRED')
    expect(await cancel()).toBe('PAYMENT_BARRED')
    expect(await refusalOf(wallet.pay(order))).toBe('CANCELLED')
    expect(await refusalOf(wallet.payment(paymentId))).toBe('PAYMENT_NOT_EXIST')
  })

  it('while the acquirer is thinking aborts, and its late yes is voided', async () => {
    const faults = net.box.acquirers.get('acquirer-cn')!.faults
    await faults.add(THINKING)
    const { paymentId, order } = await paid()
    const paying = wallet.pay(order)
    await net.tape.hear({ event: 'opened', paymentId })
    expect(await wallet.cancel(paymentId, { requestId: 'c-4' })).toMatchObject({
      status: 'aborted',
      resultCode: 'CANCELLED',
    })
    expect(await paying).toMatchObject({ status: 'aborted' })
    const state = () => net.orderState(paymentId)
    expect(await until(state, said => said === 'voided')).toBe('voided')
  })

  it('is for its two parties, and before there is a payment for the one who asks for it', async () => {
    const { paymentId, order } = await paid()
    const early = net.client('acquirer-cn').cancel(paymentId, { requestId: 'c-0' })
    expect(await refusalOf(early)).toBe('PAYMENT_NOT_EXIST')
    await wallet.pay(order)
    for (const other of ['acquirer-th', 'wallet-my']) {
      const asked = net.client(other).cancel(paymentId, { requestId: 'c-5' })
      expect(await refusalOf(asked)).toBe('PAYMENT_NOT_EXIST')
    }
    expect(await wallet.payment(paymentId)).toMatchObject({ status: 'committed' })
  })
})
