import { beforeEach, describe, expect, it, vi } from 'vitest'
import { changeDirectory, readDirectory, readDirectoryVersion } from '../../src/db/directory.ts'
import {
  dropRate,
  dropRoute,
  liftSwitch,
  putAllowance,
  putCorridor,
  putEpoch,
  putInstitution,
  putKey,
  putLimit,
  putRate,
  putRoute,
  putSwitch,
} from '../../src/db/directory-change.ts'
import type { CodeRoute, Switch } from '../../src/domain/directory.ts'
import { EPOCH_NOTICE_MS } from '../../src/domain/epoch.ts'
import { makeKeyPair } from '../../src/trust/keys.ts'
import { openD1 } from './d1.ts'
import { acquirer, epoch, NOW, network, provider, terms, wallet } from './network.ts'

const route: CodeRoute = {
  family: 'promptpay',
  market: null,
  key: '*',
  institution: 'acquirer-cn',
  rank: 10,
}
const rate = {
  provider: 'fx-one',
  base: 'CNY',
  counter: 'THB',
  value: '4.9748',
  markupBp: 30,
  asOf: 0,
  goodForMs: 60_000,
}
const corridor = {
  payerMarket: 'TH',
  payeeMarket: 'CN',
  status: 'open',
  singleMaxMinor: 1_000_000_000_000_000n,
  interchangeBp: 60,
  walletCancelMinutes: 15,
  whenPersonAway: 'accept',
  whenPersonUnstated: 'refuse',
  serviceFeeBp: 20,
} as const
const limit = {
  institution: 'wallet-th',
  scope: '*',
  kind: 'value_day',
  from: 0,
  value: 1_000_000_000_000_000n,
} as const
const allowance = { corridor: '*>CN', kind: 'year', from: 0, value: 5_000_000n } as const
const hk = {
  ...{ id: 'hk', number: 1, locationHint: 'apac', since: 0 },
  ...{ status: 'up', statusSince: 0, standby: null, pinned: false },
}
const off: Switch = { subject: 'family', name: 'qris', reason: 'maintenance', until: NOW + 1 }

describe('the directory in D1', () => {
  let d1: D1Database
  beforeEach(() => {
    d1 = openD1('directory').d1
  })

  it('begins empty at version 0', async () => {
    const empty = { centers: [], institutions: [], keys: [], epochs: [], routes: [] }
    expect(await readDirectory(d1)).toMatchObject({ version: 0, ...empty, corridors: [] })
  })

  it('gives back every row as it was put', async () => {
    const pair = await makeKeyPair('key-1', 'wallet-th', 'ecdsa-p256-sha256')
    const { id, institution, algorithm, publicKey } = pair
    const key = { id, institution, algorithm, publicKey, notBefore: 0, notAfter: 8.64e15 }
    const changes = [
      ...network,
      putKey(key),
      putRoute(route),
      putRoute({ ...route, market: 'TH' }),
      putCorridor(corridor),
      putCorridor({ ...corridor, payeeMarket: 'TH', singleMaxMinor: null }),
      putRate(rate),
      putSwitch(off),
      putSwitch({ ...off, name: 'vietqr', until: null }),
      putLimit(limit),
      putLimit({ ...limit, from: NOW, value: null }),
      putAllowance(allowance),
      putAllowance({ ...allowance, from: NOW, value: null }),
    ]
    expect(await changeDirectory(d1, 0, changes, terms)).toEqual({ ok: true, version: 1 })

    const rows = await readDirectory(d1)
    expect(rows.version).toBe(1)
    expect(rows.centers).toEqual([hk])
    expect(rows.institutions).toEqual([acquirer, provider, wallet])
    expect(rows.keys).toEqual([key])
    expect(rows.epochs).toEqual([epoch])
    expect(rows.routes).toEqual([route, { ...route, market: 'TH' }])
    expect(rows.corridors).toEqual([
      corridor,
      { ...corridor, payeeMarket: 'TH', singleMaxMinor: null },
    ])
    expect(rows.rates).toEqual([rate])
    expect(rows.switches).toEqual([off, { ...off, name: 'vietqr', until: null }])
    expect(rows.limits).toEqual([limit, { ...limit, from: NOW, value: null }])
    expect(rows.allowances).toEqual([allowance, { ...allowance, from: NOW, value: null }])
  })

  it('takes the same change again without a difference but the version', async () => {
    await changeDirectory(d1, 0, network, terms)
    const once = await readDirectory(d1)
    expect(await changeDirectory(d1, 1, network, terms)).toEqual({ ok: true, version: 2 })
    expect(await readDirectory(d1)).toEqual({ ...once, version: 2 })
  })

  it('replaces a row under its key, and drops what may go', async () => {
    const rows = [putRoute(route), putRate(rate), putCorridor(corridor), putSwitch(off)]
    await changeDirectory(d1, 0, [...network, ...rows], terms)
    await changeDirectory(
      d1,
      1,
      [
        putInstitution({ ...wallet, status: 'suspended' }),
        putCorridor({ ...corridor, status: 'closed' }),
        dropRoute(route),
        dropRate('fx-one', 'CNY', 'THB'),
        liftSwitch('family', 'qris'),
      ],
      terms,
    )
    const after = await readDirectory(d1)
    expect(after.institutions.find(row => row.id === 'wallet-th')?.status).toBe('suspended')
    expect(after.corridors[0]?.status).toBe('closed')
    expect([after.routes, after.rates, after.switches]).toEqual([[], [], []])
  })

  it('tells the version to one who comes with an old one, and writes nothing', async () => {
    await changeDirectory(d1, 0, network, terms)
    const late = await changeDirectory(d1, 0, [putRate(rate)], terms)
    expect(late).toEqual({ ok: false, reason: 'version_moved', version: 1 })
    expect((await readDirectory(d1)).rates).toEqual([])
  })

  it('lets exactly one of two racing writers through', async () => {
    await changeDirectory(d1, 0, network, terms)
    const batch = vi.spyOn(d1, 'batch')
    const outcomes = await Promise.all([
      changeDirectory(d1, 1, [putRate({ ...rate, value: '1' })], terms),
      changeDirectory(d1, 1, [putRate({ ...rate, value: '2' }), putSwitch(off)], terms),
    ])
    expect(outcomes).toEqual([
      { ok: true, version: 2 },
      { ok: false, reason: 'version_moved', version: 2 },
    ])
    // Both read and both wrote: the loser was stopped by the database.
    expect(batch).toHaveBeenCalledTimes(4)
    const rows = await readDirectory(d1)
    expect(rows.rates.map(row => row.value)).toEqual(['1'])
    expect(rows.switches).toEqual([])
  })

  it('writes no epoch that the database would have for less than its notice', async () => {
    await changeDirectory(d1, 0, network, terms)
    const next = { ...epoch, epoch: 2, from: NOW + EPOCH_NOTICE_MS + 60_000 }
    const ask = d1.batch.bind(d1)
    // A database that takes a minute from the reading to the writing, by its own clock.
    vi.spyOn(d1, 'batch').mockImplementationOnce(async statements => {
      const read = await ask(statements)
      const [row] = read[0]!.results as Record<string, number>[]
      row!["unixepoch('subsec')"]! -= 61
      return read as never
    })
    expect(await changeDirectory(d1, 1, [putEpoch(next)], terms)).toEqual({
      ...{ ok: false, reason: 'too_late', version: 1 },
    })
    expect((await readDirectory(d1)).epochs).toEqual([epoch])
    expect(await changeDirectory(d1, 1, [putEpoch(next)], terms)).toEqual({ ok: true, version: 2 })
  })

  it('writes nothing of a change with one wrong row, and points at it', async () => {
    const outcome = await changeDirectory(
      d1,
      0,
      [...network, putRate({ ...rate, value: '0' })],
      terms,
    )
    expect(outcome).toMatchObject({
      ok: false,
      reason: 'change_invalid',
      fields: [{ pointer: '/5/row/value' }],
    })
    expect(await readDirectoryVersion(d1)).toBe(0)
  })

  it('refuses a key that cannot be imported', async () => {
    const { id, institution, publicKey } = await makeKeyPair('key-1', 'wallet-th', 'ed25519')
    const key = { id, institution, publicKey, notBefore: 0, notAfter: 1 }
    const put = putKey({ ...key, algorithm: 'ecdsa-p256-sha256' })
    expect(await changeDirectory(d1, 0, [...network, put], terms)).toMatchObject({
      fields: [{ pointer: '/5/row/publicKey', says: 'is no key for ecdsa-p256-sha256' }],
    })
  })
})
