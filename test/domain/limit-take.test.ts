import { describe, expect, it } from 'vitest'
import { directoryOf } from '../../src/domain/directory.ts'
import type { Limit } from '../../src/domain/limit.ts'
import { takes, takesOfRefund } from '../../src/domain/limit-take.ts'
import { assert, ok } from '../../src/domain/result.ts'
import { acquirer, provider, wallet } from '../db/network.ts'

const NOW = Date.UTC(2026, 9, 1, 16, 30)
const rate = {
  provider: 'fx-one',
  base: 'USD',
  counter: 'THB',
  value: '33.333',
  markupBp: 0,
  asOf: 0,
  goodForMs: 60_000,
}

const limit = (row: Partial<Limit>): Limit => ({
  institution: 'wallet-th',
  scope: '*',
  kind: 'value_day',
  from: 0,
  value: 1_000_000n,
  ...row,
})

const network = (...limits: Limit[]) =>
  directoryOf({
    version: 1,
    centers: [],
    institutions: [wallet, acquirer, provider],
    keys: [],
    epochs: [],
    routes: [],
    corridors: [],
    rates: [rate],
    switches: [],
    limits,
  })

const taking = {
  wallet,
  acquirer,
  payer: { currency: 'THB', minor: 12_437n },
  payee: { currency: 'CNY', minor: 2_500n },
}

/** What is taken: each limit's name and amount. */
function taken(...limits: Limit[]): Record<string, bigint> {
  const result = takes(taking, network(...limits), NOW)
  assert(result.ok, 'these limits take this payment')
  return Object.fromEntries(result.value.map(({ limit, minor }) => [limit, minor]))
}

describe('a payment takes', () => {
  it('nothing of institutions without limits', () => {
    expect(taken()).toEqual({})
  })

  // 16:30 in UTC is half past eleven in the evening in Bangkok and the next day in Shanghai.
  it("of each side's limits in that side's amount, currency and day", () => {
    expect(
      taken(
        limit({}),
        limit({ kind: 'count_day' }),
        limit({ kind: 'net_debit' }),
        limit({ kind: 'per_second' }),
        limit({ institution: 'acquirer-cn' }),
      ),
    ).toEqual({
      'wallet-th * count_day 2026-10-01': 1n,
      'wallet-th * net_debit -': 12_437n,
      'wallet-th * per_second -': 1n,
      'wallet-th * value_day 2026-10-01': 12_437n,
      'acquirer-cn * value_day 2026-10-02': 2_500n,
    })
  })

  it('of limits of its corridor and of its other side, and of no others', () => {
    expect(
      Object.keys(
        taken(
          limit({ scope: 'TH>CN' }),
          limit({ scope: 'TH>ID' }),
          limit({ scope: 'acquirer-cn' }),
          limit({ scope: 'acquirer-id' }),
          limit({ institution: 'acquirer-cn', scope: 'wallet-th' }),
        ),
      ),
    ).toEqual([
      'wallet-th TH>CN value_day 2026-10-01',
      'wallet-th acquirer-cn value_day 2026-10-01',
      'acquirer-cn wallet-th value_day 2026-10-02',
    ])
  })

  it('of what is in force: not yet, not what was lifted, and nothing of what is owed to it', () => {
    expect(taken(limit({ from: NOW + 1 }))).toEqual({})
    expect(taken(limit({}), limit({ from: NOW, value: null }))).toEqual({})
    expect(taken(limit({ institution: 'acquirer-cn', kind: 'net_debit' }))).toEqual({})
  })

  it('of a limit of a second only from the first second that begins under it', () => {
    const at = (ms: number) =>
      takes(taking, network(limit({ kind: 'per_second', from: NOW - 400 })), NOW + ms)
    expect(NOW % 1_000).toBe(0)
    expect([-400, -1].map(ms => at(ms))).toEqual([ok([]), ok([])])
    expect(at(0)).toEqual(ok([{ limit: 'wallet-th * per_second -', minor: 1n }]))
  })

  it('in its own currency, whatever is paid in, rounded up', () => {
    const paid = { ...taking, payer: { currency: 'USD', minor: 1_01n } }
    expect(takes(paid, network(limit({})), NOW)).toMatchObject({
      value: [{ minor: 3_367n }],
    })
    const strange = { ...taking, payer: { currency: 'JPY', minor: 1_000n } }
    expect(takes(strange, network(limit({})), NOW)).toMatchObject({
      refusal: { code: 'RATE_UNAVAILABLE' },
    })
  })
})

// Bound, its value, and whether 12437 is within.
const bounds = `
  single_min  12437  yes
  single_min  12438  no
  single_max  12437  yes
  single_max  12436  no`

describe('the bounds of a single payment', () => {
  it.each(
    bounds
      .trim()
      .split('\n')
      .map(row => row.trim().split(/\s+/)),
  )('%s of %s: %s', (kind, value, within) => {
    const row = limit({ kind: kind as Limit['kind'], value: BigInt(value!) })
    const result = takes(taking, network(row), NOW)
    expect(result.ok).toBe(within === 'yes')
    if (within === 'no') {
      expect(result).toMatchObject({
        refusal: {
          code: 'LIMIT_SINGLE',
          detail: {
            limit: { institution: 'wallet-th', kind, currency: 'THB', left: BigInt(value!) },
          },
        },
      })
    }
  })

  it('are those of the newest row that has begun', () => {
    const rows = [
      limit({ kind: 'single_max', value: 1n }),
      limit({ kind: 'single_max', value: 12_437n, from: NOW }),
      limit({ kind: 'single_max', value: 2n, from: NOW + 1 }),
    ]
    expect(takes(taking, network(...rows), NOW).ok).toBe(true)
    expect(takes(taking, network(...rows), NOW - 1).ok).toBe(false)
    expect(takes(taking, network(...rows), NOW + 1).ok).toBe(false)
  })
})

describe('a refund takes', () => {
  const cover = (row: Partial<Limit>) =>
    limit({ institution: 'acquirer-cn', kind: 'refund_open', ...row })
  const refunded = (payee = { currency: 'CNY', minor: 400n }, ...limits: Limit[]) =>
    takesOfRefund({ wallet, acquirer, payee }, network(...limits), NOW)
  const part = { currency: 'CNY', minor: 400n }

  it('nothing where its acquirer has no bound of what is under way', () => {
    expect(refunded(part)).toEqual([])
    expect(refunded(part, limit({ institution: 'acquirer-cn' }))).toEqual([])
    expect(refunded(part, cover({ value: null }), cover({ institution: 'other' }))).toEqual([])
    expect(refunded(part, cover({ from: NOW + 1 }))).toEqual([])
  })

  it('its amount of every bound that is about it', () => {
    const scopes = ['*', 'TH>CN', 'wallet-th', 'MY>CN', 'wallet-my']
    expect(refunded(part, ...scopes.map(scope => cover({ scope })))).toEqual(
      scopes.slice(0, 3).map(scope => ({
        limit: `acquirer-cn ${scope} refund_open -`,
        minor: 400n,
      })),
    )
  })

  it('nothing that could be told where no rate leads to the currency of its acquirer', () => {
    expect(refunded({ currency: 'EUR', minor: 1n }, cover({}))).toBeNull()
  })

  it('what no payment takes', () => {
    expect(taken(cover({}))).toEqual({})
  })
})
