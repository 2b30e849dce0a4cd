/** Amounts as people type them. */
import { describe, expect, it } from 'vitest'
import { amountOf, minorOf } from '../../src/domain/amount-text.ts'
import { currencies } from '../../src/domain/currency.ts'
import { AMOUNT_MAX } from '../../src/domain/money.ts'

// biome-ignore format: a table is read by column
const table: readonly (readonly [text: string, exponent: number, minor: bigint | null])[] = [
  ['1500', 2, 150_000n],       ['1,500.00', 2, 150_000n],   ['1,500', 2, 150_000n],     ['1 500.5', 2, 150_050n],
  [' 12.34 ', 2, 1_234n],      ['0', 2, 0n],                ['0.01', 2, 1n],            ['1,234,567.89', 2, 123_456_789n],
  ['240000', 0, 240_000n],     ['240,000', 0, 240_000n],    ['1.234', 3, 1_234n],       ['10000000000000.00', 2, AMOUNT_MAX],
  // Finer than the currency, and not rounded: nobody meant another amount.
  ['1.234', 2, null],          ['240000.5', 0, null],       ['1.', 2, null],            ['.5', 2, null],
  // A comma is no decimal point, and stands where thousands end.
  ['1,50', 2, null],           ['1,5000', 2, null],         ['15,00.00', 2, null],      ['1,500 000', 2, null],
  ['', 2, null],               ['-5', 2, null],             ['1e3', 2, null],           ['١٥', 2, null],
  ['10000000000000.01', 2, null],                           ['12 THB', 2, null],
]

describe('an amount that is typed', () => {
  it.each(table)('%j with %i decimals is %s', (text, exponent, minor) => {
    expect(minorOf(text, exponent)).toBe(minor)
  })

  it('is what it is typed over from, in every currency', () => {
    for (const { exponent } of currencies) {
      for (const minor of [0n, 1n, 99n, 100n, 123_456_789n, AMOUNT_MAX]) {
        expect(minorOf(amountOf(minor, exponent), exponent)).toBe(minor)
      }
    }
  })
})
