/** The course of a value: what setting it writes, and what holds afterwards. */
import { describe, expect, it } from 'vitest'
import {
  courseOf,
  heldAt,
  newestFirst,
  type Setting,
  settingNow,
  turnsAhead,
  turnsOf,
} from '../../src/domain/steer-course.ts'

const NOW = 1_000
const rows = newestFirst([
  { from: 0, value: 5n },
  { from: NOW - 1, value: 7n },
  { from: NOW + 10, value: 9n },
  { from: NOW + 20, value: null },
])

describe('a course', () => {
  it('holds what its newest row says that has begun', () => {
    expect([-1, 0, NOW, NOW + 10, NOW + 99].map(at => heldAt(rows, at))).toEqual([
      null,
      5n,
      7n,
      9n,
      null,
    ])
  })

  it('set for good, loses all that is announced', () => {
    expect(courseOf({ value: '3' }, null, rows, NOW)).toEqual({
      drops: [NOW + 20, NOW + 10],
      puts: [{ from: NOW, value: 3n }],
    })
  })

  it('set for a while, goes on then as it would have been by then', () => {
    expect(courseOf({ value: '3' }, NOW + 15, rows, NOW)).toEqual({
      drops: [NOW + 10],
      puts: [
        { from: NOW, value: 3n },
        { from: NOW + 15, value: 9n },
      ],
    })
  })

  it('says what was to hold and what comes to, whenever either turns', () => {
    expect(turnsOf({ value: '8' }, NOW + 15, rows, NOW)).toEqual([
      { was: 7n, becomes: 8n },
      { was: 9n, becomes: 8n },
      { was: 9n, becomes: 9n },
    ])
  })

  it.each([NOW, NOW + 10, NOW + 15, NOW + 20])('put back at %s, is what it was to be', at => {
    const setting = settingNow(rows, NOW)
    const other = newestFirst([
      { from: 0, value: 5n },
      { from: NOW, value: 1n },
    ])
    const { drops, puts } = courseOf(setting, null, other, at)
    expect(drops).toEqual([])
    const after = newestFirst([...puts, ...other])
    for (const instant of [at, NOW + 10, NOW + 15, NOW + 20, NOW + 99]) {
      if (instant >= at) expect(heldAt(after, instant)).toBe(heldAt(rows, instant))
    }
  })

  it('set from an instant on, keeps what is announced before it', () => {
    expect(courseOf({ value: '3', from: NOW + 15 }, null, rows, NOW)).toEqual({
      drops: [NOW + 20],
      puts: [{ from: NOW + 15, value: 3n }],
    })
    expect(courseOf({ value: '3', from: NOW + 10 }, null, rows, NOW)).toEqual({
      drops: [NOW + 20, NOW + 10],
      puts: [{ from: NOW + 10, value: 3n }],
    })
  })

  it('set from an instant on and for a while, goes on then as it would have', () => {
    expect(courseOf({ value: '3', from: NOW + 5 }, NOW + 15, rows, NOW)).toEqual({
      drops: [NOW + 10],
      puts: [
        { from: NOW + 5, value: 3n },
        { from: NOW + 15, value: 9n },
      ],
    })
  })

  it('whose beginning is over by the time it is made, begins then', () => {
    const late = { value: '3', from: NOW - 1 }
    expect(courseOf(late, null, rows, NOW)).toEqual(courseOf({ value: '3' }, null, rows, NOW))
    expect(turnsOf(late, null, rows, NOW)[0]).toEqual({ was: 7n, becomes: 3n })
  })

  it.each([
    { value: '3', from: NOW + 5 },
    { value: '3', from: NOW + 10 },
    { value: null, from: NOW + 99 },
  ])('that has not begun, put back, is row for row what it was: %o', set => {
    for (const until of [null, NOW + 100])
      for (const held of [rows, newestFirst([]), newestFirst([{ from: 0, value: 5n }])]) {
        const back = settingNow(held, NOW)
        const after = written(held, courseOf(set, until, held, NOW))
        expect(after).not.toEqual(held)
        expect(written(after, courseOf(back, null, after, NOW + 1))).toEqual(held)
      }
  })

  it('says how many turns it leaves announced', () => {
    const count = (set: Setting, until: number | null = null) =>
      turnsAhead(courseOf(set, until, rows, NOW), rows, NOW)
    expect(count({ value: '3' })).toBe(0)
    expect(count({ value: '3', from: NOW + 15 })).toBe(2)
    expect(count({ value: '3', from: NOW + 5 }, NOW + 7)).toBe(4)
  })
})

/** Rows with a course in them, as the directory writes it: first what goes, then what comes. */
function written<Row extends { from: number; value: bigint | null }>(
  held: readonly Row[],
  { drops, puts }: ReturnType<typeof courseOf>,
) {
  const kept = new Map(held.map(({ from, value }) => [from, value]))
  for (const from of drops) kept.delete(from)
  for (const { from, value } of puts) kept.set(from, value)
  return newestFirst([...kept].map(([from, value]) => ({ from, value })))
}
