import { describe, expect, it } from 'vitest'
import {
  type AllowanceRow,
  type Person,
  personCenter,
  personObject,
} from '../../src/domain/allowance.ts'
import { allowanceLeft } from '../../src/domain/allowance-left.ts'
import { beyondYear, spends } from '../../src/domain/allowance-take.ts'
import type { Corridor } from '../../src/domain/corridor.ts'
import { type Center, directoryOf } from '../../src/domain/directory.ts'
import type { Status } from '../../src/domain/payment.ts'
import { acquirer, provider, wallet } from '../db/network.ts'

const NOW = Date.UTC(2026, 9, 1)
const corridor: Corridor = {
  payerMarket: 'TH',
  payeeMarket: 'CN',
  status: 'open',
  singleMaxMinor: null,
  interchangeBp: 0,
  serviceFeeBp: 0,
}
const rate = {
  provider: 'fx-one',
  base: 'CNY',
  counter: 'USD',
  value: '0.14',
  markupBp: 0,
  // Long ago: a rate that nobody is bound by may be old.
  asOf: 0,
  goodForMs: 60_000,
}
const centers: readonly Center[] = [{ id: 'hk', number: 1, locationHint: 'apac' }]

const row = (kind: AllowanceRow['kind'], value: bigint | null, more: Partial<AllowanceRow> = {}) =>
  ({ corridor: '*>CN', kind, from: 0, value, ...more }) satisfies AllowanceRow
const rule = [row('single', 5_000_00n), row('year', 50_000_00n), row('year_without_id', 2_000_00n)]

const directory = (allowances: readonly AllowanceRow[], change: Partial<Corridor> = {}) =>
  directoryOf({
    version: 1,
    centers,
    institutions: [wallet, acquirer, provider],
    keys: [],
    epochs: [],
    routes: [],
    corridors: [{ ...corridor, ...change }],
    rates: [rate],
    switches: [],
    allowances,
  })

const known: Person = { tokens: [{ from: 2000, token: 'aa11' }], isKnown: true }
const unknown: Person = { ...known, isKnown: false }

/** What it takes, or the code that refuses. */
function spent(minor: bigint, person: Person | null, of = directory(rule), now = NOW) {
  const payee = { currency: 'CNY', minor }
  const said = spends({ wallet, acquirer, payee, person }, of, now)
  return said.ok ? said.value : said.refusal.code
}

describe('a payment takes of its payer', () => {
  it('its amount in cents of US dollars, rounded up, in the year of the merchant', () => {
    expect(spent(101n, known)).toEqual({
      cap: 50_000_00n,
      allowance: {
        token: 'aa11',
        isKnown: true,
        pool: '*>CN',
        minor: 15n,
        year: '2026',
        resetsAt: Date.UTC(2026, 11, 31, 16),
        center: 'hk',
      },
    })
    const newYear = Date.UTC(2026, 11, 31, 16)
    expect(spent(101n, known, directory(rule), newYear)).toMatchObject({
      allowance: { year: '2027' },
    })
  })

  it('nothing where nobody is counted, at home, and where only single payments are bounded', () => {
    expect(spent(101n, null, directory([]))).toBeNull()
    expect(spent(101n, null, directory([row('year', 1n, { corridor: '*>JP' })]))).toBeNull()
    expect(spent(101n, known, directory([row('single', 500n)]))).toBeNull()
    const said = spends(
      { wallet: acquirer, acquirer, payee: { currency: 'CNY', minor: 1n }, person: null },
      directory(rule),
      NOW,
    )
    expect(said).toEqual({ ok: true, value: null })
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [says: string, minor: bigint, person: Person | null, want: string | object]>([
    ['the most of one payment',            35_714_28n, known,   { cap: 50_000_00n }],
    ['a cent more',                        35_714_35n, known,   'LIMIT_SINGLE'],
    ['without a document to its end',      14_285_71n, unknown, { cap: 2_000_00n }],
    ['without a document a cent more',     14_285_78n, unknown, 'LIMIT_ID_REQUIRED'],
    ['of somebody who is not stated',              1n, null,    'LIMIT_ID_REQUIRED'],
  ])('%s', (_, minor, person, want) => {
    const said = spent(minor, person)
    if (typeof want === 'string') expect(said).toBe(want)
    else expect(said).toMatchObject(want)
  })

  it('of one who is not stated only what one payment may be, where the corridor lets it', () => {
    const lenient = directory(rule, { whenPersonUnstated: 'accept' })
    expect(spent(35_714_28n, null, lenient)).toBeNull()
    expect(spent(35_714_35n, null, lenient)).toBe('LIMIT_SINGLE')
    expect(spent(14_285_78n, unknown, lenient)).toBe('LIMIT_ID_REQUIRED')
  })

  it('what is in force: a row counts from its instant on, and one of the corridor before those of the market', () => {
    const rows = [
      ...rule,
      row('year', 60_000_00n, { from: NOW }),
      row('year', 70_000_00n, { from: NOW + 1 }),
    ]
    expect(spent(1n, known, directory(rows), NOW - 1)).toMatchObject({ cap: 50_000_00n })
    expect(spent(1n, known, directory(rows), NOW)).toMatchObject({ cap: 60_000_00n })
    expect(spent(1n, known, directory(rows), NOW + 1)).toMatchObject({ cap: 70_000_00n })
    const own = [...rule, row('year', 10_00n, { corridor: 'TH>CN' })]
    expect(spent(1n, known, directory(own))).toMatchObject({
      cap: 10_00n,
      allowance: { pool: 'TH>CN' },
    })
    const ended = rule.map(each => ({ ...each, from: NOW, value: null }))
    expect(spent(1n, null, directory([...rule, ...ended]))).toBeNull()
  })

  it('by the key of that year, so that a new key begins with a year', () => {
    const tokens = [
      { from: 2027, token: 'bb22' },
      { from: 2025, token: 'aa11' },
    ]
    const person = { tokens, isKnown: true }
    expect(spent(1n, person)).toMatchObject({ allowance: { token: 'aa11' } })
    const later = spent(1n, person, directory(rule), Date.UTC(2027, 5))
    expect(later).toMatchObject({ allowance: { token: 'bb22' } })
    expect(spent(1n, person, directory(rule), Date.UTC(2024, 5))).toBe('ALLOWANCE_UNKNOWN')
  })

  it('goes on where its object cannot be asked only if the corridor says so', () => {
    const lenient = spent(1n, known, directory(rule, { whenPersonAway: 'accept' }))
    expect(lenient).toMatchObject({ allowance: { goesOn: true } })
    expect(spent(1n, known)).not.toHaveProperty('allowance.goesOn')
  })
})

it('a payment counts until nothing came of it; a refund gives nothing back', () => {
  const taken = spent(101n, known)
  if (taken === null || typeof taken === 'string') throw new Error('it is counted')
  const statuses: readonly Status[] = [
    'pending',
    'awaiting_user',
    'in_doubt',
    'deemed',
    'committed',
    'aborted',
    'reversed',
  ]
  const { allowance } = taken
  expect(statuses.filter(status => allowanceLeft({ allowance, status }) === 0n)).toEqual([
    'aborted',
    'reversed',
  ])
  expect(allowanceLeft({ status: 'committed' })).toBe(0n)
})

describe('a refusal says which rule it is and when it begins anew, and nothing of what is used', () => {
  const newYear = Date.UTC(2026, 11, 31, 16)
  const refusal = (minor: bigint, person: Person | null, of = directory(rule)) => {
    const payee = { currency: 'CNY', minor }
    const said = spends({ wallet, acquirer, payee, person }, of, NOW)
    if (!said.ok) return said.refusal
    return said.value && beyondYear(said.value)
  }
  const standing = { institution: null, scope: '*>CN', currency: 'USD', left: null }

  it('of one payment', () => {
    const value = 5_000_00n
    expect(refusal(35_714_35n, known)).toEqual({
      code: 'LIMIT_SINGLE',
      detail: { limit: { ...standing, kind: 'single', value, left: value, resetsAt: null } },
    })
  })

  it('of the year without a document', () => {
    const limit = { ...standing, kind: 'year_without_id', value: 2_000_00n, resetsAt: newYear }
    const said = refusal(14_285_78n, unknown)
    expect(said).toEqual({ code: 'LIMIT_ID_REQUIRED', detail: { limit } })
    expect(refusal(14_285_71n, unknown)).toBeNull()
  })

  it('of the year, where one payment alone is beyond all of it', () => {
    const of = directory([row('year', 15n)])
    const limit = { ...standing, kind: 'year', value: 15n, resetsAt: newYear }
    expect(refusal(108n, known, of)).toEqual({ code: 'LIMIT_PERSON', detail: { limit } })
    expect(refusal(107n, known, of)).toBeNull()
  })
})

describe('the object of a person', () => {
  const tokens = Array.from({ length: 3_000 }, (_, n) => n.toString(16).padStart(32, '0'))

  it('is one of 256 of its year', () => {
    expect(personObject({ token: 'a7ff', year: '2026' })).toBe('2026:a7')
  })

  it('is spread over the centers', () => {
    const counts = Map.groupBy(tokens, token => personCenter(token, ['hk', 'sg', 'fra']))
    for (const list of counts.values()) expect(list.length).toBeGreaterThan(800)
    expect(counts.size).toBe(3)
  })

  it('moves only to a center that is added, and never between the others', () => {
    for (const token of tokens) {
      const before = personCenter(token, ['hk', 'sg', 'fra'])
      const after = personCenter(token, ['gru', 'fra', 'hk', 'sg'])
      expect(['gru', before]).toContain(after)
    }
  })

  it('stays where it is until the next year when a center is added in between', () => {
    const later: Center = { id: 'gru', number: 2, locationHint: 'sam', since: NOW - 1 }
    const added = directoryOf({ ...rowsWith(later), allowances: rule })
    const all = tokens.map(token => ({ tokens: [{ from: 0, token }], isKnown: true }))
    const places = (now: number) =>
      new Set(all.map(person => centerOf(spent(1n, person, added, now))))
    expect(places(NOW)).toEqual(new Set(['hk']))
    expect(places(Date.UTC(2027, 5))).toEqual(new Set(['hk', 'gru']))
  })
})

const centerOf = (said: ReturnType<typeof spent>) =>
  said === null || typeof said === 'string' ? null : said.allowance.center

const rowsWith = (center: Center) => ({
  version: 1,
  centers: [...centers, center],
  institutions: [wallet, acquirer, provider],
  keys: [],
  epochs: [],
  routes: [],
  corridors: [corridor],
  rates: [rate],
  switches: [],
})
