/** The world that is being played in this thread. Modules at the border have no other way to find it. */
import type { Timer } from './agenda.ts'
import type { World } from './world.ts'

let current: World | null = null

export function stage(): World {
  if (current === null) throw new Error('no world is being played')
  return current
}

/** Everything that reads a clock or waits does so in this world from now on. */
export function enter(world: World) {
  current = world
}

Date.now = () => stage().agenda.clock()
Object.assign(globalThis, {
  scheduler: { wait: (ms: number) => stage().agenda.pause(ms) },
  setTimeout: (run: () => void, ms: number) => {
    const { agenda } = stage()
    return agenda.after(ms, agenda.who, run)
  },
  clearTimeout: (timer: Timer) => {
    timer.run = null
  },
})
