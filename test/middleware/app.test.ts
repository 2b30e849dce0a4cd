/** The edge as a whole, in one process: what stands before the routes, and what becomes of failures behind them. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { app } from '../../src/app.ts'
import { changeDirectory, readDirectoryVersion } from '../../src/db/directory.ts'
import { putKey } from '../../src/db/directory-change.ts'
import { laneOf, paymentId } from '../../src/domain/payment-id.ts'
import type { EdgeEnv } from '../../src/env.ts'
import { signRequest, verifyAnswer } from '../../src/trust/signature.ts'
import { openD1 } from '../db/d1.ts'
import { terms as changeTerms, network } from '../db/network.ts'
import { findAmong, party } from '../trust/parties.ts'

const gateway = await party('gateway')
const wallet = await party('wallet-th')
const { d1 } = openD1('directory')

/** A lane that fails in the platform's own words. */
let failure: Error = new Error('unset')
const lanes = {
  getByName: () => ({
    read: () => Promise.reject(failure),
    wait: () => Promise.reject(failure),
  }),
}
const env = {
  ENVIRONMENT: 'sandbox',
  DIRECTORY: d1,
  GATEWAY_KEYS: JSON.stringify([gateway.stored]),
  SEAL_KEYS: JSON.stringify({ a: Buffer.alloc(32, 1).toString('base64') }),
  PERSON_KEYS: JSON.stringify({ '2026': Buffer.alloc(32, 2).toString('base64') }),
  LANE_HK: lanes,
  LANE_SG: lanes,
  LANE_FRA: lanes,
} as unknown as EdgeEnv
const context = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
} as unknown as Parameters<typeof app.request>[3]

// What Workers have and Node has not.
vi.stubGlobal('scheduler', { wait: () => new Promise(() => undefined) })

beforeAll(async () => {
  const { id, institution, algorithm, publicKey } = wallet.stored
  const notAfter = Date.UTC(2100, 0, 1)
  const key = putKey({ id, institution, algorithm, publicKey, notBefore: 0, notAfter })
  const version = await readDirectoryVersion(d1)
  expect(await changeDirectory(d1, version, [...network, key], changeTerms)).toMatchObject({
    ok: true,
  })
})

const ORIGIN = 'https://gateway.example'
const hash = new Uint8Array(32).fill(5)
const place = { center: 1, institution: 1, epoch: 1, lane: laneOf(hash, 4) }
const someId = paymentId(place, hash)

/** Asks as the wallet, and gives what was heard once its signature has been looked at. */
async function ask(path: string) {
  const headers = new Headers()
  const asked = { method: 'GET', url: ORIGIN + path, headers, body: new Uint8Array() }
  await signRequest(asked, wallet.signing, Date.now())
  const answer = await app.request(asked.url, { headers }, env, context)
  const body = new Uint8Array(await answer.arrayBuffer())
  const heard = { status: answer.status, headers: answer.headers, body }
  const proof = await verifyAnswer(heard, asked, findAmong(gateway), Date.now())
  const text = new TextDecoder().decode(body)
  return { proof, status: answer.status, text, headers: answer.headers }
}

const said = (lines: { mock: { calls: unknown[][] } }) =>
  lines.mock.calls.map(([line]) => JSON.parse(String(line)))

describe('a failure behind a route', () => {
  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, error: Error, code: string, status: number, result: 'U' | null]>([
    ['a center that is lost',       new Error('Network connection lost.'),                   'CENTER_UNAVAILABLE', 503, 'U'],
    ['an object that was reset',    new Error('Durable Object reset because its code was updated.'), 'CENTER_UNAVAILABLE', 503, 'U'],
    ['an object with too much to do', Object.assign(new Error('Durable Object is overloaded.'), { overloaded: true }), 'BUSY', 503, null],
    ['a fault of our own',          new Error('broken belief: secret of wallet-th at /srv/x.ts:12'), 'INTERNAL', 500, null],
  ])('%s is told in a signed answer without a word of what happened', async (_, error, code, status, result) => {
    failure = error
    const lines = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const heard = await ask(`/v1/payments/${someId}`)
    expect(heard).toMatchObject({ status, proof: { ok: true } })
    expect(heard.headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(heard.text)).toMatchObject({ code, status, result })
    expect(heard.headers.get('retry-after')).toBe(status === 503 ? '1' : null)
    expect(heard.text).not.toContain(error.message)
    // Operators find it by the id that the member was given.
    const request = heard.headers.get('request-id')
    expect(said(lines)).toEqual([expect.objectContaining({ log: 'failed', request, error: expect.stringContaining(error.message) })])
    lines.mockRestore()
  })
})

describe('an isolate that has just begun', () => {
  it('and finds the directory away says that the same request may be sent again', async () => {
    const statement = { bind: () => statement }
    const batch = () => Promise.reject(new Error('D1 is away'))
    const away = { prepare: () => statement, batch }
    const cold = { ...env, DIRECTORY: away as unknown as D1Database }
    const lines = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const answer = await app.request(`${ORIGIN}/v1/payments/${someId}`, {}, cold, context)
    lines.mockRestore()
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(await answer.json()).toMatchObject({ code: 'CENTER_UNAVAILABLE', retry: 'same' })
  })
})

describe('what anyone may ask', () => {
  it('is the published keys, which verify what the gateway signs and hold no private part', async () => {
    const answer = await app.request(`${ORIGIN}/.well-known/jwks.json`, {}, env, context)
    const { keys } = (await answer.json()) as { keys: Record<string, string>[] }
    expect(keys).toHaveLength(1)
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    expect(keys[0]).toMatchObject({ kid: 'gateway-1', alg: 'EdDSA', crv: 'Ed25519', use: 'sig' })
  })

  it('is whether the gateway is there', async () => {
    const answer = await app.request(`${ORIGIN}/health`, {}, env, context)
    expect(await answer.json()).toMatchObject({ ok: true })
  })

  it('is nothing under /v1', async () => {
    for (const path of ['/v1/nothing', '/v1/', '/v1/payments', '/v1//payments']) {
      const answer = await app.request(ORIGIN + path, {}, env, context)
      expect([401, 404], path).toContain(answer.status)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
  })
})

describe('a refused field', () => {
  const errorsOf = async (query: string) => {
    const heard = await ask(`/v1/payments?${query}`)
    expect(heard.proof).toMatchObject({ ok: true })
    return JSON.parse(heard.text) as { code: string; errors: { pointer: string; says: string }[] }
  }

  it('is named by a pointer, one for each', async () => {
    const { code, errors } = await errorsOf('limit=0&status=done&openedTo=never')
    expect(code).toBe('PARAM_ILLEGAL')
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/limit', '/openedTo', '/status'])
    expect(errors.every(({ says }) => says.length > 0 && says.length <= 200)).toBe(true)
  })
})
