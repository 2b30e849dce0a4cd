/**
 * A single-phase switch that stays silent, over the whole network: it may have credited the merchant and cannot take
 * it back, so nothing is decided until its file speaks. What no file ever speaks of is told in the lane's own tests,
 * where the clock can be moved.
 */
import { describe, expect, it } from 'vitest'
import { paymentId } from '../../src/domain/payment-id.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import { admitGuest, known } from './guest.ts'
import { newRequest, refusalOf, startNetwork, until } from './network.ts'
import { holdOf } from './sale.ts'

const net = await startNetwork()
let silent = true
const still = new Promise<never>(() => undefined)
const acquirer = await admitGuest(
  net,
  'switch-guest',
  911,
  {
    accept: ({ paymentId: id }) =>
      silent ? still : Promise.resolve({ result: 'S', reference: `a-${id}` }),
    // Its own records say nothing before its file is made.
    inquire: async () => ({ result: 'U' }),
  },
  { profile: 'single_phase' },
)
await known(acquirer.client)
const member = net.box.wallets.get('wallet-th')!
const wallet = net.client('wallet-th')

/** Pays an order with money that the wallet's own book holds. */
async function pay(): Promise<PaymentView> {
  const asked = newRequest('deemed')
  const amount = { currency: 'CNY', minor: '1200' }
  const { code } = await acquirer.client.createOrder({ order: asked.requestId, amount })
  const quote = await wallet.quote({ ...asked, code })
  const reference = asked.requestId
  const expiresAt = Date.parse(quote.expiresAt)
  const held = { ...asked, paymentId: quote.paymentId, ...quote.payer, expiresAt, reference }
  member.book.holds.place(held, Date.now())
  return wallet.pay({ ...asked, quote: quote.quote, hold: { reference } })
}

/** Nobody answers, and at the deadline it is deemed. */
async function deemed(count: number): Promise<string[]> {
  const opened = await Promise.all(Array.from({ length: count }, pay))
  return Promise.all(
    opened.map(async ({ paymentId: id, result }) => {
      expect(result).toBe('U')
      const payment = await until(
        () => wallet.payment(id),
        ({ status }) => status === 'deemed',
      )
      expect(payment).toMatchObject({ status: 'deemed', result: 'U', resultCode: 'DEEMED' })
      return id
    }),
  )
}

const holdBecomes = (id: string, state: string) =>
  until(
    () => holdOf(net, 'wallet-th', id),
    found => found === state,
  )

describe('a silent switch', () => {
  it('leaves nothing decided, nothing released and nothing to cancel', async () => {
    const [id = ''] = await deemed(1)
    expect(holdOf(net, 'wallet-th', id)).toBe('held')
    expect(await refusalOf(wallet.cancel(id, { requestId: `c-${id}` }))).toBe('PAYMENT_DEEMED')
    const { liability } = await wallet.payment(id)
    expect(liability).toMatchObject({ liableParty: 'acquirer', nextAction: 'await_file' })
    // T+1: the cut of the next day of its market, a quarter of an hour after midnight.
    expect(liability.until).toMatch(/T16:15:00.000Z$/)
    expect(Date.parse(liability.until ?? '')).toBeGreaterThan(Date.now() + 86_400_000)
    const paid = { result: 'S', reference: 'f-1' } as const
    expect(await acquirer.client.outcome(id, paid)).toMatchObject({ status: 'committed' })
    expect(await holdBecomes(id, 'captured')).toBe('captured')
  }, 120_000)

  it('is heard line by line in its file: each decides, or says why it does not', async () => {
    const [yes = '', no = '', none = ''] = await deemed(3)
    const place = { center: 1, institution: 102, epoch: 1, lane: 0 }
    const unknown = paymentId(place, new Uint8Array(13).fill(7))
    const strange = await net.box.wallets.get('wallet-th')!.wallet.purchase({
      code: net.box.acquirers.get('acquirer-cn')!.acquirer.ring('cn-silk', '3.00'),
    })
    const credited = { result: 'S', reference: 'file-1' } as const
    const file = {
      lines: [
        { paymentId: yes, ...credited },
        { paymentId: no, result: 'F', code: 'ORDER_CLOSED' } as const,
        { paymentId: unknown, ...credited },
        { paymentId: strange.payment!.paymentId, ...credited },
        { paymentId: yes, ...credited },
      ],
    }
    const first = await acquirer.client.outcomes(file)
    expect(first.lines.map(({ paymentId: id }) => id)).toEqual(
      file.lines.map(({ paymentId: id }) => id),
    )
    const [one, other, missing, foreign, twice] = first.lines
    expect([one!.line, twice!.line].toSorted()).toEqual(['agreed', 'decided'])
    expect(one).toMatchObject({ result: 'S', status: 'committed', code: 'SUCCESS' })
    expect(other).toMatchObject({ line: 'decided', status: 'aborted', code: 'ORDER_CLOSED' })
    for (const line of [missing, foreign]) {
      expect(line).toMatchObject({ line: 'refused', result: null, code: 'PAYMENT_NOT_EXIST' })
    }
    expect(await holdBecomes(yes, 'captured')).toBe('captured')
    expect(await holdBecomes(no, 'released')).toBe('released')

    const again = await acquirer.client.outcomes(file)
    expect(again.lines.map(({ line }) => line)).toEqual([
      'agreed',
      'agreed',
      'refused',
      'refused',
      'agreed',
    ])
    const turned = await acquirer.client.outcomes({
      lines: [
        { paymentId: yes, result: 'F' },
        { paymentId: no, ...credited },
      ],
    })
    expect(turned.lines).toMatchObject([
      { line: 'contradicted', status: 'committed' },
      { line: 'contradicted', status: 'aborted' },
    ])
    // What no line spoke of waits on.
    expect(await wallet.payment(none)).toMatchObject({ status: 'deemed', result: 'U' })
    expect(holdOf(net, 'wallet-th', none)).toBe('held')
  }, 120_000)

  it('may send 200 lines at a time and no more, and only whom it asked may be heard', async () => {
    const line = (n: number) => {
      const place = { center: 1, institution: 102, epoch: 1, lane: 0 }
      return { paymentId: paymentId(place, new Uint8Array(13).fill(n)), result: 'F' } as const
    }
    const lines = Array.from({ length: 201 }, (_, n) => line(n))
    expect(await refusalOf(acquirer.client.outcomes({ lines }))).toBe('PARAM_ILLEGAL')
    const most = await acquirer.client.outcomes({ lines: lines.slice(1) })
    expect(new Set(most.lines.map(({ code }) => code))).toEqual(new Set(['PAYMENT_NOT_EXIST']))
    expect(most.lines).toHaveLength(200)
    silent = false
    const { paymentId: id } = await pay()
    const own = await net.client('wallet-th').outcomes({ lines: [{ paymentId: id, result: 'F' }] })
    expect(own.lines).toMatchObject([{ line: 'refused', code: 'PAYMENT_NOT_EXIST' }])
  })
})
