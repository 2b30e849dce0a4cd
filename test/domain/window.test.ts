import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ALL,
  addLatency,
  type Dimension,
  dimensions,
  OTHER,
  packWindow,
  successRate,
  unpackWindow,
  Window,
} from '../../src/domain/window.ts'

/** Where it counts, and how long it took. */
interface Happening {
  readonly dimension: Dimension
  readonly name: string
  readonly committed: boolean
  readonly ms: number
}

const happening: fc.Arbitrary<Happening> = fc.record({
  dimension: fc.constantFrom<Dimension>('all', 'scenario', 'corridor', 'institution'),
  name: fc.constantFrom('a', 'b', 'c'),
  committed: fc.boolean(),
  ms: fc.integer({ min: 1, max: 60_000 }),
})

const count = (window: Window, { dimension, name, committed, ms }: Happening) => {
  const cell = window.cell(dimension, dimension === 'all' ? ALL : name)
  cell.opened += 1
  if (committed) {
    cell.committed += 1
    cell.cny += ms
  } else cell.aborted += 1
  addLatency(cell, 'total', ms)
}

const sorted = (window: Window) =>
  packWindow(window).toSorted((one, other) => `${one}`.localeCompare(`${other}`))

describe('a window', () => {
  it('is the same in one piece, in parts put together, and after it was stored', () => {
    fc.assert(
      fc.property(fc.array(fc.array(happening), { maxLength: 5 }), parts => {
        const whole = new Window()
        for (const each of parts.flat()) count(whole, each)
        const together = new Window()
        for (const part of parts) {
          const window = new Window()
          for (const each of part) count(window, each)
          together.merge(unpackWindow(JSON.parse(JSON.stringify(packWindow(window)))))
        }
        expect(sorted(together)).toEqual(sorted(whole))
      }),
    )
  })

  it('leaves what it takes from another one to that one', () => {
    const [one, other] = [new Window(), new Window()]
    addLatency(other.cell('all', ALL), 'total', 5)
    one.merge(other)
    addLatency(one.cell('all', ALL), 'total', 5)
    expect(other.cell('all', ALL).latency.get('total')?.count).toBe(1)
  })

  it.each(dimensions)('keeps its size whatever number of names %s has, and loses no count', of => {
    const window = new Window()
    for (let made = 0; made < 100_000; made += 1) {
      const cell = window.cell(of, of === 'all' ? ALL : `name-${made}`)
      cell.opened += 1
      addLatency(cell, 'total', made)
    }
    const cells = [...window.cells()]
    expect(cells.length).toBeLessThanOrEqual(256)
    expect(cells.reduce((sum, { cell }) => sum + cell.opened, 0)).toBe(100_000)
    if (of !== 'all') expect(window.find(of, OTHER)?.opened).toBeGreaterThan(99_000)
    const bins = cells.flatMap(({ cell }) => cell.latency.get('total')?.bins ?? [])
    expect(bins.length / 2).toBeLessThan(cells.length + 1_100)
  })

  it('has no success rate before anything was decided', () => {
    const cell = new Window().cell('all', ALL)
    expect(successRate(cell)).toBeNull()
    cell.committed = 3
    cell.aborted = 1
    expect(successRate(cell)).toBe(0.75)
  })
})
