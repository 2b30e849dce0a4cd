import { describe, expect, it } from 'vitest'
import { createReceiver, type Handlers, publishedKeys } from '../../src/sdk/index.ts'
import { type SignedRequest, signRequest, verifyAnswer } from '../../src/trust/signature.ts'
import { addWebhook } from '../../src/trust/webhook.ts'
import { gatewayParty, type Party, party } from './network.ts'

const gateway = await gatewayParty()
const member = await party('acquirer-cn')
const other = await party('wallet-th')
const ecdsa = await party('gateway', 'ecdsa-p256-sha256', 'gateway-2')
const ORIGIN = 'https://acquirer.test'

const asked: unknown[] = []
const handlers: Handlers = {
  async accept(request) {
    asked.push(request)
    return { result: 'S', reference: 'a-1' }
  },
  async cancel() {
    throw new Error('the book is closed')
  },
  async notice(_, id) {
    asked.push(id)
  },
}
const receive = createReceiver({
  institution: 'acquirer-cn',
  key: member.signing,
  gatewayKeys: [gateway.verifying],
  origin: ORIGIN,
  handlers,
})

interface Sent {
  readonly path?: string
  readonly by?: Party
  readonly body?: string
  readonly at?: number
  readonly origin?: string
  /** Adds headers before it is signed. */
  readonly before?: (headers: Headers, body: Uint8Array) => Promise<void>
  /** Changes the request after it was signed. */
  readonly tamper?: (request: SignedRequest) => SignedRequest
}

/** Sends one call as the gateway would; gives the answer and whether it is the member's, bound to the call. */
async function call(sent: Sent) {
  const {
    path = '/payments/accept',
    by = gateway,
    body = '{"addressee":"acquirer-cn","paymentId":"p"}',
    at = Date.now(),
  } = sent
  const signed: SignedRequest = {
    method: 'POST',
    url: (sent.origin ?? ORIGIN) + path,
    headers: new Headers(),
    body: new TextEncoder().encode(body),
  }
  await sent.before?.(signed.headers, signed.body)
  await signRequest(signed, by.signing, at)
  const request = sent.tamper?.(signed) ?? signed
  const response = await receive(
    new Request(ORIGIN + path, {
      method: 'POST',
      headers: request.headers,
      body: request.body.slice(),
    }),
  )
  const heard = new Uint8Array(await response.clone().arrayBuffer())
  const proof = await verifyAnswer(
    { status: response.status, headers: response.headers, body: heard },
    request,
    async () => member.verifying,
    Date.now(),
  )
  return { status: response.status, json: await response.json(), trusted: proof.ok }
}

const encoder = new TextEncoder()

describe('a receiver', () => {
  it('dispatches a call of the gateway and signs the answer bound to it', async () => {
    expect(await call({})).toEqual({
      status: 200,
      json: { result: 'S', reference: 'a-1' },
      trusted: true,
    })
    expect(asked.at(-1)).toEqual({ addressee: 'acquirer-cn', paymentId: 'p' })
  })

  it('acknowledges a notice once its handler is through', async () => {
    expect(await call({ path: '/notices' })).toMatchObject({ status: 200, json: { result: 'S' } })
  })

  it('tells a repeated notice by the id of its webhook, which must be signed too', async () => {
    const path = '/notices'
    const webhook = (by: Party) => async (headers: Headers, body: Uint8Array) =>
      addWebhook(headers, 'msg_1', body, by.signing, Date.now())
    expect(await call({ path, before: webhook(gateway) })).toMatchObject({ status: 200 })
    expect(asked.at(-1)).toBe('msg_1')
    const before = asked.length
    const forged = await call({ path, before: webhook(other) })
    expect(forged).toMatchObject({
      status: 401,
      json: { code: 'SIGNATURE_INVALID' },
      trusted: true,
    })
    const renamed = await call({
      path,
      before: webhook(gateway),
      tamper: request => {
        request.headers.set('webhook-id', 'msg_2')
        return request
      },
    })
    expect(renamed).toMatchObject({ status: 401 })
    expect(asked).toHaveLength(before)
    // A gateway key of another kind signs no webhook; the notice itself is signed all the same.
    expect(await call({ path, before: webhook(ecdsa) })).toMatchObject({ status: 200 })
    expect(asked.at(-1)).toBeNull()
  })

  it('takes a call below a path of its own', async () => {
    expect(await call({ path: '/cpg/v1/payments/accept' })).toMatchObject({ status: 200 })
  })

  // biome-ignore format: a table is read by column
  it.each<[string, Sent, string]>([
    ['changed on the way',        { tamper: r => ({ ...r, body: encoder.encode('{"paymentId":"q"}') }) },        'SIGNATURE_DIGEST'],
    ['without a signature',       { tamper: r => ({ ...r, headers: new Headers() }) },                           'SIGNATURE_MISSING'],
    ['signed by another member',  { by: other },                                                                'SIGNATURE_KEY'],
    ['signed long ago',           { at: Date.now() - 301_000 },                                                  'SIGNATURE_STALE'],
    ['signed for another member', { origin: 'https://acquirer-th.test' },                                        'SIGNATURE_INVALID'],
  ])('refuses a call %s, and signs that too', async (_, sent, code) => {
    const before = asked.length
    const { status, json } = await call(sent)
    expect({ status, json }).toMatchObject({ status: 401, json: { code } })
    expect(asked).toHaveLength(before)
  })

  it.each<[string, Sent, number, string]>([
    ['a question it has no handler for', { path: '/orders/inquire' }, 404, 'NOT_FOUND'],
    ['an address that asks nothing', { path: '/elsewhere' }, 404, 'NOT_FOUND'],
    [
      'what was asked of another member',
      { body: '{"addressee":"acquirer-th"}' },
      403,
      'ACCESS_DENIED',
    ],
    ['what was asked of nobody', { body: '{"paymentId":"p"}' }, 403, 'ACCESS_DENIED'],
    ['a body that is no object', { body: '[1]' }, 400, 'PARAM_ILLEGAL'],
    ['a body that is no JSON', { body: '{' }, 400, 'PARAM_ILLEGAL'],
    ['a question whose handler fails', { path: '/payments/cancel' }, 500, 'INTERNAL'],
    ['a body above 64 KiB', { body: `"${'x'.repeat(65_535)}"` }, 413, 'BODY_TOO_LARGE'],
  ])('answers %s with a signed problem', async (_, sent, status, code) => {
    // What was not read to its end was not verified, so its refusal is bound to nothing.
    expect(await call(sent)).toMatchObject({ status, json: { code }, trusted: status !== 413 })
  })

  it('takes a body of exactly 64 KiB', async () => {
    const body = `{"addressee":"acquirer-cn","x":"${'x'.repeat(65_536 - 34)}"}`
    expect(encoder.encode(body)).toHaveLength(65_536)
    expect(await call({ body })).toMatchObject({ status: 200 })
  })
})

describe('published keys', () => {
  const jwks = async (...parties: Party[]) => ({
    keys: await Promise.all(
      parties.map(async ({ verifying: { id, key } }) => ({
        ...((await crypto.subtle.exportKey('jwk', key)) as JsonWebKey),
        kid: id,
      })),
    ),
  })

  it('are read in both kinds, kept, and asked for anew when a key is unknown', async () => {
    const urls: string[] = []
    const clock = { now: 1_000_000 }
    const published = [gateway]
    const keys = publishedKeys(
      'http://gateway.test/',
      async url => {
        urls.push(url)
        return Response.json(await jwks(...published))
      },
      () => clock.now,
    )
    const ids = async (fresh?: boolean) => (await keys(fresh)).map(({ id }) => id)
    expect([await ids(), await ids()]).toEqual([['gateway-1'], ['gateway-1']])
    expect(urls).toEqual(['http://gateway.test/.well-known/jwks.json'])

    published.push(ecdsa)
    expect(await ids(true)).toEqual(['gateway-1'])
    clock.now += 10_000
    expect(await ids(true)).toEqual(['gateway-1', 'gateway-2'])
    clock.now += 299_999
    await ids()
    expect(urls).toHaveLength(2)
    clock.now += 1
    await ids()
    expect(urls).toHaveLength(3)
  })

  it('are fetched by each who needs them first: no request waits for what another one asked', async () => {
    let asked = 0
    const keys = publishedKeys('http://gateway.test/', async () => {
      asked += 1
      return Response.json(await jwks(gateway))
    })
    await Promise.all([keys(), keys()])
    expect(asked).toBe(2)
    await keys()
    expect(asked).toBe(2)
  })

  it('that were fetched once are still given while the gateway is away', async () => {
    const clock = { now: 0 }
    let away = false
    const keys = publishedKeys(
      'http://gateway.test',
      async () => (away ? Response.error() : Response.json(await jwks(gateway))),
      () => clock.now,
    )
    away = true
    await expect(keys()).rejects.toThrow('no keys')
    away = false
    await keys()
    away = true
    clock.now += 1_000_000
    expect(await keys()).toHaveLength(1)
  })
})
