/** The signals of this isolate: added up over its requests, and told to the monitors about once a second. */
import type { Directory } from './domain/directory.ts'
import { type SignalBatch, Signals } from './domain/signal.ts'
import type { EdgeEnv } from './env.ts'
import { log } from './log.ts'
import { centersOf, monitorOf } from './world.ts'

export const signals = new Signals()

/** Who has no name that is known. */
export const NOBODY = 'unknown'

const PACE_MS = 1_000
/** A telling that still gathers then was lost with its request; another one may begin. */
const LOST_MS = 5_000

let toldAt = 0
/** Since when a telling gathers; null where whoever comes next must begin one. */
let gatheringSince: number | null = null

/** Tells what there is, now or within a second; many requests share one telling. Never throws. */
export async function tellSignals(env: EdgeEnv, directory: Directory): Promise<void> {
  const now = Date.now()
  if (signals.isEmpty || (gatheringSince !== null && now - gatheringSince < LOST_MS)) return
  try {
    const batches = await gather(now, env, directory)
    await Promise.all([...batches].map(([center, batch]) => tell(env, directory, center, batch)))
  } catch (error) {
    log({ log: 'signals', failed: String(error) })
  }
}

/** What comes after it begins a telling of its own, even while a monitor is slow: it may be the last for long. */
async function gather(now: number, env: EdgeEnv, directory: Directory) {
  gatheringSince = now
  try {
    // Not at once after the last time: what comes meanwhile goes along.
    await scheduler.wait(Math.max(toldAt + PACE_MS - now, 0))
    toldAt = Date.now()
    const centerOf = (institution: string) => directory.epochAt(institution, toldAt)?.center ?? null
    return signals.take(centersOf(env), centerOf)
  } finally {
    gatheringSince = null
  }
}

interface SignalledMonitor {
  signal(batch: SignalBatch): Promise<void>
}

async function tell(env: EdgeEnv, directory: Directory, center: string, batch: SignalBatch) {
  const monitor = monitorOf(env, directory, center) as unknown as SignalledMonitor | undefined
  await monitor?.signal(batch)
}
