/** The flight recorder and the notices, over the whole network. */
import { expect, it } from 'vitest'
import { placeOf } from '../../src/domain/payment-id.ts'
import { modulesOf, svgOf } from '../../src/draw/symbol.ts'
import { checkPayment, createClient } from '../../src/sdk/index.ts'
import { codeAt, newRequest, refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()

it('shows both parties what happened, and strangers nothing', async () => {
  const { payment } = await net.box.wallets
    .get('wallet-th')!
    .wallet.purchase({ code: codeAt('cn-silk') })
  const { paymentId } = payment!
  const acquirer = net.client('acquirer-cn')
  const { moments } = await until(
    () => acquirer.timeline(paymentId),
    timeline => timeline.moments.some(({ event }) => event === 'duty_done'),
  )
  // A notice that is not acknowledged in five seconds is told once more, which is a moment, too.
  const first = moments.filter(({ event }) => event !== 'duty_told')
  expect(first.map(({ event, by }) => `${event} ${by}`)).toEqual([
    'opened wallet',
    'committed acquirer',
    'duty_done acquirer',
  ])
  expect(moments.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
  const theirs = await net.client('wallet-th').timeline(paymentId)
  expect(theirs.moments[0]?.key).toBe('wallet-th-1')
  expect(moments[0]?.key).toBeNull()
  expect(moments[1]?.key).toBe('acquirer-cn-1')
  expect(await refusalOf(net.client('wallet-my').timeline(paymentId))).toBe('PAYMENT_NOT_EXIST')
})

it('shows each party the digests of its own bytes, as they were on the wire', async () => {
  const sent: (string | null)[] = []
  const wallet = createClient({
    gateway: net.url,
    institution: 'wallet-th',
    key: net.keys['wallet-th-1']!,
    gatewayKeys: net.gatewayKeys,
    fetch: (url, init) => {
      sent.push(new Headers(init.headers).get('content-digest'))
      return fetch(url, init)
    },
  })
  const asked = newRequest('digest')
  const { quote } = await wallet.quote({ ...asked, code: codeAt('cn-silk') })
  sent.length = 0
  const { paymentId } = await wallet.pay({ ...asked, quote, hold: { reference: 'hold-1' } })
  const [digest] = sent
  const theirs = await wallet.timeline(paymentId)
  const others = await net.client('acquirer-cn').timeline(paymentId)
  const of = (timeline: typeof theirs, event: string) =>
    timeline.moments.find(moment => moment.event === event)

  expect(of(theirs, 'opened')).toMatchObject({ digest, askedDigest: null })
  expect(of(others, 'opened')).toMatchObject({ digest: null, askedDigest: null })
  expect(of(theirs, 'committed')).toMatchObject({ digest: null, askedDigest: null })
  const isDigest = expect.stringMatching(/^sha-256=:[\w+/]{43}=:$/)
  expect(of(others, 'committed')).toMatchObject({ digest: isDigest, askedDigest: isDigest })
})

it('gives every member the newest anchor of each center, under the gateway’s signature', async () => {
  const { payment } = await net.box.wallets
    .get('wallet-my')!
    .wallet.purchase({ code: codeAt('cn-tea') })
  const [{ id: center } = { id: '' }] = (await net.rows()).centers.filter(
    ({ number }) => number === placeOf(payment!.paymentId)?.center,
  )
  const stranger = net.client('wallet-de')
  const { data, missing } = await until(
    () => stranger.anchors(),
    list => list.data.some(anchor => anchor.center === center) && list.missing.length === 0,
  )
  const kept = data.find(anchor => anchor.center === center)
  expect(kept).toMatchObject({
    number: expect.any(Number),
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(Object.keys(kept!).sort()).toEqual(['at', 'center', 'hash', 'number'])
  expect(missing).toEqual([])
})

it('gives either party the receipt as a QR code that verifies, and nobody else', async () => {
  const { payment } = await net.box.wallets
    .get('wallet-th')!
    .wallet.purchase({ code: codeAt('cn-silk') })
  const { paymentId } = payment!
  const { receipt, qr } = await net.client('acquirer-cn').receipt(paymentId)
  expect(qr).toBe(svgOf(modulesOf(receipt, 'low')!))
  expect(await checkPayment({ ...payment!, receipt }, net.gatewayKeys)).toMatchObject({ ok: true })
  expect(await net.client('wallet-th').receipt(paymentId)).toEqual({ paymentId, receipt, qr })
  expect(await refusalOf(net.client('wallet-my').receipt(paymentId))).toBe('PAYMENT_NOT_EXIST')
  await net.client('wallet-th').cancel(paymentId, { requestId: newRequest().requestId })
  expect(await refusalOf(net.client('wallet-th').receipt(paymentId))).toBe('RECEIPT_NOT_EXIST')
})
