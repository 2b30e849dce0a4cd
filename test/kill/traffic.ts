/** Everything members do, all at once and without rest, until they are told to stop. */
import type { PaymentView } from '../../src/wire/payment.ts'
import { afterwards } from './afterwards.ts'
import { scan } from './payers.ts'
import type { Scene } from './scene.ts'
import { show } from './tills.ts'
import { pause } from './watch.ts'

const SCANNING = 10
const SHOWING = 8

export interface People {
  readonly scanning: number
  readonly showing: number
  /** Between two payments of one of them, at the most. */
  readonly pauseMs: number
}

const crowd: People = { scanning: SCANNING, showing: SHOWING, pauseMs: 0 }

/** Gives what stops it: nothing new is begun, and what is under way ends. */
export function startTraffic(scene: Scene, people: People = crowd): () => Promise<unknown> {
  let going = true
  const keep = async (pay: (scene: Scene) => Promise<PaymentView | null>) => {
    const later: Promise<void>[] = []
    while (going) {
      const view = await pay(scene)
      if (view !== null) later.push(afterwards(scene, view))
      if (people.pauseMs > 0) await pause(scene.random() * people.pauseMs)
    }
    await Promise.all(later)
  }
  const everybody = [
    ...Array.from({ length: people.scanning }, () => keep(scan)),
    ...Array.from({ length: people.showing }, () => keep(show)),
  ]
  return () => {
    going = false
    return Promise.all(everybody)
  }
}
