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

const rate = (value: string, markupBp = 0, provider = 'fx'): FxRate => ({
  provider,
  base: 'CNY',
  counter: 'THB',
  value,
  markupBp,
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
  const open = () => true

  it('is the cheapest for the payer, markup included, and says how many offered', () => {
    const best = bestRate([rate('4.97', 50, 'a'), rate('4.98', 20, 'b')], open)
    expect(best?.quoted).toEqual({
      provider: 'b',
      base: 'CNY',
      counter: 'THB',
      mid: '4.98',
      markupBp: 20,
      value: '4.98996',
      offers: 2,
    })
  })

  it('goes to the first by name where two are equal, in whatever order they come', () => {
    const [one, other] = [rate('5', 0, 'a'), rate('5.0', 0, 'b')]
    expect(bestRate([one, other], open)?.quoted.provider).toBe('a')
    expect(bestRate([other, one], open)?.quoted.provider).toBe('a')
  })

  it('passes over providers that are switched off, and rates that are none', () => {
    const rates = [
      rate('4', 0, 'off'),
      rate('0', 0, 'zero'),
      rate('x', 0, 'odd'),
      rate('5', 0, 'on'),
    ]
    expect(bestRate(rates, provider => provider !== 'off')?.quoted).toMatchObject({
      provider: 'on',
      offers: 1,
    })
    expect(bestRate([], open)).toBeNull()
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
