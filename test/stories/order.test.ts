/** Orders by link, over the whole network: quoted like a code, paid once, bound to what was sealed. */
import { describe, expect, it } from 'vitest'
import { liftSwitch, putSwitch } from '../../src/db/directory-change.ts'
import type { Switch } from '../../src/domain/directory.ts'
import type { GatewayRefusal } from '../../src/sdk/index.ts'
import { codeAt, newRequest, refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()
const shop = net.box.acquirers.get('acquirer-th')!.acquirer
const wallet = net.client('wallet-cn')

/** `quoted`, or the code with which it is refused. */
const tried = (code: string) =>
  wallet.quote({ ...newRequest(), code }).then(
    () => 'quoted',
    (error: GatewayRefusal) => error.code,
  )

describe('an order link', () => {
  it('is quoted at its amount and names its merchant', async () => {
    const code = await shop.orderLink('th-silver', '990.00')
    const quote = await wallet.quote({ ...newRequest(), code })
    expect(quote).toMatchObject({
      family: 'order',
      acquirer: 'acquirer-th',
      scenario: 'outbound',
      payee: { currency: 'THB', minor: '99000' },
      merchant: { id: 'th-silver' },
    })
    const typed = { ...newRequest(), code, amount: { currency: 'THB', minor: '1' } }
    expect(await refusalOf(wallet.quote(typed))).toBe('AMOUNT_MISMATCH')
  })

  it('is paid by the first of two wallets, and closed for whoever comes later', async () => {
    const code = await shop.orderLink('th-padthai', '60.00')
    const [one, other] = await Promise.all(
      ['wallet-cn', 'wallet-my'].map(id => net.box.wallets.get(id)!.wallet.purchase({ code })),
    )
    const results = [one!, other!].map(({ resultCode }) => resultCode).toSorted()
    expect(results).toEqual(['ORDER_PAID', 'SUCCESS'])
    expect(await refusalOf(wallet.quote({ ...newRequest(), code }))).toBe('ORDER_PAID')
  })

  it('that was changed, made up or is over leads nowhere', async () => {
    const code = await shop.orderLink('th-padthai', '60.00')
    const quoted = (text: string) => refusalOf(wallet.quote({ ...newRequest(), code: text }))
    // Never by what happens to be there already, nor by bits of the last letter that nobody reads.
    const letter = code.at(-4) === 'A' ? 'B' : 'A'
    expect(await quoted(`${code.slice(0, -4)}${letter}${code.slice(-3)}`)).toBe('CODE_INVALID')
    expect(await quoted(`${net.url}/o/a.b.c.d.e`)).toBe('CODE_INVALID')
    const quote = await wallet.quote({ ...newRequest(), code })
    // What is sealed for another purpose is no order.
    expect(await quoted(`${net.url}/o/${quote.quote}`)).toBe('CODE_INVALID')
    const short = await net.client('acquirer-th').createOrder({
      order: 'brief',
      amount: { currency: 'THB', minor: '100' },
      // Long enough to be made before, however busy the machine.
      expiresAt: new Date(Date.now() + 5_000).toISOString(),
    })
    const said = await until(
      () => tried(short.code),
      code => code === 'CODE_EXPIRED',
    )
    expect(said).toBe('CODE_EXPIRED')
  })

  it('is made by acquirers, in their currency, for thirty days at the most', async () => {
    const order = { order: 'o-1', amount: { currency: 'THB', minor: '100' } }
    expect(await refusalOf(wallet.createOrder(order))).toBe('ACCESS_DENIED')
    const acquirer = net.client('acquirer-th')
    const dollars = { ...order, amount: { currency: 'USD', minor: '100' } }
    expect(await refusalOf(acquirer.createOrder(dollars))).toBe('AMOUNT_INVALID')
    const late = { ...order, expiresAt: new Date(Date.now() + 31 * 86_400_000).toISOString() }
    expect(await refusalOf(acquirer.createOrder(late))).toBe('PARAM_ILLEGAL')
  })

  // biome-ignore format: a table is read by column
  it.each<[Switch['subject'], string, string, string]>([
    ['family',   'order',    'CODE_UNSUPPORTED', 'quoted'],
    ['scenario', 'outbound', 'CORRIDOR_CLOSED',  'CORRIDOR_CLOSED'],
  ])('is not sold while the %s %s is switched off: %s, where a printed code is %s', async (subject, name, refusal, printed) => {
    const code = await shop.orderLink('th-silver', '12.00')
    const asked = newRequest('switched')
    const before = await wallet.quote({ ...asked, code })
    await net.change(putSwitch({ subject, name, reason: 'a test', until: null }))
    expect(await until(() => tried(code), said => said === refusal, 20_000, 200)).toBe(refusal)
    expect(await tried(codeAt('th-padthai'))).toBe(printed)
    // What was quoted before is not paid either, and nothing is opened by the try.
    const order = { ...asked, quote: before.quote, hold: { reference: asked.requestId } }
    expect(await refusalOf(wallet.pay(order))).toBe(refusal)
    await net.change(liftSwitch(subject, name))
    expect(await until(() => tried(code), said => said === 'quoted', 20_000, 200)).toBe('quoted')
    expect(await wallet.pay(order)).toMatchObject({ status: 'committed', family: 'order' })
  }, 60_000)

  it('that its acquirer declines is refused like a call, whatever word it has for it', async () => {
    const { faults } = net.box.acquirers.get('acquirer-th')!
    for (const word of ['DECLINED', 'NOT_TODAY', 'RISK_REJECT']) {
      const code = await shop.orderLink('th-silver', '7.00')
      await faults.add(`refuse ${word} order x1`)
      const known = word === 'RISK_REJECT' ? word : 'DECLINED'
      expect(await refusalOf(wallet.quote({ ...newRequest(), code }))).toBe(known)
    }
  })
})
