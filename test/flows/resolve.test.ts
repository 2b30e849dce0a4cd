import { describe, expect, it } from 'vitest'
import type { DirectoryRows, Switch } from '../../src/domain/directory.ts'
import type { Money } from '../../src/domain/money.ts'
import { resolve } from '../../src/flows/resolve.ts'
import { acquirers } from '../../src/members/cast.ts'
import { printCode } from '../../src/members/printing.ts'
import { ratesAt } from '../../src/members/rates.ts'
import { unseal } from '../../src/trust/seal.ts'
import {
  codeOf,
  fakeWorld,
  member,
  NOW,
  orderOf,
  quoteOf,
  quoteOrder,
  rows,
  type Script,
} from './world.ts'

const shopOf = (id: string) =>
  acquirers.flatMap(({ merchants }) => merchants).find(merchant => merchant.id === id)!
const tea = shopOf('cn-tea')
const rail = shopOf('cn-rail')
const padthai = shopOf('th-padthai')

const cny = (minor: bigint): Money => ({ currency: 'CNY', minor })
const thb = (minor: bigint): Money => ({ currency: 'THB', minor })

/** Acquirers that say this of every code. */
const saying =
  (order: object | null): Script =>
  () =>
    order

describe('what a quote costs', () => {
  const typed = (
    amount: Money | null,
    order: object = orderOf('unionpay'),
    code = tea.staticCode,
  ) => resolve(member('wallet-th'), quoteOrder(code, { amount }), fakeWorld(saying(order)))

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, code: string, order: object, amount: Money | null, wanted: string]>([
    ['nothing fixes it',                       tea.staticCode,   orderOf('unionpay'),         null,        'AMOUNT_MISSING'],
    ['the payer types it',                     tea.staticCode,   orderOf('unionpay'),         cny(100n),   'ok'],
    ['the payer types it in its own currency', tea.staticCode,   orderOf('unionpay'),         thb(100n),   'ok'],
    ['the payer types a third currency',       tea.staticCode,   orderOf('unionpay'),         { currency: 'USD', minor: 100n }, 'AMOUNT_INVALID'],
    ['the code says it',                       rail.dynamicCode, orderOf('unionpay'),         null,        'ok'],
    ['the order says it',                      tea.staticCode,   orderOf('unionpay', '700'),  null,        'ok'],
    ['code and order agree',                   rail.dynamicCode, orderOf('unionpay', '5000'), null,        'ok'],
    ['code and order disagree',                rail.dynamicCode, orderOf('unionpay', '5001'), null,        'AMOUNT_MISMATCH'],
    ['code and payer agree',                   rail.dynamicCode, orderOf('unionpay'),         cny(5000n),  'ok'],
    ['code and payer disagree',                rail.dynamicCode, orderOf('unionpay'),         cny(4999n),  'AMOUNT_MISMATCH'],
    ['order and payer disagree',               tea.staticCode,   orderOf('unionpay', '700'),  cny(701n),   'AMOUNT_MISMATCH'],
    ['the payer fixes its side of a fixed code', rail.dynamicCode, orderOf('unionpay'),       thb(5000n),  'AMOUNT_MISMATCH'],
    ['the order is in another currency than the code', tea.staticCode, orderOf('promptpay'),  cny(100n),   'AMOUNT_MISMATCH'],
    ['the order contradicts its own currency', tea.staticCode,   { ...orderOf('unionpay'), amount: { currency: 'THB', minor: '1' } }, null, 'PEER_ERROR'],
    ['the order is in no currency',            tea.staticCode,   { ...orderOf('unionpay'), currency: 'XXX' }, cny(1n), 'PEER_ERROR'],
  ])('where %s', async (_, code, order, amount, wanted) => {
    expect(codeOf(await typed(amount, order, code))).toBe(wanted)
  })

  it.each([
    [1n, 'ok'],
    [10n ** 15n, 'ok'],
    [10n ** 15n + 1n, 'AMOUNT_INVALID'],
    [0n, 'AMOUNT_INVALID'],
    [-1n, 'AMOUNT_INVALID'],
  ])('is %s minor units at home: %s', async (minor, wanted) => {
    const world = fakeWorld(saying(orderOf('promptpay')))
    const order = quoteOrder(padthai.staticCode, { amount: thb(minor) })
    expect(codeOf(await resolve(member('wallet-th'), order, world))).toBe(wanted)
  })

  it('may leave the range by conversion, and is refused then', async () => {
    expect(codeOf(await typed(cny(10n ** 15n)))).toBe('AMOUNT_INVALID')
    // One satang buys less than one fen.
    expect(codeOf(await typed(thb(1n)))).toBe('AMOUNT_INVALID')
    expect(codeOf(await typed(thb(5n)))).toBe('ok')
  })

  it('is rounded up for the payer and down for the payee, never in between', async () => {
    const world = fakeWorld()
    const fixed = await quoteOf(
      world,
      'wallet-th',
      quoteOrder(tea.staticCode, { amount: cny(2500n) }),
    )
    // 25.00 CNY at 4.557816 and 30 bp are 114.2872362 THB.
    expect(fixed.terms).toMatchObject({ payee: cny(2500n), payer: thb(11_429n) })
    const back = await quoteOf(
      world,
      'wallet-th',
      quoteOrder(tea.staticCode, { amount: thb(11_429n) }),
    )
    expect(back.terms).toMatchObject({ payer: thb(11_429n), payee: cny(2500n) })
    const less = await quoteOf(
      world,
      'wallet-th',
      quoteOrder(tea.staticCode, { amount: thb(11_428n) }),
    )
    expect(less.terms.payee).toEqual(cny(2499n))
  })

  it.each([
    [4_999n, 'LIMIT_SINGLE'],
    [5_000n, 'ok'],
  ])('is bounded by the corridor: at most %s of 5,000 is %s', async (singleMaxMinor, wanted) => {
    const corridors = rows.corridors.map(row => ({ ...row, singleMaxMinor }))
    const world = fakeWorld(undefined, { corridors })
    const quote = await resolve(member('wallet-th'), quoteOrder(rail.dynamicCode), world)
    expect(codeOf(quote)).toBe(wanted)
  })
})

const off = (
  subject: Switch['subject'],
  name: string,
  until: number | null = null,
): Partial<DirectoryRows> => ({
  switches: [{ subject, name, until, reason: 'a test' }],
})
const status = (id: string): Partial<DirectoryRows> => ({
  institutions: rows.institutions.map(row =>
    row.id === id ? { ...row, status: 'suspended' } : row,
  ),
})
const role = (to: 'acquirer' | 'provider' | 'scheme'): Partial<DirectoryRows> => ({
  institutions: rows.institutions.map(row => (row.id === 'wallet-th' ? { ...row, role: to } : row)),
})

describe('a quote', () => {
  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, change: Partial<DirectoryRows>, wanted: string]>([
    ['everything is open',               {},                                        'ok'],
    ['the wallet is suspended',          status('wallet-th'),                       'MEMBER_SUSPENDED'],
    ['the wallet is switched off',       off('institution', 'wallet-th'),           'MEMBER_SUSPENDED'],
    ['the wallet was switched off till now', off('institution', 'wallet-th', NOW),  'ok'],
    ['the wallet is off a while longer', off('institution', 'wallet-th', NOW + 1),  'MEMBER_SUSPENDED'],
    ['the acquirer is suspended',        status('acquirer-cn'),                     'MEMBER_SUSPENDED'],
    ['the acquirer is switched off',     off('institution', 'acquirer-cn'),         'MEMBER_SUSPENDED'],
    ['the corridor is switched off',     off('corridor', 'TH>CN'),                  'CORRIDOR_CLOSED'],
    ['the other direction is off',       off('corridor', 'CN>TH'),                  'ok'],
    ['there is no corridor',             { corridors: [] },                         'CORRIDOR_CLOSED'],
    ['the corridor is closed',           { corridors: rows.corridors.map(row => ({ ...row, status: 'closed' })) }, 'CORRIDOR_CLOSED'],
    ['its scenario is switched off',     off('scenario', 'inbound'),                'CORRIDOR_CLOSED'],
    ['another scenario is off',          off('scenario', 'outbound'),               'ok'],
    ['the family is switched off',       off('family', 'unionpay'),                 'CODE_UNSUPPORTED'],
    ['nobody owns the code',             { routes: [] },                            'NO_ROUTE'],
    ['its owner serves another market',  { routes: rows.routes.map(row => ({ ...row, market: 'HK' })) }, 'NO_ROUTE'],
    ['nobody quotes the pair',           { rates: [] },                             'RATE_UNAVAILABLE'],
    ['every rate is too old',            { rates: ratesAt(NOW - 3_600_000) },       'RATE_STALE'],
    ['one provider is suspended',        status('fx-meridian'),                     'ok'],
    ['the member had no epoch then',     { epochs: rows.epochs.map(row => ({ ...row, from: NOW + 1 })) }, 'PARAM_ILLEGAL'],
    ['the member is a scheme',           role('scheme'),                            'ok'],
    ['the member is an acquirer',        role('acquirer'),                          'ACCESS_DENIED'],
    ['the member is an FX provider',     role('provider'),                          'ACCESS_DENIED'],
  ])('where %s', async (_, change, wanted) => {
    const world = fakeWorld(undefined, change)
    const wallet = world.directory.institution('wallet-th')!
    expect(codeOf(await resolve(wallet, quoteOrder(rail.dynamicCode), world))).toBe(wanted)
  })

  it('takes the next best rate when the cheapest provider is suspended', async () => {
    const open = await quoteOf(fakeWorld(), 'wallet-th', quoteOrder(rail.dynamicCode))
    expect(open.terms.rate).toMatchObject({ provider: 'fx-meridian', offers: 2 })
    const world = fakeWorld(undefined, status('fx-meridian'))
    const other = await quoteOf(world, 'wallet-th', quoteOrder(rail.dynamicCode))
    expect(other.terms.rate).toMatchObject({ provider: 'fx-harbour', offers: 1 })
    expect(other.terms.payer.minor).toBeGreaterThan(open.terms.payer.minor)
  })

  it('of a refused code asks nobody anything', async () => {
    const world = fakeWorld(undefined, off('family', 'unionpay'))
    await resolve(member('wallet-th'), quoteOrder(rail.dynamicCode), world)
    await resolve(member('wallet-th'), quoteOrder('hello'), world)
    expect(world.asked).toEqual([])
    expect(world.payments.size).toBe(0)
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, said: object | null, wanted: string]>([
    ['nothing',                     null,                                        'RESOLVE_TIMEOUT'],
    ['that it cannot say',          { result: 'U' },                             'RESOLVE_TIMEOUT'],
    ['no, for a known reason',      { result: 'F', code: 'ORDER_CLOSED' },       'ORDER_CLOSED'],
    ['no, in words of its own',     { result: 'F', code: 'E4711' },              'DECLINED'],
    ['no, without a reason',        { result: 'F' },                             'DECLINED'],
    ['yes, and no more',            { result: 'S' },                             'PEER_ERROR'],
    ['a result that is none',       { result: 'maybe' },                         'PEER_ERROR'],
    ['a list',                      [],                                          'PEER_ERROR'],
    ['an amount with decimals',     orderOf('unionpay', '1.00'),                 'PEER_ERROR'],
    ['an amount of zero',           orderOf('unionpay', '0'),                    'PEER_ERROR'],
    ['an amount above 10^15',       orderOf('unionpay', '1000000000000001'),     'PEER_ERROR'],
    ['a name with a line break',    { ...orderOf('unionpay', '1'), merchant: { id: 'x', name: 'a\nb', city: null, mcc: null, country: 'CN' } }, 'PEER_ERROR'],
    ['an order id with markup',     { ...orderOf('unionpay', '1'), order: '<b>' }, 'PEER_ERROR'],
    ['an unknown field of its own', { ...orderOf('unionpay', '1'), extra: true }, 'ok'],
  ])('whose acquirer says %s', async (_, said, wanted) => {
    const world = fakeWorld(saying(said))
    const quote = await resolve(member('wallet-th'), quoteOrder(tea.staticCode), world)
    expect(codeOf(quote)).toBe(wanted)
    expect(world.payments.size).toBe(0)
  })

  it('gives the acquirer two seconds, by the clock of the gateway', async () => {
    const world = fakeWorld()
    await quoteOf(world, 'wallet-th', quoteOrder(rail.dynamicCode))
    const [inquiry] = world.asked
    expect(inquiry?.body).toMatchObject({
      code: rail.dynamicCode,
      family: 'unionpay',
      wallet: 'wallet-th',
      walletMarket: 'TH',
      deadline: new Date(NOW + 2_000).toISOString(),
    })
  })

  it('is the same payment for the same request, and another for another', async () => {
    const world = fakeWorld()
    const idOf = async (more: object, wallet = 'wallet-th') =>
      (await quoteOf(world, wallet, quoteOrder(rail.dynamicCode, more))).terms.paymentId
    const first = await idOf({})
    expect(await idOf({ code: shopOf('cn-silk').dynamicCode })).toBe(first)
    expect(await idOf({ requestedAt: NOW - 1_000 })).toBe(first)
    expect(await idOf({ requestId: 'request-2' })).not.toBe(first)
    expect(await idOf({}, 'wallet-my')).not.toBe(first)
  })

  it('binds for 300 seconds, and seals all that was said', async () => {
    const world = fakeWorld()
    const { terms, token } = await quoteOf(world, 'wallet-th', quoteOrder(rail.dynamicCode))
    expect(terms.expiresAt).toBe(NOW + 300_000)
    expect(await unseal(token, world.seals)).toEqual(terms)
  })

  it('of a code that expires is made until that very second', async () => {
    const code = paynowUntil('20261002')
    const routes = [
      { family: 'paynow', market: 'SG', key: '*', institution: 'acquirer-cn', rank: 1 },
    ]
    const order = {
      ...orderOf('unionpay', '1000'),
      currency: 'SGD',
      amount: { currency: 'SGD', minor: '1000' },
    }
    const world = fakeWorld(saying(order), { routes })
    // PayNow's date ends at midnight in Singapore, eight hours before that of Greenwich.
    world.clock.now = Date.UTC(2026, 9, 2, 15, 59, 59, 998)
    expect(codeOf(await resolve(member('wallet-th'), quoteOrder(code), world))).toBe(
      'RATE_UNAVAILABLE',
    )
    world.clock.now = Date.UTC(2026, 9, 2, 16)
    expect(codeOf(await resolve(member('wallet-th'), quoteOrder(code), world))).toBe('CODE_EXPIRED')
  })

  it('of a currency that the wallet does not hold is refused', async () => {
    const wallet = { ...member('wallet-th'), currencies: ['THB', 'CNY'] }
    const of = (currency: string | null) =>
      resolve(wallet, quoteOrder(rail.dynamicCode, { currency }), fakeWorld())
    expect(codeOf(await of('USD'))).toBe('AMOUNT_INVALID')
    const own = await of(null)
    const same = await of('CNY')
    expect(own).toMatchObject({ value: { terms: { payer: { currency: 'THB' } } } })
    expect(same).toMatchObject({ value: { terms: { payer: cny(5000n), rate: null } } })
  })
})

function paynowUntil(date: string): string {
  const field = (id: string, value: string) => id + String(value.length).padStart(2, '0') + value
  const account =
    field('00', 'SG.PAYNOW') +
    field('01', '2') +
    field('02', '201403121W') +
    field('03', '1') +
    field('04', date)
  const printed = printCode('unionpay', tea, { amount: '10.00', reference: 'R1' })
  const open = printed
    .slice(0, -8)
    .replace(/15\d{2}\d{31}/, field('26', account))
    .replace('5303156', '5303702')
    .replace('5802CN', '5802SG')
  return sealed(open)
}

/** CRC-16/CCITT-FALSE over everything up to its own id and length (EMVCo, annex A). */
function sealed(fields: string): string {
  let crc = 0xffff
  for (const byte of new TextEncoder().encode(`${fields}6304`)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) {
      crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff
    }
  }
  return `${fields}6304${crc.toString(16).toUpperCase().padStart(4, '0')}`
}

describe('an acquirer that leaves it at what codes say', () => {
  const kopitiam = shopOf('my-kopitiam')
  const refusing: Script = () => ({ result: 'F', code: 'DECLINED' })
  const institutions = (currencies: readonly string[] = ['MYR']) =>
    rows.institutions.map(row =>
      row.id === 'acquirer-my' ? { ...row, inquiry: 'unsaid' as const, currencies } : row,
    )
  const asking = (code: string, more = {}, change = institutions()) => {
    const world = fakeWorld(refusing, { institutions: change })
    return { world, quoted: resolve(member('wallet-th'), quoteOrder(code, more), world) }
  }

  it('is not asked where the code says everything', async () => {
    const { world, quoted } = asking(kopitiam.dynamicCode)
    const quote = await quoted
    expect(world.asked).toEqual([])
    expect(quote.ok && quote.value.terms).toMatchObject({
      payee: { currency: 'MYR', minor: 1860n },
      order: 'SAMPLE-4512',
      merchant: {
        id: kopitiam.account,
        name: kopitiam.name,
        city: kopitiam.city,
        mcc: '5814',
        country: 'MY',
      },
    })
  })

  it('gets an order by the payment itself where a counter has none', async () => {
    const typed = { amount: { currency: 'MYR', minor: 500n } }
    const quote = await asking(kopitiam.staticCode, typed).quoted
    expect(quote.ok && quote.value.terms.order).toBe(quote.ok && quote.value.terms.paymentId)
    expect(codeOf(await asking(kopitiam.staticCode).quoted)).toBe('AMOUNT_MISSING')
  })

  it('gets what was scanned with the quote, for when it is asked to accept', async () => {
    const quote = await asking(kopitiam.dynamicCode).quoted
    const sealed = quote.ok ? await unseal(quote.value.token, fakeWorld().seals) : null
    expect(sealed?.code).toBe(kopitiam.dynamicCode)
    expect(quote.ok && 'code' in quote.value.terms).toBe(false)
  })

  it('is asked about a code of another market than its own', async () => {
    const elsewhere = institutions().map(row =>
      row.id === 'acquirer-my' ? { ...row, market: 'SG' } : row,
    )
    const corridors = rows.corridors.map(row => ({
      ...row,
      payeeMarket: row.payeeMarket === 'MY' ? 'SG' : row.payeeMarket,
    }))
    const routes = rows.routes.map(row => (row.market === 'MY' ? { ...row, market: null } : row))
    const world = fakeWorld(refusing, { institutions: elsewhere, corridors, routes })
    expect(
      codeOf(await resolve(member('wallet-th'), quoteOrder(kopitiam.dynamicCode), world)),
    ).toBe('DECLINED')
    expect(world.asked).toHaveLength(1)
  })

  it('is asked about a currency in which it is not paid', async () => {
    const { world, quoted } = asking(kopitiam.dynamicCode, {}, institutions(['SGD']))
    expect(codeOf(await quoted)).toBe('DECLINED')
    expect(world.asked).toHaveLength(1)
  })

  it('is asked about everything where it has not said so', async () => {
    const { world, quoted } = asking(kopitiam.dynamicCode, {}, [...rows.institutions])
    expect(codeOf(await quoted)).toBe('DECLINED')
    expect(world.asked).toHaveLength(1)
  })
})
