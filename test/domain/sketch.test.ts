import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coarseQuantile, RELATIVE_ERROR, Sketch } from '../../src/domain/sketch.ts'

/** What a sketch can tell apart: above a millisecond, below ten days. */
const value = fc.double({ min: 1, max: 864_000_000, noNaN: true })
const values = fc.array(value, { minLength: 1, maxLength: 300 })
const rank = fc.double({ min: 0, max: 1, noNaN: true })

const sketchOf = (list: readonly number[]) => {
  const sketch = new Sketch()
  for (const each of list) sketch.add(each)
  return sketch
}

/** The definition: the value of this rank in the sorted list. */
const exact = (list: readonly number[], q: number): number =>
  list.toSorted((one, other) => one - other)[Math.floor(q * (list.length - 1))]!

/** Floating point moves a value on a bin's edge by a hair. */
const HAIR = 1e-9

describe('a sketch', () => {
  it('gives every quantile within one percent, whatever the values', () => {
    fc.assert(
      fc.property(values, rank, (list, q) => {
        const truth = exact(list, q)
        const off = Math.abs(sketchOf(list).quantile(q)! - truth) / truth
        expect(off).toBeLessThanOrEqual(RELATIVE_ERROR + HAIR)
      }),
    )
  })

  it('gives it within four percent from the bins that go over the wire', () => {
    fc.assert(
      fc.property(values, rank, (list, q) => {
        const truth = exact(list, q)
        const off = Math.abs(coarseQuantile(sketchOf(list).coarseBins, q)! - truth) / truth
        expect(off).toBeLessThanOrEqual(4 * RELATIVE_ERROR + HAIR)
      }),
    )
  })

  it('is the same merged, in any order, as if it had heard everything itself', () => {
    fc.assert(
      fc.property(fc.array(fc.array(value), { maxLength: 6 }), parts => {
        const whole = sketchOf(parts.flat())
        const forth = new Sketch()
        const back = new Sketch()
        for (const part of parts) forth.merge(sketchOf(part))
        for (const part of parts.toReversed()) back.merge(sketchOf(part))
        expect(forth.bins).toEqual(whole.bins)
        expect(back.bins).toEqual(whole.bins)
        expect(forth.count).toBe(whole.count)
      }),
    )
  })

  it('is the same after it was stored', () => {
    fc.assert(
      fc.property(values, list => {
        const sketch = sketchOf(list)
        const back = Sketch.of(JSON.parse(JSON.stringify(sketch.bins)))
        expect(back.bins).toEqual(sketch.bins)
        expect(back.count).toBe(list.length)
      }),
    )
  })

  it('keeps fewer than 1,100 bins of anything, and takes nonsense for the nearest sense', () => {
    const sketch = new Sketch()
    for (let exponent = -5; exponent < 18; exponent += 0.001) sketch.add(10 ** exponent)
    for (const odd of [Number.NaN, -1, 0, Number.MAX_VALUE, Number.POSITIVE_INFINITY])
      sketch.add(odd)
    expect(sketch.bins.length / 2).toBeLessThan(1_100)
    expect(sketch.quantile(0)).toBe(1)
    expect(sketch.quantile(1)).toBeLessThan(1.02 * 864_000_000)
  })

  it('knows how many values are not above one, and about what all are together', () => {
    const sketch = sketchOf([10, 20, 30, 1_000])
    expect([5, 10, 100, 10_000].map(value => sketch.countUpTo(value))).toEqual([0, 1, 3, 4])
    expect(Math.abs(sketch.sum - 1_060) / 1_060).toBeLessThanOrEqual(RELATIVE_ERROR)
  })

  it('has no quantile of nothing', () => {
    expect(new Sketch().quantile(0.5)).toBeNull()
    expect(coarseQuantile([], 0.5)).toBeNull()
  })
})
