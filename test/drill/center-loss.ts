import type { Drill } from './drills.ts'
import { BUSIEST, served } from './struck.ts'

export const centerLoss: Drill = {
  name: 'center-loss',
  says: `The center ${BUSIEST} is killed; its standby takes over by itself; it comes back.`,
  edges: 1,
  async play({ network, say, scene, steer, answered, caught, customers, recovered }) {
    await steer([{ kind: 'pin_center', center: BUSIEST, pinned: false }], 'it may fail over')
    await answered(20)
    const release = await caught('wallet-my')
    const leave = customers(served)
    const lostAt = Date.now()
    await network.kill(BUSIEST)
    await release()
    say(`${BUSIEST} is killed after ${scene.heard.payments.length} answers`)
    const seconds = await recovered(served, lostAt)
    leave()
    await answered(40)
    const ms = await network.start(BUSIEST)
    say(`${BUSIEST} is back on the data that it had; it took ${ms} ms to start`)
    await answered(40)
    return seconds
  },
}
