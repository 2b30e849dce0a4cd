/** Bad input gets a clear answer and leaves nothing behind. */
import { beforeAll, describe, expect, it } from 'vitest'
import { readCode } from '../../src/codes/read.ts'
import { placeOf } from '../../src/domain/payment-id.ts'
import type { ResultCode } from '../../src/domain/refusal.ts'
import { makeKeyPair, signingKey } from '../../src/trust/keys.ts'
import * as code from './codes.ts'
import { codeAt, newRequest, startNetwork } from './network.ts'
import { expectNothing, expectRefusal, expectSigned } from './refused.ts'
import { byHand, type Hand, send, type Wire } from './wire.ts'

const net = await startNetwork()
const wallet = net.client('wallet-th')
const key = net.keys['wallet-th-1']!
const stranger = await signingKey(await makeKeyPair('wallet-th-1', 'wallet-th', 'ed25519'))
const foreignCurve = await signingKey(
  await makeKeyPair('wallet-th-1', 'wallet-th', 'ecdsa-p256-sha256'),
)
const now = () => Math.floor(Date.now() / 1000)

/** Something that would be harmful if it came back as it is. */
const hostile = '<script>alert("x")</script>'

beforeAll(async () => {
  // The first quote loads the directory; what is timed or counted later should not.
  await wallet.quote({ ...newRequest(), code: codeAt('cn-rail') })
})

interface Order {
  readonly requestId: string
  readonly requestedAt: string
  readonly quote: string
  readonly hold: { readonly reference: string }
}

type Asked = ReturnType<typeof newRequest>

/** A payment order that would go through as it is. */
async function goodOrder(asked: Asked = newRequest('bad'), merchant = 'cn-rail'): Promise<Order> {
  const { quote } = await wallet.quote({ ...asked, code: codeAt(merchant) })
  return { ...asked, quote, hold: { reference: asked.requestId } }
}

const goodQuote = () => ({ ...newRequest('bad'), code: codeAt('cn-tea', 'static') })

describe('a payment order signed by hand', () => {
  it('is taken when everything is right, so that what follows is refused for its own reason only', async () => {
    const wire = await byHand(net.url, '/v1/payments', { key, body: await goodOrder() })
    const heard = await send(wire)
    expect(heard.status).toBe(200)
    expect(JSON.parse(heard.text)).toMatchObject({ result: 'S', status: 'committed' })
    await expectSigned(heard, wire, net)
  })

  it('is taken under the second key of two that overlap', async () => {
    const next = net.keys['wallet-th-next']!
    const heard = await send(
      await byHand(net.url, '/v1/payments', { key: next, body: await goodOrder() }),
    )
    expect(JSON.parse(heard.text)).toMatchObject({ result: 'S' })
  })

  // As it is when its turn comes: the table is made long before.
  it.each<readonly [name: string, hand: () => Partial<Hand>]>([
    ['that does not name its algorithm', () => ({ alg: null })],
    ['created 290 s ago', () => ({ created: now() - 290 })],
    ['created 290 s ahead', () => ({ created: now() + 290 })],
    ['that ends in a minute', () => ({ expires: now() + 60 })],
    [
      'that covers more than it must',
      () => ({
        components: ['content-type', '@method', 'content-digest', '@target-uri', 'cpg-institution'],
      }),
    ],
  ])('is taken with a signature %s', async (_, hand) => {
    const body = await goodOrder()
    const wire = await byHand(net.url, '/v1/payments', { key, body, ...hand() })
    expect(JSON.parse((await send(wire)).text)).toMatchObject({ result: 'S' })
  })

  it('is taken beside a signature of somebody else, whose label is another', async () => {
    const wire = await byHand(net.url, '/v1/payments', { key, body: await goodOrder() })
    const beside = (name: string) =>
      `proxy=${String(wire.headers[name]).slice(4)}, ${wire.headers[name]}`
    const headers = {
      ...wire.headers,
      signature: beside('signature'),
      'signature-input': beside('signature-input'),
    }
    expect(JSON.parse((await send({ ...wire, headers })).text)).toMatchObject({ result: 'S' })
  })

  it('that is replayed byte for byte hears its first answer again, and is accepted once', async () => {
    const wire = await byHand(net.url, '/v1/payments', { key, body: await goodOrder() })
    const first = await send(wire)
    const { paymentId } = JSON.parse(first.text)
    await net.tape.hear({ by: 'acquirer-cn', event: 'paid', paymentId })
    const second = await send(wire)
    const again = await send(wire)
    expect(JSON.parse(second.text)).toMatchObject({ paymentId, result: 'S', status: 'committed' })
    expect(JSON.parse(again.text).receipt).toBe(JSON.parse(first.text).receipt)
    await net.tape.hear({ by: 'gateway', event: 'opened', paymentId })
    expect(net.tape.all({ by: 'acquirer-cn', event: 'accepted', paymentId })).toHaveLength(1)
    expect(net.tape.all({ by: 'gateway', event: 'opened', paymentId })).toHaveLength(1)
  })
})

/** What is done to a wire after it was signed. */
type Spoil = (wire: Wire) => Wire

const withHeaders =
  (change: (headers: Wire['headers']) => Record<string, string | string[] | undefined>): Spoil =>
  wire => {
    const changed = { ...wire.headers, ...change(wire.headers) }
    const kept = Object.entries(changed).filter(([, value]) => value !== undefined)
    return { ...wire, headers: Object.fromEntries(kept) as Wire['headers'] }
  }

const one = (headers: Wire['headers'], name: string) => String(headers[name])
const usual = ['@method', '@target-uri', 'cpg-institution', 'content-digest']
const without = (name: string) => ({ components: usual.filter(each => each !== name) })
const otherDigest = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:'

// biome-ignore format: a table is read by column
const signatures: readonly (readonly [name: string, hand: Partial<Hand> | (() => Partial<Hand>), spoil: Spoil | null, code: ResultCode])[] = [
  ['no signature',                         {},                                        withHeaders(() => ({ signature: undefined, 'signature-input': undefined })), 'SIGNATURE_MISSING'],
  ['no Signature-Input',                   {},                                        withHeaders(() => ({ 'signature-input': undefined })), 'SIGNATURE_MISSING'],
  ['no Signature',                         {},                                        withHeaders(() => ({ signature: undefined })), 'SIGNATURE_MISSING'],
  ['a signature of another label only',    { label: 'sig1' },                         null, 'SIGNATURE_MISSING'],
  ['an unparsable Signature',              {},                                        withHeaders(() => ({ signature: '((((' })), 'SIGNATURE_MALFORMED'],
  ['a Signature that is no byte sequence', {},                                        withHeaders(() => ({ signature: 'cpg=xx' })), 'SIGNATURE_MALFORMED'],
  ['an unparsable Signature-Input',        {},                                        withHeaders(() => ({ 'signature-input': 'cpg=(' })), 'SIGNATURE_MALFORMED'],
  ['a Signature-Input of no list',         {},                                        withHeaders(() => ({ 'signature-input': 'cpg=42' })), 'SIGNATURE_MALFORMED'],
  ['markup for a signature',               {},                                        withHeaders(() => ({ signature: hostile, 'signature-input': hostile })), 'SIGNATURE_MALFORMED'],
  ['our label twice',                      {},                                        withHeaders(h => ({ signature: [one(h, 'signature'), one(h, 'signature')], 'signature-input': [one(h, 'signature-input'), one(h, 'signature-input')] })), 'SIGNATURE_MALFORMED'],
  ['a signature that leaves out the method',      without('@method'),                 null, 'SIGNATURE_COVERAGE'],
  ['a signature that leaves out the target',      without('@target-uri'),             null, 'SIGNATURE_COVERAGE'],
  ['a signature that leaves out the institution', without('cpg-institution'),         null, 'SIGNATURE_COVERAGE'],
  ['a signature that leaves out the digest',      without('content-digest'),          null, 'SIGNATURE_COVERAGE'],
  ['a signature over nothing',             { components: [] },                        null, 'SIGNATURE_COVERAGE'],
  ['a signature over a header that is not there', { components: [...usual, 'x-none'] }, null, 'SIGNATURE_COVERAGE'],
  ['a signature over an invented component', { components: [...usual, '@nonsense'] }, null, 'SIGNATURE_COVERAGE'],
  ['a component covered twice',            { components: [...usual, '@method'] },     null, 'SIGNATURE_COVERAGE'],
  ['path and query signed for the target', { components: ['@method', '@path', 'cpg-institution', 'content-digest'] }, null, 'SIGNATURE_COVERAGE'],
  ['no institution',                       {},                                        withHeaders(() => ({ 'cpg-institution': undefined })), 'SIGNATURE_COVERAGE'],
  ['no time of creation',                  { created: null },                         null, 'SIGNATURE_STALE'],
  ['a signature of 310 s ago',             () => ({ created: now() - 310 }),          null, 'SIGNATURE_STALE'],
  ['a signature of 310 s ahead',           () => ({ created: now() + 310 }),          null, 'SIGNATURE_STALE'],
  ['a signature that ended a second ago',  () => ({ expires: now() - 1 }),            null, 'SIGNATURE_STALE'],
  ['a signature of 1970',                  { created: 0 },                            null, 'SIGNATURE_STALE'],
  ['a signature of the far future',        { created: 99_999_999_999_999 },           null, 'SIGNATURE_STALE'],
  ['no key id',                            { keyid: null },                           null, 'SIGNATURE_KEY'],
  ['an unknown key id',                    { keyid: 'nobody-1' },                     null, 'SIGNATURE_KEY'],
  ['a key id of the prototype',            { keyid: '__proto__' },                    null, 'SIGNATURE_KEY'],
  ["another institution's key",            { key: net.keys['wallet-cn-1']!, institution: 'wallet-th' }, null, 'SIGNATURE_KEY'],
  ["another institution's name",           { institution: 'wallet-cn' },              null, 'SIGNATURE_KEY'],
  ["the gateway's name",                   { institution: 'gateway', keyid: 'gateway-1' }, null, 'SIGNATURE_KEY'],
  ['a key that has expired',               { key: net.keys['wallet-th-expired']! },   null, 'SIGNATURE_KEY'],
  ['a key that is not valid yet',          { key: net.keys['wallet-th-early']! },     null, 'SIGNATURE_KEY'],
  ['no digest',                            {},                                        withHeaders(() => ({ 'content-digest': undefined })), 'SIGNATURE_COVERAGE'],
  ['the digest of another body',           { digest: otherDigest },                   null, 'SIGNATURE_DIGEST'],
  ['a digest of another algorithm only',   { digest: 'sha-512=:AAAA:' },              null, 'SIGNATURE_DIGEST'],
  ['a digest that is none',                { digest: hostile },                       null, 'SIGNATURE_DIGEST'],
  ['a body changed after signing',         {},                                        wire => ({ ...wire, body: spoilt(wire.body) }), 'SIGNATURE_DIGEST'],
  ['body and digest changed after signing', {},                                       withHeaders(() => ({ 'content-digest': otherDigest })), 'SIGNATURE_DIGEST'],
  ['a signature of a stranger under our key id', { key: stranger },                   null, 'SIGNATURE_INVALID'],
  ['a signature on another curve',         { key: foreignCurve },                     null, 'SIGNATURE_INVALID'],
  ['an HMAC for algorithm',                { alg: 'hmac-sha256' },                    null, 'SIGNATURE_INVALID'],
  ['no algorithm at all by name',          { alg: 'none' },                           null, 'SIGNATURE_INVALID'],
  ['a target with another query',          {},                                        wire => ({ ...wire, path: '/v1/payments?x=1' }), 'SIGNATURE_INVALID'],
  ['another host',                         {},                                        withHeaders(() => ({ host: 'elsewhere.example' })), 'SIGNATURE_INVALID'],
  ['another method',                       {},                                        wire => ({ ...wire, method: 'PUT' }), 'SIGNATURE_INVALID'],
  ['the signature of 64 zero bytes',       {},                                        withHeaders(() => ({ signature: `cpg=:${'A'.repeat(86)}==:` })), 'SIGNATURE_INVALID'],
  ['a signature that is too short',        {},                                        withHeaders(() => ({ signature: 'cpg=:AAAA:' })), 'SIGNATURE_INVALID'],
  ['another created than was signed',      {},                                        withHeaders(h => ({ 'signature-input': one(h, 'signature-input').replace(/created=(\d+)/, (_, created) => `created=${Number(created) - 7}`) })), 'SIGNATURE_INVALID'],
]

/** One letter of the hold's reference, so that the body stays well formed and means something else. */
function spoilt(body: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(body)
  return new TextEncoder().encode(text.replace('"reference":"bad', '"reference":"bat'))
}

describe('a payment order with', () => {
  it.each(signatures)('%s is refused, and nothing is made', async (_, hand, spoil, wanted) => {
    const order = await goodOrder()
    // What is a time of day is told when its turn comes: the table is made long before.
    const by = typeof hand === 'function' ? hand() : hand
    const wire = await byHand(net.url, '/v1/payments', { key, body: order, ...by })
    const sent = spoil === null ? wire : spoil(wire)
    const heard = await send(sent)
    await expectRefusal(heard, sent, wanted, net)
    expect(heard.text).not.toContain(hostile)
    await expectNothing({ ...order, wallet: 'wallet-th', order: 'offered' }, net)
  })
})

describe('what the API describes', () => {
  it('is refused without a signature, at each address and method under /v1', async () => {
    const described = await (await fetch(`${net.url}/openapi.json`)).json()
    const { paths } = described as { paths: Record<string, Record<string, unknown>> }
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => [method.toUpperCase(), path] as const),
    )
    const inside = routes.filter(([, path]) => path.startsWith('/v1/'))
    expect(inside.length).toBeGreaterThanOrEqual(5)
    for (const [method, path] of inside) {
      const target = path.replaceAll(/\{[^}]+\}/g, 'x')
      const wire = {
        method,
        path: target,
        url: net.url + target,
        headers: {},
        body: new Uint8Array(),
      }
      await expectRefusal(await send(wire), wire, 'SIGNATURE_MISSING', net)
    }
  })
})

const padding = (bytes: number) => 'x'.repeat(bytes)
const text = (value: unknown) => JSON.stringify(value)
const manyFields = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`field${n}`, n]))

type Quoting = ReturnType<typeof goodQuote>

// biome-ignore format: a table is read by column
const shapes: readonly (readonly [name: string, body: (good: Quoting) => unknown, code: ResultCode, pointer: string | null, hand: Partial<Hand>])[] = [
  ['a body that says it is over 64 KiB',   good => ({ ...good, code: padding(65_536) }), 'BODY_TOO_LARGE', null, {}],
  ['a body over 64 KiB in pieces',         good => ({ ...good, code: padding(65_536) }), 'BODY_TOO_LARGE', null, { chunked: true }],
  ['a body of 3 MB in pieces',             good => ({ ...good, code: padding(3_000_000) }), 'BODY_TOO_LARGE', null, { chunked: true }],
  ['a code of 70 KB',                      good => ({ ...good, code: codeAt('cn-rail') + padding(70_000) }), 'BODY_TOO_LARGE', null, {}],
  ['no body',                              () => undefined,                             'PARAM_ILLEGAL', '/requestId', { method: 'POST' }],
  ['half a body',                          good => text(good).slice(0, 40),             'PARAM_ILLEGAL', null, {}],
  ['a body that is no JSON',               () => hostile,                               'PARAM_ILLEGAL', null, {}],
  ['NaN for a value',                      good => text(good).replace('}', ',"n":NaN}'), 'PARAM_ILLEGAL', null, {}],
  ['a body in UTF-16',                     good => `﻿${text(good)}`.split('').join('\0'), 'PARAM_ILLEGAL', null, {}],
  ['deep nesting',                         () => '['.repeat(30_000) + ']'.repeat(30_000), 'PARAM_ILLEGAL', '', {}],
  ['null for the body',                    () => 'null',                                'PARAM_ILLEGAL', '', {}],
  ['a list for the body',                  good => [good],                              'PARAM_ILLEGAL', '', {}],
  ['a number for the body',                () => '42',                                  'PARAM_ILLEGAL', '', {}],
  ['a text for the body',                  () => '"hello"',                             'PARAM_ILLEGAL', '', {}],
  ['a body called text/plain',             good => good,                                'PARAM_ILLEGAL', null, { contentType: 'text/plain' }],
  ['a body called a form',                 good => good,                                'PARAM_ILLEGAL', null, { contentType: 'application/x-www-form-urlencoded' }],
  ['a body called nothing',                good => good,                                'PARAM_ILLEGAL', null, { contentType: null }],
  ['an unknown field',                     good => ({ ...good, [hostile]: 1 }),         'PARAM_ILLEGAL', '', {}],
  ['a field that only the gateway sets',   good => ({ ...good, paymentId: 'pay_1' }),   'PARAM_ILLEGAL', '', {}],
  ['3,000 unknown fields',                 good => ({ ...good, ...manyFields }),        'PARAM_ILLEGAL', '', {}],
  ['__proto__',                            good => text(good).replace('{', '{"__proto__":{"code":"x"},'), 'PARAM_ILLEGAL', '', {}],
  ['constructor.prototype',                good => text(good).replace('{', '{"constructor":{"prototype":{"x":1}},'), 'PARAM_ILLEGAL', '', {}],
  ['no requestId',                         ({ requestId: _, ...rest }) => rest,         'PARAM_ILLEGAL', '/requestId', {}],
  ['markup for requestId',                 good => ({ ...good, requestId: hostile }),   'PARAM_ILLEGAL', '/requestId', {}],
  ['a requestId of 65 letters',            good => ({ ...good, requestId: padding(65) }), 'PARAM_ILLEGAL', '/requestId', {}],
  ['a requestId with a line break',        good => ({ ...good, requestId: 'a\nb' }),    'PARAM_ILLEGAL', '/requestId', {}],
  ['a number for requestId',               good => ({ ...good, requestId: 7 }),         'PARAM_ILLEGAL', '/requestId', {}],
  ['requestedAt in words',                 good => ({ ...good, requestedAt: 'yesterday' }), 'PARAM_ILLEGAL', '/requestedAt', {}],
  ['requestedAt without milliseconds',     good => ({ ...good, requestedAt: '2026-10-01T08:00:00Z' }), 'PARAM_ILLEGAL', '/requestedAt', {}],
  ['requestedAt with an offset',           good => ({ ...good, requestedAt: '2026-10-01T08:00:00.000+07:00' }), 'PARAM_ILLEGAL', '/requestedAt', {}],
  ['requestedAt on 30 February',           good => ({ ...good, requestedAt: '2026-02-30T08:00:00.000Z' }), 'PARAM_ILLEGAL', '/requestedAt', {}],
  ['requestedAt in ten minutes',           good => ({ ...good, requestedAt: new Date(Date.now() + 600_000).toISOString() }), 'PARAM_ILLEGAL', '/requestedAt', {}],
  ['requestedAt before the member joined', good => ({ ...good, requestedAt: '1969-12-31T23:59:59.999Z' }), 'PARAM_ILLEGAL', '/requestedAt', {}],
  ['null for the code',                    good => ({ ...good, code: null }),           'PARAM_ILLEGAL', '/code', {}],
  ['an object for the code',               good => ({ ...good, code: {} }),             'PARAM_ILLEGAL', '/code', {}],
  ['an empty code',                        good => ({ ...good, code: '' }),             'PARAM_ILLEGAL', '/code', {}],
  ['a list for the amount',                good => ({ ...good, amount: [] }),           'PARAM_ILLEGAL', '/amount', {}],
  ['null for the amount',                  good => ({ ...good, amount: null }),         'PARAM_ILLEGAL', '/amount', {}],
  ['an unknown field in money',            good => ({ ...good, amount: { currency: 'CNY', minor: '100', major: '1' } }), 'PARAM_ILLEGAL', '/amount', {}],
  ['money without a currency',             good => ({ ...good, amount: { minor: '100' } }), 'PARAM_ILLEGAL', '/amount/currency', {}],
  ['a currency in small letters',          good => ({ ...good, amount: { currency: 'cny', minor: '100' } }), 'PARAM_ILLEGAL', '/amount/currency', {}],
  ['a currency that is none',              good => ({ ...good, currency: hostile }),    'PARAM_ILLEGAL', '/currency', {}],
]

const amounts = [
  ['0', '0'],
  ['below zero', '-1'],
  ['minus zero', '-0'],
  ['with decimals', '1.00'],
  ['with a comma', '1,00'],
  ['in exponents', '1e3'],
  ['in hex', '0x10'],
  ['with a leading zero', '0100'],
  ['with a plus', '+100'],
  ['with a space', ' 100'],
  ['with a line break', '100\n'],
  ['empty', ''],
  ['as a JSON number', 100],
  ['null', null],
  ['in full-width digits', '１００'],
  ['in Arabic digits', '١٠٠'],
  ['NaN', 'NaN'],
  ['above 10^15 by one', '1000000000000001'],
  ['of 2^53 + 1', '9007199254740993'],
  ['of 10^30', `1${'0'.repeat(30)}`],
] as const

/** Sends a body for a quote and expects the refusal, with nothing left of it anywhere. */
async function refuseQuote(good: Quoting, body: unknown, code: ResultCode, hand?: Partial<Hand>) {
  const wire = await byHand(net.url, '/v1/quotes', { key, body, ...hand })
  const heard = await send(wire)
  const problem = await expectRefusal(heard, wire, code, net)
  expect(heard.text).not.toContain(hostile)
  await expectNothing({ ...good, wallet: 'wallet-th', order: null }, net)
  return problem
}

describe('the codes of these stories', () => {
  it('are wrong in the one way that they are shown for', () => {
    const found = Object.fromEntries(
      Object.entries(code).map(([name, scanned]) => {
        const { errors, payable, presentment, families, expiresAtMs } = readCode(scanned)
        const ended = expiresAtMs !== null && expiresAtMs < Date.now()
        return [
          name,
          {
            errors: errors.map(each => each.code),
            payable,
            presentment,
            ended,
            family: families[0]?.id,
          },
        ]
      }),
    )
    const good = { errors: [], payable: true, presentment: 'merchant', ended: false }
    expect(found).toMatchObject({
      wrongChecksum: { errors: ['crc-mismatch'] },
      finerThanFen: { errors: ['amount-precision'], family: 'unionpay' },
      finerThanDong: { errors: ['amount-precision'], family: 'vietqr' },
      unserved: { ...good, family: 'paynow' },
      expired: { ...good, family: 'paynow', ended: true },
      unknownFamily: good,
      consumer: { errors: [], payable: true, presentment: 'consumer' },
    })
  })
})

describe('a request for a quote with', () => {
  it.each(shapes)('%s is refused', async (_, body, wanted, pointer, hand) => {
    const good = goodQuote()
    const problem = await refuseQuote(good, body(good), wanted, hand)
    if (pointer !== null) expect(problem.errors?.[0]?.pointer).toBe(pointer)
  })

  it.each(amounts)('an amount that is %s is refused', async (_, minor) => {
    const good = goodQuote()
    const problem = await refuseQuote(
      good,
      { ...good, amount: { currency: 'CNY', minor } },
      'AMOUNT_INVALID',
    )
    expect(problem.errors?.[0]?.pointer).toBe('/amount/minor')
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, code: string, more: object, wanted: ResultCode, order: 'offered' | null]>([
    ['a wrong checksum',                 code.wrongChecksum,    {}, 'CODE_INVALID',     null],
    ['a code cut off',                   codeAt('cn-rail').slice(0, -10), {}, 'CODE_INVALID', null],
    ['an amount finer than a fen',       code.finerThanFen,     {}, 'CODE_INVALID',     null],
    ['an amount finer than a dong',      code.finerThanDong,    {}, 'CODE_INVALID',     null],
    ['a space for a code',               ' ',                   {}, 'CODE_INVALID',     null],
    ['a code of NUL',                    '\0\0\0',              {}, 'CODE_UNSUPPORTED', null],
    ['half a surrogate for a code',      '\ud800',              {}, 'CODE_UNSUPPORTED', null],
    ['markup for a code',                hostile,               {}, 'CODE_UNSUPPORTED', null],
    ['a script link for a code',         'javascript:alert(1)', {}, 'CODE_UNSUPPORTED', null],
    ['a link of nobody for a code',      'https://evil.example/pay', {}, 'CODE_UNSUPPORTED', null],
    ['60 KB of nothing for a code',      padding(60_000),       {}, 'CODE_UNSUPPORTED', null],
    ["a consumer's code",                code.consumer,         {}, 'CODE_UNSUPPORTED', null],
    ["a consumer's bar code",            '6212345678901234567', {}, 'CODE_UNSUPPORTED', null],
    ['a code that has expired',          code.expired,          {}, 'CODE_EXPIRED',     null],
    ['a code of a family nobody serves', code.unserved,         {}, 'NO_ROUTE',         null],
    ['a code of an unknown family',      code.unknownFamily,    {}, 'NO_ROUTE',         null],
    ['no amount where the code has none', codeAt('cn-tea', 'static'), {}, 'AMOUNT_MISSING', 'offered'],
    ['another amount than the code says', codeAt('cn-rail'),    { amount: { currency: 'CNY', minor: '4999' } }, 'AMOUNT_MISMATCH', 'offered'],
    ["a payer's amount where the code fixes the merchant's", codeAt('cn-rail'), { amount: { currency: 'THB', minor: '22858' } }, 'AMOUNT_MISMATCH', 'offered'],
    ["a currency of neither side",       codeAt('cn-tea', 'static'), { amount: { currency: 'USD', minor: '100' } }, 'AMOUNT_INVALID', 'offered'],
    ['a currency that the wallet does not hold', codeAt('cn-rail'), { currency: 'USD' }, 'AMOUNT_INVALID', 'offered'],
    ['10^15 abroad, which is more at home', codeAt('cn-tea', 'static'), { amount: { currency: 'CNY', minor: `1${'0'.repeat(15)}` } }, 'AMOUNT_INVALID', 'offered'],
    ["a payer's amount too small to reach a unit", codeAt('cn-tea', 'static'), { amount: { currency: 'THB', minor: '1' } }, 'AMOUNT_INVALID', 'offered'],
  ])('%s is refused', async (_, scanned, more, wanted, order) => {
    const asked = newRequest('bad')
    const body = { ...asked, code: scanned, ...more }
    const wire = await byHand(net.url, '/v1/quotes', { key, body })
    const heard = await send(wire)
    await expectRefusal(heard, wire, wanted, net)
    expect(heard.text).not.toContain(hostile)
    await expectNothing({ ...asked, wallet: 'wallet-th', order }, net)
  })

  it('10^15 minor units less one is understood to the last digit, and more than one payment may be', async () => {
    const minor = '9'.repeat(15)
    const code = codeAt('th-padthai', 'static')
    const amount = { currency: 'THB', minor }
    const refused = wallet.quote({ ...newRequest(), code, amount })
    await expect(refused).rejects.toMatchObject({
      code: 'LIMIT_SINGLE',
      limit: { kind: 'single_max' },
    })
    const most = { currency: 'THB', minor: '380000000' }
    const quote = await wallet.quote({ ...newRequest(), code, amount: most })
    expect(quote).toMatchObject({ payer: most, payee: { minor: most.minor }, rate: null })
  })

  it.each([
    ['a suspended wallet', 'wallet-off-1', 'MEMBER_SUSPENDED'],
    ['an acquirer', 'acquirer-only-1', 'ACCESS_DENIED'],
  ] as const)('the signature of %s is refused', async (_, keyId, wanted) => {
    const asked = newRequest('bad')
    const signer = net.keys[keyId]!
    const body = { ...asked, code: codeAt('cn-rail') }
    const wire = await byHand(net.url, '/v1/quotes', { key: signer, body })
    await expectRefusal(await send(wire), wire, wanted, net)
    await expectNothing({ ...asked, wallet: signer.institution, order: null }, net)
  })
})

/** Changes one letter in the middle of one of the five parts of a token. */
function tampered(token: string, part: number): string {
  const parts = token.split('.')
  const was = parts[part] ?? ''
  const at = Math.floor(was.length / 2)
  parts[part] =
    was === '' ? 'AAAA' : `${was.slice(0, at)}${was[at] === 'A' ? 'B' : 'A'}${was.slice(at + 1)}`
  return parts.join('.')
}

// biome-ignore format: a table is read by column
const orders: readonly (readonly [name: string, change: (order: Order) => object | Promise<object>, code: ResultCode])[] = [
  ['a quote whose header was changed',    order => ({ ...order, quote: tampered(order.quote, 0) }), 'QUOTE_INVALID'],
  ['a quote with a key put in',           order => ({ ...order, quote: tampered(order.quote, 1) }), 'QUOTE_INVALID'],
  ['a quote whose nonce was changed',     order => ({ ...order, quote: tampered(order.quote, 2) }), 'QUOTE_INVALID'],
  ['a quote whose content was changed',   order => ({ ...order, quote: tampered(order.quote, 3) }), 'QUOTE_INVALID'],
  ['a quote whose seal was changed',      order => ({ ...order, quote: tampered(order.quote, 4) }), 'QUOTE_INVALID'],
  ['a quote cut short',                   order => ({ ...order, quote: order.quote.slice(0, -3) }), 'QUOTE_INVALID'],
  ['a quote of unsealed JSON',            order => ({ ...order, quote: text({ payer: { minor: '1' } }) }), 'QUOTE_INVALID'],
  ['markup for a quote',                  order => ({ ...order, quote: hostile }), 'QUOTE_INVALID'],
  ['the quote of another requestId',      async order => ({ ...order, quote: (await goodOrder()).quote }), 'QUOTE_INVALID'],
  ['another requestedAt than its quote',  order => ({ ...order, requestedAt: new Date(Date.parse(order.requestedAt) - 1).toISOString() }), 'QUOTE_INVALID'],
  ['no quote',                            ({ quote: _, ...rest }) => rest, 'PARAM_ILLEGAL'],
  ['an empty quote',                      order => ({ ...order, quote: '' }), 'PARAM_ILLEGAL'],
  ['a quote of 9,000 letters',            order => ({ ...order, quote: padding(9_000) }), 'PARAM_ILLEGAL'],
  ['no hold',                             ({ hold: _, ...rest }) => rest, 'PARAM_ILLEGAL'],
  ['null for the hold',                   order => ({ ...order, hold: null }), 'PARAM_ILLEGAL'],
  ['a list for the hold',                 order => ({ ...order, hold: [order.hold] }), 'PARAM_ILLEGAL'],
  ['an unknown field in the hold',        order => ({ ...order, hold: { ...order.hold, amount: '1' } }), 'PARAM_ILLEGAL'],
  ['an amount of its own',                order => ({ ...order, payer: { currency: 'THB', minor: '1' } }), 'PARAM_ILLEGAL'],
]

describe('a payment order with', () => {
  it.each(orders)('%s is refused', async (_, change, wanted) => {
    const order = await goodOrder()
    const wire = await byHand(net.url, '/v1/payments', { key, body: await change(order) })
    const heard = await send(wire)
    await expectRefusal(heard, wire, wanted, net)
    expect(heard.text).not.toContain(hostile)
    await expectNothing({ ...order, wallet: 'wallet-th', order: 'offered' }, net)
  })

  it('the quote of another wallet is refused, for both wallets', async () => {
    const order = await goodOrder()
    const thief = net.keys['wallet-cn-1']!
    const wire = await byHand(net.url, '/v1/payments', { key: thief, body: order })
    await expectRefusal(await send(wire), wire, 'QUOTE_INVALID', net)
    await expectNothing({ ...order, wallet: 'wallet-th', order: 'offered' }, net)
    await expectNothing({ ...order, wallet: 'wallet-cn', order: null }, net)
  })

  it.each<readonly [string, (first: Order, silk: Order) => Order]>([
    ['another hold', first => ({ ...first, hold: { reference: 'another' } })],
    ['another quote', (_, silk) => silk],
  ])('%s under a requestId that was paid before is refused', async (_, change) => {
    const asked = newRequest('bad')
    // The other quote is made first: once an order is paid, its acquirer offers no other.
    const silk = await goodOrder(asked, 'cn-silk')
    const order = await goodOrder(asked)
    const { paymentId } = await wallet.pay(order)
    const wire = await byHand(net.url, '/v1/payments', { key, body: change(order, silk) })
    await expectRefusal(await send(wire), wire, 'REPEAT_REQ_INCONSISTENT', net)
    expect(net.tape.all({ by: 'acquirer-cn', event: 'accepted', paymentId })).toHaveLength(1)
    expect(await wallet.payment(paymentId)).toMatchObject({ result: 'S', payee: { minor: '5000' } })
  })
})

const zeros = '0'.repeat(26)
/** Ids that look like ids; those of real places are made from a real one. */
const strange = (id: string, at: number, letter: string) =>
  id.slice(0, at) + letter + id.slice(at + 1)

describe('reading a payment', () => {
  let paid: { readonly paymentId: string; readonly requestId: string; readonly requestedAt: string }
  beforeAll(async () => {
    const order = await goodOrder()
    paid = await wallet.pay(order)
  })

  const read = async (path: string, keyId = 'wallet-th-1') => {
    const wire = await byHand(net.url, path, { key: net.keys[keyId]! })
    return { wire, heard: await send(wire) }
  }

  it('is for its two parties', async () => {
    for (const keyId of ['wallet-th-1', 'wallet-th-next', 'acquirer-cn-1']) {
      const { heard } = await read(`/v1/payments/${paid.paymentId}`, keyId)
      expect(JSON.parse(heard.text)).toMatchObject({ paymentId: paid.paymentId, result: 'S' })
    }
  })

  it('of others is answered like one that does not exist, to the letter', async () => {
    const never = strange(paid.paymentId, 30, paid.paymentId[30] === '0' ? '1' : '0')
    const { heard: unknown } = await read(`/v1/payments/${never}`, 'wallet-cn-1')
    const plain = (heard: { text: string }) => ({
      ...JSON.parse(heard.text),
      requestId: null,
      traceId: null,
    })
    for (const keyId of ['wallet-cn-1', 'acquirer-th-1', 'fx-harbour-1', 'wallet-off-1']) {
      for (const wait of ['', '?wait=20']) {
        const { heard, wire } = await read(`/v1/payments/${paid.paymentId}${wait}`, keyId)
        await expectRefusal(heard, wire, 'PAYMENT_NOT_EXIST', net)
        expect(plain(heard)).toEqual(plain(unknown))
      }
    }
  })

  it('by its request is for the one who made that request', async () => {
    const query = `?requestId=${paid.requestId}&requestedAt=${paid.requestedAt}`
    const { heard } = await read(`/v1/payments${query}`)
    expect(JSON.parse(heard.text)).toMatchObject({ paymentId: paid.paymentId })
    for (const keyId of ['wallet-cn-1', 'acquirer-cn-1', 'fx-harbour-1']) {
      const other = await read(`/v1/payments${query}`, keyId)
      await expectRefusal(other.heard, other.wire, 'PAYMENT_NOT_EXIST', net)
    }
  })

  it('of a center, an institution, an epoch or a lane that is none is answered like an unknown one', async () => {
    const place = placeOf(paid.paymentId)
    expect(place).toMatchObject({ epoch: 1 })
    const made = [
      `pay_${zeros}000000`,
      `pay_${'z'.repeat(32)}`,
      strange(paid.paymentId, 4, 'z'),
      strange(paid.paymentId, 8, 'z'),
      strange(paid.paymentId, 11, 'z'),
      strange(paid.paymentId, 13, 'z'),
      paid.paymentId.toUpperCase(),
      `${paid.paymentId}0`,
    ]
    for (const id of made) {
      const { heard, wire } = await read(`/v1/payments/${id}`)
      await expectRefusal(heard, wire, 'PAYMENT_NOT_EXIST', net)
    }
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [path: string, code: ResultCode, pointer: string | null]>([
    ['/v1/payments/x',                     'PAYMENT_NOT_EXIST', null],
    ['/v1/payments/%00',                   'PAYMENT_NOT_EXIST', null],
    ['/v1/payments/%ff',                   'PAYMENT_NOT_EXIST', null],
    ['/v1/payments/%zz',                   'PAYMENT_NOT_EXIST', null],
    ['/v1/payments/..%2f..%2fhealth',      'PAYMENT_NOT_EXIST', null],
    ['/v1/payments/__proto__',             'PAYMENT_NOT_EXIST', null],
    ["/v1/payments/'%20OR%201=1--",        'PAYMENT_NOT_EXIST', null],
    [`/v1/payments/${'a'.repeat(65)}`,     'PARAM_ILLEGAL', '/id'],
    ['/v1/payments/x?wait=abc',            'PARAM_ILLEGAL', '/wait'],
    ['/v1/payments/x?wait=-1',             'PARAM_ILLEGAL', '/wait'],
    ['/v1/payments/x?wait=26',             'PARAM_ILLEGAL', '/wait'],
    ['/v1/payments/x?wait=Infinity',       'PARAM_ILLEGAL', '/wait'],
    ['/v1/payments/x?wait=1&wait=2',       'PARAM_ILLEGAL', '/wait'],
    ['/v1/payments?limit=0',               'PARAM_ILLEGAL', '/limit'],
    ['/v1/payments?limit=201',             'PARAM_ILLEGAL', '/limit'],
    ['/v1/payments?limit=1.5',             'PARAM_ILLEGAL', '/limit'],
    ['/v1/payments?limit=all',             'PARAM_ILLEGAL', '/limit'],
    ['/v1/payments?cursor=x',              'PARAM_ILLEGAL', '/cursor'],
    ['/v1/payments?cursor=',               'PARAM_ILLEGAL', '/cursor'],
    [`/v1/payments?cursor=${btoa('["payments",null]').replace(/=/g, '')}`, 'PARAM_ILLEGAL', '/cursor'],
    [`/v1/payments?cursor=${btoa('["payments",{"hk":"x"}]').replace(/=/g, '')}`, 'PARAM_ILLEGAL', '/cursor'],
    [`/v1/payments?cursor=${btoa('["events",{}]').replace(/=/g, '')}`, 'PARAM_ILLEGAL', '/cursor'],
    [`/v1/payments?cursor=${'a'.repeat(3_000)}`, 'PARAM_ILLEGAL', '/cursor'],
    ['/v1/payments?status=done',           'PARAM_ILLEGAL', '/status'],
    ['/v1/payments?result=s',              'PARAM_ILLEGAL', '/result'],
    ['/v1/payments?payerMarket=cn',        'PARAM_ILLEGAL', '/payerMarket'],
    ['/v1/payments?openedFrom=yesterday',  'PARAM_ILLEGAL', '/openedFrom'],
    ['/v1/payments?requestId=%3Cscript%3Ealert(%22x%22)%3C/script%3E', 'PARAM_ILLEGAL', '/requestId'],
    ['/v1/payments?requestId=nobody-asked&requestedAt=2026-10-01T08:00:00.000Z', 'PAYMENT_NOT_EXIST', null],
    ['/v1/payments?requestId=nobody-asked&requestedAt=1969-01-01T00:00:00.000Z', 'PAYMENT_NOT_EXIST', null],
    ['/v1/events?after=x',                 'PARAM_ILLEGAL', '/after'],
    ['/v1/events?after=',                  'PARAM_ILLEGAL', '/after'],
    [`/v1/events?after=${btoa('["events",{"hk":[-1,0]}]').replace(/=/g, '')}`, 'PARAM_ILLEGAL', '/after'],
    ['/v1/events?limit=0',                 'PARAM_ILLEGAL', '/limit'],
    ['/v1/nothing',                        'NOT_FOUND', null],
    ['/v1/quotes',                         'NOT_FOUND', null],
  ])('%s is refused', async (path, wanted, pointer) => {
    const { heard, wire } = await read(path)
    const problem = await expectRefusal(heard, wire, wanted, net)
    expect(heard.text).not.toContain(hostile)
    if (pointer !== null) expect(problem.errors?.[0]?.pointer).toBe(pointer)
  })

  it.each(['DELETE', 'PUT', 'PATCH', 'OPTIONS'])('by %s is refused', async method => {
    const path = `/v1/payments/${paid.paymentId}`
    const wire = await byHand(net.url, path, { key, method })
    await expectRefusal(await send(wire), wire, 'NOT_FOUND', net)
  })

  it('leaves it as it was, whatever was asked of it', async () => {
    expect(await wallet.payment(paid.paymentId)).toMatchObject({ result: 'S', status: 'committed' })
  })
})

describe('what is refused', () => {
  it('is a line in the log with the code, and never a failure of the gateway', () => {
    expect(net.tape.all({ by: 'gateway', event: 'refused' }).length).toBeGreaterThan(30)
    expect(net.tape.all({ by: 'gateway', event: 'failed' })).toEqual([])
  })
})
