/** Rates over the whole network: quoted by their providers, dated in every quote, and nobody's once they are too old. */
import { expect, it } from 'vitest'
import { GatewayRefusal } from '../../src/sdk/index.ts'
import { codeAt, newRequest, refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()
const wallet = net.client('wallet-th')
const quote = () => wallet.quote({ ...newRequest('rate'), code: codeAt('cn-silk') })
const providers = ['fx-harbour', 'fx-meridian']

it('price a quote with their date until their provider stands by them no more, and anew when it does', async () => {
  const asked = newRequest('rate')
  const dated = await wallet.quote({ ...asked, code: codeAt('cn-silk') })
  expect(Date.parse(dated.rate?.asOf ?? '')).toBeLessThanOrEqual(Date.now())

  // Both quote the pair for one second, and nothing else after it.
  const asOf = new Date().toISOString()
  for (const id of providers) {
    const rates = [{ base: 'CNY', counter: 'THB', mid: '4.55', markupBp: 0 }]
    const taken = await net.client(id).quoteRates({ asOf, goodForSeconds: 1, rates })
    expect(taken).toEqual({ taken: 1, kept: 0 })
  }
  const tried = () =>
    quote().then(
      () => 'quoted',
      (error: unknown) => (error instanceof GatewayRefusal ? error.code : String(error)),
    )
  expect(await until(tried, code => code === 'RATE_STALE', 30_000, 200)).toBe('RATE_STALE')
  // A quote that was made binds to its end, whatever becomes of its rate.
  const order = { ...asked, quote: dated.quote, hold: { reference: asked.requestId } }
  expect(await wallet.pay(order)).toMatchObject({ status: 'committed', rate: dated.rate })

  await net.box.providers.get('fx-harbour')!.quote()
  const again = await until(
    () => quote().catch(() => null),
    made => made !== null,
    30_000,
    200,
  )
  expect(again?.rate).toMatchObject({ provider: 'fx-harbour', offers: 1 })
  expect(Date.parse(again?.rate?.asOf ?? '')).toBeGreaterThan(Date.parse(asOf))
})

it('are quoted by providers alone, and only as rates can be', async () => {
  const rates = { base: 'CNY', counter: 'THB', mid: '4.55', markupBp: 0 }
  const post = (id: string, more = {}) =>
    net.client(id).quoteRates({
      asOf: new Date().toISOString(),
      goodForSeconds: 60,
      rates: [{ ...rates, ...more }],
    })
  expect(await refusalOf(post('wallet-th'))).toBe('ACCESS_DENIED')
  expect(await refusalOf(post('acquirer-cn'))).toBe('ACCESS_DENIED')
  expect(await refusalOf(post('fx-harbour', { mid: '-1' }))).toBe('PARAM_ILLEGAL')
  expect(await refusalOf(post('fx-harbour', { counter: 'CNY' }))).toBe('PARAM_ILLEGAL')
})
