import type { Drill } from './drills.ts'
import { BUSIEST, everybody } from './struck.ts'

export const databaseLoss: Drill = {
  name: 'database-loss',
  says: `The database of ${BUSIEST} goes silent and then away, and the directory's process is killed besides; meanwhile the edge is started anew.`,
  edges: 1,
  async play({ network, say, answered, customers, gap }) {
    const leave = customers(everybody)
    const since = Date.now()
    network.lines.set('silent', `${BUSIEST}:db`)
    say(`the database of ${BUSIEST} answers nobody`)
    await answered(40)
    network.lines.set('cut', `${BUSIEST}:db`)
    say('it is gone')
    await answered(40)
    await network.kill('directory')
    say("the directory's database is killed")
    // Longer than anything that was known of the directory counts by itself.
    await answered(200)
    const anew = await network.start('edge-1')
    say(`the edge is started anew after ${anew} ms, with what centers have of the directory`)
    await answered(100)
    const ms = await network.start('directory')
    say(`the directory is back after ${ms} ms of starting`)
    await answered(40)
    network.lines.set('fine', `${BUSIEST}:db`)
    say(`the database of ${BUSIEST} is back`)
    await answered(40)
    leave()
    return gap(everybody, since)
  },
}
