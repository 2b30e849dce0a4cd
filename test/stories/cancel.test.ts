/** Taking a payment back, over the whole network: who may, until when, and what either side is left with. */
import { describe, expect, it } from 'vitest'
import { codeAt, newRequest, refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()
const wallet = net.client('wallet-th')

async function paid() {
  const asked = newRequest('cancel')
  const { paymentId, quote } = await wallet.quote({ ...asked, code: codeAt('cn-silk') })
  const order = { ...asked, quote, hold: { reference: asked.requestId } }
  return { paymentId, order }
}

describe('a cancel', () => {
  it('after the commit reverses, and the acquirer takes its word to the merchant back', async () => {
    const { paymentId, order } = await paid()
    const committed = await wallet.pay(order)
    expect(committed.cancelUntil).not.toBeNull()
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
    await faults.add('slow 1500ms accept x1')
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

  it('is for the one who asked for the payment, and for nobody else', async () => {
    const { paymentId, order } = await paid()
    await wallet.pay(order)
    for (const other of ['acquirer-cn', 'wallet-my']) {
      const asked = net.client(other).cancel(paymentId, { requestId: 'c-5' })
      expect(await refusalOf(asked)).toBe('PAYMENT_NOT_EXIST')
    }
    expect(await wallet.payment(paymentId)).toMatchObject({ status: 'committed' })
  })
})
