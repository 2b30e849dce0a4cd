import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mutated } from './hooks.ts'
import { mutationOf, mutations } from './mutations.ts'

it.each(mutations.map(each => [each.name, each] as const))(
  'a mutant that %s can be made of the code as it is',
  (_, each) => {
    const source = readFileSync(each.file, 'utf8')
    expect(mutated(source, each)).not.toBe(source)
  },
)

it('fails where the code it was made for has moved', () => {
  const patch = { file: 'lane.ts', find: 'once', put: '' }
  expect(() => mutated('gone', patch)).toThrow('lane.ts has 0 times, not once: once')
  expect(() => mutated('once, and once more', patch)).toThrow('lane.ts has 2 times')
  expect(() => mutationOf('no such thing')).toThrow('no mutant')
})

it('are more than the twenty that must be caught, and no two the same', () => {
  expect(mutations.length).toBeGreaterThan(20)
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length)
})
