import { describe, expect, it } from 'vitest'
import { directoryOf } from '../../src/domain/directory.ts'
import { CLOCK_SKEW_MS, EPOCH_NOTICE_MS, SURE_MS } from '../../src/domain/epoch.ts'
import type { Epoch } from '../../src/domain/institution.ts'
import { freeOf, isLane, lendingTerms, RESTED } from '../../src/domain/lending.ts'
import type { Limit } from '../../src/domain/limit.ts'
import { NO_LOAN } from '../../src/domain/share.ts'
import { acquirer, epoch, wallet } from '../db/network.ts'

const NOW = Date.UTC(2026, 9, 1, 5)
const perSecond = 'wallet-th * per_second -'
const kind = 'per_second'
const row: Limit = { institution: 'wallet-th', scope: '*', kind, from: 0, value: 100n }

const directory = (epochs: readonly Epoch[], limits: readonly Limit[] = [row]) =>
  directoryOf({
    version: 1,
    centers: ['hk', 'sg', 'fra'].map((id, n) => ({ id, number: n + 1, locationHint: 'apac' })),
    institutions: [wallet, acquirer],
    keys: [],
    epochs: [...epochs],
    routes: [],
    corridors: [],
    rates: [],
    switches: [],
    limits: [...limits],
  })

const atHome = directory([epoch])
const roleIn = (center: string, confirmedAt: number, limit: string, now = NOW) =>
  lendingTerms(limit, center, { directory: atHome, confirmedAt }, now)?.role

describe('who lends a limit', () => {
  const day = 'wallet-th * value_day 2026-10-01'
  const began = Date.UTC(2026, 8, 30, 17)
  const value: Limit = { ...row, kind: 'value_day' }
  const both = directory([epoch], [row, value])
  const roles = (center: string, confirmedAt: number) =>
    [perSecond, day].map(
      limit => lendingTerms(limit, center, { directory: both, confirmedAt }, NOW)?.role,
    )

  it.each([
    ['hk', NOW, ['home', 'home']],
    ['hk', NOW - SURE_MS, ['unsure', 'home']],
    ['hk', began - SURE_MS + 1, ['unsure', 'home']],
    ['hk', began - SURE_MS, ['unsure', 'unsure']],
    ['sg', NOW, ['standby', 'standby']],
    ['sg', 0, ['standby', 'standby']],
  ])('is %s, which knows the directory up to %i: %j', (center, confirmedAt, expected) => {
    expect(roles(center, confirmedAt)).toEqual(expected)
  })

  it('is home of the second that is asked for, however long before it that is', () => {
    const second = NOW + 2_000
    expect(roleIn('hk', second - SURE_MS + 1, perSecond, second)).toBe('home')
    expect(roleIn('hk', second - SURE_MS, perSecond, second)).toBe('unsure')
  })

  it('is never two at a time, although one has not seen that its lanes have left', () => {
    const written = NOW
    const from = written + EPOCH_NOTICE_MS
    const moved = directory([epoch, { ...epoch, epoch: 2, from, center: 'sg' }])
    // The most that can be vouched for without the new epoch, by a clock that is ahead.
    const behind = { directory: atHome, confirmedAt: written + CLOCK_SKEW_MS }
    const homes = new Set<string>()
    for (let second = from - 20_000; second <= from + 20_000; second += 500) {
      const left = lendingTerms(perSecond, 'hk', behind, second)?.role
      const come = lendingTerms(
        perSecond,
        'sg',
        { directory: moved, confirmedAt: second },
        second,
      )?.role
      homes.add(`${left} ${come}`)
    }
    expect(homes).toEqual(new Set(['home standby', 'unsure home']))
  })
})

describe('what is left with a root', () => {
  const value: Limit = { ...row, kind: 'value_day' }
  const both = directory([epoch], [value])
  const day = 'wallet-th * value_day 2026-10-01'
  const terms = lendingTerms(day, 'hk', { directory: both, confirmedAt: NOW }, NOW)!
  const left = (...loans: readonly (readonly [string, bigint, bigint])[]) =>
    freeOf(
      terms,
      new Map(
        loans.map(([borrower, granted, returned]) => [borrower, { ...NO_LOAN, granted, returned }]),
      ),
      { granted: 0n, returned: 0n },
    )

  it.each([
    ['keeps a tenth for each other center', [], 80n],
    ['has what one gives back of its tenth', [['@sg', 0n, 10n]], 90n],
    ['has what one gives back of what it was lent', [['@sg', 30n, 20n]], 70n],
    // By an older row its tenth was fifty.
    ['has no more of one than is kept for it', [['@sg', 0n, 50n]], 90n],
    ['has no more of one, with what it was lent since', [['@sg', 30n, 50n]], 90n],
    ['has what a lane gives back', [['1:1:0', 30n, 10n]], 60n],
  ] as const)('%s', (_, loans, expected) => {
    expect(left(...loans)).toBe(expected)
  })
})

describe('a limit of a second that has become less', () => {
  const rows = [row, { ...row, from: NOW, value: 10n }]
  const termsAt = (now: number) =>
    lendingTerms(perSecond, 'sg', { directory: directory([epoch], rows), confirmedAt: now }, now)

  it('is shared out by what it is, while its root keeps for those that may not have seen it', () => {
    const told = (now: number) => {
      const { value, portion, kept } = termsAt(now)!
      return [value, portion, kept]
    }
    expect(told(NOW - SURE_MS - 1)).toEqual([100n, 10n, 10n])
    expect(told(NOW)).toEqual([10n, 1n, 10n])
    expect(told(NOW + SURE_MS)).toEqual([10n, 1n, 1n])
  })
})

describe('a borrower', () => {
  it.each([
    ['1:1:0', true],
    ['@sg', false],
    [RESTED, false],
  ])('named %s is a lane: %s', (borrower, expected) => {
    expect(isLane(borrower)).toBe(expected)
  })
})
