import { until } from '../kill/watch.ts'
import type { Drill } from './drills.ts'
import { pace } from './limits.ts'
import { PATIENCE_MS } from './sight.ts'
import { BUSIEST, everybody } from './struck.ts'

/** Who come at once, besides one of each wallet. */
const FEW = ['wallet-th', 'wallet-th', 'wallet-th', 'wallet-th'] as const
/** What a center lends of a second of theirs that cannot be sure to be home. */
const PORTION = 2
/** After this nobody can be, but by what centers say to each other. */
const UNSURE_MS = 15_000

export const databaseLoss: Drill = {
  name: 'database-loss',
  says: `The database of ${BUSIEST} goes silent and then away, and the directory's process is killed besides; meanwhile the edge is started anew.`,
  edges: 1,
  async play(stage) {
    const { network, say, answered, customers, gap } = stage
    const paced = await pace(stage)
    const leave = customers([...everybody, ...FEW])
    const since = Date.now()
    network.lines.set('silent', `${BUSIEST}:db`)
    say(`the database of ${BUSIEST} answers nobody`)
    await answered(40)
    network.lines.set('cut', `${BUSIEST}:db`)
    say('it is gone')
    await answered(40)
    await network.kill('directory')
    const killedAt = Date.now()
    say("the directory's database is killed")
    // Longer than anything that was known of the directory counts by itself.
    await answered(200)
    const most = () => paced(killedAt + UNSURE_MS)
    await until('a second is lent in full', PATIENCE_MS, () => most() > PORTION)
    say(`a wallet begins ${most()} payments in a second`)
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
