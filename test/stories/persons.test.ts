/** What one person may pay in a year, on the running network: several wallets, payments at once, and what each hears. */
import { describe, expect, it } from 'vitest'
import { putCorridor } from '../../src/db/directory-change.ts'
import type { PurchaseOutcome } from '../../src/members/wallet.ts'
import { GatewayRefusal } from '../../src/sdk/index.ts'
import type { QuoteRequest } from '../../src/wire/payment.ts'
import { codeAt, newRequest, startNetwork, until } from './network.ts'
import { misbehave } from './sale.ts'

const net = await startNetwork()
const code = codeAt('cn-tea', 'static')
const yuan = (amount: number) => ({ currency: 'CNY', minor: `${amount}00` })
const asResetsAt = /^\d{4}-12-31T16:00:00.000Z$/

let travellers = 0
type Payer = NonNullable<QuoteRequest['payer']>
/** Somebody whom no wallet has seen before. */
function traveller() {
  travellers += 1
  const number = `AA${Math.random().toString(36).slice(2, 9).toUpperCase()}${travellers}`
  const document = { type: 'passport', number, country: 'TH' } as const
  // Every wallet has its own word for the same person.
  return { number, at: (wallet: string): Payer => ({ reference: `${wallet}-${number}`, document }) }
}

/** Scans the code once more where the acquirer was too busy to say in time what it stands for. */
async function buy(wallet: string, amount: number, payer: Payer): Promise<PurchaseOutcome> {
  const member = net.box.wallets.get(wallet)!.wallet
  const purchase = () => member.purchase({ code, amount: yuan(amount), payer })
  return until(purchase, ({ resultCode }) => resultCode !== 'RESOLVE_TIMEOUT')
}

const codesOf = (outcomes: readonly PurchaseOutcome[]) =>
  outcomes.map(({ resultCode }) => resultCode).toSorted()

// At the best rate 35,000 yuan are 4,925 US dollars: ten of them fit into a year, and 755 are left.
const LARGE = 35_000

describe('one person in two wallets', () => {
  const person = traveller()

  it('reaches the 50,000 of a year with payments that come at once, and does not overshoot', async () => {
    const wallets = ['wallet-th', 'wallet-my']
    const ended = await Promise.all(
      Array.from({ length: 14 }, (_, n) => {
        const wallet = wallets[n % 2]!
        return buy(wallet, LARGE, person.at(wallet))
      }),
    )
    const want = [...Array(4).fill('LIMIT_PERSON'), ...Array(10).fill('SUCCESS')]
    expect(codesOf(ended)).toEqual(want)
    for (const { resultCode, payment, hold } of ended) {
      expect(hold).toBe(resultCode === 'SUCCESS' ? 'captured' : 'released')
      if (resultCode === 'SUCCESS') continue
      expect(payment).toMatchObject({ status: 'aborted', result: 'F', receipt: null })
      expect(payment?.resetsAt).toMatch(asResetsAt)
      // It was quoted, and nobody asked the acquirer to accept it.
      expect(net.orderState(payment!.paymentId)).toBe('offered')
    }
  })

  it('may still pay what is left, in any wallet, and then nothing', async () => {
    expect((await buy('wallet-de', 5_000, person.at('wallet-de'))).resultCode).toBe('SUCCESS')
    expect((await buy('wallet-vn', 1_000, person.at('wallet-vn'))).resultCode).toBe('LIMIT_PERSON')
  })

  it('hears which limit it is and when it begins anew, and nothing of what was paid elsewhere', async () => {
    const { payment } = await buy('wallet-vn', 1_000, person.at('wallet-vn'))
    const said = JSON.stringify(payment)
    for (const secret of ['wallet-th', 'wallet-my', 'wallet-de', person.number, 'token', 'left']) {
      expect(said).not.toContain(secret)
    }
  })

  it('pays at tills from the same allowance', async () => {
    const { wallet } = net.box.wallets.get('wallet-th')!
    const shown = await wallet.showCodes({ payer: person.at('wallet-th') })
    const { wallet: another } = net.box.wallets.get('wallet-my')!
    const fresh = await another.showCodes({ payer: traveller().at('wallet-my') })
    const charge = (consumerCode: string) => {
      const asked = newRequest('till')
      const merchant = { id: 'cn-rail', name: 'MAGLEV', city: 'SHANGHAI', mcc: '4112' }
      const order = { consumerCode, order: asked.requestId, amount: yuan(1_000) }
      return net
        .client('acquirer-cn')
        .charge({ ...asked, ...order, merchant: { ...merchant, country: 'CN' } })
    }
    expect(await charge(shown.codes[0]!.qr)).toMatchObject({
      status: 'aborted',
      resultCode: 'LIMIT_PERSON',
    })
    expect(await charge(fresh.codes[0]!.qr)).toMatchObject({ status: 'committed' })
  })

  it('leaves nothing of its document in any line of the log', () => {
    expect(net.tape.said.length).toBeGreaterThan(0)
    expect(JSON.stringify(net.tape.said)).not.toContain(person.number)
  })
})

describe('what comes back', () => {
  it('is all of a payment that was refused or taken back, and nothing of one that was refunded', async () => {
    const person = traveller()
    const all = await Promise.all(
      Array.from({ length: 10 }, () => buy('wallet-th', LARGE, person.at('wallet-th'))),
    )
    expect(codesOf(all)).toEqual(all.map(() => 'SUCCESS'))
    const again = () => buy('wallet-my', LARGE, person.at('wallet-my'))
    expect((await again()).resultCode).toBe('LIMIT_PERSON')

    const acquirer = net.client('acquirer-cn')
    const [first, second] = all.map(({ payment }) => payment!)
    const { refundId } = await acquirer.refund(first!.paymentId, {
      requestId: 'back',
      amount: first!.payee,
    })
    const refunded = async () => (await acquirer.refundById(refundId)).status
    expect(await until(refunded, status => status === 'REFUNDED')).toBe('REFUNDED')
    expect((await again()).resultCode).toBe('LIMIT_PERSON')

    expect(await acquirer.cancel(second!.paymentId, { requestId: 'back' })).toMatchObject({
      status: 'reversed',
    })
    // Whoever is told that it is free is told behind the answer.
    expect(await until(again, ({ result }) => result === 'S')).toMatchObject({ result: 'S' })
    expect((await again()).resultCode).toBe('LIMIT_PERSON')
  })

  it('is what an acquirer refuses', async () => {
    const payer = traveller().at('wallet-de')
    const nine = await Promise.all(Array.from({ length: 9 }, () => buy('wallet-de', LARGE, payer)))
    expect(codesOf(nine)).toEqual(nine.map(() => 'SUCCESS'))
    await misbehave(net, 'acquirer-cn', 'refuse RISK_REJECT accept x1')
    expect((await buy('wallet-de', LARGE, payer)).resultCode).toBe('RISK_REJECT')
    const last = await until(
      () => buy('wallet-de', LARGE, payer),
      ({ result }) => result === 'S',
    )
    expect(last).toMatchObject({ result: 'S' })
    expect((await buy('wallet-de', LARGE, payer)).resultCode).toBe('LIMIT_PERSON')
  })

  it('is nothing by sending the same request again, which takes nothing more either', async () => {
    const client = net.client('wallet-th')
    const payer = traveller().at('wallet-th')
    const asked = newRequest('again')
    const { quote } = await client.quote({ ...asked, code, amount: yuan(LARGE), payer })
    const order = { ...asked, quote, hold: { reference: asked.requestId } }
    const answers = await Promise.all(Array.from({ length: 12 }, () => client.pay(order)))
    const { paymentId } = answers[0]!
    expect(new Set(answers.map(each => each.paymentId))).toEqual(new Set([paymentId]))
    expect(await client.awaitDecision(paymentId)).toMatchObject({ status: 'committed' })
    const nine = await Promise.all(Array.from({ length: 9 }, () => buy('wallet-my', LARGE, payer)))
    expect(codesOf(nine)).toEqual(nine.map(() => 'SUCCESS'))
    expect((await buy('wallet-my', LARGE, payer)).resultCode).toBe('LIMIT_PERSON')
    expect(await client.pay(order)).toMatchObject({ paymentId, status: 'committed' })
  })
})

describe('whoever has shown no document', () => {
  const reference = `user-${Math.random()}`

  it('may pay 2,000 a year, and more once there is one', async () => {
    expect((await buy('wallet-th', 14_000, { reference })).resultCode).toBe('SUCCESS')
    expect((await buy('wallet-th', 1_000, { reference })).resultCode).toBe('LIMIT_ID_REQUIRED')
    // Under another wallet's word nobody knows that it is the same.
    expect((await buy('wallet-my', 1_000, { reference })).resultCode).toBe('SUCCESS')
    const known = traveller().at('wallet-th')
    expect((await buy('wallet-th', 1_000, known)).resultCode).toBe('SUCCESS')
    expect((await buy('wallet-th', 15_000, { reference: 'new' })).resultCode).toBe(
      'LIMIT_ID_REQUIRED',
    )
  })

  it('is turned away at the quote where the corridor must know who pays', async () => {
    const quote = (payer?: Payer) =>
      net
        .client('wallet-vn')
        .quote({ ...newRequest(), code, amount: yuan(1), ...(payer && { payer }) })
    await quote()
    const { corridors } = await net.rows()
    const row = corridors.find(each => each.payerMarket === 'VN' && each.payeeMarket === 'CN')!
    await net.change(putCorridor({ ...row, whenPersonUnstated: 'refuse' }))
    const refused = async () => (await quote().catch((error: unknown) => error)) as GatewayRefusal
    const heard = await until(refused, said => said instanceof GatewayRefusal, 20_000, 200)
    expect(heard).toMatchObject({ code: 'LIMIT_ID_REQUIRED', result: 'F' })
    expect(await quote({ reference: 'user' })).toMatchObject({ payee: yuan(1) })
  })
})

it('nobody pays more than 2,000 in a year without a document, and hears when that begins anew', async () => {
  const { client } = net.box.wallets.get('wallet-th')!.wallet
  const asked = { ...newRequest(), code, amount: yuan(15_000), payer: { reference: 'new' } }
  const heard = await client.quote(asked).catch((error: unknown) => error)
  expect(heard).toMatchObject({
    code: 'LIMIT_ID_REQUIRED',
    limit: {
      ...{ institution: null, scope: '*>CN', kind: 'year_without_id', currency: 'USD' },
      ...{ value: '200000', left: null },
    },
  })
  const { limit } = heard as GatewayRefusal
  expect(new Date(limit?.resetsAt ?? 0).toISOString()).toMatch(/-12-31T16:00:00.000Z$/)
})

it('no payment may be above 5,000, and the refusal says which limit that is', async () => {
  const { client } = net.box.wallets.get('wallet-th')!.wallet
  const asked = { ...newRequest(), code, amount: yuan(36_000), payer: traveller().at('wallet-th') }
  const heard = await client.quote(asked).catch((error: unknown) => error)
  expect(heard).toMatchObject({
    code: 'LIMIT_SINGLE',
    limit: {
      ...{ institution: null, scope: '*>CN', kind: 'single', currency: 'USD' },
      ...{ value: '500000', left: '500000', resetsAt: null },
    },
  })
})
