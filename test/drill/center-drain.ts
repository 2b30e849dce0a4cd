import type { Drill } from './drills.ts'
import { BUSIEST, served } from './struck.ts'

export const centerDrain: Drill = {
  name: 'center-drain',
  says: `The staff drains ${BUSIEST} to its standby, stops it, starts it again and moves everything back.`,
  edges: 1,
  async play({ network, say, steer, answered, customers, gap, moved }) {
    const leave = customers(served)
    const since = Date.now()
    await answered(20)
    await steer([{ kind: 'drain_center', center: BUSIEST }], 'it is to be stopped')
    say('two of the staff have agreed to drain it')
    await moved(served, BUSIEST, false)
    await answered(40)
    await network.end(BUSIEST)
    say(`${BUSIEST} is stopped; nothing new goes there`)
    await answered(40)
    const ms = await network.start(BUSIEST)
    say(`${BUSIEST} is back after ${ms} ms of starting`)
    await steer([{ kind: 'return_center', center: BUSIEST }], 'it serves again')
    await moved(served, BUSIEST, true)
    await answered(40)
    leave()
    return gap(served, since)
  },
}
