/**
 * Shares called back: what a lane may still spend by itself ends at once where a member is stopped or a limit is
 * changed, instead of at the end of each share.
 */
import type { Directory } from '../domain/directory.ts'
import type { Institution } from '../domain/institution.ts'
import { switchNameOf } from '../domain/steer-stop.ts'
import type { Step } from '../domain/steering.ts'
import { askCenters } from './ask-centers.ts'
import type { LenderPort } from './world.ts'

/** Whose shares these steps are about: of whoever is stopped or limited, and of whoever pays or is paid by what is closed. */
export const recalledBy = (
  steps: readonly Step[],
  institutions: readonly Institution[],
): readonly string[] => [
  ...new Set(
    steps.flatMap(step => {
      if (step.kind === 'set_limit') return step.limit.institution
      if (step.kind !== 'switch_off' && step.kind !== 'restore_switch') return []
      const { subject, name } = switchNameOf(step)
      if (subject === 'institution') return name
      const markets = subject === 'corridor' ? name.split('>') : null
      return institutions
        .filter(({ market }) => markets === null || markets.includes(market))
        .map(({ id }) => id)
    }),
  ),
]

/** Institutions whose lenders are told at a time, and of one change at the most: a request may make ten thousand calls. */
const AT_ONCE = 64
const TOLD_MAX = 1_000

/**
 * Tells every center at once. One that cannot be reached sees the directory within seconds, and its lanes' shares end
 * by themselves; so do those of whoever is one too many.
 *
 * @param version of the directory as it was written: nothing is lent or opened below it any more
 */
export async function recallShares(
  institutions: readonly string[],
  version: number,
  directory: Directory,
  lendersOf: (institution: string) => Readonly<Record<string, LenderPort>>,
  log: (line: object) => void,
): Promise<void> {
  const limited = institutions.filter(id => directory.limits(id).length > 0)
  if (limited.length > TOLD_MAX) log({ log: 'recall', version, left: limited.length - TOLD_MAX })
  const waiting = limited.slice(0, TOLD_MAX).values()
  const tell = async () => {
    for (const institution of waiting) {
      const told = await askCenters(lendersOf(institution), lender => lender.recall(version), log)
      for (const [center, unreached] of told) {
        log({ log: 'recall', institution, center, version, unreached })
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, tell))
}
