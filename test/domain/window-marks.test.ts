import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CATCH_UP_MAX, LaneMarks, type Range } from '../../src/domain/window-marks.ts'

const numbers = (ranges: readonly Range[]) =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at))

const missing = (marks: LaneMarks) =>
  marks.holes(Number.MAX_SAFE_INTEGER).map(({ from, to }) => [from, to])

describe('marks', () => {
  it('let every event of a lane count exactly once, whatever comes twice, late or overlapping', () => {
    const run = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }))
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12 }), fc.boolean(), (runs, stored) => {
        let marks = new LaneMarks()
        const counted: number[] = []
        const told = new Set<number>()
        for (const [from, more] of runs) {
          counted.push(...numbers(marks.take('102:1:0', from, from + more, 0)))
          for (const seq of numbers([[from, from + more]])) told.add(seq)
          if (stored) marks = LaneMarks.of(JSON.parse(JSON.stringify(marks.pack())))
        }
        expect(counted.toSorted((a, b) => a - b)).toEqual([...told].sort((a, b) => a - b))
        const top = Math.max(0, ...told)
        expect(marks.missing).toBe(top - told.size)
      }),
    )
  })

  it('know what is missing, and since when', () => {
    const marks = new LaneMarks()
    marks.take('a', 1, 4, 10)
    marks.take('a', 8, 9, 20)
    marks.reaches('a', 12, 30)
    expect(missing(marks)).toEqual([
      [5, 7],
      [10, 12],
    ])
    expect(marks.holes(20)).toEqual([{ lane: 'a', from: 5, to: 7, since: 20 }])
    marks.take('a', 6, 10, 40)
    expect(missing(marks)).toEqual([
      [5, 5],
      [11, 12],
    ])
  })

  it('give up what nobody has, and what is older', () => {
    const marks = new LaneMarks()
    marks.take('a', 3, 3, 0)
    marks.take('a', 6, 6, 0)
    marks.take('a', 9, 9, 0)
    marks.giveUp({ lane: 'a', from: 4, to: 5, since: 0 })
    expect(missing(marks)).toEqual([[7, 8]])
  })

  it('ask for no more than the newest part of a long history', () => {
    const marks = new LaneMarks()
    marks.take('a', 1_000_001, 1_000_010, 0)
    expect(marks.missing).toBe(CATCH_UP_MAX)
    marks.reaches('a', 2_000_000, 0)
    expect(missing(marks).at(-1)).toEqual([2_000_000 - CATCH_UP_MAX + 1, 2_000_000])
  })

  it('stay bounded in lanes and in holes', () => {
    const marks = new LaneMarks()
    for (let lane = 0; lane < 12_000; lane += 1) marks.take(`${lane}`, 1, 1, 0)
    expect(marks.size).toBe(10_000)
    for (let run = 0; run < 1_000; run += 1) marks.take('a', 2 * run + 1, 2 * run + 1, 0)
    expect(missing(marks).length).toBe(16)
  })
})
