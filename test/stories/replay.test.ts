/** A member that was away asks for what it missed, over the whole network. */
import { expect, it } from 'vitest'
import { DEAD_AFTER } from '../../src/domain/duty.ts'
import { codeAt, refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()

it('tells a duty again at once when its owner is well again, and nobody else may ask', async () => {
  const member = net.box.acquirers.get('acquirer-cn')!
  await member.faults.add('error notice')
  const { payment } = await net.box.wallets
    .get('wallet-th')!
    .wallet.purchase({ code: codeAt('cn-silk') })
  const { paymentId } = payment!
  const letter = { paymentId, duty: 'deliver_receipt' } as const
  // Its owner asks for it until its own turn is half a minute away: what comes sooner than that comes by asking.
  const asked = await until(
    () => member.client.replay(letter),
    ({ attempts }) => attempts >= 6,
  )
  expect(asked.attempts).toBeLessThan(DEAD_AFTER)
  const turn = Date.parse(asked.nextAt ?? '')
  expect(net.orderState(paymentId)).toBe('accepted')
  await member.faults.clear()
  await member.client.replay(letter)
  const state = () => net.orderState(paymentId)
  expect(await until(state, said => said === 'delivered', turn - Date.now())).toBe('delivered')
  const done = await until(
    () => member.client.replay(letter),
    ({ nextAt }) => nextAt === null,
  )
  expect(done.nextAt).toBeNull()
  expect(await refusalOf(net.client('wallet-th').replay(letter))).toBe('PAYMENT_NOT_EXIST')
  const letters = await until(
    () => member.client.deadLetters(),
    ({ data, missing }) => data.length + missing.length === 0,
  )
  expect(letters).toEqual({ data: [], nextCursor: null, missing: [] })
})
