/** Giving back what was paid, over the whole network: in parts, twice, without cover, to a wallet that is away. */
import { describe, expect, it } from 'vitest'
import { readDirectory } from '../../src/db/directory.ts'
import { putInstitution, putLimit } from '../../src/db/directory-change.ts'
import { codeAt, newRequest, refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()
const acquirer = net.client('acquirer-cn')
const member = net.box.wallets.get('wallet-th')!

/** A purchase of 128.50 CNY, captured by the wallet. */
async function paid(): Promise<string> {
  const { payment } = await member.wallet.purchase({ code: codeAt('cn-silk') })
  expect(payment?.status).toBe('committed')
  return payment!.paymentId
}
const cny = (minor: string) => ({ currency: 'CNY', minor })
const becomes = (id: string, status: string, patienceMs?: number) =>
  until(
    () => acquirer.refundById(id),
    refund => refund.status === status,
    patienceMs,
  )
/** What has happened to the refunds of a payment so far, as its lane has it. */
const happened = async (paymentId: string) =>
  (await acquirer.timeline(paymentId)).moments
    .map(({ event }) => event)
    .filter(event => event.startsWith('refund_'))

describe('a refund', () => {
  it('in parts gives the user back exactly what was paid, and both sides see each part', async () => {
    const paymentId = await paid()
    for (const minor of ['1', '4283', '8566']) {
      const { requestId } = newRequest('refund')
      const { refundId } = await acquirer.refund(paymentId, { requestId, amount: cny(minor) })
      expect(await becomes(refundId, 'REFUNDED')).toMatchObject({ result: 'S' })
      const told = () => net.tape.all({ by: 'acquirer-cn', event: 'refund.refunded', paymentId })
      const ids = () => told().map(({ fields }) => fields.refundId)
      expect(await until(ids, heard => heard.includes(refundId))).toContain(refundId)
    }
    const hold = member.book.holds.byPayment(paymentId)
    expect(member.book.refunds.given(paymentId)).toBe(BigInt(hold!.minor))
    const { refunds } = await member.wallet.client.payment(paymentId)
    expect(refunds.map(({ payee }) => payee.minor)).toEqual(['1', '4283', '8566'])
    const more = acquirer.refund(paymentId, { ...pick(newRequest()), amount: cny('1') })
    expect(await refusalOf(more)).toBe('REFUND_AMOUNT_EXCEEDED')
  })

  it('asked for twice is one', async () => {
    const paymentId = await paid()
    const order = { ...pick(newRequest()), amount: cny('5000') }
    const [one, other] = await Promise.all([
      acquirer.refund(paymentId, order),
      acquirer.refund(paymentId, order),
    ])
    expect(other.refundId).toBe(one.refundId)
    await becomes(one.refundId, 'REFUNDED')
    const changed = acquirer.refund(paymentId, { ...order, amount: cny('4000') })
    expect(await refusalOf(changed)).toBe('REPEAT_REQ_INCONSISTENT')
    expect(member.book.refunds.given(paymentId)).toBe(BigInt(one.payer.minor))
  })

  it('to a wallet that is down stays QUEUED, and is REFUNDED once it is back', async () => {
    const paymentId = await paid()
    await member.faults.add('down')
    const { refundId } = await acquirer.refund(paymentId, {
      ...pick(newRequest()),
      amount: cny('100'),
    })
    // Once at the order, and once more by the lane's own clock.
    const events = await until(
      () => happened(paymentId),
      said => said.includes('refund_tried'),
    )
    expect(events).toContain('refund_tried')
    expect(await acquirer.refundById(refundId)).toMatchObject({ status: 'QUEUED', sentAt: null })
    await member.faults.clear()
    expect(await becomes(refundId, 'REFUNDED')).toMatchObject({ status: 'REFUNDED' })
  })

  it('whose answer is lost is SENT, and given once', async () => {
    const paymentId = await paid()
    await member.faults.add('forged refund x1')
    const { refundId } = await acquirer.refund(paymentId, {
      ...pick(newRequest()),
      amount: cny('100'),
    })
    const done = await becomes(refundId, 'REFUNDED')
    expect(done.status).toBe('REFUNDED')
    // It is no longer SENT as soon as it is asked for again, so its history tells.
    const events = await happened(paymentId)
    expect(new Set(events)).toEqual(
      new Set(['refund_queued', 'refund_sent', 'refund_tried', 'refund_done']),
    )
    expect(events.filter(event => event === 'refund_sent')).toHaveLength(1)
    expect(events.at(-1)).toBe('refund_done')
    expect(member.book.refunds.given(paymentId)).toBe(BigInt(done.payer.minor))
  })

  it('that the wallet refuses can be asked for again; an account that is gone leaves it UNAPPLIED', async () => {
    const paymentId = await paid()
    const all = () => acquirer.refund(paymentId, { ...pick(newRequest()), amount: cny('12850') })
    await member.faults.add('refuse RISK_REJECT refund x1')
    const failed = await becomes((await all()).refundId, 'FAILED')
    expect(failed).toMatchObject({ result: 'F', resultCode: 'RISK_REJECT', liableParty: 'none' })
    await member.faults.add('refuse ACCOUNT_CLOSED refund x1')
    const unapplied = await becomes((await all()).refundId, 'UNAPPLIED')
    expect(unapplied).toMatchObject({ resultCode: 'REFUND_UNAPPLIED', liableParty: 'wallet' })
    expect(await refusalOf(all())).toBe('REFUND_AMOUNT_EXCEEDED')
  })

  it('waits honestly for cover, and is sent when there is some', async () => {
    const paymentId = await paid()
    const { institutions } = await readDirectory(net.box.gateway.directory())
    const row = institutions.find(({ id }) => id === 'acquirer-cn')!
    await net.change(putInstitution({ ...row, refundCoverMinor: 0n }))
    // Every isolate looks for changes at least every five seconds.
    await new Promise(done => setTimeout(done, 6_000))
    const { refundId } = await acquirer.refund(paymentId, {
      ...pick(newRequest()),
      amount: cny('12850'),
    })
    const held = await until(
      () => acquirer.refundById(refundId),
      refund => refund.resultCode === 'COVER_SHORT',
    )
    expect(held).toMatchObject({ status: 'QUEUED', result: 'U', resultCode: 'COVER_SHORT' })
    expect(member.book.refunds.given(paymentId)).toBe(0n)
    await net.change(putInstitution({ ...row, refundCoverMinor: null }))
    expect(await becomes(refundId, 'REFUNDED', 40_000)).toMatchObject({ status: 'REFUNDED' })
  }, 120_000)

  it('waits while others, of whatever wallet, have all the cover under way, and goes when they end', async () => {
    const cover = { institution: 'acquirer-cn', scope: '*', kind: 'refund_open' } as const
    const other = net.box.wallets.get('wallet-my')!
    const bought = async (of: typeof member) => {
      const { payment } = await of.wallet.purchase({ code: codeAt('cn-silk') })
      expect(payment?.status).toBe('committed')
      return payment!.paymentId
    }
    const first = await bought(member)
    const second = await bought(other)
    await net.change(putLimit({ ...cover, from: 0, value: 10_000n }))
    // Every isolate looks for changes at least every five seconds.
    await new Promise(done => setTimeout(done, 6_000))

    // The one wallet has been asked and never answers, so its refund is under way, in a lane of its own.
    await member.faults.add('silent refund')
    const give = (id: string, minor: string) =>
      acquirer.refund(id, { ...pick(newRequest()), amount: cny(minor) })
    const one = await give(first, '6000')
    expect(await becomes(one.refundId, 'SENT')).toMatchObject({ status: 'SENT' })
    const two = await give(second, '4001')
    const held = await until(
      () => acquirer.refundById(two.refundId),
      refund => refund.resultCode === 'COVER_SHORT',
    )
    expect(held).toMatchObject({ status: 'QUEUED', resultCode: 'COVER_SHORT' })
    // What fits beside the one under way is given at once.
    const three = await give(second, '4000')
    expect(await becomes(three.refundId, 'REFUNDED')).toMatchObject({ status: 'REFUNDED' })
    expect(await acquirer.refundById(two.refundId)).toMatchObject({ status: 'QUEUED' })

    await member.faults.clear()
    expect(await becomes(one.refundId, 'REFUNDED', 80_000)).toMatchObject({ status: 'REFUNDED' })
    expect(await becomes(two.refundId, 'REFUNDED', 140_000)).toMatchObject({ status: 'REFUNDED' })
    expect(other.book.refunds.given(second)).toBe(
      BigInt(three.payer.minor) + BigInt(two.payer.minor),
    )
  }, 300_000)

  it('is for the acquirer of the payment, and can be read by its two parties only', async () => {
    const paymentId = await paid()
    const order = { ...pick(newRequest()), amount: cny('100') }
    for (const other of ['wallet-th', 'acquirer-th']) {
      expect(await refusalOf(net.client(other).refund(paymentId, order))).toBe('PAYMENT_NOT_EXIST')
    }
    const { refundId } = await acquirer.refund(paymentId, order)
    expect((await net.client('wallet-th').refundById(refundId)).refundId).toBe(refundId)
    const strange = net.client('acquirer-th').refundById(refundId)
    expect(await refusalOf(strange)).toBe('REFUND_NOT_EXIST')
  })
})

function pick({ requestId }: { requestId: string }) {
  return { requestId }
}
