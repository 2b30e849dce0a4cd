import { describe, expect, it } from 'vitest'
import { directoryOf } from '../../src/domain/directory.ts'
import { packJson } from '../../src/domain/pack.ts'
import { type Digest, digester } from '../../src/domain/window-digest.ts'
import { refill } from '../../src/queues/refill.ts'
import { tellMonitor, type WatchPorts } from '../../src/queues/tell-monitor.ts'
import { committed, Lane } from '../db/lane.ts'

const rows = {
  version: 1,
  centers: [],
  institutions: [],
  keys: [],
  epochs: [],
  routes: [],
  corridors: [],
  rates: [],
  switches: [],
}
const digest = digester({ directory: directoryOf(rows), token: text => text })

function ports(change: Partial<WatchPorts> = {}) {
  const fed: Digest[] = []
  const lines: object[] = []
  const made: WatchPorts = {
    digester: async () => digest,
    feed: async digests => {
      fed.push(...digests)
    },
    pause: () => new Promise(() => null),
    log: line => lines.push(line),
    ...change,
  }
  return { made, fed, lines }
}

function lane(): Lane {
  const busy = new Lane()
  return busy.tell(busy.open(), committed)
}

describe('telling the monitor', () => {
  it('brings it the digests of all runs in one call', async () => {
    const { made, fed, lines } = ports()
    await tellMonitor([lane().run(1, 1), lane().run(2, 2)], made)
    expect(fed.map(({ from }) => from)).toEqual([1, 2])
    expect(lines).toEqual([])
  })

  it.each([
    ['is away', { feed: () => Promise.reject(new Error('away')) }],
    ['hangs', { feed: () => new Promise<void>(() => null), pause: async () => null }],
    ['cannot be digested for', { digester: () => Promise.reject(new Error('no directory')) }],
  ])('ends with a line where it %s', async (_, change) => {
    const { made, lines } = ports(change)
    await tellMonitor([lane().run()], made)
    expect(lines).toMatchObject([{ log: 'monitor', event: 'untold', runs: 1 }])
  })
})

describe('a refill', () => {
  it('brings what lanes still have, and says which are away and what is gone', async () => {
    const whole = lane()
    const lines: object[] = []
    const answers = await refill(
      [
        { lane: 'here', from: 2, to: 2, since: 0 },
        { lane: 'gone', from: 1, to: 5, since: 0 },
        { lane: 'away', from: 1, to: 5, since: 0 },
      ],
      {
        retell: async (name, seq) => {
          if (name === 'away') throw new Error('away')
          return name === 'here' ? packJson(whole.run(seq + 1)) : null
        },
        digest,
        log: line => lines.push(line),
      },
    )
    expect(answers).toMatchObject([{ from: 2, to: 2 }, 'gone', 'away'])
    expect(lines).toHaveLength(1)
  })
})
