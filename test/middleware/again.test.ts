/** Calls of objects: what the platform says may be repeated is repeated once, and an overloaded object is left alone. */
import { expect, it } from 'vitest'
import { Unavailable } from '../../src/domain/unavailable.ts'
import { again, once } from '../../src/reach.ts'

const failing = (...errors: object[]) => {
  const calls = { count: 0 }
  const call = async () => {
    const error = errors[calls.count]
    calls.count += 1
    if (error !== undefined) throw error
    return 'answer'
  }
  return { calls, call }
}
const platform = (message: string, marks: object) => Object.assign(new Error(message), marks)

const lost = platform('Network connection lost.', { retryable: true })
const overloaded = platform('Durable Object is overloaded.', { overloaded: true, retryable: true })

// biome-ignore format: a table is read by column
it.each<readonly [name: string, errors: object[], calls: number, want: 'answer' | object]>([
  ['that goes well, once',                            [],                       1, 'answer'],
  ['that is lost on the way, again',                  [lost],                   2, 'answer'],
  ['that is lost twice, no more',                     [lost, lost, lost],       2, { overloaded: false }],
  ['of an object with too much to do, never again',   [overloaded],             1, { overloaded: true }],
  ['that finds one so on the second try, never again', [lost, overloaded],      2, { overloaded: true }],
  ['that fails by itself, never again',               [new Error('belief')],    1, { message: 'belief' }],
])('repeats a call %s', async (_, errors, count, want) => {
  const { calls, call } = failing(...errors)
  const said = await again(call).catch((error: unknown) => error)
  expect(calls.count).toBe(count)
  if (typeof want === 'string') expect(said).toBe(want)
  else expect(said).toMatchObject(want)
})

it('never repeats what must not be', async () => {
  const { calls, call } = failing(lost)
  await expect(once(call)).rejects.toBeInstanceOf(Unavailable)
  expect(calls.count).toBe(1)
})
