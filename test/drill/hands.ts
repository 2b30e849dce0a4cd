/** What a drill may do besides striking: let customers come, and have the staff steer. */
import { randomUUID } from 'node:crypto'
import type { Processes } from '../../src/local/processes/network.ts'
import { acquirers } from '../../src/members/cast.ts'
import { buy } from '../kill/payers.ts'
import type { Scene } from '../kill/scene.ts'
import { deskOf } from '../stories/ops.ts'

export interface Hands {
  /** Has one of the staff change the network, and a second one agree where that is needed. */
  steer(steps: readonly object[], reason: string): Promise<void>
  /** From now on a customer of each of these wallets comes every second. Gives what ends that. */
  customers(wallets: readonly string[]): () => void
}

const CUSTOMER_MS = 1_000

export async function handsOf(scene: Scene, { url }: Processes): Promise<Hands> {
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
    customers(wallets) {
      const come = () => wallets.forEach(wallet => void buy(scene, wallet, codeFor(wallet)))
      const coming = setInterval(come, CUSTOMER_MS)
      return () => clearInterval(coming)
    },
  }
}

/** A merchant that none of the tight limits is about. */
export const codeFor = (wallet: string): string => {
  const shop = ['wallet-th', 'wallet-cn'].includes(wallet) ? 'my-kopitiam' : 'th-padthai'
  const found = acquirers.flatMap(({ merchants }) => merchants).find(({ id }) => id === shop)
  return found?.dynamicCode ?? ''
}
