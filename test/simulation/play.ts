/** Plays one plan. Loaded after the hooks, because it brings the gateway's modules with it. */
import { gatewayKeys } from '../../src/peers/ports.ts'
import { makeKeyPair } from '../../src/trust/keys.ts'
import type { History } from './history.ts'
import { enter } from './stage.ts'
import { type Plan, World } from './world.ts'

/** One real key pair, imported once, so that nothing later waits for another thread. */
const stored = JSON.stringify([await makeKeyPair('gateway-1', 'gateway', 'ed25519')])
const keys = await gatewayKeys(stored)

export async function play(plan: Plan): Promise<History> {
  const world = new World(plan, { stored, keys })
  enter(world)
  return world.play()
}
