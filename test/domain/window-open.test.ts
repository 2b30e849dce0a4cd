import { describe, expect, it } from 'vitest'
import type { Seen, Sighting } from '../../src/domain/window-digest.ts'
import { OpenThings } from '../../src/domain/window-open.ts'
import { seen } from './seen.ts'

const T0 = seen.openedAt
const sighting = (
  what: Sighting['what'],
  after: number,
  rest: Partial<Sighting> = {},
): Sighting => ({
  seq: 1,
  of: 0,
  at: T0 + after,
  what,
  ...rest,
})

const pending = (id: string, version = 1): Seen => ({
  ...seen,
  id,
  version,
  unfinished: [{ kind: 'pending', institution: 'acquirer-cn', since: T0 }],
})
const over = (id: string, version: number): Seen => ({ ...seen, id, version, unfinished: [] })

describe("a payment's way", () => {
  it('is timed from quote to opening, answer, decision and delivery', () => {
    const open = new OpenThings()
    expect(open.measure(seen, sighting('opened', 0))).toEqual([
      { hop: 'quote', ms: T0 - seen.quotedAt },
    ])
    expect(open.measure(seen, sighting('committed', 210))).toEqual([
      { hop: 'total', ms: 210 },
      { hop: 'answer', ms: 210 },
    ])
    expect(open.measure(seen, sighting('delivered', 300, { since: T0 + 210 }))).toEqual([
      { hop: 'delivery', ms: 90 },
    ])
  })

  it('has a word before its decision where the user is asked', () => {
    const open = new OpenThings()
    expect(open.measure(seen, sighting('user_asked', 150))).toEqual([{ hop: 'answer', ms: 150 }])
    expect(open.measure(seen, sighting('committed', 9_150))).toEqual([
      { hop: 'total', ms: 9_150 },
      { hop: 'decision', ms: 9_000 },
    ])
  })

  it('has no answer where the deadline decides, and the doubt is part of it', () => {
    const open = new OpenThings()
    open.measure(seen, sighting('doubted', 8_000))
    expect(open.isDoubted(seen.id)).toBe(true)
    expect(open.measure(seen, sighting('aborted', 15_000, { code: 'DEADLINE_EXCEEDED' }))).toEqual([
      { hop: 'total', ms: 15_000 },
      { hop: 'decision', ms: 7_000 },
    ])
  })
})

describe('what is open', () => {
  it('is counted by kind, by who must act, and by age', () => {
    const open = new OpenThings()
    open.settle(pending('a'))
    open.settle({
      ...pending('b'),
      unfinished: [
        { kind: 'pending', institution: 'acquirer-cn', since: T0 - 290_000 },
        { kind: 'capture', institution: 'wallet-th', since: T0 - 4_000_000 },
      ],
    })
    expect(open.rows(T0 + 5_000)).toEqual([
      {
        kind: 'pending',
        institution: 'acquirer-cn',
        count: 2,
        byAge: { under10s: 1, under1m: 0, under5m: 1, under1h: 0, over1h: 0 },
        oldest: { paymentId: 'b', since: T0 - 290_000 },
      },
      {
        kind: 'capture',
        institution: 'wallet-th',
        count: 1,
        byAge: { under10s: 0, under1m: 0, under5m: 0, under1h: 0, over1h: 1 },
        oldest: { paymentId: 'b', since: T0 - 4_000_000 },
      },
    ])
  })

  it('ends, and is not opened again by an older run that comes late', () => {
    const open = new OpenThings()
    open.settle(over('a', 4))
    open.measure(pending('a', 2), sighting('user_asked', 10))
    open.settle(pending('a', 2))
    expect(open.rows(T0)).toEqual([])
    open.settle(pending('b', 3))
    open.settle({ ...pending('b', 2), unfinished: [] })
    expect(open.rows(T0)).toHaveLength(1)
  })

  it('is remembered', () => {
    const open = new OpenThings()
    open.measure(seen, sighting('doubted', 8_000))
    open.settle(pending(seen.id))
    const back = OpenThings.of(JSON.parse(JSON.stringify(open.pack())))
    expect(back.rows(T0)).toEqual(open.rows(T0))
    expect(back.isDoubted(seen.id)).toBe(true)
  })

  it('is bounded: beyond twenty thousand the newest are not followed', () => {
    const open = new OpenThings()
    for (let made = 0; made < 25_000; made += 1) open.settle(pending(`p${made}`))
    expect(open.isFull).toBe(true)
    expect(open.rows(T0)[0]?.count).toBe(20_000)
    open.settle(over('p7', 2))
    open.settle(pending('late'))
    expect(open.rows(T0)[0]?.count).toBe(20_000)
  })
})
