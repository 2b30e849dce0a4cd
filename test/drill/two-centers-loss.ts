/** Two of three centers lost at once: one alone is no majority, so their members wait, and are told the truth meanwhile. */
import { readDirectory } from '../../src/db/directory.ts'
import { isUp } from '../../src/domain/directory.ts'
import { GatewayRefusal } from '../../src/sdk/index.ts'
import type { Drill } from './drills.ts'
import { codeFor } from './hands.ts'
import type { Stage } from './stage.ts'
import { BUSIEST, served } from './struck.ts'

const OTHER = 'hk'
const struck = [...served, 'wallet-cn'] as const
/** At home in the third. */
const spared = ['wallet-de'] as const
/** How often each of the struck wallets is told so: at one a second, for longer than a loss takes. */
const TIMES = 15
const PACE_MS = 1_000

export const twoCentersLoss: Drill = {
  name: 'two-centers-loss',
  says: `The centers ${BUSIEST} and ${OTHER} are killed at once; nothing is given up; they come back.`,
  edges: 1,
  async play(stage) {
    const { network, say, scene, steer, answered, customers, moved, recovered } = stage
    const unpinned = [BUSIEST, OTHER].map(center => ({ kind: 'pin_center', center, pinned: false }))
    await steer(unpinned, 'they may fail over')
    await answered(20)
    const leave = customers([...struck, ...spared])
    await Promise.all([network.kill(BUSIEST), network.kill(OTHER)])
    const lostAt = Date.now()
    say(`${BUSIEST} and ${OTHER} are killed after ${scene.heard.payments.length} answers`)
    await Promise.all(struck.map(wallet => isTold(stage, wallet)))
    say(`each of ${struck.join(', ')} was told ${TIMES} times that its center is away`)
    await moved(spared, 'fra', true)
    const { centers } = await readDirectory(network.directory())
    const down = centers.filter(center => !isUp(center)).map(({ id }) => id)
    if (down.length > 0) throw new Error(`one center alone has given up ${down}`)
    // Where the gateway vouches that a request has opened nothing, its wallet says F; the gateway itself never does.
    const failed = scene.heard.attempts.filter(
      ({ by, askedAt, said }) =>
        (struck as readonly string[]).includes(by) && askedAt >= lostAt && said === 'F',
    )
    if (failed.length > 0) throw new Error(`nobody can know that these failed: ${told(failed)}`)
    const ms = await network.start(BUSIEST)
    const backAt = Date.now()
    say(`${BUSIEST} is back on the data that it had; it took ${ms} ms to start`)
    await network.start(OTHER)
    say(`${OTHER} is back, too`)
    // Nobody serves their members until one of them is back, so this alone is counted from there on.
    const seconds = await recovered(struck, backAt)
    say(`that is counted from the return of ${BUSIEST}; both were lost ${since(lostAt)} s ago`)
    leave()
    await answered(40)
    return seconds
  },
}

/** Asks for a price again and again, as a wallet's user would, and looks at what the gateway says. */
async function isTold({ scene }: Stage, wallet: string): Promise<void> {
  const { client } = scene.box.wallets.get(wallet)!.wallet
  for (let times = 0; times < TIMES; ) {
    const asked = { ...scene.request('price'), payer: { reference: `${wallet}-price` } }
    const said = await client.quote({ ...asked, code: codeFor(wallet) }).catch(error => error)
    if (said instanceof GatewayRefusal) {
      const { code, result, opened, retry } = said
      const isTrue = code === 'CENTER_UNAVAILABLE' && result !== 'F' && retry === 'same'
      if (!isTrue) throw new Error(`${wallet} was told ${told({ code, result, opened, retry })}`)
      times += 1
    }
    // The next customer.
    await new Promise(next => setTimeout(next, PACE_MS))
  }
}

const since = (instant: number) => ((Date.now() - instant) / 1_000).toFixed(1)

const told = (what: unknown) => JSON.stringify(what)
