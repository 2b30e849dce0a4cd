/** Steering of allowances: what one person may pay in a corridor, or into a market, from an instant on. */
import type { AllowanceKind, AllowanceRow } from './allowance.ts'
import type { DirectoryRows } from './directory.ts'
import { courseFact, newestFirst, type Setting, turnsOf } from './steer-course.ts'

/** US cents. */
export interface AllowanceStep extends Setting {
  readonly kind: 'set_allowance'
  readonly allowance: { readonly corridor: string; readonly kind: AllowanceKind }
}

type Rows = Pick<DirectoryRows, 'allowances'>
type Name = AllowanceStep['allowance']

/** Rows of one allowance, the newest first. */
export const allowanceRows = (rows: Rows, { corridor, kind }: Name): readonly AllowanceRow[] =>
  newestFirst((rows.allowances ?? []).filter(row => row.corridor === corridor && row.kind === kind))

/**
 * What is dangerous about it, now or at any time to come. A regulator has drawn this line, so to move it up takes a
 * second person; and to draw it anew, because from then on wallets that do not state who pays may be refused.
 *
 * @param until when it ends by itself, milliseconds since 1970; null for never
 */
export function dangersOfAllowance(
  step: AllowanceStep,
  until: number | null,
  rows: Rows,
  now: number,
): readonly ('raises_limit' | 'stops_for_long')[] {
  return turnsOf(step, until, allowanceRows(rows, step.allowance), now).flatMap(
    ({ was, becomes }) => {
      if (was === null) return becomes === null ? [] : 'stops_for_long'
      return becomes === null || becomes > was ? 'raises_limit' : []
    },
  )
}

/** As it is, in words that are the same as long as it is. */
export const allowanceFact = ({ allowance }: AllowanceStep, rows: Rows): string =>
  `allowance ${allowance.corridor} ${allowance.kind}: ${courseFact(allowanceRows(rows, allowance))}`
