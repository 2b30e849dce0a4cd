import { reset } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { changeDirectory, readDirectory, readDirectoryVersion } from '../../src/db/directory.ts'
import { putInstitution, putKey, putRate, putRoute } from '../../src/db/directory-change.ts'
import { DirectorySnapshot, snapshotPorts } from '../../src/db/snapshot.ts'
import { makeKeyPair } from '../../src/trust/keys.ts'
import { network, terms, wallet } from '../db/network.ts'
import { directoryDatabase } from './migrated.ts'

const rate = {
  provider: 'fx-one',
  base: 'CNY',
  counter: 'THB',
  value: '4.9748',
  markupBp: 30,
  asOf: 0,
  goodForMs: 60_000,
}

describe('the directory in a real D1', () => {
  let d1: D1Database
  beforeEach(async () => {
    await reset()
    d1 = await directoryDatabase()
    await changeDirectory(d1, 0, network, terms)
  })

  it('gives back what was put', async () => {
    const { privateKey: _, ...pair } = await makeKeyPair('key-1', 'wallet-th', 'ed25519')
    const key = { ...pair, notBefore: 0, notAfter: 8.64e15 }
    const institution = 'acquirer-cn'
    const route = { family: 'unionpay', market: null, key: '*', institution, rank: 1 }
    const changes = [putKey(key), putRoute(route), putRate(rate)]
    expect(await changeDirectory(d1, 1, changes, terms)).toEqual({ ok: true, version: 2 })
    expect(await readDirectory(d1)).toMatchObject({
      version: 2,
      institutions: [{}, {}, wallet],
      keys: [key],
      routes: [route],
      rates: [rate],
    })
  })

  it('lets exactly one of many racing writers through, and nothing of the others', async () => {
    const writers = Array.from({ length: 8 }, (_, writer) =>
      changeDirectory(d1, 1, [putRate({ ...rate, value: `${writer + 1}` })], terms),
    )
    const outcomes = await Promise.all(writers)
    expect(outcomes.filter(outcome => outcome.ok)).toEqual([{ ok: true, version: 2 }])
    const lost = outcomes.filter(outcome => !outcome.ok)
    expect(lost).toHaveLength(7)
    expect(new Set(lost.map(({ version }) => version))).toEqual(new Set([2]))
    const winner = outcomes.findIndex(outcome => outcome.ok)
    expect((await readDirectory(d1)).rates).toEqual([{ ...rate, value: `${winner + 1}` }])
  })

  it('raises the version by one and by nothing else', async () => {
    await changeDirectory(d1, 1, [], terms)
    await changeDirectory(d1, 1, [], terms)
    expect(await readDirectoryVersion(d1)).toBe(2)
  })

  it('reaches a snapshot within five seconds', async () => {
    const snapshot = new DirectorySnapshot({
      ...snapshotPorts(d1, () => {}),
      elsewhere: async () => null,
    })
    const nobody = () => {}
    expect((await snapshot.get(0, nobody)).isOpen('wallet-th', 0)).toBe(true)
    await changeDirectory(d1, 1, [putInstitution({ ...wallet, status: 'suspended' })], terms)
    expect((await snapshot.get(5_000, nobody)).isOpen('wallet-th', 0)).toBe(false)
  })
})
