import { describe, expect, it } from 'vitest'
import { heard, type Loan, lent, NO_LOAN, type Report } from '../../src/domain/share.ts'

const loan: Loan = { ...NO_LOAN, granted: 100n, expiresAt: 30_000 }
const report = (returned: bigint, used: bigint): Report => ({
  ...{ limit: 'wallet-th * value_day 2026-10-01', granted: 100n, returned, used },
})

describe('what a lender hears of a share', () => {
  it('comes back once, however often it is told', () => {
    const once = heard(loan, report(40n, 60n), 1_000)
    expect(lent(once)).toBe(60n)
    expect(heard(once, report(40n, 60n), 1_000)).toEqual(once)
  })

  it('is not undone by a word from before that comes late', () => {
    const newer = heard(loan, report(40n, 60n), 2_000)
    expect(heard(newer, report(0n, 10n), 1_000)).toEqual(newer)
  })

  it('may be less used than before, where a payment was aborted', () => {
    const before = heard(loan, report(0n, 60n), 1_000)
    expect(heard(before, report(0n, 10n), 2_000)).toMatchObject({ used: 10n, heardAt: 2_000 })
  })
})
