/** How an edge asks centers, and what it does about one that does not answer. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Reach } from '../../src/domain/reach.ts'
import { Unavailable } from '../../src/domain/unavailable.ts'
import { asking } from '../../src/reach.ts'

const lost = () => Promise.reject(new Unavailable('a center', 'Network connection lost.'))
const busy = () => Promise.reject(new Unavailable('a center', 'too much', { overloaded: true }))
const broken = () => Promise.reject(new Error('broken belief'))
const well = () => Promise.resolve('well')

// A center that is away is tried twice a second: no time passes here.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterAll(() => void vi.useRealTimers())

function edge() {
  const told: string[] = []
  const behind: Promise<unknown>[] = []
  const ask = asking(new Reach(), {
    complain: async (center, misses) => void told.push(`${center} ${misses}`),
    renew: async () => void told.push('renew'),
    after: work => void behind.push(work),
  })
  return {
    told,
    /** What whoever asks hears. */
    async hear(call: () => Promise<string>, center = 'sg', patienceMs = 1_000): Promise<string> {
      const said = await ask(center, patienceMs, call).catch((error: Error) => error)
      await Promise.all(behind)
      if (!(said instanceof Error)) return said
      return said instanceof Unavailable && said.unsent ? 'unsent' : said.message
    },
  }
}

describe('a center that an edge asks', () => {
  it('is asked as long as it answers, and nobody is told anything', async () => {
    const { told, hear } = edge()
    expect([await hear(well), await hear(well)]).toEqual(['well', 'well'])
    expect(told).toEqual([])
  })

  it('and does not hear is complained of, and after three times nothing is sent there', async () => {
    const { told, hear } = edge()
    for (let call = 0; call < 3; call += 1)
      expect(await hear(lost)).toMatch('Network connection lost')
    expect(told).toEqual(['sg 1', 'renew', 'sg 2', 'renew', 'sg 3', 'renew'])
    expect(await hear(well)).toBe('unsent')
    expect(await hear(well, 'hk')).toBe('well')
  })

  it('and answers again is told of once', async () => {
    const { told, hear } = edge()
    await hear(lost)
    expect([await hear(well), await hear(well)]).toEqual(['well', 'well'])
    expect(told).toEqual(['sg 1', 'renew', 'sg 0'])
  })

  it.each([
    ['has too much to do', busy],
    ['fails for a reason of its own', broken],
  ])('and %s is there', async (_, call) => {
    const { told, hear } = edge()
    for (let times = 0; times < 9; times += 1) expect(await hear(call)).not.toBe('unsent')
    expect(told).toEqual([])
  })

  it('and takes too long is missed like one that is not there; what it does may still be done', async () => {
    const { told, hear } = edge()
    const never = () => new Promise<string>(() => undefined)
    expect(await hear(never, 'sg', 5)).toMatch('sg is away')
    expect(told).toEqual(['sg 1', 'renew'])
  })
})
