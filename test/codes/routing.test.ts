import { describe, expect, it } from 'vitest'
import { codeRules, payableBy } from '../../src/codes/code-rules.ts'
import { explainCode } from '../../src/codes/explain.ts'
import { readCode } from '../../src/codes/read.ts'
import { type CodeRoute, routeCode } from '../../src/codes/routing.ts'
import { writeCode } from '../../src/codes/write.ts'

const route = (
  family: string,
  key: string,
  institution: string,
  rank = 0,
  market: string | null = null,
): CodeRoute => ({
  family,
  market,
  key,
  institution,
  rank,
})

const written = writeCode({
  format: 'mpm-emv',
  initiation: 'dynamic',
  amount: '100000',
  accounts: [
    { family: 'vietqr', fields: { bankBin: '970416', accountNumber: '1', service: 'QRIBFTTA' } },
  ],
})
const reading = readCode(written.ok ? written.payload : '')
const everyone = () => true

describe('a code', () => {
  it.each([
    [
      'the longest key',
      [
        route('vietqr', '*', 'napas'),
        route('vietqr', '97', 'agent'),
        route('vietqr', '970416', 'acb'),
      ],
      'acb',
      'most-specific',
    ],
    [
      'a route of its market before one of all',
      [route('vietqr', '*', 'all'), route('vietqr', '*', 'vn', 9, 'VN')],
      'vn',
      'better-rank',
    ],
    [
      'the lower rank',
      [route('vietqr', '*', 'second', 2), route('vietqr', '*', 'first', 1)],
      'first',
      'better-rank',
    ],
    [
      'the only one',
      [route('vietqr', '*', 'napas'), route('qris', '*', 'aspi')],
      'napas',
      'only-one',
    ],
    [
      'the name when all else is equal',
      [route('vietqr', '*', 'b'), route('vietqr', '*', 'a')],
      'a',
      'better-rank',
    ],
  ])('goes by %s', (_, routes, institution, reason) => {
    const decision = routeCode(reading, routes, everyone)
    expect(decision.chosen?.institution).toBe(institution)
    expect(decision.reason).toBe('routed')
    expect(decision.candidates[0]).toMatchObject({ verdict: 'chosen', reason })
    expect(routeCode(reading, routes.toReversed(), everyone).chosen).toEqual(decision.chosen)
  })

  it('skips the suspended and says so', () => {
    const routes = [route('vietqr', '970416', 'acb'), route('vietqr', '*', 'napas')]
    const decision = routeCode(reading, routes, institution => institution !== 'acb')
    expect(decision.chosen?.institution).toBe('napas')
    expect(decision.candidates).toMatchObject([
      { verdict: 'refused', reason: 'suspended' },
      { verdict: 'chosen' },
    ])
    expect(routeCode(reading, routes, () => false).reason).toBe('all-suspended')
  })

  it.each([
    ['another market', [route('vietqr', '*', 'x', 0, 'TH')]],
    ['another bank', [route('vietqr', '970417', 'x')]],
    ['another family', [route('promptpay', '*', 'x')]],
  ])('has no route when they are of %s', (_, routes) => {
    expect(routeCode(reading, routes, everyone)).toEqual({
      chosen: null,
      reason: 'no-route',
      candidates: [],
    })
  })

  it('is not routed when it is not valid', () => {
    expect(routeCode(readCode('x'), [route('vietqr', '*', 'x')], everyone).reason).toBe('not-valid')
  })

  it('of several families goes by the best that has a route', () => {
    const two = readCode('281012029560385043466010')
    const routes = [route('alipay', '*', 'alipay'), route('alipayplus', '*', 'ant')]
    expect(routeCode(two, routes, everyone).chosen?.institution).toBe('ant')
    expect(routeCode(two, routes.slice(0, 1), everyone).chosen?.institution).toBe('alipay')
  })
})

describe('code rules', () => {
  const routes = [route('vietqr', '9704', 'napas', 0, 'VN'), route('promptpay', '*', 'itmx')]
  const rules = codeRules(routes, everyone)

  it('tell offline what can be paid', () => {
    expect(payableBy(rules, reading)).toBe('yes')
    expect(payableBy(rules, readCode('upi://pay?pa=a@b'))).toBe('no-route')
    expect(
      payableBy(rules, readCode('004100060000010103014022000111222233344ABCD125102TH910417DF')),
    ).toBe('not-payable')
    expect(payableBy(rules, readCode('x'))).toBe('not-valid')
  })

  it('name families and keys, and no institution', () => {
    expect(rules.families.map(each => each.family)).toEqual(['promptpay', 'vietqr'])
    expect(JSON.stringify(rules)).not.toContain('napas')
  })

  it('change their version with what they say, and with nothing else', () => {
    expect(codeRules(routes.toReversed(), everyone).version).toBe(rules.version)
    expect(codeRules([...routes, route('promptpay', '*', 'other', 5)], everyone).version).toBe(
      rules.version,
    )
    expect(codeRules(routes.slice(1), everyone).version).not.toBe(rules.version)
    expect(codeRules(routes, each => each !== 'itmx').version).not.toBe(rules.version)
  })
})

describe('an explanation', () => {
  const context = {
    nowMs: 0,
    routes: [route('vietqr', '*', 'napas')],
    isOpen: everyone,
    corridor: {
      fees: [],
      limits: [{ label: 'single', minMinor: 1000n, maxMinor: 200_000n, currency: 'VND' }],
    },
  }

  it('says that the code can be paid', () => {
    expect(explainCode(reading, context)).toMatchObject({ canPay: true, obstacles: [] })
  })

  const limit = (minMinor: bigint | null, maxMinor: bigint | null, currency = 'VND') => ({
    corridor: { fees: [], limits: [{ label: 'single', minMinor, maxMinor, currency }] },
  })

  it.each([
    ['above a limit', limit(null, 99_999n), ['above-limit']],
    ['at a limit', limit(100_000n, 100_000n), []],
    ['below a limit', limit(100_001n, null), ['below-limit']],
    ['under a limit of another currency', limit(null, 1n, 'USD'), []],
    ['without corridor', { corridor: null }, ['no-corridor']],
    ['without route', { routes: [] }, ['no-route']],
    ['suspended', { isOpen: () => false }, ['suspended']],
  ])('names what stands against a code %s', (_, change, want) => {
    expect(explainCode(reading, { ...context, ...change }).obstacles).toEqual(want)
  })

  it('knows an expired code', () => {
    const upi = readCode('upi://pay?pa=a@b&QRexpire=2021-08-20T17:48:19Z')
    const routes = [route('upi', '*', 'npci')]
    expect(explainCode(upi, { ...context, routes, nowMs: Date.UTC(2022, 0) }).obstacles).toEqual([
      'expired',
    ])
    expect(explainCode(upi, { ...context, routes, nowMs: Date.UTC(2021, 0) }).obstacles).toEqual([])
  })
})
