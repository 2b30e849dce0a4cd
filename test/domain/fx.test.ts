import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currencyByCode } from '../../src/domain/currency.ts'
import {
  bestRate,
  effectiveRate,
  type FxRate,
  payeeMinor,
  payerMinor,
} from '../../src/domain/fx.ts'
import { decimal, decimalText, divide } from '../../src/domain/money.ts'

const currency = (code: string) => currencyByCode(code)!
const [CNY, THB, VND, JPY, KWD] = ['CNY', 'THB', 'VND', 'JPY', 'KWD'].map(currency) as [
  ReturnType<typeof currency>,
  ReturnType<typeof currency>,
  ReturnType<typeof currency>,
  ReturnType<typeof currency>,
  ReturnType<typeof currency>,
]

const NOW = 1_000_000
const rate = (value: string, markupBp = 0, provider = 'fx'): FxRate => ({
  provider,
  base: 'CNY',
  counter: 'THB',
  value,
  markupBp,
  asOf: NOW,
  goodForMs: 60_000,
})

const exact = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.integer({ min: 0, max: 10 }))
  .map(([digits, scale]) => ({ digits, scale }))

describe('a conversion', () => {
  // payee minor, base, counter, rate, payer minor
  const table = [
    [2_500n, CNY, THB, '4.9748', 12_437n],
    [1n, CNY, THB, '4.9748', 5n],
    [1n, THB, CNY, '0.2', 1n],
    [100n, CNY, VND, '3700', 3_700n],
    [65_000n, VND, CNY, '0.0002711', 1_763n],
    [500n, JPY, KWD, '0.00205', 1_025n],
    [1n, KWD, JPY, '487.8', 1n],
  ] as const
  it.each(table)('of %s %o to %o at %s costs %s', (payee, base, counter, value, payer) => {
    expect(payerMinor(payee, decimal(value)!, base, counter)).toBe(payer)
  })

  it('never costs the payer less than the exact amount, and less than one minor unit more', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), exact, (payee, value) => {
        const payer = payerMinor(payee, value, CNY, VND)
        // Exact: payee × rate ÷ 100, compared without rounding.
        const scaled = payee * value.digits
        const unit = 100n * 10n ** BigInt(value.scale)
        expect(payer * unit).toBeGreaterThanOrEqual(scaled)
        expect((payer - 1n) * unit).toBeLessThan(scaled)
      }),
    )
  })

  it('of what a payer fixed never gives the payee more than it is worth', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), exact, (fixed, value) => {
        const payee = payeeMinor(fixed, value, CNY, THB)
        if (payee > 0n) expect(payerMinor(payee, value, CNY, THB)).toBeLessThanOrEqual(fixed)
      }),
    )
  })
})

describe('the best rate', () => {
  const best = (rates: readonly FxRate[], isOpen = (_: string) => true, now = NOW) =>
    bestRate({ rates, isOpen, now })
  const quoted = (found: ReturnType<typeof best>) =>
    found === null || found === 'stale' ? found : found.quoted

  it('is the cheapest for the payer, markup included, and says how many offered', () => {
    expect(quoted(best([rate('4.97', 50, 'a'), rate('4.98', 20, 'b')]))).toEqual({
      provider: 'b',
      base: 'CNY',
      counter: 'THB',
      mid: '4.98',
      markupBp: 20,
      value: '4.98996',
      offers: 2,
      asOf: NOW,
    })
  })

  it('goes to the first by name where two are equal, in whatever order they come', () => {
    const [one, other] = [rate('5', 0, 'a'), rate('5.0', 0, 'b')]
    expect(quoted(best([one, other]))).toMatchObject({ provider: 'a' })
    expect(quoted(best([other, one]))).toMatchObject({ provider: 'a' })
  })

  it('passes over providers that are switched off, and rates that are none', () => {
    const rates = [
      rate('4', 0, 'off'),
      rate('0', 0, 'zero'),
      rate('x', 0, 'odd'),
      rate('5', 0, 'on'),
    ]
    expect(quoted(best(rates, provider => provider !== 'off'))).toMatchObject({
      provider: 'on',
      offers: 1,
    })
    expect(best([])).toBeNull()
  })

  it('is none that is older than its provider stands by it, to the last millisecond', () => {
    const old = { ...rate('4', 0, 'old'), goodForMs: 59_999 }
    const rates = [old, rate('5', 0, 'new')]
    expect(quoted(best(rates, undefined, NOW + 59_998))).toMatchObject({ provider: 'old' })
    const later = quoted(best(rates, undefined, NOW + 59_999))
    expect(later).toMatchObject({ provider: 'new', offers: 1 })
    expect(best(rates, undefined, NOW + 60_000)).toBe('stale')
    // What a closed provider last said is no sign that there is a market.
    expect(best(rates, () => false, NOW + 60_000)).toBeNull()
  })
})

describe('a decimal', () => {
  it('is read and written exactly', () => {
    fc.assert(
      fc.property(exact, value => {
        expect(decimal(decimalText(value))).toEqual(value)
      }),
    )
  })

  it.each(['', '.', '1.', '.5', '-1', '+1', '1e3', '1,5', ' 1', '١', '1'.repeat(19)])(
    'is not %j',
    text => expect(decimal(text)).toBeNull(),
  )

  it('with a markup keeps every basis point', () => {
    expect(decimalText(effectiveRate(rate('3.3', 125))!)).toBe('3.34125')
  })
})

it.each([
  [7n, 2n, 'down', 3n],
  [7n, 2n, 'up', 4n],
  [7n, 2n, 'half_even', 4n],
  [5n, 2n, 'half_even', 2n],
  [6n, 4n, 'half_even', 2n],
  [5n, 4n, 'half_even', 1n],
  [8n, 4n, 'up', 2n],
] as const)('%s ÷ %s rounded %s is %s', (dividend, divisor, rounding, quotient) => {
  expect(divide(dividend, divisor, rounding)).toBe(quotient)
})
