/** The course of a value: what setting it writes, and what holds afterwards. */
import { describe, expect, it } from 'vitest'
import {
  courseOf,
  heldAt,
  newestFirst,
  settingNow,
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
})
