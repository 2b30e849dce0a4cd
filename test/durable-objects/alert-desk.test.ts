import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { AlertDesk, turnOf } from '../../durable-objects/alert-desk.ts'
import { Herald, type Telling } from '../../durable-objects/herald.ts'
import type { Finding } from '../../src/domain/anomaly.ts'
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
  function herald(answers: (telling: Telling) => boolean | Error) {
    const told: Telling[] = []
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

  it('keeps a thousand tellings for an endpoint at the most, the newest', () => {
    const { made, lines } = herald(() => false)
    for (let number = 1; number <= 1_100; number += 1) {
      made.announce('opened', { ...alert, number }, T0 + number)
    }
    expect(lines).toHaveLength(200)
    expect(lines[0]).toMatchObject({ telling: '1 opened' })
    expect(lines.at(-1)).toMatchObject({ telling: '100 opened' })
  })

  it('holds up nobody because another endpoint is dead', async () => {
    const { made, told } = herald(({ endpoint }) => endpoint.includes('one'))
    for (let number = 1; number <= 1_100; number += 1) {
      made.announce('opened', { ...alert, number }, T0)
      if (number % 10 === 0) await made.tellDue(T0 + number)
    }
    const heard = told.filter(({ endpoint }) => endpoint.includes('one'))
    expect(heard.map(each => each.alert.number)).toContain(1_100)
    expect(heard).toHaveLength(1_100)
  })
})
