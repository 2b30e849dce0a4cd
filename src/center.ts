/** Entry of a center: its Durable Objects, its queue consumers, and the courier that runs errands for its lanes. */
import { WorkerEntrypoint } from 'cloudflare:workers'
import { anchorLanes } from './anchoring.ts'
import { project } from './db/projection.ts'
import { ANCHOR_MS } from './domain/anchor.ts'
import type { Errand } from './domain/errand.ts'
import type { CenterEnv } from './env.ts'
import { runErrands } from './flows/duty.ts'
import { log } from './log.ts'
import { gatewayKeys } from './peers/ports.ts'
import { consumeDead } from './queues/dead.ts'
import { consumeEvents } from './queues/events.ts'
import { snapshotOf } from './snapshot.ts'
import { centerWorld } from './world.ts'

export { Codebook } from '../durable-objects/codebook.ts'
export { Lane } from '../durable-objects/lane.ts'

/**
 * Calls out for the lanes. It is no part of a lane, because an object that waits for a member's answer would hold
 * up every other payment of its institution.
 */
export class Courier extends WorkerEntrypoint<CenterEnv> {
  async run(errands: readonly Errand[]): Promise<void> {
    const after = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    const [held, keys] = await Promise.all([
      snapshotOf(this.env.DIRECTORY).held(Date.now(), after),
      gatewayKeys(this.env.GATEWAY_KEYS),
    ])
    await runErrands(errands, centerWorld(this.env, held, keys, after))
  }
}

/** What the consumer tells a lane; the rest of the lane is none of its business. */
interface AcknowledgedLane {
  acknowledge(seq: number): Promise<void>
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
      acknowledge: (lane, seq) =>
        (env.LANE.getByName(lane) as unknown as AcknowledgedLane).acknowledge(seq),
      log,
    })
    // Behind the acknowledgements, so that a witness that is slow holds up no run.
    if (anchoredAt <= Date.now() - ANCHOR_MS) ctx.waitUntil(anchorLanes(env))
  },

  /** Every minute: what moved and then came to rest has nobody else to see to its anchor. */
  async scheduled(_, env) {
    await anchorLanes(env)
  },
} satisfies ExportedHandler<CenterEnv>
