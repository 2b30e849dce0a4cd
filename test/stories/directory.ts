/** What operators change takes effect within five seconds, and payments go on while the directory is away. */
import { beforeAll, describe, expect, it } from 'vitest'
import {
  liftSwitch,
  putCorridor,
  putInstitution,
  putSwitch,
} from '../../src/db/directory-change.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import { codeAt, type Network, newRequest, refusalOf, until } from './network.ts'
import { quoted } from './sale.ts'

/** A snapshot is five seconds old at most; the rest is the road. */
const EFFECT_MS = 5_500

export function directoryStories(net: Network) {
  const quote = (wallet: string, merchant: string) =>
    net.client(wallet).quote({ ...newRequest('change'), code: codeAt(merchant) })
  /** `open`, or the code with which a quote is refused. */
  const answerTo = async (wallet: string, merchant: string): Promise<string> => {
    const asked = quote(wallet, merchant)
    return asked.then(
      () => 'open',
      () => refusalOf(asked),
    )
  }

  // biome-ignore format: a table is read by column
  const changed = [
    ['a wallet is suspended',       'wallet-de', 'cn-rail',   'MEMBER_SUSPENDED'],
    ['an acquirer is switched off', 'wallet-my', 'id-batik',  'MEMBER_SUSPENDED'],
    ['a corridor is closed',        'wallet-cn', 'th-silver', 'CORRIDOR_CLOSED'],
    ['a family is switched off',    'wallet-th', 'vn-pho',    'CODE_UNSUPPORTED'],
  ] as const

  /** How long it took until every quote was answered as wished. */
  const effectOf = async (wished: (code: string) => string) => {
    const at = Date.now()
    const taken = changed.map(async ([name, wallet, merchant, code]) => {
      const fits = (answer: string) => answer === wished(code)
      const answer = await until(() => answerTo(wallet, merchant), fits, 8_000, 100)
      return [name, { answer, ms: Date.now() - at }] as const
    })
    return Object.fromEntries(await Promise.all(taken))
  }

  const switchOff = { reason: 'a story', until: null }

  describe('within five seconds after', () => {
    let effect: Awaited<ReturnType<typeof effectOf>>
    let paid: PaymentView
    let committed: Awaited<ReturnType<typeof quoted>>
    let unpaid: Awaited<ReturnType<typeof quoted>>

    beforeAll(async () => {
      const sale = await quoted(net, { wallet: 'wallet-de', merchant: 'cn-rail' })
      paid = await net.client('wallet-de').pay(sale.order)
      committed = await quoted(net, { wallet: 'wallet-my', merchant: 'id-batik' })
      await net.client('wallet-my').pay(committed.order)
      unpaid = await quoted(net, { wallet: 'wallet-my', merchant: 'id-batik' })

      const { institutions, corridors } = await net.rows()
      const german = institutions.find(({ id }) => id === 'wallet-de')!
      const corridor = corridors.find(
        ({ payerMarket, payeeMarket }) => payerMarket === 'CN' && payeeMarket === 'TH',
      )!
      await net.change(
        putInstitution({ ...german, status: 'suspended' }),
        putSwitch({ subject: 'institution', name: 'acquirer-id', ...switchOff }),
        putCorridor({ ...corridor, status: 'closed' }),
        putSwitch({ subject: 'family', name: 'vietqr', ...switchOff }),
      )
      effect = await effectOf(code => code)
    })

    it.each(changed)('%s, %s at %s hears %s', (name, _, __, code) => {
      expect(effect[name]?.answer).toBe(code)
      expect(effect[name]?.ms).toBeLessThan(EFFECT_MS)
    })

    it('a wallet is suspended, it may still read how its payments ended', async () => {
      expect(await net.client('wallet-de').payment(paid.paymentId)).toMatchObject({ result: 'S' })
    })

    it('an acquirer is switched off, a quote made before cannot be paid', async () => {
      const client = net.client('wallet-my')
      expect(await refusalOf(client.pay(unpaid.order))).toBe('MEMBER_SUSPENDED')
      expect(await refusalOf(client.paymentByRequest(unpaid.order))).toBe('PAYMENT_NOT_EXIST')
      expect(net.orderState(unpaid.paymentId)).toBe('offered')
    })

    it('an acquirer is switched off, a payment made before is answered as it is', async () => {
      expect(await net.client('wallet-my').pay(committed.order)).toMatchObject({
        result: 'S',
        paymentId: committed.paymentId,
      })
    })

    it('all is lifted again, everything is open', async () => {
      const { institutions, corridors } = await net.rows()
      const german = institutions.find(({ id }) => id === 'wallet-de')!
      const corridor = corridors.find(({ status }) => status === 'closed')!
      await net.change(
        putInstitution({ ...german, status: 'active' }),
        liftSwitch('institution', 'acquirer-id'),
        putCorridor({ ...corridor, status: 'open' }),
        liftSwitch('family', 'vietqr'),
      )
      const lifted = await effectOf(() => 'open')
      for (const { answer, ms } of Object.values(lifted)) {
        expect(answer).toBe('open')
        expect(ms).toBeLessThan(EFFECT_MS)
      }
      expect(await net.client('wallet-my').pay(unpaid.order)).toMatchObject({ result: 'S' })
    })
  })

  describe('while the directory is away', () => {
    it('payments go on from the snapshot, and the log says so once', async () => {
      const database = net.box.gateway.directory()
      const before = net.tape.all({ by: 'gateway', event: 'stale' }).length
      const pay = async () => {
        const { order } = await quoted(net, { wallet: 'wallet-th', merchant: 'cn-rail' })
        return (await net.client('wallet-th').pay(order)).result
      }
      const stale = () =>
        net.tape
          .all({ by: 'gateway', event: 'stale' })
          .slice(before)
          .filter(({ fields }) => Number(fields.age) > 0)
      const results: string[] = []
      // Everything that is asked of a database without this table fails, as it does when the database is away.
      await database.exec('ALTER TABLE directory_version RENAME TO gone')
      try {
        const payOnce = async () => results.push(await pay())
        await until(payOnce, () => stale().length > 0, 8_000, 100)
        for (let more = 0; more < 10; more += 1) await payOnce()
      } finally {
        await database.exec('ALTER TABLE gone RENAME TO directory_version')
      }
      expect(stale().length).toBeGreaterThan(0)
      expect(new Set(results)).toEqual(new Set(['S']))
    })
  })
}
