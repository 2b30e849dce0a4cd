/** Tells the center's monitor what lanes told. Nothing depends on it: what a monitor misses it asks for later. */
import type { LaneBatch } from '../domain/lane-batch.ts'
import type { Digest } from '../domain/window-digest.ts'

export interface WatchPorts {
  /** What turns runs into digests, under the directory as it is now. */
  digester(): Promise<(batch: LaneBatch) => Digest>
  feed(digests: readonly Digest[]): Promise<void>
  /** Resolves after `ms`. */
  pause(ms: number): Promise<unknown>
  log(line: object): void
}

/** Nobody waits for it, but a platform may end an invocation only when everything in it has; so it is bounded. */
const PATIENCE_MS = 2_000

/** Never throws, and takes two seconds at the most. */
export async function tellMonitor(batches: readonly LaneBatch[], ports: WatchPorts): Promise<void> {
  if (batches.length === 0) return
  const told = async () => {
    const digest = await ports.digester()
    await ports.feed(batches.map(digest))
    return true
  }
  try {
    const heard = await Promise.race([told(), ports.pause(PATIENCE_MS)])
    if (heard !== true) throw new Error(`no answer in ${PATIENCE_MS} ms`)
  } catch (error) {
    ports.log({ log: 'monitor', event: 'untold', runs: batches.length, reason: String(error) })
  }
}
