import type { Drill } from './drills.ts'
import { BUSIEST, served } from './struck.ts'

export const queueLoss: Drill = {
  name: 'queue-loss',
  says: `The queue of ${BUSIEST} goes silent and then away; nothing reaches its database meanwhile.`,
  edges: 1,
  async play({ network, say, answered, customers, gap }) {
    const leave = customers(served)
    const since = Date.now()
    network.lines.set('silent', `${BUSIEST}:queue`)
    say(`the queue of ${BUSIEST} answers nobody`)
    await answered(60)
    network.lines.set('cut', `${BUSIEST}:queue`)
    say('it is gone')
    await answered(60)
    network.lines.set('fine', `${BUSIEST}:queue`)
    say('it is back')
    await answered(40)
    leave()
    return gap(served, since)
  },
}
