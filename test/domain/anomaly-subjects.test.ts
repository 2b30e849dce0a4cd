/** Who is watched where there are more than can be watched. */
import { describe, expect, it } from 'vitest'
import { QUIET_MS, SUBJECTS_MAX, WatchedSubjects } from '../../src/domain/anomaly-subjects.ts'

const T0 = Date.UTC(2026, 9, 5)
const MINUTE = 60_000
const ways = (n: number) => ({ wallet: `wallet-${n}`, acquirer: 'acquirer', corridor: `C${n}` })

/** As many as there is room for, each heard of a millisecond after the one before. */
function full(): WatchedSubjects {
  const subjects = new WatchedSubjects()
  // The acquirer is one of the institutions.
  for (let n = 1; n < SUBJECTS_MAX; n += 1) subjects.of(ways(n), T0 + n)
  subjects.of({ ...ways(0), wallet: 'acquirer' }, T0)
  return subjects
}
const names = (subjects: WatchedSubjects) =>
  new Set([...subjects.each()].map(({ subject }) => subject.name))

describe('one more than can be watched', () => {
  it('is not watched while all others are heard of, and counts in everything', () => {
    const subjects = full()
    expect(names(subjects).size).toBe(1 + 2 * SUBJECTS_MAX)
    const found = subjects.of(ways(999), T0 + QUIET_MS - 1)
    expect(found.map(({ subject }) => subject.name)).toEqual(['all', 'acquirer'])
  })

  it('takes the place of the one that was silent the longest, once that was a day', () => {
    const subjects = full()
    // Who was the first is heard of again; the next one is the quietest.
    subjects.of({ wallet: 'wallet-1', acquirer: 'acquirer', corridor: 'C0' }, T0 + MINUTE)
    const found = subjects.of(ways(999), T0 + 2 + QUIET_MS)
    expect(found.map(({ subject }) => subject.name)).toEqual([
      'all',
      'C999',
      'wallet-999',
      'acquirer',
    ])
    const left = names(subjects)
    expect([left.has('C0'), left.has('C1'), left.has('wallet-1'), left.has('wallet-2')]).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect(left.size).toBe(1 + 2 * SUBJECTS_MAX)
  })

  it('is looked at again after a minute, and not with each of its payments', () => {
    const subjects = full()
    const quiet = T0 + QUIET_MS
    subjects.of(ways(999), quiet - 1)
    expect(subjects.of(ways(999), quiet - 1 + MINUTE / 2)).toHaveLength(2)
    expect(subjects.of(ways(999), quiet - 1 + MINUTE)).toHaveLength(4)
  })

  it('knows after a restart who was silent', () => {
    const again = new WatchedSubjects()
    again.unpack(full().pack())
    expect(again.of(ways(999), T0 + MINUTE)).toHaveLength(2)
    expect(again.of(ways(999), T0 + QUIET_MS + MINUTE)).toHaveLength(4)
  })
})
