/** The directory snapshot of this isolate: one for as long as it lives. */
import { DirectorySnapshot, type Known, snapshotPorts } from './db/snapshot.ts'
import type { SentinelBindings } from './env.ts'
import { log } from './log.ts'
import { within } from './patience.ts'
import { otherSentinels } from './sentinels.ts'

/** Where a snapshot comes from: the directory, and whoever else may have one. */
interface Sources extends SentinelBindings {
  readonly DIRECTORY: D1Database
  /** A center asks the others. */
  readonly CENTER?: string
}

const snapshots = new WeakMap<D1Database, DirectorySnapshot>()

/** Kept by binding, so that tests with several databases in one isolate do not share one. */
export function snapshotOf(env: Sources): DirectorySnapshot {
  const held = snapshots.get(env.DIRECTORY)
  if (held !== undefined) return held
  const made = new DirectorySnapshot({
    ...snapshotPorts(env.DIRECTORY, log),
    elsewhere: () => newestKnown(env),
  })
  snapshots.set(env.DIRECTORY, made)
  return made
}

/** A center that has not answered by then is not waited for. */
const ELSEWHERE_MS = 1_000

/** What the centers know, the newest of it; null where nobody knows anything. */
async function newestKnown(env: Sources): Promise<Known | null> {
  const asked = otherSentinels(env, env.CENTER ?? '').map(each => within(ELSEWHERE_MS, each.rows()))
  const known = (await Promise.allSettled(asked)).flatMap(heard =>
    heard.status === 'fulfilled' && heard.value !== null ? [heard.value] : [],
  )
  return known.toSorted(byAge)[0] ?? null
}

/** An older version is older, whenever somebody believed in it. */
const byAge = (one: Known, other: Known): number =>
  other.rows.version - one.rows.version || other.confirmedAt - one.confirmedAt
