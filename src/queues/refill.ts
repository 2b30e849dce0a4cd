/** Refill: asks lanes again for what the monitor has missed, one run for each hole. */
import type { LaneBatch } from '../domain/lane-batch.ts'
import type { Digest } from '../domain/window-digest.ts'
import type { Hole } from '../domain/window-marks.ts'
import { readLaneBatch } from './lane-batch.ts'

/** `gone`: the lane has nothing there. `away`: it could not be asked; it can be asked again. */
export type Refilled = Digest | 'gone' | 'away'

export interface RefillPorts {
  /** The lane's run after `seq`, packed; null where it has none. */
  retell(lane: string, seq: number): Promise<string | null>
  digest(batch: LaneBatch): Digest
  log(line: object): void
}

/** Answers in the order of the holes. */
export function refill(holes: readonly Hole[], ports: RefillPorts): Promise<readonly Refilled[]> {
  return Promise.all(holes.map(hole => fill(hole, ports)))
}

async function fill({ lane, from }: Hole, ports: RefillPorts): Promise<Refilled> {
  try {
    const batch = readLaneBatch(await ports.retell(lane, from - 1))
    return batch === null ? 'gone' : ports.digest(batch)
  } catch (error) {
    ports.log({ log: 'monitor', event: 'unfilled', lane, from, reason: String(error) })
    return 'away'
  }
}
