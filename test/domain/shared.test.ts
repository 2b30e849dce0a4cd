import { expect, it } from 'vitest'
import { Shared } from '../../src/domain/shared.ts'

it('what is shared is made once in its time, and anew after it', () => {
  const shared = new Shared<number>(1_000)
  let made = 0
  const ask = (now: number) => shared.get(now) ?? shared.keep(++made, now)
  const asked = Array.from({ length: 1_000 }, (_, each) => ask(5_000 + each))
  expect(new Set(asked)).toEqual(new Set([1]))
  expect([ask(6_000), ask(6_999), ask(7_000)]).toEqual([2, 2, 3])
})

it('what is shared is made anew by a clock that was set back', () => {
  const shared = new Shared<string>(1_000)
  shared.keep('of tomorrow', 90_000_000)
  expect(shared.get(5_000)).toBeNull()
})
