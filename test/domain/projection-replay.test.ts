import { describe, expect, it } from 'vitest'
import { directoryOf } from '../../src/domain/directory.ts'
import { laneName, placeNamed } from '../../src/domain/payment-id.ts'
import { lanesOf, REPLAY_LANES, replayOf } from '../../src/domain/projection-replay.ts'
import { epoch, wallet } from '../db/network.ts'

const center = { id: 'hk', number: 1, locationHint: 'apac' }
const none = { keys: [], routes: [], corridors: [], rates: [], switches: [] }
const second = { ...wallet, id: 'wallet-my', number: 12 }
const directory = directoryOf({
  version: 1,
  centers: [center, { ...center, id: 'sg', number: 2 }],
  institutions: [second, wallet],
  epochs: [
    { ...epoch, epoch: 1, from: 0, lanes: 2 },
    { ...epoch, epoch: 2, from: 10, lanes: 40 },
    { ...epoch, epoch: 3, from: 20, lanes: 2, center: 'sg' },
    { ...epoch, epoch: 4, from: 99, lanes: 64 },
    { ...epoch, institution: 'wallet-my', epoch: 1, from: 0, lanes: 20 },
  ],
  ...none,
})

const names = (id: string, now: number, after: string | null = null) =>
  lanesOf(directory, id, after === null ? null : placeNamed(after, 1), now).map(laneName)

describe('lanes of a center', () => {
  it('are those of every epoch that it had, in pages, each once', () => {
    const first = names('hk', 50)
    expect(first).toHaveLength(REPLAY_LANES + 1)
    const { next } = replayOf(lanesOf(directory, 'hk', null, 50), [])
    expect(next).toBe(first[REPLAY_LANES - 1])
    const rest = names('hk', 50, next)
    expect(rest).toHaveLength(62 - REPLAY_LANES)
    const all = new Set([...first, ...rest])
    expect(all.size).toBe(62)
    expect([...all].some(name => name.startsWith('1:4:') || name.startsWith('1:3:'))).toBe(false)
  })

  it('of many members are gone through once, in order, wherever a page ends', () => {
    const members = Array.from({ length: 300 }, (_, n) => ({
      ...wallet,
      id: `m${n}`,
      number: n + 1,
    }))
    const epochs = members.flatMap(({ id: institution, number }) => [
      { ...epoch, institution, epoch: 1, from: 0, lanes: 1 + (number % 7) },
      { ...epoch, institution, epoch: 2, from: number % 3 === 0 ? 99 : 10, lanes: 2 },
    ])
    const large = directoryOf({ ...directory.rows, institutions: members, epochs })
    const found: string[] = []
    let after: string | null = null
    do {
      const places = lanesOf(large, 'hk', after === null ? null : placeNamed(after, 1), 50)
      found.push(...places.slice(0, REPLAY_LANES).map(laneName))
      after = replayOf(places, []).next
    } while (after !== null)
    const lanes = (of: number, to: number, count: number) =>
      Array.from({ length: count }, (_, lane) => `${of}:${to}:${lane}`)
    const expected = members.flatMap(({ number }) => [
      ...lanes(number, 1, 1 + (number % 7)),
      ...(number % 3 === 0 ? [] : lanes(number, 2, 2)),
    ])
    expect(found).toEqual(expected)
  })

  it('are counted, and those that did not answer are named', () => {
    const places = lanesOf(directory, 'sg', null, 50)
    const said = [{ seq: 9, stored: 4, isBack: true }, null]
    expect(replayOf(places, said)).toEqual({
      lanes: 2,
      rewound: 1,
      behind: 5,
      unreached: ['1:3:1'],
      next: null,
    })
  })
})
