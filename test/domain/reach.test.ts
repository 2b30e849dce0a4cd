import { expect, it } from 'vitest'
import { Reach } from '../../src/domain/reach.ts'

const missed = (times: number): Reach => {
  const reach = new Reach()
  for (let n = 0; n < times; n += 1) reach.missed('hk', 0)
  return reach
}

it.each([
  [0, true],
  [2, true],
  [3, false],
  [9, false],
])('a center that %i calls in a row found nobody at may be called: %s', (times, may) => {
  const reach = missed(times)
  expect([reach.mayTry('hk', 1), reach.mayTry('hk', 2)]).toEqual([may, may])
  expect(reach.misses('hk')).toBe(times)
  expect(reach.mayTry('sg', 1)).toBe(true)
})

it('a center that is away is tried by one call in half a second', () => {
  const reach = missed(3)
  const tries = [499, 500, 501, 999, 1_000].map(now => reach.mayTry('hk', now))
  expect(tries).toEqual([false, true, false, false, true])
})

it('a center that answers once is there for all, which is news only where a call had failed', () => {
  const reach = missed(3)
  expect(reach.heard('hk')).toBe(true)
  expect([reach.mayTry('hk', 1), reach.misses('hk'), reach.heard('hk')]).toEqual([true, 0, false])
})
