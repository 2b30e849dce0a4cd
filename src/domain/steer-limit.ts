/** Steering of limits: what a member may pay or be paid, from an instant on. */
import type { DirectoryRows } from './directory.ts'
import type { Limit } from './limit.ts'
import { newestFirst, type Setting, turnsOf } from './steer-course.ts'

type LimitName = Pick<Limit, 'institution' | 'scope' | 'kind'>
type Rows = Pick<DirectoryRows, 'limits'>

/** Minor units or payments. */
export interface LimitStep extends Setting {
  readonly kind: 'set_limit'
  readonly limit: LimitName
}

const isLimit = (row: Limit, { institution, scope, kind }: LimitName): boolean =>
  row.institution === institution && row.scope === scope && row.kind === kind

/** Rows of one limit, the newest first. */
export const limitRows = (rows: Rows, name: LimitName): readonly Limit[] =>
  newestFirst((rows.limits ?? []).filter(row => isLimit(row, name)))

/**
 * What is dangerous about it, now or at any time to come: to keep for good what was raised for an hour is to raise it.
 *
 * @param until when it ends by itself, milliseconds since 1970; null for never
 */
export function dangerOfLimit(
  step: LimitStep,
  until: number | null,
  rows: Rows,
  now: number,
): 'cuts_off_member' | 'raises_limit' | null {
  const { scope, kind } = step.limit
  const turns = turnsOf(step, until, limitRows(rows, step.limit), now)
  const [begin] = turns
  const strangled = begin !== undefined && strangles(kind, begin.was, begin.becomes)
  if (scope === '*' && strangled) return 'cuts_off_member'
  return turns.some(({ was, becomes }) => loosens(kind, was, becomes)) ? 'raises_limit' : null
}

/** Ten times tighter at once is no limit any more, it is a stop. */
const STRANGLED_BY = 10n

function strangles(kind: Limit['kind'], was: bigint | null, value: bigint | null): boolean {
  if (value === null) return false
  if (kind === 'single_min') return was !== null && was > 0n && value > was * STRANGLED_BY
  return value === 0n || (was !== null && value * STRANGLED_BY < was)
}

/** What a limit withholds is a risk that somebody has agreed not to take; giving more of it takes a second one. */
function loosens(kind: Limit['kind'], was: bigint | null, value: bigint | null): boolean {
  if (was === null) return false
  if (value === null) return true
  return kind === 'single_min' ? value < was : value > was
}
