/** The directory snapshot of this isolate: one for as long as it lives. */
import { DirectorySnapshot, snapshotPorts } from './db/snapshot.ts'
import { log } from './log.ts'

const snapshots = new WeakMap<D1Database, DirectorySnapshot>()

/** Kept by binding, so that tests with several databases in one isolate do not share one. */
export function snapshotOf(database: D1Database): DirectorySnapshot {
  const held = snapshots.get(database)
  if (held !== undefined) return held
  const ports = snapshotPorts(database, log)
  const made = new DirectorySnapshot(ports)
  snapshots.set(database, made)
  return made
}
