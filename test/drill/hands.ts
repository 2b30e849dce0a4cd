/** What a drill may do besides striking: let customers come, and have the staff steer. */
import { randomUUID } from 'node:crypto'
import { isFinal } from '../../src/domain/payment.ts'
import type { Processes } from '../../src/local/processes/network.ts'
import { acquirers } from '../../src/members/cast.ts'
import { buy } from '../kill/payers.ts'
import type { Scene } from '../kill/scene.ts'
import { projected, until } from '../kill/watch.ts'
import { deskOf } from '../stories/ops.ts'
import { PATIENCE_MS } from './sight.ts'

export interface Hands {
  /** Has one of the staff change the network, and a second one agree where that is needed. */
  steer(steps: readonly object[], reason: string): Promise<void>
  /** A customer of this wallet pays, and is left in the middle of it until what is given is called. */
  caught(wallet: string): Promise<() => Promise<void>>
  /** From now on a customer of each of these wallets comes every second. Gives what ends that. */
  customers(wallets: readonly string[]): () => void
}

const CUSTOMER_MS = 1_000

export async function handsOf(scene: Scene, network: Processes): Promise<Hands> {
  const { url } = network
  const first = await deskOf({ url }, 'mei')
  const second = await deskOf({ url }, 'aisyah')
  return {
    async steer(steps, reason) {
      const id = `drill-${randomUUID()}`
      const asked = await first.post('/changes', { id, steps, reason })
      const isProposed = asked.body.status === 'proposed'
      const { body } = isProposed ? await second.post(`/changes/${id}/approve`) : asked
      if (body.status !== 'applied') throw new Error(`not steered: ${JSON.stringify(body)}`)
    },
    async caught(wallet) {
      const { id, faults } = scene.box.acquirers.get(shopFor(wallet).acquirer)!
      // Whose answer is waited for whatever else happens.
      await faults.add('silent accept')
      void buy(scene, wallet, codeFor(wallet))
      await until('a payment is under way', PATIENCE_MS, async () =>
        [...(await projected(network)).values()].some(
          ({ status, terms }) =>
            !isFinal(status) && terms.requester === wallet && terms.responder === id,
        ),
      )
      return () => faults.clear()
    },
    customers(wallets) {
      const come = () => wallets.forEach(wallet => void buy(scene, wallet, codeFor(wallet)))
      const coming = setInterval(come, CUSTOMER_MS)
      return () => clearInterval(coming)
    },
  }
}

/** A merchant that none of the tight limits is about. */
function shopFor(wallet: string) {
  const shop = ['wallet-th', 'wallet-cn'].includes(wallet) ? 'my-kopitiam' : 'th-padthai'
  const all = acquirers.flatMap(({ id, merchants }) =>
    merchants.map(merchant => ({ acquirer: id, merchant })),
  )
  const found = all.find(({ merchant }) => merchant.id === shop)
  if (found === undefined) throw new Error(`the cast has no ${shop}`)
  return found
}

export const codeFor = (wallet: string): string => shopFor(wallet).merchant.dynamicCode
