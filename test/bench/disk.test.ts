import { describe, expect, it } from 'vitest'
import { flushesIn } from './disk.ts'

describe('the flushes of a device', () => {
  it('are the sixteenth number of its statistics', () => {
    const stat =
      '  779417    34726 22330874   773900 13044204  3422713 329036632  4184653        0  1229296  5609065  2245548     3637 329908824   328497  3392790   322014\n'
    expect(flushesIn(stat)).toBe(3_392_790)
  })

  it('are none where an older system does not count them', () => {
    expect(flushesIn('1 2 3 4 5 6 7 8 9 10 11\n')).toBe(0)
  })
})
