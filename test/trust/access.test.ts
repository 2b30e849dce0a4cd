/** Tokens that do not count, one fault at a time, and the one that does. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { publishedBy, verifyAccess } from '../../src/trust/access.ts'
import { AUDIENCE, type Claims, ISSUER, makeIssuer } from './issuer.ts'

const now = Date.UTC(2026, 10, 22)
const at = now / 1_000
const issuer = await makeIssuer()
const stranger = await makeIssuer()
const rsa = await makeIssuer('RS256')
const terms = { issuer: ISSUER, audience: [AUDIENCE, 'other-application'], keys: issuer.keys }
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const codeOf = async (token: string) => {
  const proof = await verifyAccess(token, terms, now)
  return proof.ok ? 'ok' : proof.refusal.code
}

describe('a token', () => {
  it.each(['ES256', 'RS256'] as const)('signed with %s counts', async alg => {
    const { token, keys } = alg === 'ES256' ? issuer : rsa
    const proof = await verifyAccess(await token(now), { ...terms, keys }, now)
    expect(proof).toMatchObject({ ok: true, value: { email: 'mei@ops.example' } })
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, claims: Claims, code: string]>([
    ['that ended half a minute ago',          { exp: at - 30 },                 'ACCESS_EXPIRED'],
    ['that ends in this half minute',         { exp: at - 29 },                 'ok'],
    ['that begins in a minute',               { nbf: at + 60 },                 'ACCESS_INVALID'],
    ['that begins in a moment',               { nbf: at + 30 },                 'ok'],
    ['made in the future',                    { iat: at + 60 },                 'ACCESS_INVALID'],
    ['made two days ago, good for a year',    { iat: at - 172_800, exp: at + 3e7 }, 'ACCESS_EXPIRED'],
    ['for another application',               { aud: ['shop'] },                'ACCESS_INVALID'],
    ['for two applications, ours among them', { aud: ['shop', AUDIENCE] },      'ok'],
    ['for our other application',             { aud: 'other-application' },     'ok'],
    ['for nobody',                            { aud: undefined },               'ACCESS_INVALID'],
    ['of another issuer',                     { iss: 'https://team.example.evil' }, 'ACCESS_INVALID'],
    ['of no issuer',                          { iss: undefined },               'ACCESS_INVALID'],
    ['that never ends',                       { exp: undefined },               'ACCESS_INVALID'],
    ['of no day',                             { iat: undefined },               'ACCESS_INVALID'],
  ])('%s: %o → %s', async (_, claims, code) => {
    expect(await codeOf(await issuer.token(now, claims))).toBe(code)
  })

  it.each<readonly [name: string, make: () => Promise<string> | string]>([
    [
      'without a signature',
      () =>
        `${encoded({ alg: 'none', kid: 'key-1' })}.${encoded({ iss: ISSUER, aud: AUDIENCE, iat: at, exp: at + 60 })}.`,
    ],
    [
      'that says it needs no signature and has one',
      async () => {
        const [, claims, signature] = (await issuer.token(now)).split('.')
        return `${encoded({ alg: 'none', kid: 'key-1' })}.${claims}.${signature}`
      },
    ],
    [
      'under the public key as a secret',
      () => issuer.token(now, {}, { alg: 'HS256' }, Buffer.from(JSON.stringify(issuer.jwks))),
    ],
    ['under a key nobody publishes', () => stranger.token(now, {}, { kid: 'key-2' })],
    ["under a stranger's key of the same name", () => stranger.token(now)],
    [
      'whose claims were changed',
      async () => {
        const [head, claims = '', signature] = (await issuer.token(now)).split('.')
        const changed = {
          ...JSON.parse(Buffer.from(claims, 'base64url').toString()),
          email: 'boss@ops.example',
        }
        return `${head}.${encoded(changed)}.${signature}`
      },
    ],
    [
      'that brings its own keys',
      async () => {
        const [, claims, signature] = (await stranger.token(now)).split('.')
        return `${encoded({ alg: 'ES256', jwk: stranger.jwks.keys[0], kid: 'key-1' })}.${claims}.${signature}`
      },
    ],
    [
      'with a critical extension',
      async () => {
        const [, claims, signature] = (await issuer.token(now)).split('.')
        return `${encoded({ alg: 'ES256', kid: 'key-1', crit: ['b64'], b64: false })}.${claims}.${signature}`
      },
    ],
    ['of 16 KiB and more', () => issuer.token(now, { groups: ['x'.repeat(17_000)] })],
    ['that is none', () => 'Bearer token'],
    ['of three dots', () => '...'],
    ['of nothing', () => ''],
  ])('%s does not count', async (_, make) => {
    expect(await codeOf(await make())).toBe('ACCESS_INVALID')
  })
})

describe('the keys of an issuer', () => {
  let isAway = false
  const server = createServer((_, answer) => {
    if (isAway) answer.writeHead(503).end()
    else
      answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(issuer.jwks))
  })
  const listening = new Promise<void>(done => server.listen(0, '127.0.0.1', () => done()))
  afterAll(() => new Promise(done => server.close(done)))

  it('are asked for where Access publishes them; while they cannot be had, that is said of them and not of the token', async () => {
    await listening
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const from = (keys: ReturnType<typeof publishedBy>) => ({ ...terms, keys })
    isAway = true
    expect(await verifyAccess(await issuer.token(now), from(publishedBy(url)), now)).toMatchObject({
      refusal: { code: 'BUSY' },
    })
    isAway = false
    const keys = publishedBy(url)
    expect(await verifyAccess(await issuer.token(now), from(keys), now)).toMatchObject({ ok: true })
    // Known once, they go on counting while the issuer is away.
    isAway = true
    expect(await verifyAccess(await issuer.token(now), from(keys), now)).toMatchObject({ ok: true })
    const unknown = await stranger.token(now, {}, { kid: 'key-2' })
    expect(await verifyAccess(unknown, from(keys), now)).toMatchObject({ ok: false })
  })
})
