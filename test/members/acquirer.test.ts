import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { readCode } from '../../src/codes/index.ts'
import { acquirers } from '../../src/members/cast.ts'
import { startAcquirer } from '../../src/members/run.ts'
import type { AcceptRequest, OrderInquiry } from '../../src/wire/peer.ts'
import { party, payment } from '../sdk/network.ts'
import { fakeGateway, noticeOf } from './gateway.ts'

/** As it is, and asked only about codes that do not say everything. */
const entry = { ...acquirers.find(({ id }) => id === 'acquirer-cn')!, inquiry: 'unsaid' as const }
const tea = entry.merchants[0]!
const member = await party(entry.id, entry.algorithm)
const gateway = await fakeGateway([member])
const pauses: number[] = []
const logged: string[] = []
const running = await startAcquirer(entry, {
  port: 0,
  dataDir: null,
  gatewayUrl: gateway.url,
  gatewayKeys: [gateway.keys.verifying],
  keyPair: member.stored,
  log: event => logged.push(event),
  pause: async ms => void pauses.push(ms),
})
afterEach(() => running.faults.clear())
afterAll(async () => {
  await running.stop()
  await gateway.stop()
})

const paths = {
  order: '/orders/inquire',
  accept: '/payments/accept',
  inquire: '/payments/inquire',
  cancel: '/payments/cancel',
  notice: '/notices',
} as const
type Question = keyof typeof paths

let made = 0
const newPayment = () => `pay_${(++made).toString().padStart(32, '0')}`
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

const inquiry = (paymentId: string, code: string): OrderInquiry => ({
  paymentId,
  code,
  family: 'unionpay',
  institutionKey: '03080156',
  wallet: 'wallet-th',
  walletMarket: 'TH',
  deadline: inMs(2_000),
})

const request = (paymentId: string, more: Partial<AcceptRequest> = {}): AcceptRequest => ({
  paymentId,
  order: `order-${paymentId.slice(-20)}`,
  merchantId: tea.id,
  wallet: 'wallet-th',
  payee: { currency: 'CNY', minor: '6800' },
  payer: { currency: 'THB', minor: '31110' },
  fees: [],
  deadline: inMs(8_000),
  decideBy: inMs(15_000),
  ...more,
})

const ask = (question: Question, body: object, patienceMs?: number) =>
  gateway.ask(member, running.url + paths[question], body, patienceMs)

/** The result of each question in turn, about one payment. */
async function heard(question: Question, body: object) {
  const answer = await ask(question, body)
  return 'json' in answer ? answer.json : answer
}

async function offered(code = tea.staticCode) {
  const paymentId = newPayment()
  await ask('order', inquiry(paymentId, code))
  return paymentId
}

describe('an order', () => {
  it('names the merchant of a code that the acquirer printed', async () => {
    const paymentId = newPayment()
    expect(await heard('order', inquiry(paymentId, tea.staticCode))).toEqual({
      result: 'S',
      merchant: { id: 'cn-tea', name: tea.name, city: 'BEIJING', mcc: '5814', country: 'CN' },
      order: `order-${paymentId.slice(-20)}`,
      currency: 'CNY',
      amount: null,
    })
  })

  it('costs what a dynamic code says', async () => {
    const answer = await heard('order', inquiry(newPayment(), tea.dynamicCode))
    expect(answer).toMatchObject({ amount: { currency: 'CNY', minor: '6800' } })
  })

  it('has a merchant made of a foreign code that routes here', async () => {
    const foreign = tea.staticCode.replace('898110058140017', '898110058149999')
    expect(await heard('order', inquiry(newPayment(), foreign))).toMatchObject({
      result: 'S',
      merchant: { id: '898110058149999', name: tea.name, country: 'CN' },
    })
  })

  it('does not exist behind text that is no code', async () => {
    const answer = await heard('order', inquiry(newPayment(), 'hello'))
    expect(answer).toEqual({ result: 'F', code: 'ORDER_NOT_EXIST' })
  })
})

describe('an acceptance', () => {
  it('is given once, and heard again by every repeat and inquiry', async () => {
    const paymentId = await offered()
    const first = await heard('accept', request(paymentId))
    expect(first).toMatchObject({ result: 'S', reference: expect.stringMatching(/^acceptance-/) })
    expect(await heard('accept', request(paymentId))).toEqual(first)
    expect(await heard('inquire', request(paymentId))).toEqual(first)
  })

  it('is unknown to an inquiry before it was asked for', async () => {
    expect(await heard('inquire', request(newPayment()))).toEqual({ result: 'U' })
    expect(await heard('inquire', request(await offered()))).toEqual({ result: 'U' })
  })

  // biome-ignore format: a table is read by column
  it.each<[string, string, Partial<AcceptRequest>, string]>([
    ['of another order',              tea.staticCode,  { order: 'order-x' },                          'ORDER_NOT_EXIST'],
    ['of another merchant',           tea.staticCode,  { merchantId: 'cn-silk' },                     'ORDER_NOT_EXIST'],
    ['of another currency',           tea.staticCode,  { payee: { currency: 'USD', minor: '6800' } }, 'DECLINED'],
    ["of another amount than the code's", tea.dynamicCode, { payee: { currency: 'CNY', minor: '1' } }, 'DECLINED'],
    ['after the decision is due',     tea.staticCode,  { decideBy: inMs(-1) },                        'ORDER_CLOSED'],
  ])('%s is refused, for good', async (_, code, more, want) => {
    const paymentId = await offered(code)
    expect(await heard('accept', request(paymentId, more))).toEqual({ result: 'F', code: want })
    expect(await heard('accept', request(paymentId))).toEqual({ result: 'F', code: want })
    expect(await heard('inquire', request(paymentId))).toEqual({ result: 'F', code: want })
  })

  it('of a payment that was never asked about is refused', async () => {
    const answer = await heard('accept', request(newPayment()))
    expect(answer).toEqual({ result: 'F', code: 'ORDER_NOT_EXIST' })
  })

  it.each(['before', 'after'])('is undone by a cancel that comes %s it', async when => {
    const paymentId = await offered()
    if (when === 'after') await ask('accept', request(paymentId))
    expect(await heard('cancel', request(paymentId))).toEqual({ result: 'S' })
    expect(await heard('accept', request(paymentId))).toEqual({ result: 'F', code: 'ORDER_CLOSED' })
    expect(await heard('inquire', request(paymentId))).toMatchObject({ result: 'F' })
    expect(await heard('cancel', request(paymentId))).toEqual({ result: 'S' })
  })
})

describe("a till's sale", () => {
  it('prints a code that reads, and one payment pays it', async () => {
    const code = running.acquirer.ring('cn-tea', '25.50')
    expect(readCode(code)).toMatchObject({ valid: true, amountMinor: 2550n })
    const [first, second] = [newPayment(), newPayment()]
    const order = await heard('order', inquiry(first, code))
    expect(order).toMatchObject({ result: 'S', amount: { currency: 'CNY', minor: '2550' } })
    await ask('order', inquiry(second, code))
    const terms = {
      order: (order as { order: string }).order,
      payee: { currency: 'CNY', minor: '2550' },
    }
    expect(await heard('accept', request(first, terms))).toMatchObject({ result: 'S' })
    expect(await heard('accept', request(second, terms))).toEqual({
      result: 'F',
      code: 'ORDER_PAID',
    })
    expect(await heard('order', inquiry(newPayment(), code))).toEqual({
      result: 'F',
      code: 'ORDER_PAID',
    })
  })
})

describe('a code that said everything, so that nobody asked about it', () => {
  const said = { order: 'as-the-code-says', merchantId: tea.account }

  it('is read when its payment is to be accepted', async () => {
    const asked = request(newPayment(), { ...said, code: tea.dynamicCode })
    expect(await heard('accept', asked)).toMatchObject({ result: 'S' })
    expect(running.book.orders.find(asked.paymentId)).toMatchObject({ merchantId: tea.id })
  })

  it('binds the payment to its amount', async () => {
    const payee = { currency: 'CNY', minor: '1' }
    const asked = request(newPayment(), { ...said, code: tea.dynamicCode, payee })
    expect(await heard('accept', asked)).toEqual({ result: 'F', code: 'DECLINED' })
  })

  it("is paid once where it is a till's", async () => {
    const code = running.acquirer.ring('cn-tea', '25.50')
    const pays = () =>
      heard(
        'accept',
        request(newPayment(), { ...said, code, payee: { currency: 'CNY', minor: '2550' } }),
      )
    expect(await pays()).toMatchObject({ result: 'S' })
    expect(await pays()).toEqual({ result: 'F', code: 'ORDER_PAID' })
  })

  it.each(['nonsense', ''])('is refused for good where it is none: %s', async code => {
    const asked = request(newPayment(), { ...said, code })
    expect(await heard('accept', asked)).toEqual({ result: 'F', code: 'ORDER_NOT_EXIST' })
    expect(await heard('inquire', asked)).toEqual({ result: 'F', code: 'ORDER_NOT_EXIST' })
  })
})

describe('a receipt', () => {
  const paidFor = (paymentId: string) =>
    gateway.committed(payment({ paymentId, order: `order-${paymentId.slice(-20)}` }))
  const state = (paymentId: string) => running.book.orders.find(paymentId)?.state

  it('delivers the order, and the merchant hears "paid" once however often it comes', async () => {
    const paymentId = await offered()
    await ask('accept', request(paymentId))
    const notice = noticeOf('deliver_receipt', await paidFor(paymentId))
    const before = logged.filter(event => event === 'paid').length
    expect(await heard('notice', notice)).toEqual({ result: 'S' })
    expect(await heard('notice', notice)).toEqual({ result: 'S' })
    expect(state(paymentId)).toBe('delivered')
    expect(logged.filter(event => event === 'paid')).toHaveLength(before + 1)
    expect(await heard('cancel', request(paymentId))).toMatchObject({ result: 'F' })
  })

  it.each([
    ['that is missing', async (id: string) => ({ ...(await paidFor(id)), receipt: null })],
    [
      'of another amount',
      async (id: string) => ({ ...(await paidFor(id)), payee: { currency: 'CNY', minor: '1' } }),
    ],
  ])('%s delivers nothing and is not acknowledged', async (_, forged) => {
    const paymentId = await offered()
    await ask('accept', request(paymentId))
    const notice = noticeOf('deliver_receipt', await forged(paymentId))
    expect(await ask('notice', notice)).toMatchObject({ status: 500 })
    expect(state(paymentId)).toBe('accepted')
  })

  it('that contradicts a void is not acknowledged', async () => {
    const paymentId = await offered()
    await ask('cancel', request(paymentId))
    const notice = noticeOf('deliver_receipt', await paidFor(paymentId))
    expect(await ask('notice', notice)).toMatchObject({ status: 500 })
    expect(state(paymentId)).toBe('voided')
  })
})

describe('a member with a fault', () => {
  const accepted = { status: 200, json: { result: 'S' } }

  // What the gateway hears, and what the member's own book says afterwards.
  // biome-ignore format: a table is read by column
  it.each<[string, object, string]>([
    ['slow 10s',          accepted,                                                  'accepted'],
    ['late 10s',          accepted,                                                  'accepted'],
    ['refuse',            { json: { result: 'F', code: 'DECLINED' } },               'refused'],
    ['refuse RISK_REJECT', { json: { result: 'F', code: 'RISK_REJECT' } },           'refused'],
    ['error',             { untrusted: 'SIGNATURE_MISSING' },                        'offered'],
    ['garbage',           { status: 200, json: { result: 'maybe' } },                'offered'],
    ['forged',            { untrusted: 'SIGNATURE_INVALID' },                        'accepted'],
    ['drop-answer',       { none: true },                                            'accepted'],
    ['silent',            { none: true },                                            'offered'],
    ['down',              { none: true },                                            'offered'],
  ])('%s', async (words, hears, state) => {
    const paymentId = await offered()
    await running.faults.add(words)
    // Only who is never answered need not be waited for.
    const patienceMs = words === 'silent' ? 300 : undefined
    expect(await ask('accept', request(paymentId), patienceMs)).toMatchObject(hears)
    expect(running.book.orders.find(paymentId)?.state).toBe(state)
  })

  it('waits as long as it was told, before the work or after it', () => {
    expect(pauses).toEqual([10_000, 10_000])
  })

  it('flip answers the contrary every other time, and its book keeps the truth', async () => {
    const paymentId = await offered()
    await running.faults.add('flip')
    const results = []
    for (let turn = 0; turn < 4; turn++) results.push(await heard('accept', request(paymentId)))
    expect(results).toMatchObject([
      { result: 'S' },
      { result: 'F' },
      { result: 'S' },
      { result: 'F' },
    ])
    expect(running.book.orders.find(paymentId)?.state).toBe('accepted')
  })

  it('is well again when the fault is lifted', async () => {
    await running.faults.add('down')
    await running.faults.clear()
    expect(await ask('accept', request(await offered()))).toMatchObject(accepted)
  })
})

describe('the control port', () => {
  const control = async (method: string, body?: string) => {
    const init = body === undefined ? { method } : { method, body }
    const answer = await fetch(`${running.controlUrl}/faults`, init)
    return { status: answer.status, json: await answer.json() }
  }

  it('sets, lists and lifts faults', async () => {
    const fault = {
      name: 'refuse',
      code: 'ORDER_CLOSED',
      path: 'accept',
      durationMs: null,
      left: 1,
    }
    expect(await control('POST', 'refuse ORDER_CLOSED accept x1')).toEqual({
      status: 200,
      json: [fault],
    })
    expect(await control('GET')).toEqual({ status: 200, json: [fault] })
    expect(await heard('accept', request(await offered()))).toEqual({
      result: 'F',
      code: 'ORDER_CLOSED',
    })
    expect(await control('GET')).toEqual({ status: 200, json: [] })
    await control('POST', 'down')
    expect(await ask('inquire', request('pay_1'))).toEqual({ none: true })
    expect(await control('DELETE')).toEqual({ status: 200, json: [] })
  })

  it('says what is wrong with words that are no fault', async () => {
    const { status, json } = await control('POST', 'sulk')
    expect(status).toBe(400)
    expect(json).toMatchObject({ error: expect.stringContaining('"sulk" is no fault') })
  })

  it('is not where the gateway asks', async () => {
    expect((await fetch(`${running.url}/faults`)).status).toBe(401)
    expect((await fetch(`${running.controlUrl}/payments/accept`)).status).toBe(404)
  })
})
