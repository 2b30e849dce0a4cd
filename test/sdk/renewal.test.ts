/** A quote that does not count any more: a new one is paid where the old one made nothing, and the payer sees the same. */
import { describe, expect, it } from 'vitest'
import { resultCodes } from '../../src/domain/refusal.ts'
import {
  createClient,
  GatewayRefusal,
  GatewayUnreachable,
  QuoteChanged,
  QuoteGone,
  type Renewal,
  type Renewed,
} from '../../src/sdk/index.ts'
import { mayRenew } from '../../src/sdk/renewal.ts'
import type { Quote } from '../../src/wire/payment.ts'
import { type Asked, fetchTo, gatewayParty, party, payment, problem } from './network.ts'

const gateway = await gatewayParty()
const wallet = await party('wallet-th')
const NOW = Date.now()

const shown: Quote = {
  paymentId: 'pay_old',
  requestId: 'r-1',
  scenario: 'inbound',
  family: 'unionpay',
  merchant: { id: 'm1', name: 'TEA', city: null, mcc: null, country: 'CN' },
  payer: { currency: 'THB', minor: '31110' },
  payee: { currency: 'CNY', minor: '6800' },
  rate: { value: '4.575', markupBp: 50, provider: 'fx-one' } as unknown as Quote['rate'],
  fees: [],
  acquirer: 'acquirer-cn',
  expiresAt: new Date(NOW).toISOString(),
  quote: 'old',
}
const order = {
  requestId: 'r-1',
  requestedAt: new Date(NOW - 1_000).toISOString(),
  quote: 'old',
  hold: { reference: 'hold-old' },
}

type Said = { readonly status: number; readonly json: unknown }
const refused = (code: string, more: object = {}): Said => ({
  status: 409,
  json: { ...problem(code, 409, { retry: 'new_quote' }), ...more },
})
const closed = refused('LANE_CLOSED', { opened: false })
const expired = refused('QUOTE_EXPIRED', { result: 'F' })
const codeExpired = (): Said => ({
  status: 422,
  json: problem('CODE_EXPIRED', 422, { result: 'F' }),
})
const breaks = (): Said => {
  throw new Error('connection reset')
}

interface Scene {
  /** What is said to payments, one after another; the last one repeats. */
  readonly pays: readonly (Said | (() => Said))[]
  readonly quotes?: ((asked: Asked) => Said) | undefined
  readonly inquiries?: () => Said
  readonly next?: Partial<Quote>
}

const none = () => ({ status: 404, json: problem('PAYMENT_NOT_EXIST', 404) })

/** A wallet that pays the old quote, and everything that was asked and noted. */
function scene({ pays, quotes, inquiries = breaks, next = {} }: Scene) {
  const asked: string[] = []
  const noted: Renewed[] = []
  let paid = 0
  let clock = NOW
  const client = createClient({
    gateway: 'http://gateway.test',
    institution: 'wallet-th',
    key: wallet.signing,
    gatewayKeys: [gateway.verifying],
    now: () => clock,
    pause: async ms => {
      clock += ms
    },
    fetch: fetchTo(gateway.signing, [wallet.verifying], one => {
      const { requestId = '', quote = '' } = (one.body ?? {}) as Record<string, string>
      asked.push(`${one.method} ${one.path.split('?')[0]} ${quote}`.trim())
      if (one.method === 'GET') return inquiries()
      if (one.path === '/v1/quotes') {
        const made = { ...shown, paymentId: 'pay_new', requestId, quote: 'new', ...next }
        return quotes?.(one) ?? { status: 200, json: made }
      }
      paid += 1
      const said = pays[Math.min(paid, pays.length) - 1]!
      return typeof said === 'function' ? said() : said
    }),
  })
  const renewal: Renewal = {
    shown,
    asked: { code: 'scanned', payer: { reference: 'user' } },
    renewed: async renewed => {
      noted.push(renewed)
      return { reference: 'hold-new' }
    },
  }
  return { client, asked, noted, renewal }
}

const good: Said = { status: 200, json: payment({ paymentId: 'pay_new' }) }
const twice = ['POST /v1/payments old', 'POST /v1/quotes', 'POST /v1/payments new']

describe('a quote that does not count any more', () => {
  it.each([
    ['LANE_CLOSED', closed],
    ['QUOTE_EXPIRED', expired],
  ])('because of %s is asked for and paid again where the payer sees the same', async (_, said) => {
    const { client, renewal, asked, noted } = scene({ pays: [said, good] })
    expect(await client.pay(order, renewal)).toMatchObject({ paymentId: 'pay_new' })
    expect(asked).toEqual(twice)
    // Under the same request, and noted before it was paid.
    const { requestId, requestedAt } = order
    expect(noted).toMatchObject([{ requestId, requestedAt, quote: { paymentId: 'pay_new' } }])
  })

  it('is refused as ever where nobody asked for a renewal', async () => {
    const { client, asked } = scene({ pays: [closed, good] })
    await expect(client.pay(order)).rejects.toMatchObject({ code: 'LANE_CLOSED' })
    expect(asked).toEqual(twice.slice(0, 1))
  })

  it.each<[string, Partial<Quote>]>([
    ['amount', { payer: { currency: 'THB', minor: '31111' } }],
    ['merchant', { merchant: { ...shown.merchant, name: 'TEE' } }],
    ['rate', { rate: { ...shown.rate!, value: '4.576' } }],
    ['fee', { fees: [{ kind: 'service' }] as unknown as Quote['fees'] }],
  ])('is handed over, and not paid, where its %s is another one', async (_, next) => {
    const { client, renewal, asked, noted } = scene({ pays: [expired], next, inquiries: none })
    const failed = await client.pay(order, renewal).catch(error => error)
    expect(failed).toBeInstanceOf(QuoteChanged)
    const { requestId, requestedAt } = order
    const renewed = { requestId, requestedAt, quote: { quote: 'new', ...next } }
    expect(failed).toMatchObject({ result: 'U', renewed })
    expect(asked).toEqual([...twice.slice(0, 2), 'GET /v1/payments'])
    expect(noted).toEqual([])
  })

  it.each<[string, Partial<Quote>, ((asked: Asked) => Said)?]>([
    ['says something else now', { fees: [{ kind: 'service' }] as unknown as Quote['fees'] }],
    ['cannot be had any more', {}, codeExpired],
  ])('is what an earlier call has paid, where the new one %s', async (_, next, quotes) => {
    const paid = payment({ ...shown, paymentId: 'pay_new' })
    const inquiries = () => ({ status: 200, json: paid })
    const { client, renewal } = scene({ pays: [closed], next, quotes, inquiries })
    expect(await client.pay(order, renewal)).toMatchObject({ paymentId: 'pay_new', result: 'S' })
  })

  it('is renewed where only the provider or its end is another one', async () => {
    const next = { rate: { ...shown.rate!, provider: 'fx-two' }, expiresAt: order.requestedAt }
    const { client, renewal } = scene({ pays: [expired, good], next })
    expect(await client.pay(order, renewal)).toMatchObject({ paymentId: 'pay_new' })
  })

  it('is renewed once', async () => {
    const { client, renewal, asked } = scene({ pays: [closed] })
    await expect(client.pay(order, renewal)).rejects.toMatchObject({ code: 'LANE_CLOSED' })
    expect(asked).toEqual(twice)
  })

  it.each([
    ['QUOTE_EXPIRED', expired],
    ['LANE_CLOSED', closed],
  ])('is U, and gone, where there is no new one after %s', async (code, said) => {
    const { client, renewal, asked } = scene({ pays: [said], quotes: codeExpired, inquiries: none })
    const failed = await client.pay(order, renewal).catch(error => error)
    expect(failed).toBeInstanceOf(QuoteGone)
    const cause = { code, cause: { code: 'CODE_EXPIRED' } }
    expect(failed).toMatchObject({ result: 'U', cause })
    expect(asked).toEqual([...twice.slice(0, 2), 'GET /v1/payments'])
  })

  it('is asked for again where a new one may come in a moment', async () => {
    const busy = () => ({ status: 503, json: problem('BUSY', 503, { retry: 'same' }) })
    const { client, renewal } = scene({ pays: [expired], quotes: busy })
    const failed = await client.pay(order, renewal).catch(error => error)
    expect(failed).toMatchObject({ code: 'BUSY', result: null })
  })

  it('is not paid where nobody can note the new one', async () => {
    const { client, renewal, asked } = scene({ pays: [expired, good] })
    const renewed = () => Promise.reject(new Error('the disk is full'))
    await expect(client.pay(order, { ...renewal, renewed })).rejects.toThrow('disk')
    expect(asked).toEqual(twice.slice(0, 2))
  })
})

describe('what may have been paid', () => {
  it.each<[string, Scene]>([
    ['is unknown', { pays: [breaks] }],
    ['is in process', { pays: [{ status: 200, json: payment({ result: 'U' }) }] }],
    ['was closed after an answer was lost', { pays: [breaks, closed] }],
    ['has expired after an answer was lost', { pays: [breaks, expired] }],
    ['was closed, and nobody says that nothing was opened', { pays: [refused('LANE_CLOSED')] }],
    ['is said to be unknown', { pays: [refused('QUOTE_EXPIRED', { result: 'U' })] }],
    ['was declined', { pays: [refused('DECLINED', { result: 'F' })] }],
  ])('and %s is never paid again', async (_, played) => {
    const { client, renewal, asked, noted } = scene(played)
    const ended = await client.pay(order, renewal).catch(error => error)
    const kinds = [GatewayRefusal, GatewayUnreachable, QuoteGone]
    expect(kinds.some(kind => ended instanceof kind) || ended.result === 'U').toBe(true)
    expect(asked).not.toContain('POST /v1/quotes')
    expect(asked).not.toContain('POST /v1/payments new')
    expect(noted).toEqual([])
  })

  it('and may have been by an earlier call is never F', async () => {
    const { client, renewal } = scene({ pays: [breaks, expired], inquiries: none })
    const failed = await client.pay(order, renewal).catch(error => error)
    expect(failed).toBeInstanceOf(QuoteGone)
    expect(failed).toMatchObject({ result: 'U', cause: { code: 'QUOTE_EXPIRED', lost: 1 } })
  })

  it('is renewed for two codes of all that there are', () => {
    const certain = (code: string) =>
      new GatewayRefusal({ ...problem(code, 409, { result: 'F' }) } as never, 0)
    const renewed = Object.keys(resultCodes).filter(code => mayRenew(certain(code)))
    expect(renewed).toEqual(['QUOTE_EXPIRED', 'LANE_CLOSED'])
  })
})
