import { describe, expect, it } from 'vitest'
import { Groups } from '../../src/domain/anomaly-group.ts'
import { WatchedSubject } from '../../src/domain/anomaly-subject.ts'
import type { Candidate } from '../../src/domain/anomaly-subjects.ts'

const T0 = Date.UTC(2026, 9, 1)
const WHOLE = { dimension: 'all', name: 'all' } as const
const PART = { dimension: 'institution', name: 'acquirer-my' } as const

/** Something found of everything together or of one institution, for which something spoke so long ago. */
const candidate = (
  subject: typeof WHOLE | typeof PART,
  weight: number,
  at: number,
  agoMs = 0,
): Candidate => ({
  finding: {
    kind: 'success_drop',
    subject,
    severity: 'critical',
    facts: {},
    confidence: 1,
    payments: ['p1'],
    paymentsSeen: 1,
    also: [],
    since: T0,
  },
  raisedAt: at - agoMs,
  weight,
  watched: new WatchedSubject(subject),
  parties: [],
})

/** Everything together is found, and a moment later its part. */
function troubled() {
  const groups = new Groups()
  const found = groups.gather([candidate(WHOLE, 0.6, T0)], T0)
  expect(found).toMatchObject([{ subject: WHOLE, also: [] }])
  return groups
}

describe('a part of what was found', () => {
  it('is named with it, also where the whole is well again by then', () => {
    const groups = troubled()
    const both = [candidate(WHOLE, 0.6, T0 + 1_000), candidate(PART, 0.7, T0 + 1_000)]
    expect(groups.gather(both, T0 + 1_000)).toMatchObject([{ subject: WHOLE, also: [PART] }])
    const again = troubled()
    const found = again.gather([candidate(PART, 0.7, T0 + 1_000)], T0 + 1_000)
    expect(found).toMatchObject([{ subject: WHOLE, also: [PART] }])
  })

  it('keeps it from passing as long as anything speaks for the part', () => {
    const groups = troubled()
    for (let at = T0 + 1_000; at < T0 + 600_000; at += 10_000) {
      expect(groups.gather([candidate(PART, 0.7, at, 59_000)], at)).toHaveLength(1)
    }
    const later = T0 + 600_000
    expect(groups.gather([candidate(PART, 0.7, later, 60_000)], later)).toEqual([])
    expect(groups.gather([], later + 1_000)).toEqual([])
  })

  it('that begins long after the whole has passed is found by itself', () => {
    const groups = troubled()
    const at = T0 + 120_000
    const late = candidate(PART, 0.7, at)
    const finding = { ...late.finding, since: at }
    expect(groups.gather([{ ...late, finding }], at)).toMatchObject([{ subject: PART }])
  })
})
