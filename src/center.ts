/** Entry of a center: its Durable Objects, its queue consumers, and the courier that runs errands for its lanes. */
import { WorkerEntrypoint } from 'cloudflare:workers'
import { anchorLanes } from './anchoring.ts'
import { fillArchive } from './archiving.ts'
import { listProgress } from './db/lane-progress.ts'
import { project } from './db/projection.ts'
import { ANCHOR_MS } from './domain/anchor.ts'
import type { Errand } from './domain/errand.ts'
import type { LaneBatch } from './domain/lane-batch.ts'
import type { Gauging } from './domain/limit-near.ts'
import type { UseThere } from './domain/share.ts'
import { type Digest, digester } from './domain/window-digest.ts'
import type { Hole } from './domain/window-marks.ts'
import type { CenterEnv } from './env.ts'
import { runErrands } from './flows/duty.ts'
import { gauge } from './flows/gauge.ts'
import { log } from './log.ts'
import { type AlertTelling, tellAlert } from './peers/alert.ts'
import { gatewayKeys, peerPorts } from './peers/ports.ts'
import { consumeDead } from './queues/dead.ts'
import { consumeEvents } from './queues/events.ts'
import { type Refilled, refill } from './queues/refill.ts'
import { tellMonitor } from './queues/tell-monitor.ts'
import { rollLanes } from './rolling.ts'
import { snapshotOf } from './snapshot.ts'
import { tokener } from './trust/token.ts'
import { centerWorld } from './world.ts'

export { Codebook } from '../durable-objects/codebook.ts'
export { Institution } from '../durable-objects/institution.ts'
export { Lane } from '../durable-objects/lane.ts'
export { Monitor } from '../durable-objects/monitor.ts'
export { Person } from '../durable-objects/person.ts'
export { Sentinel } from '../durable-objects/sentinel.ts'

/**
 * Calls out for the lanes. It is no part of a lane, because an object that waits for a member's answer would hold
 * up every other payment of its institution.
 */
export class Courier extends WorkerEntrypoint<CenterEnv> {
  async run(errands: readonly Errand[]): Promise<void> {
    const after = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    const [held, keys] = await Promise.all([
      snapshotOf(this.env).held(Date.now(), after),
      gatewayKeys(this.env.GATEWAY_KEYS),
    ])
    await runErrands(errands, centerWorld(this.env, held, keys, after))
  }
}

/** Asks lanes again for what the monitor has missed; like the courier no part of the object it works for. */
export class Refill extends WorkerEntrypoint<CenterEnv> {
  async fill(holes: readonly Hole[]): Promise<readonly Refilled[]> {
    const digest = await digesterOf(this.env, work => this.ctx.waitUntil(work))
    return refill(holes, { retell: (lane, seq) => laneOf(this.env, lane).retell(seq), digest, log })
  }

  progress(): Promise<readonly (readonly [lane: string, seq: number])[]> {
    return listProgress(this.env.DB)
  }
}

/** Reads off how much of their limits members have used here, for the monitor. */
export class Gauge extends WorkerEntrypoint<CenterEnv> {
  async read(active: readonly string[], after: string | null): Promise<Gauging> {
    const { directory } = await snapshotOf(this.env).held(Date.now(), work =>
      this.ctx.waitUntil(work),
    )
    const lender = (id: string) => this.env.INSTITUTION.getByName(id) as unknown as GaugedLender
    const center = this.env.CENTER
    return gauge(active, after, { center, directory, now: Date.now(), lender, log })
  }
}

interface GaugedLender {
  uses(): Promise<readonly UseThere[]>
}

/** Tells operators' endpoints of alerts, for the monitor. */
export class Crier extends WorkerEntrypoint<CenterEnv> {
  async tell(telling: AlertTelling): Promise<boolean> {
    const { directory } = await snapshotOf(this.env).held(Date.now(), work =>
      this.ctx.waitUntil(work),
    )
    const keys = await gatewayKeys(this.env.GATEWAY_KEYS)
    return tellAlert(telling, this.env.CENTER, peerPorts(directory, keys, this.env.ENVIRONMENT))
  }
}

/** What this center's consumer and refill say to a lane; the rest of the lane is none of their business. */
interface TellingLane {
  acknowledge(seq: number): Promise<void>
  rewind(stored: number): Promise<{ readonly isBack: boolean }>
  retell(seq: number): Promise<string | null>
}

const laneOf = (env: CenterEnv, name: string) => env.LANE.getByName(name) as unknown as TellingLane

interface FedMonitor {
  feed(digests: readonly Digest[]): Promise<void>
}

const watch = (
  runs: readonly LaneBatch[],
  env: CenterEnv,
  after: (work: Promise<unknown>) => void,
): Promise<void> =>
  tellMonitor(runs, {
    digester: () => digesterOf(env, after),
    feed: digests => (env.MONITOR.getByName(env.CENTER) as unknown as FedMonitor).feed(digests),
    pause: ms => scheduler.wait(ms),
    log,
  })

async function digesterOf(
  env: CenterEnv,
  after: (work: Promise<unknown>) => void,
): Promise<(batch: LaneBatch) => Digest> {
  const directory = await snapshotOf(env).get(Date.now(), after)
  return digester({ directory, token: tokener(env.GATEWAY_KEYS) })
}

export default {
  async queue(batch, env, ctx) {
    if (batch.queue.endsWith('-dead')) return consumeDead(batch, log)
    let anchoredAt = Number.POSITIVE_INFINITY
    await consumeEvents(batch, {
      async project(run) {
        const projected = await project(env.DB, run)
        anchoredAt = Math.min(anchoredAt, projected.anchoredAt)
        return projected
      },
      acknowledge: (lane, seq) => laneOf(env, lane).acknowledge(seq),
      rewind: async (lane, seq) => (await laneOf(env, lane).rewind(seq)).isBack,
      watch: runs => ctx.waitUntil(watch(runs, env, work => ctx.waitUntil(work))),
      log,
    })
    // Behind the acknowledgements, so that a witness that is slow holds up no run.
    if (anchoredAt <= Date.now() - ANCHOR_MS) ctx.waitUntil(anchorLanes(env))
  },

  /** Every minute: what moved and then came to rest has nobody else to see to its anchor; lanes roll, and are archived. */
  async scheduled(_, env, ctx) {
    const after = (work: Promise<unknown>) => ctx.waitUntil(work)
    await Promise.all([anchorLanes(env), rollLanes(env, after), fillArchive(env, after)])
  },
} satisfies ExportedHandler<CenterEnv>
