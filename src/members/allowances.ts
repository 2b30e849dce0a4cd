/**
 * What one person may pay in mainland China from abroad, in whatever wallet: USD 5,000 a payment, 50,000 a year, and
 * 2,000 a year for who has shown no document.
 */
import type { AllowanceKind, AllowanceRow } from '../domain/allowance.ts'

/** Since 1 March 2024, China time. */
const SINCE = Date.UTC(2024, 1, 29, 16)

const row = (kind: AllowanceKind, value: bigint): AllowanceRow => ({
  corridor: '*>CN',
  kind,
  from: SINCE,
  value,
})

export const allowances: readonly AllowanceRow[] = [
  row('single', 5_000_00n),
  row('year', 50_000_00n),
  row('year_without_id', 2_000_00n),
]
