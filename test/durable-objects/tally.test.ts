import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { Tally } from '../../durable-objects/tally.ts'
import { directoryOf } from '../../src/domain/directory.ts'
import { unpackWindow } from '../../src/domain/window.ts'
import { type Digest, digester } from '../../src/domain/window-digest.ts'
import { aborted, committed, Lane, T0 } from '../db/lane.ts'
import { memorySql } from './sqlite.ts'

const rows = {
  version: 1,
  centers: [],
  institutions: [],
  keys: [],
  epochs: [],
  routes: [],
  corridors: [],
  rates: [],
  switches: [],
}
const digest = digester({ directory: directoryOf(rows), token: text => text })

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A lane with so many payments, one a minute, every fourth refused. */
function busy(payments: number, lane = 0, every = MINUTE): Lane {
  const made = new Lane('wallet-th', 1, lane)
  for (let at = 0; at < payments; at += 1) {
    const opened = T0 + at * every
    made.tell(made.open(opened), at % 4 === 3 ? aborted : committed, opened + 200)
  }
  return made
}

const everything = (dimension: string) => dimension === 'all'

/** Opened, committed and aborted of each period. */
const counts = (tally: Tally, span: 'minute' | 'hour' | 'day', from = T0, until = T0 + 90 * DAY) =>
  tally
    .windows(span, from, until, { isWanted: everything })
    .periods.map(({ start, cells }) => [
      (start - T0) / MINUTE,
      ...(cells[0]?.[2].slice(0, 3) ?? []),
    ])

describe('a monitor', () => {
  it('counts each event once, whatever comes twice and in whatever order', () => {
    const lane = busy(8)
    const [one, other] = [new Tally(memorySql()), new Tally(memorySql())]
    one.feed([digest(lane.run())], T0 + HOUR)
    for (const [from, to] of [
      [9, 16],
      [1, 4],
      [3, 10],
      [9, 16],
      [1, 16],
    ] as const) {
      other.feed([digest(lane.run(from, to))], T0 + HOUR)
    }
    expect(counts(other, 'minute')).toEqual(counts(one, 'minute'))
    expect(counts(one, 'minute').slice(2, 4)).toEqual([
      [2, 1, 1, 0],
      [3, 1, 0, 1],
    ])
  })

  it('adds minutes to hours and hours to days, written or not, and takes what is late', () => {
    const lane = busy(60 * 30)
    const tally = new Tally(memorySql())
    // The clock goes with the events, but the first ten come a day late.
    for (let at = 10; at < 60 * 30; at += 1) {
      tally.feed([digest(lane.run(2 * at + 1, 2 * at + 2))], T0 + at * MINUTE)
      if (at % 7 === 0) tally.flush(T0 + at * MINUTE)
    }
    const now = T0 + 30 * HOUR
    expect(counts(tally, 'hour')[0]).toEqual([0, 50, 37, 13])
    tally.feed([digest(lane.run(1, 20))], now)
    expect(counts(tally, 'hour')[0]).toEqual([0, 60, 45, 15])
    tally.flush(now)
    expect(counts(tally, 'hour')).toHaveLength(30)
    expect(counts(tally, 'hour')[0]).toEqual([0, 60, 45, 15])
    expect(counts(tally, 'day')).toEqual([
      [0, 1440, 1080, 360],
      [1440, 360, 270, 90],
    ])
  })

  it('adds a stretch up, so that quantiles are those of all that is in it', () => {
    const tally = new Tally(memorySql())
    const lane = new Lane('wallet-th', 1, 0)
    // Nine quick minutes of one payment each, and one slow minute of ninety.
    for (let at = 0; at < 99; at += 1) {
      const opened = T0 + Math.min(at, 9) * MINUTE
      lane.tell(lane.open(opened), committed, opened + (at < 9 ? 200 : 2_000))
    }
    tally.feed([digest(lane.run())], T0 + HOUR)
    const cells = tally.figures(
      'minute',
      T0,
      T0 + 10 * MINUTE,
      dimension => dimension === 'corridor',
    )
    expect(cells).toHaveLength(1)
    const sum = unpackWindow(cells).find('corridor', cells[0]?.[1] ?? '')
    expect(sum?.committed).toBe(99)
    const total = sum?.latency.get('total')
    expect(total?.quantile(0.05)).toBeLessThan(210)
    expect(total?.quantile(0.5)).toBeGreaterThan(1_900)
    expect(tally.figures('minute', T0 + HOUR, T0 + 2 * HOUR, () => true)).toEqual([])
  })

  it('says that a long answer is cut, and goes on where it was, with latencies or without', () => {
    const tally = new Tally(memorySql())
    tally.feed([digest(busy(7).run())], T0 + HOUR)
    const until = T0 + HOUR
    const page = (end: number, hops = true) =>
      tally.windows('minute', T0, end, { isWanted: everything, hops, most: 3 })
    const starts = ({ periods }: ReturnType<typeof page>) =>
      periods.map(({ start }) => (start - T0) / MINUTE)
    const first = page(until)
    expect([starts(first), first.isCut]).toEqual([[4, 5, 6], true])
    const second = page(first.periods[0]!.start)
    expect([starts(second), second.isCut]).toEqual([[1, 2, 3], true])
    const third = page(second.periods[0]!.start, false)
    expect([starts(third), third.isCut]).toEqual([[0], false])
    expect(first.periods[0]?.cells[0]?.[3]).toHaveProperty('total')
    expect(third.periods[0]?.cells[0]?.[3]).toEqual({})
    // One period comes whole, whatever it has: else nobody ever got past it.
    const whole = { isWanted: () => true, most: 1 }
    const last = tally.windows('minute', T0, until, whole)
    expect(last.periods[0]?.cells.length).toBeGreaterThan(1)
    expect([starts(last), last.isCut]).toEqual([[6], true])
  })

  it('has after a crash what it had written, knows what it lost, and counts it when it comes again', () => {
    const database = new DatabaseSync(':memory:')
    const lane = busy(20)
    const before = new Tally(memorySql(database))
    before.feed([digest(lane.run(1, 10))], T0 + HOUR)
    before.flush(T0 + HOUR)
    before.feed([digest(lane.run(11, 30))], T0 + HOUR)

    const after = new Tally(memorySql(database))
    expect(after.isNew).toBe(false)
    expect(counts(after, 'minute')).toHaveLength(5)
    after.reaches(lane.name, 40, T0 + HOUR)
    expect(after.holes(T0 + HOUR)).toEqual([
      { lane: lane.name, from: 11, to: 40, since: T0 + HOUR },
    ])
    after.feed([digest(lane.run(11, 40))], T0 + HOUR)
    expect(after.holes(T0 + HOUR)).toEqual([])
    const whole = new Tally(memorySql())
    whole.feed([digest(lane.run())], T0 + HOUR)
    expect(counts(after, 'minute')).toEqual(counts(whole, 'minute'))
  })

  it('lets go of what is too old, and does not count what is not yet', () => {
    const tally = new Tally(memorySql())
    tally.feed([digest(busy(2).run())], T0 + HOUR)
    tally.flush(T0 + HOUR)
    tally.feed([digest(busy(2, 1, 40 * DAY).run())], T0 + 3 * DAY)
    tally.flush(T0 + 3 * DAY)
    expect(counts(tally, 'minute')).toEqual([])
    expect(counts(tally, 'day')).toEqual([[0, 2, 2, 0]])
  })

  it('keeps few minutes in memory, however old the events are that come', () => {
    const database = new DatabaseSync(':memory:')
    const tally = new Tally(memorySql(database))
    const lane = busy(300)
    const old: Digest[] = []
    for (let at = 0; at < 300; at += 1) old.push(digest(lane.run(2 * at + 1, 2 * at + 2)))
    for (const each of old) tally.feed([each], T0 + 6 * HOUR)
    tally.flush(T0 + 6 * HOUR)
    const [stored] = database
      .prepare("SELECT count(*) AS n FROM page WHERE name LIKE 'minute%'")
      .all()
    expect(stored).toEqual({ n: 300 })
    expect(counts(tally, 'minute')).toHaveLength(300)
    expect([...Array(300).keys()].filter(at => tally.isOpen(T0 + at * MINUTE)).length).toBeLessThan(
      20,
    )
  })

  it('tells how old what it hears is', () => {
    const tally = new Tally(memorySql())
    const lane = busy(2)
    tally.feed([digest(lane.run())], T0 + MINUTE + 900)
    tally.roll(T0 + MINUTE + 1_000)
    expect(tally.pulse(T0 + MINUTE + 1_000)).toMatchObject({
      lastEventAt: T0 + MINUTE + 200,
      heardAt: T0 + MINUTE + 900,
      lagMs: 700,
      lanes: 1,
      behind: 0,
    })
  })

  it('counts what an edge turned away before there was a payment', () => {
    const tally = new Tally(memorySql())
    tally.refused('wallet-th', 'CORRIDOR_CLOSED', 3, T0)
    const [minute] = tally.windows('minute', T0, T0 + 1, { isWanted: () => true }).periods
    expect(
      minute?.cells.map(([dimension, name, numbers]) => [dimension, name, numbers[6]]),
    ).toEqual([
      ['all', 'all', 3],
      ['institution', 'wallet-th', 3],
      ['code', 'CORRIDOR_CLOSED', 3],
    ])
  })
})
