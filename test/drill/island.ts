import type { Drill } from './drills.ts'
import { BUSIEST, served } from './struck.ts'

const OTHERS = ['hk', 'fra']

export const island: Drill = {
  name: 'island',
  says: `${BUSIEST} runs, but reaches nobody, and nobody reaches it but one of three edges.`,
  edges: 3,
  async play({ network, say, steer, answered, customers, recovered }) {
    await steer([{ kind: 'pin_center', center: BUSIEST, pinned: false }], 'it may fail over')
    await answered(20)
    const set = (weather: 'cut' | 'fine') => {
      for (const from of ['edge-2', 'edge-3', ...OTHERS]) network.lines.set(weather, BUSIEST, from)
      for (const line of [...OTHERS, 'directory:db']) network.lines.set(weather, line, BUSIEST)
    }
    const leave = customers(served)
    const since = Date.now()
    set('cut')
    say(`${BUSIEST} is cut off from the other centers, the directory and all edges but edge-1`)
    const seconds = await recovered(served, since)
    await answered(60)
    set('fine')
    say('the lines are mended')
    await answered(40)
    leave()
    return seconds
  },
}
