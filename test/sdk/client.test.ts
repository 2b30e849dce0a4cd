import { describe, expect, it } from 'vitest'
import {
  AnswerUntrusted,
  createClient,
  type Fetch,
  GatewayRefusal,
  GatewayUnreachable,
} from '../../src/sdk/index.ts'
import { pauseBefore, usualPatience } from '../../src/sdk/retry.ts'
import { type Asked, fetchTo, gatewayParty, party, payment, problem } from './network.ts'

const gateway = await gatewayParty()
const wallet = await party('wallet-th')
const ecdsa = await party('wallet-th', 'ecdsa-p256-sha256', 'wallet-th-2')

const order = {
  requestId: 'r-1',
  requestedAt: '2026-01-31T08:00:00.000Z',
  quote: 'sealed',
  hold: { reference: 'hold-1' },
}

/** A client whose clock moves only by its own pauses, and what it asked. */
function clientOf(fetch: Fetch, by = wallet, startMs = Date.now()) {
  const clock = { now: startMs, pauses: [] as number[] }
  const client = createClient({
    gateway: 'http://gateway.test',
    institution: 'wallet-th',
    key: by.signing,
    gatewayKeys: [gateway.verifying],
    fetch,
    now: () => clock.now,
    pause: async ms => {
      clock.pauses.push(ms)
      clock.now += ms
    },
    random: () => 1,
  })
  return { client, clock }
}

/** Answers each request with the next step; the last one repeats. A step that throws is a broken line. */
function steps(...list: ((asked: Asked) => { status: number; json: unknown } | Response)[]) {
  const asked: Asked[] = []
  const fetch: Fetch = (url, init) => {
    let raw: Response | undefined
    return fetchTo(gateway.signing, [wallet.verifying, ecdsa.verifying], one => {
      asked.push(one)
      const said = list[Math.min(asked.length, list.length) - 1]!(one)
      if (!(said instanceof Response)) return said
      raw = said
      return { status: 200, json: {} }
    })(url, init).then(signed => raw ?? signed)
  }
  return { asked, fetch }
}

const breaks = () => {
  throw new Error('connection reset')
}
const paid = () => ({ status: 200, json: payment() })
const busy = () => ({ status: 503, json: problem('BUSY', 503, { retry: 'same' }) })
const unknown = () => ({ status: 404, json: problem('PAYMENT_NOT_EXIST', 404) })

describe('a client', () => {
  it.each(['ed25519', 'ecdsa'])('signs with %s so that the gateway believes it', async kind => {
    const { fetch, asked } = steps(paid)
    const { client } = clientOf(fetch, kind === 'ecdsa' ? ecdsa : wallet)
    expect(await client.pay(order)).toEqual(payment())
    expect(asked).toMatchObject([{ method: 'POST', path: '/v1/payments', body: order }])
  })

  it('asks for payments and events with the parameters it was given, and no others', async () => {
    const { fetch, asked } = steps(() => ({ status: 200, json: {} }))
    const { client } = clientOf(fetch)
    await client.payment('pay_1', { waitSeconds: 90 })
    await client.payment('pay_1')
    await client.paymentByRequest(order)
    await client.payments({ status: 'committed', limit: 10 })
    await client.events({ after: 'a/b' })
    expect(asked.map(({ path }) => path)).toEqual([
      '/v1/payments/pay_1?wait=25',
      '/v1/payments/pay_1',
      '/v1/payments?requestId=r-1&requestedAt=2026-01-31T08%3A00%3A00.000Z',
      '/v1/payments?status=committed&limit=10',
      '/v1/events?after=a%2Fb',
    ])
  })

  it('refuses to be made with the key of another institution', () => {
    expect(() =>
      createClient({ gateway: 'http://x', institution: 'wallet-cn', key: wallet.signing }),
    ).toThrow('no key of wallet-cn')
  })
})

describe('an answer', () => {
  const tampered = (change: (headers: Headers) => string | undefined, status = 200): Fetch => {
    const honest = fetchTo(gateway.signing, [wallet.verifying], paid)
    return async (url, init) => {
      const answer = await honest(url, init)
      const headers = new Headers(answer.headers)
      return new Response(change(headers) ?? (await answer.text()), { status, headers })
    }
  }

  it.each<[string, Fetch, string]>([
    ['whose body was changed', tampered(() => '{"result":"S"}'), 'SIGNATURE_DIGEST'],
    ['without a signature', tampered(h => void h.delete('signature')), 'SIGNATURE_MISSING'],
    ['whose status was changed', tampered(() => undefined, 201), 'SIGNATURE_INVALID'],
    [
      'that names another signer',
      tampered(h => void h.set('cpg-institution', 'wallet-th')),
      'SIGNATURE_KEY',
    ],
  ])('%s is not believed', async (_, fetch, reason) => {
    const { client } = clientOf((url, init) => fetch(url, init))
    const failed = await client.payment('pay_1').catch(error => error)
    expect(failed).toBeInstanceOf(AnswerUntrusted)
    expect(failed).toMatchObject({ reason, result: 'U' })
  })

  it('to another request is not believed', async () => {
    const honest = fetchTo(gateway.signing, [wallet.verifying], paid)
    let first: Promise<Response> | undefined
    const replaying: Fetch = async (url, init) => {
      first ??= honest(url, init)
      return (await first).clone()
    }
    const { client } = clientOf(replaying)
    await client.payment('pay_1')
    await expect(client.payment('pay_2')).rejects.toMatchObject({ reason: 'SIGNATURE_INVALID' })
  })

  it('that is older than the window is not believed', async () => {
    const { client } = clientOf(
      fetchTo(gateway.signing, [wallet.verifying], paid, () => Date.now()),
      wallet,
      Date.now() - 301_000,
    )
    await expect(client.payment('pay_1')).rejects.toBeInstanceOf(AnswerUntrusted)
  })
})

describe('a lost answer', () => {
  it.each<[string, () => never | { status: number; json: unknown } | Response]>([
    ['a broken line', breaks],
    ['BUSY', busy],
    [
      'CENTER_UNAVAILABLE',
      () => ({
        status: 503,
        json: problem('CENTER_UNAVAILABLE', 503, { result: 'U', retry: 'same' }),
      }),
    ],
    ['INTERNAL', () => ({ status: 500, json: problem('INTERNAL', 500, { retry: 'inquire' }) })],
    ["a proxy's unsigned 502", () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ])('by %s is asked for again with the same body under a fresh signature', async (_, lost) => {
    const { fetch, asked } = steps(lost, lost, paid)
    const { client, clock } = clientOf(fetch)
    expect(await client.pay(order)).toMatchObject({ result: 'S' })
    expect(asked.map(({ body }) => body)).toEqual([order, order, order])
    expect(clock.pauses).toEqual([200, 400])
    // Ed25519 is deterministic and `created` counts seconds: only the clock makes signatures differ.
    clock.now += 1_000
    await client.pay(order)
    expect(asked[3]!.signature).not.toBe(asked[0]!.signature)
  })

  it('never hides a refusal: that is heard once and thrown', async () => {
    const refusal = problem('QUOTE_EXPIRED', 409, { result: 'F', retry: 'new_quote' })
    const { fetch, asked } = steps(() => ({ status: 409, json: refusal }))
    const { client } = clientOf(fetch)
    const failed = await client.pay(order).catch(error => error)
    expect(failed).toBeInstanceOf(GatewayRefusal)
    expect(failed).toMatchObject({
      code: 'QUOTE_EXPIRED',
      result: 'F',
      retry: 'new_quote',
      lost: 0,
    })
    expect(asked).toHaveLength(1)
  })

  it('of a timeout at the acquirer is no loss: nothing was created, so it is thrown', async () => {
    const refusal = problem('RESOLVE_TIMEOUT', 504, { result: 'F', retry: 'same' })
    const { fetch, asked } = steps(() => ({ status: 504, json: refusal }))
    await expect(clientOf(fetch).client.quote({ ...order, code: '0' })).rejects.toMatchObject({
      code: 'RESOLVE_TIMEOUT',
    })
    expect(asked).toHaveLength(1)
  })

  it('of a payment ends in an inquiry by requestId', async () => {
    const { fetch, asked } = steps(one => (one.method === 'GET' ? paid() : breaks()))
    const { client, clock } = clientOf(fetch)
    const start = clock.now
    expect(await client.pay(order)).toEqual(payment())
    expect(asked.at(-1)!.path).toContain('requestId=r-1')
    expect(clock.now - start).toBeLessThanOrEqual(usualPatience.totalMs)
  })

  it('that stays lost leaves the outcome unknown, never failed', async () => {
    const { fetch } = steps(breaks)
    const failed = await clientOf(fetch)
      .client.pay(order)
      .catch(error => error)
    expect(failed).toBeInstanceOf(GatewayUnreachable)
    expect(failed.result).toBe('U')
  })

  it('stays unknown though the inquiry finds nothing, for the lost request may still arrive', async () => {
    const { fetch } = steps(one => (one.method === 'GET' ? unknown() : breaks()))
    await expect(clientOf(fetch).client.pay(order)).rejects.toBeInstanceOf(GatewayUnreachable)
  })

  it('before a suspension is inquired, because the first attempt may have paid', async () => {
    const suspended = () => ({ status: 403, json: problem('MEMBER_SUSPENDED', 403) })
    const { fetch } = steps(breaks, suspended, paid)
    expect(await clientOf(fetch).client.pay(order)).toMatchObject({ result: 'S' })
    const first = steps(suspended)
    await expect(clientOf(first.fetch).client.pay(order)).rejects.toMatchObject({ lost: 0 })
    expect(first.asked).toHaveLength(1)
  })
})

describe('the pause before asking again', () => {
  it.each([
    [1, 0, 100],
    [1, 1, 200],
    [3, 0.5, 600],
    [9, 1, 3_000],
  ])('at attempt %i with luck %f is %i ms', (attempt, random, want) => {
    expect(pauseBefore(attempt, usualPatience, random)).toBe(want)
  })
})

describe('waiting for a decision', () => {
  const open = payment({ result: 'U', status: 'pending', resultCode: 'PAYMENT_IN_PROCESS' })

  it('polls until the payment is final', async () => {
    const { fetch, asked } = steps(
      () => ({ status: 200, json: open }),
      () => ({ status: 200, json: open }),
      paid,
    )
    expect(await clientOf(fetch).client.awaitDecision('pay_1')).toEqual(payment())
    expect(asked[0]!.path).toBe('/v1/payments/pay_1?wait=25')
  })

  it('gives the payment undecided when patience ends', async () => {
    const { fetch, asked } = steps(() => ({ status: 200, json: open }))
    const { client } = clientOf(fetch)
    expect(await client.awaitDecision('pay_1', { patienceMs: 1_000 })).toEqual(open)
    expect(asked).toHaveLength(3)
  })
})
