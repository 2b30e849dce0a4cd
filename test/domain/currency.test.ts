import { describe, expect, it } from 'vitest'
import { currencies, currencyByCode, currencyByNumeric } from '../../src/domain/currency.ts'

describe('the currency table', () => {
  it('has no two rows with the same code or number', () => {
    expect(new Set(currencies.map(each => each.code)).size).toBe(currencies.length)
    expect(new Set(currencies.map(each => each.numeric)).size).toBe(currencies.length)
  })

  it('has well-formed rows, in order', () => {
    for (const { code, numeric, exponent, name } of currencies) {
      expect(code).toMatch(/^[A-Z]{3}$/)
      expect(numeric).toMatch(/^\d{3}$/)
      expect([0, 2, 3, 4]).toContain(exponent)
      expect(name).not.toBe('')
    }
    const codes = currencies.map(each => each.code)
    expect(codes).toEqual(codes.toSorted())
  })

  it.each([
    ['THB', '764', 2],
    ['VND', '704', 0],
    ['IDR', '360', 2],
    ['KHR', '116', 2],
    ['JPY', '392', 0],
    ['KRW', '410', 0],
    ['KWD', '414', 3],
    ['CLF', '990', 4],
    ['XCG', '532', 2],
  ])('knows %s as %s with %i decimals', (code, numeric, exponent) => {
    expect(currencyByCode(code)).toMatchObject({ numeric, exponent })
    expect(currencyByNumeric(numeric)).toMatchObject({ code })
  })

  it.each(['BGN', 'HRK', 'ANG', 'ZWL', 'SLL', 'XXX', 'thb', ''])('does not know %j', code => {
    expect(currencyByCode(code)).toBeUndefined()
  })
})
