/** The till scans the customer, over the whole network: one code one payment, users who think, wallets that fail. */
import { describe, expect, it } from 'vitest'
import type { Customer } from '../../src/members/customers.ts'
import type { ChargeRequest } from '../../src/wire/consumer-code.ts'
import { newRequest, refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()
const acquirer = net.client('acquirer-cn')
const member = net.box.wallets.get('wallet-th')!

const show = async (customer: Customer = {}) => (await member.wallet.showCodes(customer)).codes[0]!
const order = (consumerCode: string, minor = '5000'): ChargeRequest => {
  const asked = newRequest('till')
  return {
    ...asked,
    consumerCode,
    amount: { currency: 'CNY', minor },
    merchant: { id: 'cn-rail', name: 'MAGLEV', city: 'SHANGHAI', mcc: '4112', country: 'CN' },
    order: asked.requestId,
  }
}
const holdOf = (paymentId: string) => member.book.holds.byPayment(paymentId)?.state ?? null
const holdBecomes = (paymentId: string, state: string) =>
  until(
    () => holdOf(paymentId),
    now => now === state,
  )

describe('a scanned code', () => {
  it('pays at once: the till hears S with the receipt, the wallet captures', async () => {
    const payment = await acquirer.charge(order((await show()).qr))
    expect(payment).toMatchObject({
      status: 'committed',
      presentment: 'cpm',
      wallet: 'wallet-th',
      acquirer: 'acquirer-cn',
    })
    expect(payment.receipt).not.toBeNull()
    expect(await holdBecomes(payment.paymentId, 'captured')).toBe('captured')
  })

  it('is good for one payment, as QR or as bar code, at any till', async () => {
    const { qr, barcode } = await show()
    const first = order(barcode)
    const paid = await acquirer.charge(first)
    expect(await refusalOf(acquirer.charge(order(qr)))).toBe('CODE_USED')
    const bangkok = net.client('acquirer-th')
    const elsewhere = { ...order(qr), amount: { currency: 'THB', minor: '100' } }
    expect(await refusalOf(bangkok.charge(elsewhere))).toBe('CODE_USED')
    expect((await acquirer.charge(first)).paymentId).toBe(paid.paymentId)
    const changed = { ...first, amount: { currency: 'CNY', minor: '1' } }
    expect(await refusalOf(acquirer.charge(changed))).toBe('REPEAT_REQ_INCONSISTENT')
  })

  it('scanned by twenty tills at once pays one of them', async () => {
    const { qr } = await show()
    const ended = await Promise.allSettled(
      Array.from({ length: 20 }, () => acquirer.charge(order(qr))),
    )
    const paid = ended.filter(({ status }) => status === 'fulfilled')
    expect(paid).toHaveLength(1)
  })

  it('that was made up, or is no consumer code, is refused for what it is', async () => {
    // biome-ignore format: a table is read by column
    const table = [
      ['9976020012345678901',    'CODE_INVALID'],
      ['9976990012345678901',    'CODE_UNSUPPORTED'],
      ['4111111111111111',       'CODE_INVALID'],
      ['131234567890123456',     'NO_ROUTE'],
      ['hQVDUFYwMQ==xxxxxxxxxx', 'CODE_INVALID'],
      ['hello, this is no code', 'CODE_UNSUPPORTED'],
    ] as const
    for (const [code, refusal] of table) {
      expect([code, await refusalOf(acquirer.charge(order(code)))]).toEqual([code, refusal])
    }
  })

  it('whose answer was lost can be taken back by its request, also before it has come', async () => {
    const made = order((await show()).qr)
    const paid = await acquirer.charge(made)
    const by = ({ requestId, requestedAt }: ChargeRequest) => ({
      requestId: `cancel-${requestId}`,
      payment: { requestId, requestedAt },
    })
    expect(await acquirer.cancelRequested(by(made))).toMatchObject({
      paymentId: paid.paymentId,
      status: 'reversed',
    })
    expect(await holdBecomes(paid.paymentId, 'returned')).toBe('returned')
    const late = order((await show()).qr)
    expect(await refusalOf(acquirer.cancelRequested(by(late)))).toBe('PAYMENT_BARRED')
    expect(await refusalOf(acquirer.charge(late))).toBe('CANCELLED')
  })

  it('can be charged by acquirers only, and issued to wallets with a prefix only', async () => {
    const { qr } = await show()
    expect(await refusalOf(net.client('wallet-my').charge(order(qr)))).toBe('ACCESS_DENIED')
    const asked = { ...newRequest('codes'), payerReference: 'u' }
    expect(await refusalOf(acquirer.consumerCodes(asked))).toBe('ACCESS_DENIED')
    const wrong = { ...asked, count: 11 }
    expect(await refusalOf(net.client('wallet-th').consumerCodes(wrong))).toBe('PARAM_ILLEGAL')
  })

  it('is issued up to ten at a time, the same ones for the same request', async () => {
    const asked = { ...newRequest('codes'), payerReference: 'u', count: 10 }
    const wallet = net.client('wallet-th')
    const first = await wallet.consumerCodes(asked)
    expect(new Set(first.codes.map(({ barcode }) => barcode)).size).toBe(10)
    expect(await wallet.consumerCodes(asked)).toEqual(first)
    expect(await refusalOf(wallet.consumerCodes({ ...asked, count: 9 }))).toBe(
      'REPEAT_REQ_INCONSISTENT',
    )
  })
})

describe('a user who must confirm', () => {
  /** A user who thinks until the story has heard what it wants to hear before. */
  const thinking = () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    return { confirms: () => promise, says: resolve }
  }

  it('is waited for; the till that heard U gets the receipt as well', async () => {
    const { confirms, says } = thinking()
    const { barcode } = await show({ confirms })
    const asked = await acquirer.charge(order(barcode))
    expect(asked).toMatchObject({ result: 'U', status: 'awaiting_user', resultCode: 'USER_ACTION' })
    expect(asked.liability.nextAction).toBe('await_user')
    const deciding = acquirer.awaitDecision(asked.paymentId)
    says(true)
    expect((await deciding).status).toBe('committed')
    await net.tape.hear({ by: 'acquirer-cn', event: 'paid', paymentId: asked.paymentId })
    expect(await holdBecomes(asked.paymentId, 'captured')).toBe('captured')
  })

  it('and says no is believed', async () => {
    const { confirms, says } = thinking()
    const { qr } = await show({ confirms })
    const asked = await acquirer.charge(order(qr))
    says(false)
    expect(await acquirer.awaitDecision(asked.paymentId)).toMatchObject({
      status: 'aborted',
      resultCode: 'USER_REJECTED',
    })
    expect(holdOf(asked.paymentId)).toBeNull()
  })

  it('and says yes after the till gave up pays nothing', async () => {
    const { confirms, says } = thinking()
    const { qr } = await show({ confirms })
    const { paymentId } = await acquirer.charge(order(qr))
    expect(await acquirer.cancel(paymentId, { requestId: 'gave-up' })).toMatchObject({
      status: 'aborted',
      resultCode: 'CANCELLED',
    })
    expect(await holdBecomes(paymentId, 'released')).toBe('released')
    await net.tape.hear({ by: 'wallet-th', event: 'released', paymentId })
    says(true)
    await net.tape.hear({ by: 'wallet-th', event: 'rejected', paymentId })
    expect(holdOf(paymentId)).toBe('released')
    expect((await acquirer.payment(paymentId)).status).toBe('aborted')
  })

  it('can be spoken for by the wallet that was asked, and by nobody else', async () => {
    const { confirms, says } = thinking()
    const { qr } = await show({ confirms })
    const { paymentId } = await acquirer.charge(order(qr))
    for (const other of ['acquirer-cn', 'wallet-my']) {
      const push = net.client(other).authorization(paymentId, { result: 'S', reference: 'x' })
      expect(await refusalOf(push)).toBe('PAYMENT_NOT_EXIST')
    }
    says(true)
    expect((await acquirer.awaitDecision(paymentId)).status).toBe('committed')
  })
})

describe('a wallet that fails', () => {
  it('to have its answer heard is asked what it said', async () => {
    const { qr } = await show()
    await member.faults.add('drop-answer authorize x1')
    const asked = await acquirer.charge(order(qr))
    const decided = await acquirer.awaitDecision(asked.paymentId)
    expect(decided.status).toBe('committed')
    expect(await holdBecomes(decided.paymentId, 'captured')).toBe('captured')
  })

  it('by silence has nothing to pay at the deadline, and a till that may say so', async () => {
    const { qr } = await show()
    await member.faults.add('silent authorize')
    await member.faults.add('silent inquire')
    const asked = await acquirer.charge(order(qr))
    const decided = await acquirer.awaitDecision(asked.paymentId, { patienceMs: 30_000 })
    expect(decided).toMatchObject({ status: 'aborted', resultCode: 'DEADLINE_EXCEEDED' })
    await member.faults.clear()
    expect(await holdBecomes(asked.paymentId, 'released')).toBe('released')
    // Told beside it, so it may hear of it after.
    const till = () => net.orderState(asked.paymentId)
    expect(await until(till, state => state === 'voided')).toBe('voided')
  })
})
