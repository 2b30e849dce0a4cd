/** All drills, in the order in which they are played. */
import { centerLoss } from './center-loss.ts'
import type { Stage } from './stage.ts'

export interface Drill {
  readonly name: string
  readonly says: string
  /** Edges that members are spread over. */
  readonly edges: number
  /** Gives the longest time, in seconds, for which somebody who was struck could not pay. */
  play(stage: Stage): Promise<number>
}

export const drills: readonly Drill[] = [centerLoss]
