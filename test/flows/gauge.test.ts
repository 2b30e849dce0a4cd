import { describe, expect, it } from 'vitest'
import { directoryOf } from '../../src/domain/directory.ts'
import type { Limit } from '../../src/domain/limit.ts'
import { gauge } from '../../src/flows/gauge.ts'
import { wallet } from '../db/network.ts'

const NOW = Date.UTC(2026, 9, 1)

/** So many wallets, the last of which has no limit that counts up. */
function network(members: number) {
  const ids = Array.from({ length: members }, (_, at) => `wallet-${`${at}`.padStart(2, '0')}`)
  const limits = ids.map(
    (institution, at): Limit => ({
      institution,
      scope: '*',
      kind: at === members - 1 ? 'single_max' : 'net_debit',
      from: 0,
      value: 1_000n,
    }),
  )
  const directory = directoryOf({
    version: 1,
    centers: [],
    institutions: ids.map((id, at) => ({ ...wallet, id, number: at + 1 })),
    keys: [],
    // The first is at home elsewhere.
    epochs: ids.map((institution, at) => ({
      ...{ institution, epoch: 1, from: 0, lanes: 1 },
      center: at === 0 ? 'sg' : 'hk',
    })),
    routes: [],
    corridors: [],
    rates: [],
    switches: [],
    limits,
  })
  const asked: string[] = []
  const lines: object[] = []
  const lender = (id: string) => ({
    async uses() {
      asked.push(id)
      if (id === 'wallet-03') throw new Error('away')
      return [{ limit: `${id} * net_debit -`, used: 250n, held: 1n, asOf: null }]
    },
  })
  return {
    asked,
    lines,
    ports: { center: 'hk', directory, now: NOW, lender, log: (line: object) => lines.push(line) },
  }
}

describe('a reading of the limits', () => {
  it('asks the busy ones, and those of the others that are next, until all had their turn', async () => {
    const { ports, asked } = network(13)
    const first = await gauge(['wallet-11'], '', ports)
    expect(asked.toSorted()).toEqual([
      ...['wallet-01', 'wallet-02', 'wallet-03', 'wallet-04', 'wallet-05', 'wallet-06'],
      ...['wallet-07', 'wallet-08', 'wallet-11'],
    ])
    expect(first.next).toBe('wallet-08')
    asked.length = 0
    // The last of them has nothing to ask about.
    expect((await gauge([], first.next, ports)).next).toBeNull()
    expect(asked).toEqual(['wallet-09', 'wallet-10', 'wallet-11'])
    asked.length = 0
    // Busy here, wherever it is at home.
    await gauge(['wallet-00'], null, ports)
    expect(asked).toEqual(['wallet-00'])
    asked.length = 0
    await gauge(['wallet-12', 'stranger'], null, ports)
    expect(asked).toEqual([])
  })

  it('says what was used, and nothing of a member that could not be asked', async () => {
    const { ports, lines } = network(5)
    const { members } = await gauge(['wallet-02', 'wallet-03'], null, ports)
    expect(members).toEqual([
      [
        'wallet-02',
        [{ limit: 'wallet-02 * net_debit -', used: 250n, held: 1n, asOf: null, share: 0.25 }],
      ],
    ])
    expect(lines).toMatchObject([{ log: 'gauge', institution: 'wallet-03' }])
  })
})
