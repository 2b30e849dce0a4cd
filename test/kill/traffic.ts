/** Everything members do, all at once and without rest, until they are told to stop. */
import type { PaymentView } from '../../src/wire/payment.ts'
import { afterwards } from './afterwards.ts'
import { scan } from './payers.ts'
import type { Scene } from './scene.ts'
import { show } from './tills.ts'

const SCANNING = 10
const SHOWING = 8

/** Gives what stops it: nothing new is begun, and what is under way ends. */
export function startTraffic(scene: Scene): () => Promise<unknown> {
  let going = true
  const keep = async (pay: (scene: Scene) => Promise<PaymentView | null>) => {
    const later: Promise<void>[] = []
    while (going) {
      const view = await pay(scene)
      if (view !== null) later.push(afterwards(scene, view))
    }
    await Promise.all(later)
  }
  const people = [
    ...Array.from({ length: SCANNING }, () => keep(scan)),
    ...Array.from({ length: SHOWING }, () => keep(show)),
  ]
  return () => {
    going = false
    return Promise.all(people)
  }
}
