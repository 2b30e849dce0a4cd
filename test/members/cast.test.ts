import { describe, expect, it } from 'vitest'
import { readCode } from '../../src/codes/index.ts'
import { routeCode } from '../../src/codes/routing.ts'
import { currencyByCode } from '../../src/domain/currency.ts'
import { decimal } from '../../src/domain/money.ts'
import { acquirers, CONTROL_OFFSET, providers, wallets } from '../../src/members/cast.ts'
import { corridors } from '../../src/members/corridors.ts'
import { checksum } from '../../src/members/emv.ts'
import { ratesAt } from '../../src/members/rates.ts'

const cast = [...wallets, ...acquirers, ...providers]
const routes = acquirers.flatMap(each => each.routes)
const codes = acquirers.flatMap(acquirer =>
  acquirer.merchants.flatMap(merchant => [
    { acquirer, merchant, payload: merchant.staticCode, amount: null },
    { acquirer, merchant, payload: merchant.dynamicCode, amount: merchant.dynamicAmount },
  ]),
)

describe('the codes on the counters', () => {
  it.each(codes)('$acquirer.id $merchant.id, amount $amount, reads and routes home', code => {
    const { acquirer, merchant, payload, amount } = code
    const reading = readCode(payload)
    expect(reading).toMatchObject({
      valid: true,
      payable: true,
      presentment: 'merchant',
      initiation: amount === null ? 'static' : 'dynamic',
      country: acquirer.market,
      currency: acquirer.currencies[0],
      amount,
    })
    // PromptPay names an account; only its scheme knows whose.
    const name = acquirer.family === 'promptpay' ? null : merchant.name
    expect(reading.merchantName).toBe(name)
    expect(routeCode(reading, routes, () => true).chosen?.institution).toBe(acquirer.id)
  })

  it('end in the checksum of the standard', () => {
    // EMVCo QRCPS MPM 1.1 names CRC-16/CCITT-FALSE; its check value is public.
    expect(checksum('123456789')).toBe('29B1')
  })

  it('are all different, one static and one dynamic per merchant', () => {
    expect(new Set(codes.map(({ payload }) => payload)).size).toBe(codes.length)
    for (const { merchants } of acquirers) expect(merchants.length).toBeGreaterThanOrEqual(2)
  })
})

describe('the cast', () => {
  it('has ids, numbers and ports of its own, control ports included', () => {
    const offsets = [...wallets, ...acquirers].flatMap(({ portOffset }) => [
      portOffset,
      portOffset + CONTROL_OFFSET,
    ])
    expect(new Set(cast.map(({ id }) => id)).size).toBe(cast.length)
    expect(new Set(cast.map(({ number }) => number)).size).toBe(cast.length)
    expect(new Set(offsets).size).toBe(offsets.length)
  })

  it.each(cast)('$id has currencies of ISO 4217 and a zone of IANA', entry => {
    for (const code of entry.currencies) expect(currencyByCode(code)).toBeDefined()
    expect(() => new Intl.DateTimeFormat('en', { timeZone: entry.zone })).not.toThrow()
  })

  it.each(acquirers)('$id counts minor units as ISO 4217 does', ({ currencies, exponent }) => {
    expect(currencyByCode(currencies[0])?.exponent).toBe(exponent)
  })

  it('opens every corridor from a wallet to an acquirer once', () => {
    const pairs = corridors.map(({ payerMarket, payeeMarket }) => `${payerMarket}>${payeeMarket}`)
    expect(new Set(pairs).size).toBe(wallets.length * acquirers.length)
    expect(pairs).toContain('TH>TH')
    expect(corridors.every(({ status }) => status === 'open')).toBe(true)
  })
})

describe('the rates', () => {
  const rates = ratesAt(0)
  const offers = Map.groupBy(rates, ({ base, counter }) => `${base}/${counter}`)
  const currencies = ['CNY', 'THB', 'IDR', 'MYR', 'VND', 'EUR']
  const pairs = currencies.flatMap(base =>
    currencies.filter(counter => counter !== base).map(counter => [base, counter] as const),
  )

  it.each(pairs)('%s in %s is quoted by both providers, in both directions', (base, counter) => {
    const here = offers.get(`${base}/${counter}`) ?? []
    expect(here.map(({ provider }) => provider)).toEqual(['fx-harbour', 'fx-meridian'])
    for (const { provider, value } of here) {
      expect(decimal(value)).not.toBeNull()
      const back = offers.get(`${counter}/${base}`)?.find(each => each.provider === provider)
      // There and back loses or gains less than a quarter of a percent before the markup.
      expect(Math.abs(Number(value) * Number(back?.value) - 1)).toBeLessThan(0.0025)
    }
  })
})
