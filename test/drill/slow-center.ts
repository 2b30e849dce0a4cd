import type { Drill } from './drills.ts'
import { BUSIEST, served } from './struck.ts'

const SOMEWHAT_MS = 150
const FAR_TOO_MS = 3_000

export const slowCenter: Drill = {
  name: 'slow-center',
  says: `${BUSIEST} answers late, and then so late that it is as good as lost; nothing in it stops.`,
  edges: 1,
  async play({ network, say, steer, answered, customers, gap, recovered }) {
    await steer([{ kind: 'pin_center', center: BUSIEST, pinned: false }], 'it may fail over')
    const leave = customers(served)
    const since = Date.now()
    network.lines.set({ slowMs: SOMEWHAT_MS }, BUSIEST)
    say(`each call to ${BUSIEST} takes ${2 * SOMEWHAT_MS} ms longer`)
    await answered(60)
    const late = gap(served, since)
    const tooLateAt = Date.now()
    network.lines.set({ slowMs: FAR_TOO_MS }, BUSIEST)
    say(`each call to ${BUSIEST} takes ${(2 * FAR_TOO_MS) / 1_000} s longer`)
    const seconds = await recovered(served, tooLateAt)
    await answered(40)
    network.lines.set('fine', BUSIEST)
    say(`${BUSIEST} is as fast as before`)
    await answered(40)
    leave()
    return Math.max(late, seconds)
  },
}
