/** Steering of allowances: what one person may pay in a corridor, or into a market, from now on. */
import type { AllowanceKind, AllowanceRow } from './allowance.ts'
import type { DirectoryRows } from './directory.ts'

export interface AllowanceStep {
  readonly kind: 'set_allowance'
  readonly allowance: { readonly corridor: string; readonly kind: AllowanceKind }
  /** US cents, as digits, because steps are kept as JSON; null for none. */
  readonly value: string | null
}

type Rows = Pick<DirectoryRows, 'allowances'>
type Name = AllowanceStep['allowance']

/** Rows of one allowance, the newest first. */
export const allowanceRows = (rows: Rows, { corridor, kind }: Name): readonly AllowanceRow[] =>
  (rows.allowances ?? [])
    .filter(row => row.corridor === corridor && row.kind === kind)
    .toSorted((one, other) => other.from - one.from)

/** What it is at an instant; null where there is none. */
export const allowanceNow = (rows: Rows, name: Name, now: number): bigint | null =>
  allowanceRows(rows, name).find(({ from }) => from <= now)?.value ?? null

/**
 * What is dangerous about it. A regulator has drawn this line, so to move it up takes a second person; and to draw it
 * anew, because from then on wallets that do not state who pays may be refused.
 */
export function dangerOfAllowance(
  { allowance, value }: AllowanceStep,
  rows: Rows,
  now: number,
): 'raises_limit' | 'stops_for_long' | null {
  const was = allowanceNow(rows, allowance, now)
  const wanted = value === null ? null : BigInt(value)
  if (was === null) return wanted === null ? null : 'stops_for_long'
  return wanted === null || wanted > was ? 'raises_limit' : null
}

/** As it is, in words that are the same as long as it is. */
export function allowanceFact({ allowance }: AllowanceStep, rows: Rows): string {
  const [newest, before] = allowanceRows(rows, allowance)
  const words = [newest, before].map(row => (row ? `${row.value} from ${row.from}` : 'none'))
  return `allowance ${allowance.corridor} ${allowance.kind}: ${words.join(', ')}`
}
