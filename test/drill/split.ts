import type { Drill } from './drills.ts'
import { BUSIEST, served } from './struck.ts'

const CUT = ['edge-2', 'edge-3']

export const split: Drill = {
  name: 'split',
  says: `${BUSIEST} runs, and the other centers reach it, but two of three edges do not.`,
  edges: 3,
  async play({ network, say, steer, answered, customers, recovered }) {
    await steer([{ kind: 'pin_center', center: BUSIEST, pinned: false }], 'it may fail over')
    await answered(20)
    const leave = customers(served)
    const since = Date.now()
    for (const edge of CUT) network.lines.set('cut', BUSIEST, edge)
    say(`the lines from ${CUT.join(' and ')} to ${BUSIEST} are cut`)
    const seconds = await recovered(served, since)
    await answered(40)
    for (const edge of CUT) network.lines.set('fine', BUSIEST, edge)
    say('the lines are mended')
    await answered(40)
    leave()
    return seconds
  },
}
