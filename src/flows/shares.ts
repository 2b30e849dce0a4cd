/**
 * Shares called back: what a lane may still spend by itself ends at once where a member is stopped or a limit is
 * changed, instead of at the end of each share.
 */
import type { Directory } from '../domain/directory.ts'
import { switchNameOf } from '../domain/steer-stop.ts'
import type { Step } from '../domain/steering.ts'
import { askCenters } from './ask-centers.ts'
import type { LenderPort } from './world.ts'

/** Whose shares these steps are about. */
export const recalledBy = (steps: readonly Step[]): readonly string[] => [
  ...new Set(
    steps.flatMap(step => {
      if (step.kind === 'set_limit') return step.limit.institution
      if (step.kind !== 'switch_off' && step.kind !== 'restore_switch') return []
      const { subject, name } = switchNameOf(step)
      return subject === 'institution' ? name : []
    }),
  ),
]

/**
 * Tells every center at once. One that cannot be reached sees the directory within seconds, and its lanes' shares end
 * by themselves.
 *
 * @param version of the directory as it was written: nothing is lent below it any more
 */
export async function recallShares(
  institutions: readonly string[],
  version: number,
  directory: Directory,
  lendersOf: (institution: string) => Readonly<Record<string, LenderPort>>,
  log: (line: object) => void,
): Promise<void> {
  const limited = institutions.filter(id => directory.limits(id).length > 0)
  await Promise.all(
    limited.map(async institution => {
      const told = await askCenters(lendersOf(institution), lender => lender.recall(version), log)
      for (const [center, unreached] of told) {
        log({ log: 'recall', institution, center, version, unreached })
      }
    }),
  )
}
