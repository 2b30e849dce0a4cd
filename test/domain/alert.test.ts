import { describe, expect, it } from 'vitest'
import { type Alert, acknowledge, annotate, NOTES_MAX, resolve } from '../../src/domain/alert.ts'
import { AlertBook, OPEN_MAX } from '../../src/domain/alert-book.ts'
import type { Mute } from '../../src/domain/alert-mute.ts'
import { wordsOf } from '../../src/domain/alert-text.ts'
import { type AnomalyKind, anomalyKinds, type Finding } from '../../src/domain/anomaly.ts'

const T0 = 1_000_000_000
const MINUTE = 60_000

const finding = (change: Partial<Finding> = {}): Finding => ({
  kind: 'success_drop',
  subject: { dimension: 'institution', name: 'acquirer-th' },
  severity: 'warning',
  facts: { seenShare: 0.4, usualShare: 0.03, count: 12 },
  confidence: 0.999,
  payments: ['p2', 'p1'],
  paymentsSeen: 2,
  also: [],
  since: T0 - 5_000,
  ...change,
})

/** A book, and what it says of each tick: number, state, how often reopened. */
function book(mutes: readonly Mute[] = []) {
  const made = new AlertBook([], 0)
  const take = (now: number, ...findings: Finding[]) =>
    made.take(findings, mutes, now).map(({ alert }) => [alert.number, alert.state, alert.reopened])
  return { made, take }
}

describe('the book of alerts', () => {
  it('tells at once of what goes along with it', () => {
    const { made, take } = book()
    take(T0, finding())
    const also = [{ dimension: 'institution', name: 'acquirer-my' }] as const
    expect(take(T0 + 1_000, finding({ also }))).toEqual([[1, 'open', 0]])
    expect(made.open[0]).toMatchObject({ also })
    expect(take(T0 + 2_000, finding({ also }))).toEqual([])
  })

  it('has one alert for what is found again and again, and tells of it now and then', () => {
    const { made, take } = book()
    expect(take(T0, finding())).toEqual([[1, 'open', 0]])
    expect(take(T0 + 1_000, finding())).toEqual([])
    expect(take(T0 + 11_000, finding({ payments: ['p3'], paymentsSeen: 9 }))).toEqual([
      [1, 'open', 0],
    ])
    expect(made.open[0]).toMatchObject({
      payments: ['p3', 'p2', 'p1'],
      paymentsSeen: 9,
      lastSeenAt: T0 + 11_000,
      version: 2,
    })
  })

  it('tells at once when it becomes worse', () => {
    const { take, made } = book()
    take(T0, finding())
    expect(take(T0 + 1_000, finding({ severity: 'critical' }))).toHaveLength(1)
    take(T0 + 60_000, finding({ severity: 'notice' }))
    expect(made.open[0]?.severity).toBe('critical')
  })

  it('has another alert for another kind or subject', () => {
    const { take } = book()
    const other = finding({ subject: { dimension: 'corridor', name: 'CN>TH' } })
    expect(take(T0, finding(), finding({ kind: 'latency_rise' }), other)).toHaveLength(3)
  })

  it('lets it pass after five minutes, opens it again within a quarter of an hour, and then takes longer', () => {
    const { take } = book()
    take(T0, finding())
    expect(take(T0 + 5 * MINUTE - 1)).toEqual([])
    expect(take(T0 + 5 * MINUTE)).toEqual([[1, 'resolved', 0]])
    expect(take(T0 + 15 * MINUTE, finding())).toEqual([[1, 'open', 1]])
    expect(take(T0 + 24 * MINUTE)).toEqual([])
    expect(take(T0 + 25 * MINUTE)).toEqual([[1, 'resolved', 1]])
    expect(take(T0 + 41 * MINUTE, finding())).toEqual([[2, 'open', 0]])
  })

  it('does not open what somebody resolved until it begins anew', () => {
    const { made, take } = book()
    take(T0, finding())
    made.put(resolve(made.open[0]!, 'mei', T0 + MINUTE))
    expect(take(T0 + 2 * MINUTE, finding())).toEqual([])
    expect(take(T0 + 60 * MINUTE, finding())).toEqual([])
    expect(take(T0 + 61 * MINUTE, finding({ since: T0 + 60 * MINUTE }))).toEqual([[2, 'open', 0]])
  })

  it('keeps what happened once for a day', () => {
    const { take } = book()
    take(T0, finding({ kind: 'payer_travel' }))
    expect(take(T0 + 23 * 60 * MINUTE)).toEqual([])
    expect(take(T0 + 24 * 60 * MINUTE)).toEqual([[1, 'resolved', 0]])
  })

  const mute: Mute = {
    id: 'mut_1',
    kind: 'success_drop',
    subject: null,
    from: T0,
    until: T0 + 3 * MINUTE,
    reason: 'known',
    by: 'mei',
  }

  it('notes that an alert is muted, and tells when the mute ends and it is still there', () => {
    const { made, take } = book([mute])
    take(T0, finding())
    expect(made.open[0]?.mutedUntil).toBe(T0 + 3 * MINUTE)
    take(T0 + 2 * MINUTE, finding())
    const [told] = made.take([], [mute], T0 + 3 * MINUTE)
    expect(told?.alert).toMatchObject({ state: 'open', mutedUntil: null })
    expect(told?.before?.mutedUntil).toBe(T0 + 3 * MINUTE)
  })

  it('quietens an alert that was open when its mute came, until the mute ends or is taken back', () => {
    const { made } = book()
    made.take([finding()], [], T0)
    const [muted] = made.take([], [mute], T0 + 1_000)
    expect(muted?.alert).toMatchObject({ state: 'open', mutedUntil: T0 + 3 * MINUTE })
    expect(made.take([], [mute], T0 + 2_000)).toEqual([])
    const [heard] = made.take([], [], T0 + 3_000)
    expect(heard?.alert).toMatchObject({ state: 'open', mutedUntil: null })
  })

  it('stays bounded whatever is found', () => {
    const { made } = book()
    for (let each = 0; each < 3_000; each += 1) {
      const subject = { dimension: 'payer', name: `${each}` } as const
      made.take([finding({ kind: 'payer_travel', subject })], [], T0 + each * 1_000)
    }
    expect(made.open).toHaveLength(OPEN_MAX)
    expect(made.open[0]?.subject.name).toBe('2999')
  })
})

describe('an alert', () => {
  const open = (): Alert => new AlertBook([], 0).take([finding()], [], T0)[0]!.alert

  it('belongs to whoever acknowledged it last, until it is over', () => {
    const mine = acknowledge(open(), 'mei')
    expect(mine).toMatchObject({ ok: true, value: { state: 'acknowledged', owner: 'mei' } })
    const alert = mine.ok ? mine.value : open()
    expect(acknowledge(alert, 'mei')).toEqual({ ok: true, value: alert })
    expect(acknowledge(alert, 'aisyah')).toMatchObject({ value: { owner: 'aisyah' } })
    expect(acknowledge(resolve(alert, 'mei', T0), 'mei')).toMatchObject({
      refusal: { code: 'ALERT_RESOLVED' },
    })
  })

  it('takes a hundred notes', () => {
    let alert = open()
    for (let each = 0; each < NOTES_MAX; each += 1) {
      const noted = annotate(alert, { at: T0, by: 'mei', text: `${each}` })
      if (noted.ok) alert = noted.value
    }
    expect(alert.notes).toHaveLength(NOTES_MAX)
    expect(annotate(alert, { at: T0, by: 'mei', text: 'one more' })).toMatchObject({
      refusal: { code: 'ALERT_FULL' },
    })
  })

  it.each(['success_drop', 'refusal_shift'] as const)(
    'of kind %s says how many of how many',
    kind => {
      const facts = {
        seenShare: 0.8113,
        usualShare: 0.03,
        count: 43,
        observed: 53,
        code: 'DECLINED',
      }
      const { en, zh } = wordsOf(finding({ kind, facts }))
      expect(en.seen).toMatch(/^81\.1% .*\(43 of 53\)\.$/)
      expect(zh.seen).toContain('53 笔中的 43 笔')
      const { observed: _, ...before } = facts
      expect(wordsOf(finding({ kind, facts: before })).en.seen).toMatch(/\(43\)\.$/)
    },
  )

  it.each(Object.keys(anomalyKinds) as AnomalyKind[])(
    'of kind %s has words in each language',
    kind => {
      const { en, zh } = wordsOf(finding({ kind }))
      for (const words of [en, zh]) {
        for (const text of Object.values(words)) {
          expect(text.length).toBeGreaterThan(3)
          expect(text).not.toMatch(/undefined|NaN/)
        }
      }
      expect(zh.title).toMatch(/\p{Script=Han}/u)
    },
  )
})
