/** Payments across the running network, told through the SDK: as they go well, and as each party fails. */
import { beforeAll, describe, expect, it } from 'vitest'
import { DECISION_MPM_MS, HOP_BUDGET_MS } from '../../src/domain/payment.ts'
import { checkPayment, checkReceipt, createClient } from '../../src/sdk/index.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import { directoryStories } from './directory.ts'
import { codeAt, newRequest, refusalOf, startNetwork, until } from './network.ts'
import { projectionStories } from './projection.ts'
import { begin, holdOf, met, misbehave, quoted, type Wanted } from './sale.ts'

const net = await startNetwork()

/** The acquirer told its merchant: the receipt has arrived. */
const delivered = (acquirer: string, paymentId: string) =>
  net.tape.hear({ by: acquirer, event: 'paid', paymentId })

const heardOf = (paymentId: string, by: string) =>
  net.tape.all({ by, paymentId }).map(({ event }) => event)

/** The gateway's log tells of it, by its own way: perhaps behind what members heard. */
const toldOf = (paymentId: string, event: string) =>
  net.tape.hear({ by: 'gateway', event, paymentId })

async function payNow(wanted: Wanted): Promise<PaymentView> {
  const { paid } = await begin(net, wanted)
  return paid
}

describe('a payment', () => {
  // biome-ignore format: a table is read by column
  it.each([
    ['unionpay',  'wallet-th', 'acquirer-cn', 'cn-silk',     'inbound',  { currency: 'CNY', minor: '12850' }],
    ['promptpay', 'wallet-cn', 'acquirer-th', 'th-silver',   'outbound', { currency: 'THB', minor: '245000' }],
    ['qris',      'wallet-cn', 'acquirer-id', 'id-batik',    'outbound', { currency: 'IDR', minor: '35000000' }],
    ['vietqr',    'wallet-my', 'acquirer-vn', 'vn-lantern',  'overseas', { currency: 'VND', minor: '240000' }],
    ['duitnow',   'wallet-de', 'acquirer-my', 'my-kopitiam', 'overseas', { currency: 'MYR', minor: '1860' }],
    ['promptpay', 'wallet-th', 'acquirer-th', 'th-padthai',  'local',    { currency: 'THB', minor: '12000' }],
  ] as const)('at a %s code: %s pays, %s is owed, and the merchant hears of it', async (family, wallet, acquirer, merchant, scenario, payee) => {
    const { quote, paid, paymentId } = await begin(net, { wallet, merchant })
    const payment = await paid
    expect(payment).toMatchObject({
      paymentId, result: 'S', status: 'committed', resultCode: 'SUCCESS', presentment: 'mpm',
      family, wallet, acquirer, scenario, payee,
    })
    expect(payment).toMatchObject({ payer: quote.payer, payee: quote.payee, rate: quote.rate, fees: quote.fees })
    expect(quote.rate === null).toBe(scenario === 'local')
    expect(await checkPayment(payment, net.gatewayKeys)).toMatchObject({ ok: true })

    await delivered(acquirer, paymentId)
    expect(heardOf(paymentId, acquirer)).toEqual(['accepted', 'paid'])
    const settled = await until(
      () => net.client(wallet).payment(paymentId),
      ({ liability }) => liability.nextAction === 'settle' || liability.nextAction === 'none',
    )
    expect(settled.liability.nextAction).not.toBe('deliver_receipt')
    expect(settled).toMatchObject({ result: 'S', receipt: payment.receipt })
  })

  it('at a static code gives the merchant exactly what the payer typed in its currency', async () => {
    const amount = { currency: 'CNY', minor: '4200' }
    const { payer, payee, rate } = await payNow({ wallet: 'wallet-vn', merchant: 'cn-tea', amount })
    expect(payee).toEqual(amount)
    // The cheaper of the two providers, markup included, rounded up to the next dong.
    expect(rate).toMatchObject({ base: 'CNY', counter: 'VND', provider: 'fx-harbour', offers: 2 })
    expect(rate?.value).toBe('3703.413445')
    expect(payer).toEqual({ currency: 'VND', minor: '155544' })
  })

  it("at a static code takes exactly what the payer typed in the wallet's currency", async () => {
    const amount = { currency: 'EUR', minor: '1500' }
    const payment = await payNow({ wallet: 'wallet-de', merchant: 'my-durian', amount })
    expect(payment.payer).toEqual(amount)
    // 15.00 EUR at 0.204285039 EUR each, rounded down to the sen.
    expect(payment.rate?.value).toBe('0.204285039')
    expect(payment.payee).toEqual({ currency: 'MYR', minor: '7342' })
  })

  it('that the acquirer refuses is aborted with its reason, and nobody owes', async () => {
    const { paid, paymentId } = await begin(net, { wallet: 'wallet-my', merchant: 'id-tutup' })
    expect(await paid).toMatchObject({
      result: 'F',
      status: 'aborted',
      resultCode: 'MERCHANT_NOT_QUALIFIED',
      receipt: null,
      liability: { liableParty: 'none', nextAction: 'none' },
    })
    expect(net.orderState(paymentId)).toBe('refused')
  })

  it.each([
    ['RISK_REJECT', 'RISK_REJECT'],
    ['INSUFFICIENT_FUNDS', 'INSUFFICIENT_FUNDS'],
    ['COMPUTER_SAYS_NO', 'DECLINED'],
  ])('refused with %s ends with %s: foreign words never travel', async (said, told) => {
    await misbehave(net, 'acquirer-id', `refuse ${said} accept x1`)
    const payment = await payNow({ wallet: 'wallet-my', merchant: 'id-batik' })
    expect(payment).toMatchObject({ result: 'F', resultCode: told })
    expect(JSON.stringify(payment)).not.toContain('COMPUTER')
  })

  it('whose answer is lost is committed by inquiry, and the wallet is told to capture', async () => {
    await misbehave(net, 'acquirer-cn', 'drop-answer accept x1')
    const { paid, paymentId } = await begin(net, { wallet: 'wallet-cn', merchant: 'cn-tea' })
    expect((await paid).result).not.toBe('F')
    await net.tape.hear({ by: 'wallet-cn', event: 'captured', paymentId })
    await delivered('acquirer-cn', paymentId)
    expect(holdOf(net, 'wallet-cn', paymentId)).toBe('captured')
    expect(await net.client('wallet-cn').payment(paymentId)).toMatchObject({ status: 'committed' })
    await toldOf(paymentId, 'committed')
    expect(heardOf(paymentId, 'gateway').slice(0, 3)).toEqual(['opened', 'doubted', 'committed'])
    expect(heardOf(paymentId, 'acquirer-cn')).toEqual(['accepted', 'paid'])
  })

  it('whose answer is signed by a stranger is not believed, but asked about', async () => {
    await misbehave(net, 'acquirer-th', 'forged accept x1')
    const { paid, paymentId } = await begin(net, { wallet: 'wallet-th', merchant: 'th-padthai' })
    expect(await paid).toMatchObject({ result: 'U', status: 'in_doubt' })
    await net.tape.hear({ by: 'wallet-th', event: 'captured', paymentId })
    expect(await net.client('wallet-th').payment(paymentId)).toMatchObject({ status: 'committed' })
  })
})

describe('a code whose acquirer', () => {
  const asksOnce = createClient({
    gateway: net.url,
    institution: 'wallet-th',
    key: net.keys['wallet-th-1']!,
    gatewayKeys: net.gatewayKeys,
    retry: { attemptsMax: 1 },
  })

  it.each([
    ['is down', 'down', 'RESOLVE_TIMEOUT'],
    ['says nothing', 'silent order x1', 'RESOLVE_TIMEOUT'],
    ['says nonsense', 'garbage order x1', 'PEER_ERROR'],
    ['answers 500', 'error order x1', 'PEER_ERROR'],
    ["signs with a stranger's key", 'forged order x1', 'PEER_ERROR'],
    ['does not know it', 'refuse ORDER_NOT_EXIST order x1', 'ORDER_NOT_EXIST'],
  ])('%s is not quoted, and the wallet hears it while it waits', async (_, fault, code) => {
    await misbehave(net, 'acquirer-vn', fault)
    const asked = { ...newRequest('mute'), code: codeAt('vn-pho') }
    try {
      // Asks once, so it is refused only if the gateway has given the acquirer up before the client gives up the gateway.
      expect(await refusalOf(asksOnce.quote(asked))).toBe(code)
    } finally {
      await net.box.acquirers.get('acquirer-vn')?.faults.clear()
    }
    expect(await net.client('wallet-th').quote(asked)).toMatchObject({ family: 'vietqr' })
  })
})

describe('an acquirer that leaves it at what codes say', () => {
  it('is not asked for a quote, and is paid by it', async () => {
    await misbehave(net, 'acquirer-my', 'silent order x1')
    try {
      const { quote, paid } = await begin(net, { wallet: 'wallet-cn', merchant: 'my-durian' })
      expect(met(net, 'acquirer-my', 'silent', 1)).toBe(0)
      expect(quote.merchant).toMatchObject({ id: 'MD00319077', name: 'DURIAN KING', mcc: '5499' })
      const { paymentId, result, order } = await paid
      expect(result).toBe('S')
      expect(order).toBe('SAMPLE-9077')
      await delivered('acquirer-my', paymentId)
    } finally {
      await net.box.acquirers.get('acquirer-my')?.faults.clear()
    }
  })

  it('is paid once for what its till rang up', async () => {
    const code = net.box.acquirers.get('acquirer-my')!.acquirer.ring('my-durian', '12.00')
    const buy = (id: string) => net.box.wallets.get(id)!.wallet.purchase({ code })
    const bought = await Promise.all(['wallet-cn', 'wallet-th'].map(buy))
    const results = bought.map(({ resultCode }) => resultCode).toSorted()
    expect(results).toEqual(['ORDER_PAID', 'SUCCESS'])
  })
})

describe('the same request', () => {
  it('again gets the payment as it now is, receipt and all', async () => {
    const { order, paid, paymentId } = await begin(net, {
      wallet: 'wallet-th',
      merchant: 'cn-rail',
    })
    const first = await paid
    await delivered('acquirer-cn', paymentId)
    const again = await net.client('wallet-th').pay(order)
    expect(again).toMatchObject({ ...first, liability: again.liability, version: again.version })
    expect(heardOf(paymentId, 'acquirer-cn')).toEqual(['accepted', 'paid'])
  })

  it('50 times at once makes one payment and one acceptance, and all answers agree', async () => {
    const { order, paymentId } = await quoted(net, { wallet: 'wallet-th', merchant: 'cn-silk' })
    // A slow acquirer keeps the payment open while all of them are on their way.
    await misbehave(net, 'acquirer-cn', 'slow 300ms accept x1')
    const client = net.client('wallet-th')
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.pay(order)))
    expect(new Set(answers.map(answer => answer.paymentId))).toEqual(new Set([paymentId]))
    expect(new Set(answers.map(answer => answer.result)).has('F')).toBe(false)
    expect(answers.filter(({ result }) => result === 'S').length).toBeGreaterThan(0)

    await delivered('acquirer-cn', paymentId)
    await toldOf(paymentId, 'committed')
    expect(heardOf(paymentId, 'acquirer-cn')).toEqual(['accepted', 'paid'])
    expect(heardOf(paymentId, 'gateway').filter(event => event === 'opened')).toHaveLength(1)
    expect(heardOf(paymentId, 'gateway').filter(event => event === 'committed')).toHaveLength(1)
    const later = await Promise.all(Array.from({ length: 50 }, () => client.pay(order)))
    const receipts = new Set([...later, ...answers].map(({ receipt }) => receipt).filter(Boolean))
    expect(later.every(({ status }) => status === 'committed')).toBe(true)
    expect(receipts.size).toBe(1)
  })
})

describe('a wallet that waits', () => {
  const PATIENCE_S = 25
  /** An answer that waits for the end of patience comes after it; one that is slow on its way, long before. */
  const SOON_MS = (PATIENCE_S * 1_000) / 2

  it('hears the decision as soon as it is made, not when its patience ends', async () => {
    // Longer than the short patience and all that is said meanwhile, shorter than what the acquirer has.
    await misbehave(net, 'acquirer-cn', 'slow 5s accept x1')
    const { paid, paymentId } = await begin(net, { wallet: 'wallet-th', merchant: 'cn-tea' })
    await toldOf(paymentId, 'opened')
    const client = net.client('wallet-th')
    const short = client.payment(paymentId, { waitSeconds: 1 })
    const long = client.payment(paymentId, { waitSeconds: PATIENCE_S })
    expect(await short).toMatchObject({ result: 'U', status: 'pending', receipt: null })
    const heard = await long
    expect(heard).toMatchObject({ result: 'S', status: 'committed' })
    expect(Date.now() - Date.parse(heard.decidedAt ?? '')).toBeLessThan(SOON_MS)
    expect(await paid).toMatchObject({ result: 'S', receipt: heard.receipt })
  })

  it('for a payment that is final hears it at once', async () => {
    const { paymentId } = await payNow({ wallet: 'wallet-th', merchant: 'cn-tea' })
    const at = Date.now()
    await net.client('wallet-th').payment(paymentId, { waitSeconds: PATIENCE_S })
    expect(Date.now() - at).toBeLessThan(SOON_MS)
  })
})

describe('a payment that was made', () => {
  it('is found by its request, and by its acquirer', async () => {
    const { order, paid, paymentId } = await begin(net, { wallet: 'wallet-my', merchant: 'vn-pho' })
    await paid
    await delivered('acquirer-vn', paymentId)
    const found = await until(
      () => net.client('wallet-my').paymentByRequest(order),
      ({ liability }) => liability.nextAction !== 'deliver_receipt',
    )
    expect(found).toEqual(await net.client('wallet-my').payment(paymentId))
    expect(found).toEqual(await net.client('acquirer-vn').payment(paymentId))
  })

  it('has a receipt that proves each of its facts, and nothing when a letter is changed', async () => {
    const payment = await payNow({ wallet: 'wallet-de', merchant: 'cn-rail' })
    const receipt = payment.receipt ?? ''
    const check = await checkReceipt(receipt, {}, net.gatewayKeys)
    expect(check).toMatchObject({
      ok: true,
      claims: {
        v: 1,
        p: payment.paymentId,
        q: 'wallet-de',
        r: 'acquirer-cn',
        a: `EUR ${payment.payer.minor}`,
        b: 'CNY 5000',
        m: 'cn-rail',
        t: Date.parse(payment.decidedAt ?? ''),
      },
    })
    for (let at = 0; at < receipt.length - 1; at += 7) {
      if (receipt[at] === '.') continue
      const letter = receipt[at] === 'A' ? 'B' : 'A'
      const changed = receipt.slice(0, at) + letter + receipt.slice(at + 1)
      expect(await checkReceipt(changed, {}, net.gatewayKeys)).toMatchObject({ ok: false })
    }
    const dearer = { ...payment, payee: { currency: 'CNY', minor: '5001' } }
    expect(await checkPayment(dearer, net.gatewayKeys)).toMatchObject({
      ok: false,
      why: 'differs',
      fields: ['payee'],
    })
  })
})

/** Stories that need the clock. All begin here and go on beside everything that is told below. */
const slow: Record<string, ReturnType<typeof begin>> = {}
/** When the acquirer that answers late was asked, or soon after. */
const ASKED: { at: number } = { at: 0 }

describe('stories that take their time', () => {
  beforeAll(async () => {
    await misbehave(net, 'acquirer-my', 'silent accept x1', 'silent inquire x50')
    await misbehave(net, 'acquirer-vn', 'late 16s accept x1', 'silent inquire x50')
    await misbehave(net, 'acquirer-th', 'slow 9s accept x1')
    slow.silent = begin(net, { wallet: 'wallet-cn', merchant: 'my-kopitiam' })
    slow.late = begin(net, { wallet: 'wallet-cn', merchant: 'vn-pho' })
    slow.tardy = begin(net, { wallet: 'wallet-my', merchant: 'th-silver' })
    await Promise.all(Object.values(slow))
  })

  it('begin', async () => {
    for (const sale of Object.values(slow)) {
      const { paymentId } = await sale
      await toldOf(paymentId, 'opened')
    }
    const { paymentId } = await slow.late!
    await net.tape.hear({ by: 'acquirer-vn', event: 'accepted', paymentId })
    ASKED.at = Date.now()
  })
})

directoryStories(net)

/** By then all parties agree, whatever is slow. */
const AGREED_MS = DECISION_MPM_MS + 5_000

/** Decided at the deadline, by the clock of the gateway. */
function expectAborted(payment: PaymentView) {
  expect(payment).toMatchObject({
    result: 'F',
    status: 'aborted',
    resultCode: 'DEADLINE_EXCEEDED',
    receipt: null,
  })
  expect(payment.decidedAt ?? '').not.toBe('')
  const took = Date.parse(payment.decidedAt ?? '') - Date.parse(payment.openedAt)
  expect(took).toBeGreaterThanOrEqual(DECISION_MPM_MS)
  expect(took).toBeLessThan(AGREED_MS)
}

const noDuties = (wallet: string, paymentId: string) =>
  until(
    () => net.client(wallet).payment(paymentId),
    ({ liability }) => liability.nextAction === 'none',
  )

describe('an acquirer', () => {
  it('that answers after its time is asked what it said, and what it did counts', async () => {
    const { paid, paymentId } = await slow.tardy!
    expect(await paid).toMatchObject({ result: 'U', status: 'in_doubt' })
    await net.tape.hear({ by: 'wallet-my', event: 'captured', paymentId })
    const payment = await net.client('wallet-my').payment(paymentId)
    expect(payment.status).toBe('committed')
    const took = Date.parse(payment.decidedAt ?? '') - Date.parse(payment.openedAt)
    expect(took).toBeGreaterThanOrEqual(HOP_BUDGET_MS)
    await delivered('acquirer-th', paymentId)
    expect(heardOf(paymentId, 'acquirer-th')).toEqual(['accepted', 'paid'])
  })

  it('that is silent is asked until the deadline, then told to void, and the hold is released', async () => {
    const { paid, paymentId } = await slow.silent!
    expect(await paid).toMatchObject({
      result: 'U',
      status: 'in_doubt',
      resultCode: 'PAYMENT_IN_PROCESS',
    })
    await net.tape.hear({ by: 'acquirer-my', event: 'voided', paymentId })
    await net.tape.hear({ by: 'wallet-cn', event: 'released', paymentId })
    expectAborted(await noDuties('wallet-cn', paymentId))
    expect(await noDuties('wallet-cn', paymentId)).toMatchObject({
      liability: { liableParty: 'none', nextAction: 'none' },
    })
    // Every two seconds from the eighth to the fifteenth, and on a machine that is busy a little later each time.
    expect(met(net, 'acquirer-my', 'silent', 50)).toBeGreaterThanOrEqual(2)
    expect(holdOf(net, 'wallet-cn', paymentId)).toBe('released')
    expect(net.orderState(paymentId)).toBe('voided')
  })

  it('whose acceptance arrives after the abort changes nothing, and voids it', async () => {
    const { paid, paymentId } = await slow.late!
    expect(await paid).toMatchObject({ result: 'U', status: 'in_doubt' })
    await net.tape.hear({ by: 'acquirer-vn', event: 'voided', paymentId })
    await net.tape.hear({ by: 'wallet-cn', event: 'released', paymentId })
    const before = await noDuties('wallet-cn', paymentId)
    expectAborted(before)
    // The answer itself goes out 16 s after the question; nobody says that it was given.
    await new Promise(done => setTimeout(done, ASKED.at + 17_000 - Date.now()))
    expect(await net.client('wallet-cn').payment(paymentId)).toEqual(before)
    expect(net.orderState(paymentId)).toBe('voided')
    // A void whose acknowledgement takes more than a second is told again.
    expect([...new Set(heardOf(paymentId, 'acquirer-vn'))]).toEqual(['accepted', 'voided'])
    expect(net.tape.all({ by: 'gateway', paymentId, event: 'committed' })).toEqual([])
  })
})

projectionStories(net)

describe('the gateway', () => {
  it('never failed while all of this was told', () => {
    expect(net.tape.all({ by: 'gateway', event: 'failed' })).toEqual([])
    expect(net.tape.all({ by: 'gateway', event: 'courier' })).toEqual([])
  })
})
