/** Emergency plans: lists of steps with a name, thought through in quiet hours, rehearsed, and run as one change. */
import type { Doer, Wish } from './change.ts'
import type { Step } from './steering.ts'

export interface Plan {
  /** `stop-qris`: 1 to 40 of a-z, 0-9 and hyphen. */
  readonly name: string
  readonly title: string
  readonly steps: readonly Step[]
  /** How long a run lasts; null for until it is taken back. */
  readonly minutes: number | null
  /** Counts the saves; a rehearsal is of one of them. */
  readonly revision: number
  readonly savedBy: Doer
  readonly savedAt: number
  readonly rehearsal: Rehearsal | null
}

export interface Rehearsal {
  readonly at: number
  readonly by: Doer
  /** Whether the network, as it was then, could have been changed so. */
  readonly ok: boolean
}

/** The network changes: after a month nobody knows whether a rehearsed plan still runs. */
export const REHEARSAL_GOOD_MS = 30 * 86_400_000

export const isRehearsed = ({ rehearsal }: Plan, now: number): boolean =>
  rehearsal?.ok === true && now < rehearsal.at + REHEARSAL_GOOD_MS

/** A run of the plan: it lasts as long as the plan says from when it is made. */
export const runOf = (plan: Plan, id: string, reason: string): Wish => ({
  id,
  steps: plan.steps,
  reason,
  until: null,
  lastsMs: plan.minutes === null ? null : plan.minutes * 60_000,
  plan: plan.name,
  undoOf: null,
})
