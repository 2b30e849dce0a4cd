import { describe, expect, it } from 'vitest'
import {
  type DirectoryChange,
  dropLimit,
  faultsOf,
  putAllowance,
  putCenter,
  putCorridor,
  putEpoch,
  putInstitution,
  putKey,
  putLimit,
  putRate,
  putRoute,
  putSwitch,
} from '../../src/db/directory-change.ts'
import { STALE_MS } from '../../src/db/snapshot.ts'
import type { DirectoryRows } from '../../src/domain/directory.ts'
import { EPOCH_NOTICE_MS, SURE_MS } from '../../src/domain/epoch.ts'
import { packJson } from '../../src/domain/pack.ts'
import { acquirer, epoch, NOW, network, terms, wallet } from './network.ts'

const empty: DirectoryRows = {
  version: 0,
  centers: [],
  institutions: [],
  keys: [],
  epochs: [],
  routes: [],
  corridors: [],
  rates: [],
  switches: [],
}

/** The fields at fault in a change that comes after the small network and these. */
const faults = (
  change: DirectoryChange,
  before: readonly DirectoryChange[] = [],
  sandbox = false,
) =>
  faultsOf(empty, [...network, ...before, change], { ...terms, sandbox }).map(({ pointer }) =>
    pointer.replace(/^\/\d+\/row\//, ''),
  )

const center = { id: 'sg', number: 2, locationHint: 'apac-se' }
const key = {
  id: 'k1',
  institution: 'wallet-th',
  algorithm: 'ed25519',
  publicKey: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
  notBefore: 0,
  notAfter: 1,
} as const
const route = { family: 'qris', market: 'ID', key: '9360', institution: 'acquirer-cn', rank: 0 }
const corridor = {
  payerMarket: 'TH',
  payeeMarket: 'CN',
  status: 'open',
  singleMaxMinor: 1n,
  interchangeBp: 0,
  serviceFeeBp: 0,
} as const
const rate = {
  provider: 'fx-one',
  base: 'CNY',
  counter: 'THB',
  value: '4.9748',
  markupBp: 0,
  asOf: 0,
  goodForMs: 60_000,
}
const allowance = { corridor: '*>CN', kind: 'year', from: 0, value: 5_000_000n } as const
const off = { subject: 'institution', name: 'wallet-th', reason: 'fraud', until: null } as const

const wrong = <T extends object>(
  put: (row: T) => DirectoryChange,
  good: T,
  ...variants: [field: string, ...values: unknown[]][]
): [string, string, DirectoryChange][] =>
  variants.flatMap(([field, ...values]) =>
    values.map((value): [string, string, DirectoryChange] => [
      field,
      packJson(value),
      put({ ...good, [field]: value }),
    ]),
  )

describe('a row of the directory', () => {
  it('is taken when it keeps all rules', () => {
    const good = [
      putCenter(center),
      putKey(key),
      putRoute(route),
      putCorridor(corridor),
      putRate(rate),
      putSwitch(off),
      putAllowance(allowance),
      putAllowance({ ...allowance, corridor: 'TH>CN', kind: 'single', value: null }),
    ]
    expect(faultsOf(empty, [...network, ...good], terms)).toEqual([])
  })

  it.each([
    ...wrong(
      putCenter,
      center,
      ['id', 'S', 'sg sg', ''],
      ['number', 0, 256, 1.5, 1],
      ['locationHint', 'mars'],
    ),
    ...wrong(
      putInstitution,
      { ...wallet, id: 'wallet-my', number: 9 },
      ['id', 'ab', 'Wallet', 'x'.repeat(33), 'gateway'],
      ['number', 0, 16_777_216, 2],
      ['name', '', 'a\nb', 'x'.repeat(101)],
      ['role', 'bank'],
      ['market', 'TW1', 'th'],
      ['currencies', [], ['THB', 'THB'], ['XXX'], ['BGN']],
      ['zone', 'Asia/Nowhere', ''],
      ['status', 'gone'],
      [
        'endpoint',
        'http://wallet.example',
        'https://wallet.example/',
        'https://10.0.0.1',
        'https://u:p@wallet.example',
        'https://wallet.example?x',
        'ftp://wallet.example',
        'wallet',
      ],
    ),
    ...wrong(
      putKey,
      key,
      ['id', '', 'a b', 'x'.repeat(65)],
      ['institution', 'nobody'],
      ['algorithm', 'rsa'],
      ['publicKey', '', 'not base64!'.repeat(5)],
      ['notBefore', -1, 1, 2],
      ['notAfter', 1.5, 1e16],
    ),
    ...wrong(
      putRoute,
      route,
      ['family', 'nowhere'],
      ['market', '', 'idn'],
      ['key', '', 'a b'],
      ['institution', 'nobody', 'fx-one'],
      ['rank', -1, 0.5],
    ),
    ...wrong(
      putCorridor,
      corridor,
      ['payerMarket', ''],
      ['payeeMarket', 'C'],
      ['status', 'ajar'],
      ['singleMaxMinor', 0n, 1_000_000_000_000_001n],
      ['interchangeBp', -1, 10_001, 0.5],
      ['serviceFeeBp', -1],
      ['walletCancelMinutes', -1, 1_441, 0.5],
      ['whenPersonAway', 'perhaps'],
      ['whenPersonUnstated', 'perhaps'],
    ),
    ...wrong(
      putAllowance,
      allowance,
      ['corridor', '', 'TH', '*>*', 'TH>cn', 'th>CN', '>CN'],
      ['kind', 'month'],
      ['from', -1, 0.5],
      ['value', -1n, 1_000_000_000_000_001n],
    ),
    ...wrong(
      putRate,
      rate,
      ['provider', 'nobody', 'wallet-th'],
      ['base', 'CNX'],
      ['counter', 'CNY', 'THX'],
      ['value', '0', '0.000', '-1', '1e3', '', '1.1234567890123456789'],
      ['markupBp', -1, 10_001],
      ['asOf', -1, 0.5, Number.MAX_SAFE_INTEGER],
      ['goodForMs', 0, 999, 86_400_001],
    ),
    ...wrong(
      putSwitch,
      off,
      ['subject', 'planet'],
      ['name', 'nobody'],
      ['reason', '', 'x'.repeat(201)],
      ['until', NOW, Number.NaN],
    ),
    ...wrong(
      putEpoch,
      { ...epoch, epoch: 2, from: NOW + EPOCH_NOTICE_MS },
      ['institution', 'nobody'],
      ['epoch', 0, 65_536],
      ['center', 'mars'],
      ['lanes', 0, 65, 1.5],
      ['home', 'mars', 'hk'],
    ),
  ])('is refused for its %s when that is %s', (field, _, change) => {
    expect(faults(change)).toContain(field)
  })

  it('may be on loopback in the sandbox only', () => {
    const local = putInstitution({ ...wallet, endpoint: 'http://127.0.0.1:9001' })
    expect(faults(local)).toEqual(['endpoint'])
    expect(faults(local, [], true)).toEqual([])
  })

  it('names a switch of something that there is', () => {
    expect(faults(putSwitch({ ...off, subject: 'corridor', name: 'TH>CN' }))).toEqual(['name'])
    expect(
      faults(putSwitch({ ...off, subject: 'corridor', name: 'TH>CN' }), [putCorridor(corridor)]),
    ).toEqual([])
    expect(faults(putSwitch({ ...off, subject: 'family', name: 'qris' }))).toEqual([])
    expect(faults(putSwitch({ ...off, subject: 'scenario', name: 'inbound' }))).toEqual([])
    expect(faults(putSwitch({ ...off, subject: 'family', name: 'order' }))).toEqual([])
    expect(faults(putSwitch({ ...off, subject: 'family', name: 'orders' }))).toEqual(['name'])
    expect(faults(putSwitch({ ...off, subject: 'scenario', name: 'sideways' }))).toEqual(['name'])
  })

  it('keeps its number for good, and nobody else gets it', () => {
    expect(faults(putInstitution({ ...wallet, number: 7 }))).toEqual(['number'])
    expect(faults(putInstitution({ ...acquirer, number: wallet.number }))).toContain('number')
    expect(faults(putCenter({ ...center, id: 'hk' }))).toEqual(['number'])
  })

  it('leaves the merchant something', () => {
    expect(faults(putCorridor({ ...corridor, interchangeBp: 9_999, serviceFeeBp: 2 }))).toEqual([
      'serviceFeeBp',
    ])
  })

  it('keeps a key what it was, all but its validity', () => {
    expect(faults(putKey({ ...key, notAfter: 5 }), [putKey(key)])).toEqual([])
    expect(faults(putKey({ ...key, institution: 'acquirer-cn' }), [putKey(key)])).toEqual(['id'])
    expect(
      faults(putKey({ ...key, publicKey: key.publicKey.replace('E=', 'A=') }), [putKey(key)]),
    ).toEqual(['id'])
  })
})

describe('an epoch', () => {
  const next = { ...epoch, epoch: 2, from: NOW + EPOCH_NOTICE_MS }

  it('is announced longer before than a snapshot is old', () => {
    expect(SURE_MS).toBeGreaterThan(STALE_MS)
    expect(faults(putEpoch(next))).toEqual([])
    expect(faults(putEpoch({ ...next, from: next.from - 1 }))).toEqual(['from'])
  })

  it('rises in number and in time', () => {
    const third = { ...next, epoch: 3, from: next.from + 1 }
    expect(faults(putEpoch(third), [putEpoch(next)])).toEqual([])
    expect(faults(putEpoch({ ...third, from: next.from }), [putEpoch(next)])).toEqual(['from'])
    expect(faults(putEpoch({ ...third, epoch: 2 }), [putEpoch(third)])).toEqual(['epoch', 'from'])
  })

  it('never changes once it is announced, and can be put again as it is', () => {
    expect(faults(putEpoch(epoch))).toEqual([])
    expect(faults(putEpoch({ ...epoch, lanes: 8 }))).toContain('epoch')
    expect(faults(putEpoch({ ...next, lanes: 8 }), [putEpoch(next)])).toContain('epoch')
  })

  it('that is the first of an institution needs no notice', () => {
    expect(faults(putEpoch({ ...epoch, institution: 'acquirer-cn', from: NOW - 1 }))).toEqual([])
  })
})

describe('a limit', () => {
  const limit = {
    institution: 'wallet-th',
    scope: '*',
    kind: 'value_day',
    from: NOW,
    value: 1n,
  } as const

  it('is of one who pays or is paid, about payments there can be', () => {
    expect(faults(putLimit(limit))).toEqual([])
    expect(faults(putLimit({ ...limit, scope: 'TH>CN' }))).toEqual([])
    expect(faults(putLimit({ ...limit, scope: 'acquirer-cn' }))).toEqual([])
    expect(faults(putLimit({ ...limit, institution: 'fx-one' }))).toEqual(['institution'])
    expect(faults(putLimit({ ...limit, scope: 'wallet-th' }))).toEqual(['scope'])
    expect(faults(putLimit({ ...limit, scope: 'nobody' }))).toEqual(['scope'])
    expect(faults(putLimit({ ...limit, value: null }))).toEqual([])
    expect(faults(putLimit({ ...limit, value: -1n }))).toEqual(['value'])
    expect(faults(putLimit({ ...limit, kind: 'per_second', value: 1_000_001n }))).toEqual(['value'])
    const owes = { ...limit, institution: 'acquirer-cn', kind: 'net_debit' } as const
    expect(faults(putLimit(owes))).toEqual(['kind'])
  })

  it('never changes what has been in force', () => {
    const first = putLimit({ ...limit, from: 0 })
    expect(faults(first)).toEqual([])
    expect(faults(putLimit({ ...limit, from: 0, value: 2n }), [first])).toEqual(['from'])
    expect(faults(first, [first])).toEqual([])
    expect(faults(putLimit({ ...limit, from: NOW - 1 }), [first])).toEqual(['from'])
    expect(faults(putLimit({ ...limit, from: NOW }), [first])).toEqual([])
    expect(faults(dropLimit(limit), [putLimit(limit)])).toEqual(['from'])
    const announced = { ...limit, from: NOW + 1 }
    expect(faults(dropLimit(announced), [putLimit(announced)])).toEqual([])
  })
})

describe('an allowance', () => {
  const first = putAllowance(allowance)

  it('never changes what has been in force', () => {
    expect(faults(first)).toEqual([])
    expect(faults(putAllowance({ ...allowance, value: 1n }), [first])).toEqual(['from'])
    expect(faults(first, [first])).toEqual([])
    expect(faults(putAllowance({ ...allowance, from: NOW - 1 }), [first])).toEqual(['from'])
    const announced = { ...allowance, from: NOW + 1 }
    expect(faults(putAllowance(announced), [first])).toEqual([])
    expect(faults({ drop: 'allowance', row: announced }, [putAllowance(announced)])).toEqual([])
    expect(faults({ drop: 'allowance', row: allowance }, [first])).toEqual(['from'])
  })

  it('lets a center come only for the years after it, because persons of a year are placed by who was there', () => {
    expect(faults(putCenter(center))).toEqual([])
    expect(faults(putCenter(center), [first])).toEqual(['since'])
    expect(faults(putCenter({ ...center, since: NOW + EPOCH_NOTICE_MS }), [first])).toEqual([])
    const moved = { ...center, since: NOW + 2 * EPOCH_NOTICE_MS }
    expect(faults(putCenter(moved), [putCenter(center)])).toEqual(['since'])
  })
})
