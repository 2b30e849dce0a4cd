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

/** A snapshot is five seconds old at most, so whatever is asked after that hears of the change. */
const EFFECT_MS = 5_000

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

  const staleLines = () => net.tape.all({ by: 'gateway', event: 'stale' })

  /**
   * What every quote is answered in the end, and when the last one was asked for that was answered otherwise: counted
   * from the change, and 0 where the gateway says that it went on with what it had because the directory was too slow.
   */
  const effectOf = async (wished: (code: string) => string) => {
    const at = Date.now()
    const before = staleLines().length
    const taken = changed.map(async ([name, wallet, merchant, code]) => {
      let otherwiseMs = 0
      const ask = async () => {
        const askedMs = Date.now() - at
        const answer = await answerTo(wallet, merchant)
        if (answer !== wished(code)) otherwiseMs = askedMs
        return answer
      }
      const answer = await until(ask, said => said === wished(code), 20_000, 100)
      return [name, { answer, otherwiseMs }] as const
    })
    const heard = await Promise.all(taken)
    const isSlow = staleLines().length > before
    return Object.fromEntries(
      heard.map(([name, effect]) => [name, isSlow ? { ...effect, otherwiseMs: 0 } : effect]),
    )
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
      expect(effect[name]?.otherwiseMs).toBeLessThan(EFFECT_MS)
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
      for (const { answer, otherwiseMs } of Object.values(lifted)) {
        expect(answer).toBe('open')
        expect(otherwiseMs).toBeLessThan(EFFECT_MS)
      }
      expect(await net.client('wallet-my').pay(unpaid.order)).toMatchObject({ result: 'S' })
    })
  })

  describe('while the directory is away', () => {
    it('payments go on from the snapshot, and the log says so once', async () => {
      const database = net.box.gateway.directory()
      const before = staleLines().length
      const pay = async () => {
        const { order } = await quoted(net, { wallet: 'wallet-th', merchant: 'cn-rail' })
        return (await net.client('wallet-th').pay(order)).result
      }
      const stale = () =>
        staleLines()
          .slice(before)
          .filter(({ fields }) => Number(fields.age) > 0)
      const results: string[] = []
      // Everything that is asked of a database without this table fails, as it does when the database is away.
      await database.exec('ALTER TABLE directory_version RENAME TO gone')
      try {
        const payOnce = async () => results.push(await pay())
        await until(payOnce, () => stale().length > 0, 20_000, 100)
        for (let more = 0; more < 10; more += 1) await payOnce()
      } finally {
        await database.exec('ALTER TABLE gone RENAME TO directory_version')
      }
      expect(stale().length).toBeGreaterThan(0)
      expect(new Set(results)).toEqual(new Set(['S']))
    })
  })
}
