/** A wallet that asks again, over a line that loses and delays: it pays once at the most, and F stays F. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createClient,
  GatewayRefusal,
  QuoteChanged,
  QuoteGone,
  type Renewed,
} from '../../src/sdk/index.ts'
import type { PaymentView, PayRequest, Quote } from '../../src/wire/payment.ts'
import { type Asked, fetchTo, gatewayParty, party, payment, problem } from './network.ts'

const gateway = await gatewayParty()
const wallet = await party('wallet-th')
const NOW = Date.now()
const order = {
  requestId: 'r-1',
  requestedAt: new Date(NOW - 1_000).toISOString(),
  quote: 'old',
  hold: { reference: 'hold-old' },
}

const { merchant, payer, payee, rate, fees, scenario, family } = payment()
const seen = { merchant, payer, payee, rate, fees, scenario, family }
const shown: Quote = {
  ...seen,
  requestId: 'r-1',
  quote: 'old',
  paymentId: 'pay_old',
  acquirer: 'acquirer-cn',
  expiresAt: '',
}

/** What becomes of one message: `late` ones arrive after so many others, when nobody waits for them any more. */
type Road = 'there and back' | 'lost' | 'answer lost' | { readonly late: number }

interface Play {
  readonly refused: 'LANE_CLOSED' | 'QUOTE_EXPIRED'
  /** Of messages, one after another; those that come later get there and back. */
  readonly roads: readonly Road[]
  /** Of quotes that are asked for: whether they cost what the old one did. */
  readonly isSame: readonly boolean[]
  /** Attempts of one call of the client. */
  readonly attempts: number
  /** What payers say who are shown another quote, one after another; the last of all says no. */
  readonly agrees?: readonly boolean[]
}

type Said = { readonly status: number; readonly json: unknown }
const no = (code: string, more: object = {}): Said => ({
  status: 409,
  json: { ...problem(code, 409), ...more },
})

/** What the gateway keeps by request: one payment at the most, or that there never will be one. */
function lane({ refused, isSame }: Pick<Play, 'refused' | 'isSame'>) {
  const quotes = new Map<string, Pick<Quote, 'payer'>>()
  const opened = new Map<string, { body: string; view: PaymentView }>()
  const barred = new Set<string>()

  function pay(id: string, body: { requestId: string; quote: string }): Said {
    const known = opened.get(id)
    const isOld = body.quote === order.quote
    // The old quote leads to a lane that has closed, which never opens what was asked for after its end.
    if (isOld && refused === 'LANE_CLOSED') return no(refused, { opened: false })
    if (known?.body === JSON.stringify(body)) return { status: 200, json: known.view }
    if (known !== undefined) return no('REPEAT_REQ_INCONSISTENT')
    if (barred.has(id)) return no('CANCELLED', { result: 'F' })
    if (isOld) return no(refused, { result: 'F' })
    const { requestId } = body
    const view = payment({ ...quotes.get(body.quote), requestId, paymentId: `pay_${id}` })
    opened.set(id, { body: JSON.stringify(body), view })
    return { status: 200, json: view }
  }

  function quote(body: { requestId: string }): Said {
    const minor = (isSame[quotes.size] ?? true) ? payer.minor : '99999'
    const token = `new-${quotes.size}`
    const made = { ...shown, ...body, payer: { ...payer, minor }, quote: token }
    quotes.set(token, made)
    return { status: 200, json: made }
  }

  function cancel(id: string): Said {
    const known = opened.get(id)
    if (known === undefined) {
      barred.add(id)
      return no('PAYMENT_BARRED', { result: 'F' })
    }
    const view: PaymentView = { ...known.view, status: 'reversed', result: 'F' }
    opened.set(id, { ...known, view })
    return { status: 200, json: view }
  }

  return {
    answer({ path, body }: Asked): Said {
      const asked = (body ?? {}) as { requestId: string; requestedAt: string; quote: string }
      if (path === '/v1/quotes') return quote(asked)
      if (path === '/v1/payments') return pay(idOf(asked), asked)
      if (path === '/v1/payments/cancel') return cancel(idOf((body as Cancel).payment))
      const found = opened.get(idOf(Object.fromEntries(new URL(path, 'http://x').searchParams)))
      return found === undefined ? no('PAYMENT_NOT_EXIST') : { status: 200, json: found.view }
    },
    committed: () => [...opened.values()].filter(({ view }) => view.status === 'committed').length,
  }
}

interface Cancel {
  readonly payment: { readonly requestId: string; readonly requestedAt: string }
}
const idOf = (request: { requestId?: string; requestedAt?: string }) =>
  `${request.requestId} ${request.requestedAt}`

/** A wallet behind such a line. */
function play({ refused, roads, isSame, attempts, agrees = [] }: Play) {
  const { answer, committed } = lane({ refused, isSame })
  const asked: string[] = []
  let late: { at: number; arrive: () => void }[] = []
  let clock = NOW
  const client = createClient({
    gateway: 'http://gateway.test',
    institution: 'wallet-th',
    key: wallet.signing,
    gatewayKeys: [gateway.verifying],
    now: () => clock,
    random: () => 0,
    retry: { attemptsMax: attempts },
    pause: async ms => {
      clock += ms
    },
    fetch: fetchTo(gateway.signing, [wallet.verifying], one => {
      const road = roads[asked.length] ?? 'there and back'
      asked.push(one.path)
      for (const { arrive } of late.filter(({ at }) => at <= asked.length)) arrive()
      late = late.filter(({ at }) => at > asked.length)
      if (road === 'there and back') return answer(one)
      if (road === 'answer lost') answer(one)
      if (typeof road === 'object') {
        late.push({ at: asked.length + road.late, arrive: () => answer(one) })
      }
      throw new Error('connection reset')
    }),
  })
  let paying: PayRequest = order
  let agreed: Quote = shown
  let answers = 0
  let isTakenBack = false

  /** What the wallet makes of one call: S or F, and U for whatever leaves it open. */
  async function call(): Promise<PaymentView['result']> {
    try {
      if (isTakenBack) return (await client.cancelRequested(takingBack)).result
      const renewed = async ({ quote }: Renewed) => ({ reference: `hold-${quote.quote}` })
      return (await client.pay(paying, { shown: agreed, asked: { code: 'scanned' }, renewed }))
        .result
    } catch (error) {
      if (error instanceof QuoteChanged) {
        const { quote } = error.renewed
        isTakenBack = agrees[answers++] !== true
        paying = { ...order, quote: quote.quote, hold: { reference: 'hold-agreed' } }
        agreed = quote
      }
      if (error instanceof QuoteGone) isTakenBack = true
      return (error as { result?: unknown }).result === 'F' ? 'F' : inquired(error)
    }
  }

  /** Of two quotes that a payer has said yes to it may be the first that was paid. */
  const inquired = async (error: unknown): Promise<PaymentView['result']> =>
    error instanceof GatewayRefusal && error.code === 'REPEAT_REQ_INCONSISTENT'
      ? client.paymentByRequest(order).then(
          ({ result }) => result,
          () => 'U' as const,
        )
      : 'U'

  return {
    client,
    call,
    committed,
    arrive() {
      for (const { arrive } of late) arrive()
    },
  }
}

const { requestId, requestedAt } = order
const takingBack = { requestId: 'taken-back', payment: { requestId, requestedAt } }

describe.each(['LANE_CLOSED', 'QUOTE_EXPIRED'] as const)('after %s', refused => {
  it('a new quote whose answer was lost is found by the same call, and not paid twice', async () => {
    const roads: Road[] = ['there and back', 'there and back', 'answer lost', 'lost']
    const scene = play({ refused, roads, isSame: [], attempts: 1 })
    expect(await scene.call()).toBe('U')
    expect(await scene.call()).toBe('S')
    expect(await scene.call()).toBe('S')
    expect(scene.committed()).toBe(1)
    // Whoever would rather inquire finds it, too.
    expect(await scene.client.paymentByRequest(order)).toMatchObject({ result: 'S' })
  })

  it('one that is still on its way when the next is paid makes nothing', async () => {
    const roads: Road[] = ['there and back', 'there and back', { late: 99 }]
    const scene = play({ refused, roads, isSame: [], attempts: 1 })
    expect(await scene.call()).toBe('U')
    expect(await scene.call()).toBe('S')
    scene.arrive()
    expect(scene.committed()).toBe(1)
  })

  it('one that is still on its way when the payer is asked anew leaves it open until it is taken back', async () => {
    const roads: Road[] = ['there and back', 'there and back', { late: 99 }]
    const scene = play({ refused, roads, isSame: [true, false], attempts: 1 })
    expect(await scene.call()).toBe('U')
    expect(await scene.call()).toBe('U')
    expect(await scene.call()).toBe('F')
    scene.arrive()
    expect(scene.committed()).toBe(0)
  })

  it('what the payer agreed to instead is paid, and what is late makes nothing', async () => {
    const roads: Road[] = ['there and back', 'there and back', { late: 99 }]
    const scene = play({ refused, roads, isSame: [true, false], attempts: 1, agrees: [true] })
    expect([await scene.call(), await scene.call()]).toEqual(['U', 'U'])
    expect(await scene.call()).toBe('S')
    scene.arrive()
    expect(await scene.client.paymentByRequest(order)).toMatchObject({ payer: { minor: '99999' } })
    expect(scene.committed()).toBe(1)
  })

  it('one that another purchase has paid under the same request is not taken for this one', async () => {
    const scene = play({ refused, roads: [], isSame: [false], attempts: 1 })
    const other = await scene.client.quote({ requestId, requestedAt, code: 'another' })
    await scene.client.pay({ ...order, quote: other.quote })
    const paid = await scene.client
      .pay(order, { shown, asked: { code: 'scanned' }, renewed: async () => order.hold })
      .catch(error => error)
    expect(paid).toMatchObject({ code: 'REPEAT_REQ_INCONSISTENT', result: null })
  })
})

const road = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Road>('there and back') },
  { weight: 1, arbitrary: fc.constant<Road>('lost') },
  { weight: 2, arbitrary: fc.constant<Road>('answer lost') },
  { weight: 2, arbitrary: fc.record({ late: fc.integer({ min: 1, max: 12 }) }) },
)
const plays = fc.record({
  refused: fc.constantFrom('LANE_CLOSED' as const, 'QUOTE_EXPIRED' as const),
  roads: fc.array(road, { maxLength: 24 }),
  isSame: fc.array(fc.boolean(), { maxLength: 6 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  agrees: fc.array(fc.boolean(), { maxLength: 4 }),
})

/** A call sends something each time, so by then the line works. */
const CALLS_MAX = 40

it('whatever is lost or late, and however often it asks: one payment at the most, and none after F', async () => {
  const ends = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(plays, async drawn => {
      const scene = play(drawn)
      let last = 'U'
      for (let calls = 0; last === 'U' && calls < CALLS_MAX; calls += 1) last = await scene.call()
      scene.arrive()
      expect(last, 'a line that works in the end').not.toBe('U')
      expect(scene.committed()).toBe(last === 'S' ? 1 : 0)
      ends.set(last, (ends.get(last) ?? 0) + 1)
    }),
    { numRuns: 150 },
  )
  expect([...ends.keys()].toSorted()).toEqual(['F', 'S'])
}, 60_000)
