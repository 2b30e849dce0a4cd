/**
 * From a long failing run to a short one: payments and faults are left out as long as the same rule stays broken. A
 * draw does not depend on what was left out, so most of what remains happens as it did.
 */

import type { History } from './history.ts'
import { play } from './play.ts'
import { told } from './story.ts'
import type { Plan } from './world.ts'

export interface Story {
  readonly seed: number
  readonly payments: readonly number[]
  readonly faults: readonly string[]
  readonly lines: readonly string[]
}

/** Whole runs are slow, so that payments go first, and no more are tried than a person would wait for. */
const RUNS_MAX = 150

/** @param failed what the plan came to, with at least one rule broken */
export async function shrink(plan: Plan, failed: History): Promise<Story> {
  const wanted = failed.violations[0]
  let runs = 0
  const fails = async (payments: ReadonlySet<number>, faults: ReadonlySet<string> | null) => {
    runs += 1
    const allows = faults === null ? undefined : (id: string) => faults.has(id)
    const history = await play({ ...plan, only: payments, ...(allows && { allows }) })
    return history.violations.some(({ invariant }) => invariant === wanted?.invariant)
  }

  const all = Array.from({ length: plan.payments }, (_, number) => number)
  const own = wanted !== undefined && wanted.subject >= 0 ? [wanted.subject] : []
  const isAlone = own.length > 0 && (await fails(new Set(own), null))
  const payments = isAlone
    ? own
    : await fewest(
        all,
        list => fails(new Set(list), null),
        () => runs < RUNS_MAX / 2,
      )

  const fired: string[] = []
  await play({
    ...plan,
    only: new Set(payments),
    tell: (_, line) => void fired.push(...faultIn(line)),
  })
  const faults = await fewest(
    [...new Set(fired)],
    list => fails(new Set(payments), new Set(list)),
    () => runs < RUNS_MAX,
  )

  const lines: string[] = []
  const allowed = new Set(faults)
  await play({
    ...plan,
    only: new Set(payments),
    allows: id => allowed.has(id),
    tell: (at, line) => void lines.push(...[told(at, line)].filter(text => text !== null)),
  })
  return { seed: plan.seed, payments, faults, lines }
}

const faultIn = (line: { fault?: string }): string[] =>
  line.fault === undefined ? [] : [line.fault]

/** Leaves out ever smaller parts, as long as what remains still fails. */
async function fewest<T>(
  list: readonly T[],
  fails: (list: readonly T[]) => Promise<boolean>,
  mayGoOn: () => boolean,
): Promise<readonly T[]> {
  let kept = list
  if (await fails([])) return []
  for (
    let size = Math.ceil(list.length / 2);
    size >= 1 && mayGoOn();
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < kept.length && mayGoOn(); ) {
      const less = [...kept.slice(0, from), ...kept.slice(from + size)]
      if (less.length > 0 && (await fails(less))) kept = less
      else from += size
    }
  }
  return kept
}
