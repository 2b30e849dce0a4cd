/** The flight recorder and the notices, over the whole network. */
import { expect, it } from 'vitest'
import { codeAt, refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()

it('shows both parties what happened, and strangers nothing', async () => {
  const { payment } = await net.box.wallets
    .get('wallet-th')!
    .wallet.purchase({ code: codeAt('cn-silk') })
  const { paymentId } = payment!
  const acquirer = net.client('acquirer-cn')
  const { moments } = await until(
    () => acquirer.timeline(paymentId),
    timeline => timeline.moments.some(({ event }) => event === 'duty_done'),
  )
  expect(moments.map(({ event, by }) => `${event} ${by}`)).toEqual([
    'opened wallet',
    'committed acquirer',
    'duty_done acquirer',
  ])
  expect(moments.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
  const theirs = await net.client('wallet-th').timeline(paymentId)
  expect(theirs.moments[0]?.key).toBe('wallet-th-1')
  expect(moments[0]?.key).toBeNull()
  expect(moments[1]?.key).toBe('acquirer-cn-1')
  expect(await refusalOf(net.client('wallet-my').timeline(paymentId))).toBe('PAYMENT_NOT_EXIST')
})
