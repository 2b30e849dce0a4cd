import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { AlertDesk, turnOf } from '../../durable-objects/alert-desk.ts'
import { Herald } from '../../durable-objects/herald.ts'
import { raise } from '../../src/domain/alert.ts'
import { OPEN_MAX } from '../../src/domain/alert-book.ts'
import { GRAVE_MAX, NAMED_MAX, TOLD_MAX } from '../../src/domain/alert-held.ts'
import type { Finding } from '../../src/domain/anomaly.ts'
import type { AlertTelling } from '../../src/peers/alert.ts'
import { memorySql } from './sqlite.ts'

const T0 = 1_800_000_000_000
const MINUTE = 60_000

const finding = (name: string, change: Partial<Finding> = {}): Finding => ({
  kind: 'success_drop',
  subject: { dimension: 'institution', name },
  severity: 'warning',
  facts: {},
  confidence: 0.99,
  payments: ['p1'],
  paymentsSeen: 1,
  also: [],
  since: T0 - 1_000,
  ...change,
})

describe('the desk', () => {
  it('keeps alerts, what was done to them, and mutes, over a restart', () => {
    const database = new DatabaseSync(':memory:')
    const before = new AlertDesk(memorySql(database))
    before.take([finding('a'), finding('b')], T0)
    before.tend(1, { deed: 'acknowledge' }, 'mei', T0 + 1)
    before.tend(1, { deed: 'note', text: 'called them' }, 'mei', T0 + 2)
    const mute = {
      id: 'mut_1',
      kind: null,
      subject: null,
      from: T0,
      until: T0 + MINUTE,
      reason: 'r',
      by: 'mei',
    }
    expect(before.mute(mute, T0)).toMatchObject({ ok: true })

    const after = new AlertDesk(memorySql(database))
    expect(after.find(1)).toMatchObject({
      state: 'acknowledged',
      owner: 'mei',
      notes: [{ text: 'called them' }],
    })
    expect(after.mutes).toEqual([mute])
    // It goes on with the same alert, and numbers go on.
    expect(after.take([finding('a')], T0 + 20_000)[0]?.alert.number).toBe(1)
    expect(after.take([finding('c')], T0 + 20_000)[0]?.alert).toMatchObject({
      number: 3,
      mutedUntil: T0 + MINUTE,
    })
  })

  it('goes on after a restart with every alert that is not resolved, however many came after it', () => {
    const database = new DatabaseSync(':memory:')
    const before = new AlertDesk(memorySql(database))
    before.take([finding('old', { kind: 'structuring' })], T0)
    for (let each = 0; each < 2 * OPEN_MAX + 100; each += 1) {
      const at = T0 + each * 1_000
      const [made] = before.take([finding(`m${each}`)], at)
      before.tend(made?.alert.number ?? 0, { deed: 'resolve', text: null }, 'mei', at)
    }
    const after = new AlertDesk(memorySql(database))
    expect(after.open.map(({ number }) => number)).toEqual([1])
    // What happened once has passed after a day.
    const passed = after.take([], T0 + 86_400_000)
    expect(passed.map(({ alert }) => [alert.number, alert.state])).toEqual([[1, 'resolved']])
    const open = { state: 'open', before: null, limit: 9 } as const
    expect(after.list(open)).toEqual([])
  })

  it('ends at a restart an alert that was raised anew meanwhile: nobody would ever find it again', () => {
    const database = new DatabaseSync(':memory:')
    const desk = new AlertDesk(memorySql(database))
    const [first] = desk.take([finding('a')], T0)
    const again = { ...raise(2, finding('a'), null, T0 + MINUTE), state: 'resolved' } as const
    database
      .prepare('INSERT INTO alert (number, state, raised, body) VALUES (?, ?, ?, ?)')
      .run(2, 'resolved', T0 + MINUTE, JSON.stringify({ ...again, endedAt: T0 + 2 * MINUTE }))
    expect(first?.alert.state).toBe('open')
    const after = new AlertDesk(memorySql(database))
    expect(after.open).toEqual([])
    expect(after.find(1)).toMatchObject({
      state: 'resolved',
      resolvedBy: 'gateway',
      endedAt: T0 + MINUTE,
    })
    expect(after.list({ state: 'open', before: null, limit: 9 })).toEqual([])
  })

  it('lists newest first, page by page, by state', () => {
    const desk = new AlertDesk(memorySql())
    for (let each = 0; each < 5; each += 1) desk.take([finding(`m${each}`)], T0 + each)
    desk.tend(2, { deed: 'resolve', text: 'over' }, 'mei', T0 + 10)
    const page = desk.list({ state: null, before: null, limit: 3 })
    expect(page.map(({ number }) => number)).toEqual([5, 4, 3])
    const last = page.at(-1)!
    const next = desk.list({ state: null, before: [last.raisedAt, last.number], limit: 3 })
    expect(next.map(({ number }) => number)).toEqual([2, 1])
    expect(desk.list({ state: 'resolved', before: null, limit: 9 })).toMatchObject([
      { number: 2, resolvedBy: 'mei', notes: [{ text: 'over' }] },
    ])
  })

  it.each([
    ['nothing', 99, { deed: 'acknowledge' } as const, 'NOT_FOUND'],
    ['what is over', 1, { deed: 'acknowledge' } as const, 'ALERT_RESOLVED'],
  ])('refuses to give anybody %s', (_, number, deed, code) => {
    const desk = new AlertDesk(memorySql())
    desk.take([finding('a')], T0)
    desk.tend(1, { deed: 'resolve', text: null }, 'mei', T0)
    expect(desk.tend(number, deed, 'mei', T0)).toMatchObject({ refusal: { code } })
  })

  it('mutes for a week at the longest, once, until it is taken back', () => {
    const desk = new AlertDesk(memorySql())
    const mute = {
      id: 'm',
      kind: null,
      subject: null,
      from: T0,
      until: T0 + MINUTE,
      reason: 'r',
      by: 'b',
    }
    const long = { ...mute, until: T0 + 8 * 86_400_000 }
    expect(desk.mute(long, T0)).toMatchObject({ refusal: { code: 'PARAM_ILLEGAL' } })
    expect(desk.mute({ ...mute, until: T0 }, T0)).toMatchObject({
      refusal: { code: 'PARAM_ILLEGAL' },
    })
    desk.mute(mute, T0)
    desk.mute(mute, T0)
    expect(desk.mutes).toHaveLength(1)
    for (let each = 0; each < 99; each += 1) desk.mute({ ...mute, id: `${each}` }, T0)
    expect(desk.mute({ ...mute, id: 'more' }, T0)).toMatchObject({
      refusal: { code: 'ALERT_FULL' },
    })
    expect([desk.unmute('m'), desk.unmute('m')]).toEqual([true, false])
  })

  it('takes a mute again that was asked for a moment later, and by another; nothing else of its id', () => {
    const desk = new AlertDesk(memorySql())
    const subject = { dimension: 'institution', name: 'wallet-th' } as const
    const mute = {
      id: 'm',
      kind: null,
      subject,
      from: T0,
      until: T0 + MINUTE,
      reason: 'r',
      by: 'b',
    }
    expect(desk.mute(mute, T0)).toEqual({ ok: true, value: mute })
    expect(desk.mute({ ...mute, from: T0 + 9, by: 'c' }, T0 + 9)).toEqual({ ok: true, value: mute })
    for (const change of [
      { kind: 'clock_skew' as const },
      { subject: { ...subject, name: 'wallet-my' } },
      { subject: null, kind: 'clock_skew' as const },
      { until: T0 + 2 * MINUTE },
      { reason: 'another' },
    ]) {
      expect(desk.mute({ ...mute, ...change }, T0)).toMatchObject({
        refusal: { code: 'REPEAT_REQ_INCONSISTENT' },
      })
    }
    expect(desk.mutes).toEqual([mute])
  })
})

describe('a turn', () => {
  it('is what opens, is acknowledged, is resolved, or is no longer muted; more of the same is none', () => {
    const desk = new AlertDesk(memorySql())
    const [opened] = desk.take([finding('a')], T0)
    expect(turnOf(null, opened!.alert)).toBe('opened')
    const [again] = desk.take([finding('a')], T0 + 20_000)
    expect(turnOf(again!.before, again!.alert)).toBeNull()
    const muted = { ...again!.alert, mutedUntil: T0 + MINUTE }
    expect(turnOf(null, muted)).toBeNull()
    expect(turnOf(muted, again!.alert)).toBe('opened')
    const [passed] = desk.take([], T0 + 10 * MINUTE)
    expect(turnOf(passed!.before, passed!.alert)).toBe('resolved')
  })
})

describe('the herald', () => {
  function herald(answers: (telling: AlertTelling) => boolean | Error) {
    const told: AlertTelling[] = []
    const lines: object[] = []
    const made = new Herald(memorySql(), ['https://one.example', 'https://two.example'], {
      async tell(telling) {
        told.push(telling)
        const answer = answers(telling)
        if (answer instanceof Error) throw answer
        return answer
      },
      log: line => lines.push(line),
    })
    return { made, told, lines }
  }
  const alert = new AlertDesk(memorySql()).take([finding('a')], T0)[0]!.alert

  it('tells every endpoint once that hears, and the others again, with growing patience', async () => {
    const { made, told } = herald(({ endpoint }) => endpoint.includes('one'))
    made.announce('opened', alert, T0)
    await made.tellDue(T0)
    await made.tellDue(T0 + 4_000)
    expect(told.map(({ endpoint }) => endpoint.slice(8, 11))).toEqual(['one', 'two'])
    await made.tellDue(T0 + 5_000)
    await made.tellDue(T0 + 20_000)
    expect(told).toHaveLength(3)
    await made.tellDue(T0 + 36_000)
    expect(told.map(({ endpoint }) => endpoint.slice(8, 11))).toEqual(['one', 'two', 'two', 'two'])
  })

  it('gives up after some ten hours, and says so', async () => {
    const { made, told, lines } = herald(() => new Error('away'))
    made.announce('opened', alert, T0)
    for (let at = T0; at < T0 + 86_400_000; at += 10_000) await made.tellDue(at)
    expect(told).toHaveLength(20)
    expect(lines.filter(line => (line as { event: string }).event === 'given_up')).toHaveLength(2)
  })

  const numbersTold = (told: readonly AlertTelling[]) =>
    told.flatMap(each => ('alert' in each ? [each.alert.number] : []))
  const heldIn = (told: readonly AlertTelling[]) =>
    told.flatMap(each => ('held' in each ? [each.held] : []))
  /** The beginning of a minute. */
  const M0 = T0 - (T0 % MINUTE)
  const one = ({ endpoint }: AlertTelling) => endpoint.includes('one')

  it('tells ten in a minute one by one, and of the others together how many they were', async () => {
    const { made, told, lines } = herald(() => true)
    const warning = { ...alert, severity: 'warning' } as const
    for (let number = 1; number <= 300; number += 1) {
      made.announce('opened', { ...warning, number }, M0 + number)
    }
    made.announce('resolved', { ...warning, number: 7 }, M0 + 400)
    for (let at = M0; at < M0 + MINUTE; at += 1_000) await made.tellDue(at)
    const before = told.filter(one)
    expect(numbersTold(before)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    await made.tellDue(M0 + MINUTE)
    const [held, ...more] = heldIn(told.filter(one))
    expect(more).toEqual([])
    expect(held).toMatchObject({ from: M0, until: M0 + MINUTE, opened: 290, resolved: 1 })
    expect(held?.alerts).toHaveLength(NAMED_MAX)
    expect(held?.alerts[0]).toEqual({
      number: 11,
      turn: 'opened',
      kind: alert.kind,
      subject: alert.subject,
      severity: 'warning',
    })
    expect(lines).toMatchObject([{ event: 'held', held: 291 }, { event: 'held' }])
    // The next minute begins anew.
    made.announce('opened', { ...warning, number: 301 }, M0 + MINUTE + 1)
    await made.tellDue(M0 + MINUTE + 1)
    expect(numbersTold(told.filter(one)).at(-1)).toBe(301)
  })

  it('tells ten grave ones on top of it', async () => {
    const { made, told } = herald(() => true)
    for (let number = 1; number <= 40; number += 1) {
      const severity = number <= 15 ? 'notice' : 'critical'
      made.announce('opened', { ...alert, number, severity }, M0)
    }
    for (let at = M0; at <= M0 + MINUTE; at += 1_000) await made.tellDue(at)
    expect(numbersTold(told.filter(one))).toHaveLength(TOLD_MAX + GRAVE_MAX)
    expect(heldIn(told.filter(one))).toMatchObject([{ opened: 20, critical: 15 }])
  })

  it('keeps a hundred tellings for an endpoint at the most, and overruns nobody who comes back', async () => {
    let isAway = true
    const { made, told } = herald(() => !isAway)
    const numbers = Array.from({ length: 300 }, (_, index) => index + 1)
    for (const number of numbers) {
      made.announce('opened', { ...alert, number }, M0 + number * 10_000)
      await made.tellDue(M0 + number * 10_000)
    }
    isAway = false
    const back = M0 + 7_200_000
    const before = told.filter(one).length
    for (let at = back; at < back + 30 * MINUTE; at += 1_000) {
      const calls = told.length
      await made.tellDue(at)
      expect(told.length - calls).toBeLessThanOrEqual(20)
      if (at === back + MINUTE - 1_000) {
        expect(told.filter(one).length - before).toBeLessThanOrEqual(30)
      }
    }
    for (let at = back; at < back + 10 * 3_600_000; at += 30_000) await made.tellDue(at)
    const heard = told.filter(one).slice(before)
    const alone = new Set(numbersTold(heard))
    const together = heldIn(heard).reduce((sum, { opened }) => sum + opened, 0)
    expect(alone.size).toBeLessThanOrEqual(101)
    // Of each of them they hear, alone or with others.
    expect(alone.size + together).toBeGreaterThanOrEqual(300)
  })

  it('holds up nobody because another endpoint is dead', async () => {
    const { made, told } = herald(one)
    for (let number = 1; number <= 1_100; number += 1) {
      made.announce('opened', { ...alert, number }, M0 + number * 6_000)
      await made.tellDue(M0 + number * 6_000)
    }
    expect(numbersTold(told.filter(one))).toHaveLength(1_100)
  })
})
