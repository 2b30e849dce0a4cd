/** What each center's clock does once a minute for the lanes of all: the monthly roll, and a sentinel that is awake. */
import { steer } from './db/steering.ts'
import { planRoll } from './domain/epoch-plan.ts'
import type { CenterEnv } from './env.ts'
import { log, logError } from './log.ts'
import { holdCenters, sentinelOf } from './sentinels.ts'
import { snapshotOf } from './snapshot.ts'

/** Never throws. Every center does so; whatever one of them has rolled is not due for the others. */
export async function rollLanes(
  env: CenterEnv,
  after: (work: Promise<unknown>) => void,
): Promise<void> {
  try {
    // The first call makes it; from then on it keeps itself awake.
    await sentinelOf(env, env.CENTER).known(0, 0)
    const { rows } = await snapshotOf(env).get(Date.now(), after)
    const due = planRoll(rows, Date.now())
    if (!due.ok || due.value.epochs.length === 0) return
    const ports = { now: Date.now, before: () => holdCenters(env) }
    const rolled = await steer(env.DIRECTORY, planRoll, ports)
    if (!rolled.ok) return log({ log: 'roll', event: 'later', code: rolled.refusal.code })
    const { version, epochs } = rolled.value
    log({ log: 'roll', event: 'rolled', version, institutions: epochs.length })
  } catch (error) {
    logError({ log: 'roll', failed: String(error) })
  }
}
