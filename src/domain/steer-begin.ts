/** When a change begins: at once, or what it sets at an instant that is announced. */
import type { FieldError } from './refusal.ts'
import { beginOf } from './steer-course.ts'
import type { Step } from './steering.ts'

/** What of a wish is about time: when it ends, or how long it lasts; milliseconds. */
export interface Timed {
  readonly steps: readonly Step[]
  readonly until: number | null
  readonly lastsMs: number | null
}

/** A year and a month: who announces a rule for the next year does it in this one. */
export const AHEAD_MAX_MS = 400 * 86_400_000

/** When this step begins, where it is made now. */
const beginOfStep = (step: Step, now: number): number => beginOf('value' in step ? step : {}, now)

/** The same, beginning now or when it is announced to: what lasts so long ends so long after. */
export function begun<Some extends Timed>(wish: Some, now: number): Some {
  if (wish.lastsMs === null) return wish
  const begins = wish.steps.reduce((last, step) => Math.max(last, beginOfStep(step, now)), now)
  return { ...wish, until: begins + wish.lastsMs }
}

/** Whether nothing of it has begun. */
export const isAhead = ({ steps }: Pick<Timed, 'steps'>, now: number): boolean =>
  steps.every(step => beginOfStep(step, now) > now)

/** The step without the instant that has come while the change was waiting. */
export function dueStep(step: Step, now: number): Step {
  if (!('value' in step) || step.from === undefined || step.from > now) return step
  const { from: _, ...due } = step
  return due
}

/** What is wrong with when a wish is to begin and end; judged as it is asked for, and never again. */
export function beginFaults({ steps, until, lastsMs }: Timed, now: number): readonly FieldError[] {
  const begins = steps.map(step => ('value' in step ? step.from : undefined))
  const faults = begins.flatMap((from, place) => {
    const says = from === undefined ? null : faultOf(from, until, now)
    return says === null ? [] : [{ pointer: `/steps/${place}/from`, says }]
  })
  // One length of several that begin apart would be another one for each, and of a switch far more than was meant.
  const isApart = lastsMs !== null && new Set(begins).size > 1
  return isApart ? [...faults, { pointer: '/seconds', says: APART }] : faults
}

const APART = 'seconds are of steps that begin at the same instant; for others say until when'

function faultOf(from: number, until: number | null, now: number): string | null {
  if (from < now) return 'from is not in the past'
  if (from > now + AHEAD_MAX_MS) return 'from is at most 400 days from now'
  return until !== null && from >= until ? 'from is before the end of the change' : null
}
