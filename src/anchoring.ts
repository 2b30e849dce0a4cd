/** Anchoring as a center does it: from its own database and lanes to the database of its witness. */
import { keepAnchor, lanesToAnchor, lastAnchor, markAnchored } from './db/anchor.ts'
import type { Head } from './domain/anchor.ts'
import type { CenterEnv } from './env.ts'
import { anchorHeads } from './flows/anchor.ts'
import { log } from './log.ts'

/** A witness that could not be reached is left alone this long by this isolate. */
const REST_MS = 30_000
/** Kept by binding, so that tests with several centers in one isolate do not share one. */
const restUntil = new WeakMap<object, number>()

interface HeadedLane {
  head(): Promise<Head>
}

/** Never throws: what was not anchored is due again, and no payment waits for it. */
export async function anchorLanes(env: CenterEnv): Promise<void> {
  const { CENTER: center, DB: own, WITNESS: witness, LANE: lanes } = env
  if (Date.now() < (restUntil.get(witness) ?? 0)) return
  try {
    await anchorHeads({
      center,
      now: Date.now,
      due: (until, limit) => lanesToAnchor(own, until, limit),
      head: lane => (lanes.getByName(lane) as unknown as HeadedLane).head(),
      ownLast: () => lastAnchor(own, center),
      witnessLast: () => lastAnchor(witness, center),
      deposit: anchor => keepAnchor(witness, anchor),
      mark: anchor => markAnchored(own, anchor),
      log,
    })
  } catch (error) {
    restUntil.set(witness, Date.now() + REST_MS)
    log({ log: 'anchor', event: 'failed', center, reason: String(error) })
  }
}
