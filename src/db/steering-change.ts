/** Steps of steering as changes of the directory. */
import type { DirectoryRows } from '../domain/directory.ts'
import { amountOf, limitNow, type Step } from '../domain/steering.ts'
import {
  type DirectoryChange,
  dropLimit,
  liftSwitch,
  putLimit,
  putSwitch,
} from './directory-change.ts'

interface Reasoned {
  readonly steps: readonly Step[]
  readonly reason: string
  /** When the change ends by itself, null for never. */
  readonly until: number | null
}

/** In the order of the steps. */
export const directoryChangesOf = (
  reasoned: Reasoned,
  rows: DirectoryRows,
  now: number,
): readonly DirectoryChange[] =>
  reasoned.steps.flatMap(step => changesOf(step, reasoned, rows, now))

function changesOf(
  step: Step,
  { reason, until }: Reasoned,
  rows: DirectoryRows,
  now: number,
): readonly DirectoryChange[] {
  switch (step.kind) {
    case 'switch_off':
      return [putSwitch({ subject: step.subject, name: step.name, reason, until })]
    case 'switch_on':
      return [liftSwitch(step.subject, step.name)]
    case 'restore_switch':
      return [putSwitch(step.row)]
    case 'set_limit':
      return limitChanges(step, until, rows, now)
  }
}

/** The new value from now on, and what would have been in force by then from the end on. */
function limitChanges(
  { limit, value }: Extract<Step, { kind: 'set_limit' }>,
  until: number | null,
  rows: DirectoryRows,
  now: number,
): readonly DirectoryChange[] {
  const { institution, scope, kind } = limit
  const announced = (rows.limits ?? []).filter(
    row =>
      row.institution === institution &&
      row.scope === scope &&
      row.kind === kind &&
      row.from > now &&
      (until === null || row.from <= until),
  )
  const then =
    until === null ? [] : [{ ...limit, from: until, value: limitNow(rows, limit, until) }]
  return [
    ...announced.map(row => dropLimit({ institution, scope, kind, from: row.from })),
    putLimit({ institution, scope, kind, from: now, value: amountOf(value) }),
    ...then.map(putLimit),
  ]
}
