import { describe, expect, it } from 'vitest'
import { Bounded } from '../../src/domain/bounded.ts'

describe('a bounded map', () => {
  it.each([1, 49, 50, 51, 99, 100, 101, 149, 777])(
    'after %i entries holds at most its bound, and the newest half for certain',
    written => {
      const map = new Bounded<number, number>(100)
      for (let key = 1; key <= written; key += 1) {
        map.set(key, -key)
        expect([...map.entries()].length).toBeLessThanOrEqual(100)
      }
      for (let key = Math.max(1, written - 49); key <= written; key += 1) {
        expect(map.get(key)).toBe(-key)
      }
      expect(map.get(written - 100)).toBeUndefined()
    },
  )

  it('keeps what is asked for', () => {
    const map = new Bounded<string, number>(10)
    map.set('dear', 1)
    for (let key = 0; key < 100; key += 1) {
      map.set(`${key}`, key)
      expect(map.get('dear')).toBe(1)
    }
    map.set('dear', 2)
    expect([...map.entries()].filter(([key]) => key === 'dear')).toEqual([['dear', 2]])
    map.delete('dear')
    expect(map.get('dear')).toBeUndefined()
  })
})
