import { describe, expect, it } from 'vitest'
import { type Corridor, scenarioOf } from '../../src/domain/corridor.ts'
import { currencyByCode } from '../../src/domain/currency.ts'
import type { FxRate } from '../../src/domain/fx.ts'
import { AMOUNT_MAX } from '../../src/domain/money.ts'
import { type FixedSide, price } from '../../src/domain/quote.ts'

const [CNY, THB] = [currencyByCode('CNY')!, currencyByCode('THB')!]
const corridor: Corridor = {
  payerMarket: 'TH',
  payeeMarket: 'CN',
  status: 'open',
  singleMaxMinor: null,
  interchangeBp: 80,
  serviceFeeBp: 20,
}
const rates: FxRate[] = [
  {
    provider: 'fx',
    base: 'CNY',
    counter: 'THB',
    value: '4.9748',
    markupBp: 0,
    asOf: 0,
    goodForMs: 1_000,
  },
]

const none = { rates: [], isOpen: () => true, now: 0 }

const priced = (minor: bigint, side: FixedSide = 'payee', over: Partial<Corridor> = {}) =>
  price(
    { currency: side === 'payee' ? 'CNY' : 'THB', minor },
    side,
    CNY,
    THB,
    { ...corridor, ...over },
    { rates, isOpen: () => true, now: 0 },
  )

describe('a price', () => {
  it('fixed by the merchant is what the payer must pay for it', () => {
    expect(priced(2_500n)).toMatchObject({
      value: {
        payee: { currency: 'CNY', minor: 2_500n },
        payer: { currency: 'THB', minor: 12_437n },
        rate: { provider: 'fx', value: '4.9748' },
      },
    })
  })

  it('fixed by the payer is what the merchant gets for it', () => {
    expect(priced(12_437n, 'payer')).toMatchObject({
      value: { payer: { minor: 12_437n }, payee: { minor: 2_500n } },
    })
  })

  it('needs no rate and changes nothing where both use one currency', () => {
    const local = price({ currency: 'CNY', minor: 9n }, 'payee', CNY, CNY, corridor, none)
    expect(local).toMatchObject({
      value: { payer: { minor: 9n }, payee: { minor: 9n }, rate: null },
    })
  })

  it('names what the acquirer gives to wallet and gateway, rounded to the nearest', () => {
    expect(priced(12_345n)).toMatchObject({
      value: {
        fees: [
          { kind: 'interchange', amount: { currency: 'CNY', minor: 99n } },
          { kind: 'service', amount: { currency: 'CNY', minor: 25n } },
        ],
      },
    })
  })

  it.each([
    ['nothing', 0n, 'AMOUNT_INVALID'],
    ['less than nothing', -1n, 'AMOUNT_INVALID'],
    ['too much', AMOUNT_MAX + 1n, 'AMOUNT_INVALID'],
    ['so much that the other side leaves the range', AMOUNT_MAX, 'AMOUNT_INVALID'],
  ])('of %s is refused', (_, minor, code) => {
    expect(priced(minor)).toMatchObject({ refusal: { code } })
  })

  it('too small to reach one minor unit of the other side is refused', () => {
    expect(priced(1n, 'payer')).toMatchObject({ refusal: { code: 'AMOUNT_INVALID' } })
  })

  it('may reach the most a payment of the corridor may be, and not go beyond', () => {
    expect(priced(2_500n, 'payee', { singleMaxMinor: 2_500n })).toMatchObject({ ok: true })
    expect(priced(2_501n, 'payee', { singleMaxMinor: 2_500n })).toMatchObject({
      refusal: { code: 'LIMIT_SINGLE' },
    })
  })

  it('without a provider is refused', () => {
    const wanted = { currency: 'CNY', minor: 9n }
    const closed = { rates, isOpen: () => false, now: 0 }
    const made = price(wanted, 'payee', CNY, THB, corridor, closed)
    expect(made).toMatchObject({ refusal: { code: 'RATE_UNAVAILABLE' } })
  })

  it('at rates that nobody stands by any more is refused', () => {
    const wanted = { currency: 'CNY', minor: 9n }
    const later = { rates, isOpen: () => true, now: 1_000 }
    const made = price(wanted, 'payee', CNY, THB, corridor, later)
    expect(made).toMatchObject({ refusal: { code: 'RATE_STALE' } })
  })
})

it.each([
  ['TH', 'CN', 'inbound'],
  ['CN', 'TH', 'outbound'],
  ['MY', 'VN', 'overseas'],
  ['HK', 'CN', 'inbound'],
  ['CN', 'CN', 'local'],
  ['TH', 'TH', 'local'],
])('from %s to %s is %s', (payer, payee, scenario) => {
  expect(scenarioOf(payer, payee)).toBe(scenario)
})
