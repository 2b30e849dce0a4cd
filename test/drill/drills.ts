/** All drills, in the order in which they are played. */
import { centerDrain } from './center-drain.ts'
import { centerLoss } from './center-loss.ts'
import { databaseLoss } from './database-loss.ts'
import { island } from './island.ts'
import { queueLoss } from './queue-loss.ts'
import type { Release } from './release.ts'
import { rollingRelease } from './rolling-release.ts'
import { slowCenter } from './slow-center.ts'
import { split } from './split.ts'
import type { Stage } from './stage.ts'
import { twoCentersLoss } from './two-centers-loss.ts'

export interface Drill {
  readonly name: string
  readonly says: string
  /** Edges that members are spread over. */
  readonly edges: number
  /** The release that runs when it begins, where that is not this one. */
  before?(folder: string, from?: string): Promise<Release>
  /** Gives the longest time, in seconds, for which somebody who was struck could not pay. */
  play(stage: Stage): Promise<number>
}

export const drills: readonly Drill[] = [
  centerLoss,
  twoCentersLoss,
  centerDrain,
  databaseLoss,
  queueLoss,
  slowCenter,
  split,
  island,
  rollingRelease,
]
