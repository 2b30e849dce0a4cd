import { describe, expect, it } from 'vitest'
import { LimitGauge } from '../../durable-objects/limit-gauge.ts'
import type { Gauged, Gauging } from '../../src/domain/limit-near.ts'

const SECOND = 1_000
const HOUR = 3_600_000
const T0 = Date.UTC(2026, 9, 1)

const used = (limit: string, share: number): Gauged => ({
  limit,
  share,
  used: BigInt(Math.round(share * 1_000)),
  held: 0n,
  asOf: null,
})

/** A gauge, and what it asked; each member has used what is said of it here. */
function gaugeOf(uses: Record<string, readonly Gauged[]>, next: string | null = null) {
  const asked: (readonly [active: readonly string[], after: string | null])[] = []
  const failures: unknown[] = []
  let answer = async (active: readonly string[]): Promise<Gauging> => ({
    members: active.map(id => [id, uses[id] ?? []] as const),
    next,
  })
  const gauge = new LimitGauge({
    read: (active, after) => {
      asked.push([active, after])
      return answer(active)
    },
    failed: error => failures.push(error),
  })
  const fails = () => {
    answer = () => Promise.reject(new Error('away'))
  }
  return { gauge, asked, failures, fails }
}

describe('what a monitor knows of limits', () => {
  it('is what was last read, nearest to its end first', async () => {
    const uses = { a: [used('a x', 0.2), used('a y', 0.9)], b: [used('b x', 0.5)] }
    const { gauge } = gaugeOf(uses)
    await gauge.round(() => ['a', 'b'], T0)
    expect(gauge.uses.map(({ limit }) => limit)).toEqual(['a y', 'b x', 'a x'])
    uses.a = [used('a x', 0.3)]
    await gauge.round(() => ['a'], T0 + 5 * SECOND)
    expect(gauge.uses.map(({ limit, share }) => [limit, share])).toEqual([
      ['b x', 0.5],
      ['a x', 0.3],
    ])
  })

  it('is asked for every five seconds, and of many members in turns', async () => {
    const { gauge, asked } = gaugeOf({})
    const members = Array.from({ length: 40 }, (_, at) => `w${at}`)
    for (let second = 0; second < 11; second += 1) {
      await gauge.round(() => members, T0 + second * SECOND)
    }
    expect(asked.map(([active]) => active.length)).toEqual([24, 24, 24])
    const [first = [], then = []] = asked.map(([active]) => active)
    // Whoever was not in the first round is in the second.
    expect(members.filter(id => !first.includes(id) && !then.includes(id))).toEqual([])
  })

  it('goes once through all members, and again after an hour', async () => {
    const { gauge, asked } = gaugeOf({})
    await gauge.round(() => [], T0)
    await gauge.round(() => [], T0 + 5 * SECOND)
    await gauge.round(() => [], T0 + HOUR)
    expect(asked.map(([, after]) => after)).toEqual(['', null, ''])
    const long = gaugeOf({}, 'w8')
    await long.gauge.round(() => [], T0)
    await long.gauge.round(() => [], T0 + 5 * SECOND)
    expect(long.asked.map(([, after]) => after)).toEqual(['', 'w8'])
  })

  it('stays what it was where it cannot be read, and is read again', async () => {
    const { gauge, failures, fails, asked } = gaugeOf({ a: [used('a x', 0.2)] })
    await gauge.round(() => ['a'], T0)
    fails()
    await gauge.round(() => ['a'], T0 + 5 * SECOND)
    await gauge.round(() => ['a'], T0 + 10 * SECOND)
    expect(gauge.uses).toHaveLength(1)
    expect(failures).toHaveLength(2)
    expect(asked).toHaveLength(3)
  })

  it('is bounded, whatever members there are', async () => {
    const many = (id: string) =>
      Array.from({ length: 50 }, (_, at) => used(`${id} ${at}`, at / 100))
    const members = Array.from({ length: 20 }, (_, at) => `w${at}`)
    const { gauge } = gaugeOf(Object.fromEntries(members.map(id => [id, many(id)])))
    await gauge.round(() => members, T0)
    expect(gauge.uses).toHaveLength(400)
    expect(gauge.uses.at(-1)?.share).toBe(0.3)
  })
})
