/** A quote that does not count any more: paid again only where nothing was paid, and nothing changes for the payer. */
import { describe, expect, it } from 'vitest'
import { resultCodes } from '../../src/domain/refusal.ts'
import {
  createClient,
  GatewayRefusal,
  GatewayUnreachable,
  QuoteChanged,
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
const breaks = (): Said => {
  throw new Error('connection reset')
}

interface Scene {
  /** What is said to payments, one after another; the last one repeats. */
  readonly pays: readonly (Said | (() => Said))[]
  readonly quotes?: (asked: Asked) => Said
  readonly inquiries?: () => Said
  readonly next?: Partial<Quote>
}

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
    // A request of its own, noted before it was paid.
    expect(noted).toHaveLength(1)
    expect(noted[0]?.requestId).not.toBe(order.requestId)
    expect(Date.parse(noted[0]!.requestedAt)).toBe(NOW)
    expect(noted[0]?.quote.paymentId).toBe('pay_new')
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
    const { client, renewal, asked, noted } = scene({ pays: [expired, good], next })
    const failed = await client.pay(order, renewal).catch(error => error)
    expect(failed).toBeInstanceOf(QuoteChanged)
    expect(failed).toMatchObject({ result: 'F', renewed: { quote: { quote: 'new', ...next } } })
    expect(asked).toEqual(twice.slice(0, 2))
    expect(noted).toEqual([])
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

  it('stays refused where there is no new one, or nobody can note it', async () => {
    const without = scene({
      pays: [expired],
      quotes: () => ({ status: 422, json: problem('CODE_EXPIRED', 422, { result: 'F' }) }),
    })
    const failed = await without.client.pay(order, without.renewal).catch(error => error)
    expect(failed).toMatchObject({ code: 'QUOTE_EXPIRED', cause: { code: 'CODE_EXPIRED' } })
    const deaf = scene({ pays: [expired, good] })
    const renewed = () => Promise.reject(new Error('the disk is full'))
    await expect(deaf.client.pay(order, { ...deaf.renewal, renewed })).rejects.toThrow('disk')
    expect(deaf.asked).toEqual(twice.slice(0, 2))
  })
})

describe('what may have been paid', () => {
  it.each<[string, Scene]>([
    ['is unknown', { pays: [breaks] }],
    ['is in process', { pays: [{ status: 200, json: payment({ result: 'U' }) }] }],
    ['was closed after an answer was lost', { pays: [breaks, closed] }],
    ['was closed, and nobody says that nothing was opened', { pays: [refused('LANE_CLOSED')] }],
    ['is said to be unknown', { pays: [refused('QUOTE_EXPIRED', { result: 'U' })] }],
    ['was declined', { pays: [refused('DECLINED', { result: 'F' })] }],
  ])('and %s is never paid again', async (_, played) => {
    const { client, renewal, asked, noted } = scene(played)
    const ended = await client.pay(order, renewal).catch(error => error)
    const kind = ended instanceof GatewayRefusal || ended instanceof GatewayUnreachable
    expect(kind || ended.result === 'U').toBe(true)
    expect(asked).not.toContain('POST /v1/quotes')
    expect(asked).not.toContain('POST /v1/payments new')
    expect(noted).toEqual([])
  })

  it('is renewed for two codes of all that there are', () => {
    const certain = (code: string) =>
      new GatewayRefusal({ ...problem(code, 409, { result: 'F' }) } as never, 0)
    const renewed = Object.keys(resultCodes).filter(code => mayRenew(certain(code)))
    expect(renewed).toEqual(['QUOTE_EXPIRED', 'LANE_CLOSED'])
  })
})
