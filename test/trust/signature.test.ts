import { createSignature } from 'http-message-sig'
import { beforeAll, describe, expect, it } from 'vitest'
import { contentDigest } from '../../src/trust/digest.ts'
import { sign } from '../../src/trust/keys.ts'
import {
  type SignedAnswer,
  type SignedRequest,
  signAnswer,
  signRequest,
  verifyAnswer,
  verifyRequest,
} from '../../src/trust/signature.ts'
import { answer, findAmong, NOW, party, request } from './parties.ts'

const wallet = await party('wallet-th')
const curve = await party('wallet-my', 'ecdsa-p256-sha256')
const gateway = await party('gateway')
const stranger = await party('wallet-th')
const find = findAmong(wallet, curve, gateway)

const code = (result: Awaited<ReturnType<typeof verifyRequest>>) =>
  result.ok ? 'ok' : result.refusal.code

async function signed(change: Parameters<typeof request>[0] = {}, by = wallet, at = NOW) {
  const made = request(change)
  await signRequest(made, by.signing, at)
  return made
}

describe('a request', () => {
  it.each([
    ['with Ed25519 and a body', wallet, {}],
    ['with Ed25519 and none', wallet, { method: 'GET', body: '' }],
    ['with P-256 and a body', curve, {}],
    ['with P-256 and none', curve, { method: 'GET', body: '' }],
    ['in many scripts', wallet, { body: '{"name":"ร้านป้า 茶馆 🍜"}' }],
  ])('signed %s verifies, and says who and with which key', async (_, by, change) => {
    expect(await verifyRequest(await signed(change, by), find, NOW)).toMatchObject({
      ok: true,
      value: { institution: by.institution, keyId: by.signing.id },
    })
  })

  it('covers method, target, institution and digest, and a digest only where there is a body', async () => {
    const covered = (made: SignedRequest) =>
      /\(([^)]*)\)/.exec(made.headers.get('signature-input') ?? '')?.[1]
    const always = '"@method" "@target-uri" "cpg-institution"'
    expect(covered(await signed())).toBe(`${always} "content-digest"`)
    expect(covered(await signed({ method: 'GET', body: '' }))).toBe(always)
  })

  // The window is open on both sides up to its last second; created has whole seconds.
  it.each([
    [0, 'ok'],
    [300_000, 'ok'],
    [300_001, 'SIGNATURE_STALE'],
    [-300_000, 'ok'],
    [-300_001, 'SIGNATURE_STALE'],
    [86_400_000, 'SIGNATURE_STALE'],
  ])('seen %i ms after it was signed is %s', async (later, wanted) => {
    expect(code(await verifyRequest(await signed(), find, NOW + later))).toBe(wanted)
  })

  it.each<readonly [string, (made: SignedRequest) => SignedRequest, string]>([
    ['method', made => ({ ...made, method: 'PUT' }), 'SIGNATURE_INVALID'],
    [
      'path',
      made => ({ ...made, url: made.url.replace('payments', 'quotes') }),
      'SIGNATURE_INVALID',
    ],
    ['query', made => ({ ...made, url: `${made.url}&b=2` }), 'SIGNATURE_INVALID'],
    ['host', made => ({ ...made, url: made.url.replace('gateway', 'other') }), 'SIGNATURE_INVALID'],
    ['scheme', made => ({ ...made, url: made.url.replace('https', 'http') }), 'SIGNATURE_INVALID'],
    ['body', made => ({ ...made, body: request({ body: '{}' }).body }), 'SIGNATURE_DIGEST'],
    ['body taken away', made => ({ ...made, body: new Uint8Array() }), 'SIGNATURE_DIGEST'],
  ])('whose %s was changed is judged by what it covers', async (_, change, wanted) => {
    expect(code(await verifyRequest(change(await signed()), find, NOW))).toBe(wanted)
  })

  it('that takes the name of another member is refused for its key', async () => {
    const made = await signed()
    made.headers.set('cpg-institution', 'wallet-my')
    expect(code(await verifyRequest(made, find, NOW))).toBe('SIGNATURE_KEY')
  })

  it("signed by a stranger under the member's key id is invalid", async () => {
    const made = request()
    await signRequest(made, stranger.signing, NOW)
    expect(code(await verifyRequest(made, find, NOW))).toBe('SIGNATURE_INVALID')
  })

  it('whose body came without a digest is refused for what it covers', async () => {
    const made = await signed({ method: 'POST', body: '' })
    const smuggled = { ...made, body: request().body }
    expect(code(await verifyRequest(smuggled, find, NOW))).toBe('SIGNATURE_COVERAGE')
  })

  it('signed twice keeps the last signature only', async () => {
    const made = await signed()
    await signRequest(made, wallet.signing, NOW + 1_000)
    expect(made.headers.get('signature')?.match(/cpg=/g)).toHaveLength(1)
    expect(code(await verifyRequest(made, find, NOW))).toBe('ok')
  })

  it('names the first check that failed, in the order of the list', async () => {
    // Everything is wrong with it; each step mends the first that is named.
    const made = request()
    const seen = [code(await verifyRequest(made, find, NOW))]
    await handSigned(made, ['@method'], { created: 1, keyid: 'nobody' })
    seen.push(code(await verifyRequest(made, find, NOW)))
    await handSigned(made, all, { created: 1, keyid: 'nobody' })
    seen.push(code(await verifyRequest(made, find, NOW)))
    await handSigned(made, all, { created: NOW / 1000, keyid: 'nobody' })
    seen.push(code(await verifyRequest(made, find, NOW)))
    await handSigned(made, all, { created: NOW / 1000, keyid: 'wallet-th-1' })
    seen.push(code(await verifyRequest(made, find, NOW)))
    made.headers.set('content-digest', await contentDigest(made.body))
    seen.push(code(await verifyRequest(made, find, NOW)))
    await handSigned(made, all, { created: NOW / 1000, keyid: 'wallet-th-1' })
    seen.push(code(await verifyRequest(made, find, NOW)))
    expect(seen).toEqual([
      'SIGNATURE_MISSING',
      'SIGNATURE_COVERAGE',
      'SIGNATURE_STALE',
      'SIGNATURE_KEY',
      'SIGNATURE_DIGEST',
      'SIGNATURE_INVALID',
      'ok',
    ])
  })

  it.each([
    ['ends in a second', { expires: NOW / 1000 + 1 }, 'ok'],
    ['ends now', { expires: NOW / 1000 }, 'SIGNATURE_STALE'],
    ['ended long ago', { expires: 1 }, 'SIGNATURE_STALE'],
    ['has a nonce and a tag', { nonce: 'n', tag: 't' }, 'ok'],
  ])('whose signature %s is %s', async (_, more, wanted) => {
    const made = request()
    made.headers.set('content-digest', await contentDigest(made.body))
    await handSigned(made, all, { created: NOW / 1000, keyid: 'wallet-th-1', ...more })
    expect(code(await verifyRequest(made, find, NOW))).toBe(wanted)
  })

  it('of an algorithm that we do not take is invalid before any key is looked for', async () => {
    const made = await signed()
    const input = made.headers.get('signature-input') ?? ''
    made.headers.set('signature-input', input.replace('ed25519', 'hmac-sha256'))
    const looked: string[] = []
    const result = await verifyRequest(
      made,
      async (...asked) => {
        looked.push(...asked)
        return undefined
      },
      NOW,
    )
    expect(code(result)).toBe('SIGNATURE_INVALID')
    expect(looked).toEqual([])
  })

  it('of one curve under a key of the other is invalid', async () => {
    const made = request()
    await signRequest(made, { ...curve.signing, id: 'wallet-th-1', institution: 'wallet-th' }, NOW)
    expect(code(await verifyRequest(made, find, NOW))).toBe('SIGNATURE_INVALID')
  })

  it('is not called invalid when its key cannot be looked up', async () => {
    const away = async () => {
      throw new Error('the directory is away')
    }
    await expect(verifyRequest(await signed(), away, NOW)).rejects.toThrow('the directory is away')
  })
})

const all = ['@method', '@target-uri', 'cpg-institution', 'content-digest']

/** Signs with the wallet's key what is named, under the parameters that are given. */
async function handSigned(
  made: SignedRequest,
  components: readonly string[],
  parameters: Record<string, string | number>,
) {
  const { headers, method, url } = made
  headers.set('cpg-institution', 'wallet-th')
  if (!headers.has('content-digest')) headers.set('content-digest', 'sha-256=:AAAA:')
  headers.delete('signature')
  headers.delete('signature-input')
  const fields = Array.from(headers, ([name, value]) => ({ name, value }))
  const signature = await createSignature(
    { kind: 'request', method, targetUri: url, fields },
    {
      label: 'cpg',
      components,
      parameters,
      signer: { algorithm: 'ed25519', sign: bytes => sign(wallet.signing, bytes) },
    },
  )
  headers.set('signature', signature.signature)
  headers.set('signature-input', signature.signatureInput)
}

describe('an answer', () => {
  let asked: SignedRequest
  let other: SignedRequest
  beforeAll(async () => {
    asked = await signed()
    // The same words a second later are another request.
    other = await signed({}, wallet, NOW + 1_000)
  })

  async function answered(
    to: SignedRequest | null = asked,
    change: Parameters<typeof answer>[0] = {},
  ) {
    const made = answer(change)
    await signAnswer(made, to, gateway.signing, NOW)
    return made
  }

  it.each([200, 404, 503])('with status %i verifies for its request', async status => {
    expect(await verifyAnswer(await answered(asked, { status }), asked, find, NOW)).toMatchObject({
      ok: true,
      value: { institution: 'gateway', keyId: 'gateway-1' },
    })
  })

  it('without a body is signed over the empty one', async () => {
    const empty = await answered(asked, { body: '' })
    expect(code(await verifyAnswer(empty, asked, find, NOW))).toBe('ok')
    const filled = { ...empty, body: answer().body }
    expect(code(await verifyAnswer(filled, asked, find, NOW))).toBe('SIGNATURE_DIGEST')
  })

  it('to another request is not taken, be it the same words a second later', async () => {
    expect(code(await verifyAnswer(await answered(other), asked, find, NOW))).toBe(
      'SIGNATURE_INVALID',
    )
    expect(code(await verifyAnswer(await answered(asked), other, find, NOW))).toBe(
      'SIGNATURE_INVALID',
    )
  })

  it.each<readonly [string, (made: SignedAnswer) => SignedAnswer, string]>([
    ['status', made => ({ ...made, status: 201 }), 'SIGNATURE_INVALID'],
    ['body', made => ({ ...made, body: new Uint8Array([1]) }), 'SIGNATURE_DIGEST'],
    ['institution', made => without(made, { 'cpg-institution': 'wallet-my' }), 'SIGNATURE_KEY'],
    ['signature taken away', made => without(made, { signature: null }), 'SIGNATURE_MISSING'],
    ['digest taken away', made => without(made, { 'content-digest': null }), 'SIGNATURE_COVERAGE'],
  ])('whose %s was changed is refused', async (_, change, wanted) => {
    expect(code(await verifyAnswer(change(await answered()), asked, find, NOW))).toBe(wanted)
  })

  it('to a request that could not be verified is signed, but counts as an answer to nothing', async () => {
    const made = await answered(null)
    expect(made.headers.get('signature-input')).not.toContain('req')
    expect(code(await verifyAnswer(made, asked, find, NOW))).toBe('SIGNATURE_COVERAGE')
  })

  it('minds no header that is not signed, whatever letters are in it', async () => {
    const made = await answered()
    const wide = new Headers({ ...Object.fromEntries(asked.headers), 'cf-ipcity': 'São Paulo' })
    expect(code(await verifyAnswer(made, { ...asked, headers: wide }, find, NOW))).toBe('ok')
    expect(code(await verifyRequest({ ...asked, headers: wide }, find, NOW))).toBe('ok')
  })

  it('is stale after its window like a request', async () => {
    const made = await answered()
    expect(code(await verifyAnswer(made, asked, find, NOW + 300_000))).toBe('ok')
    expect(code(await verifyAnswer(made, asked, find, NOW + 300_001))).toBe('SIGNATURE_STALE')
  })
})

/** Headers set, or with null taken away. */
function without(made: SignedAnswer, change: Record<string, string | null>): SignedAnswer {
  const headers = new Headers(made.headers)
  for (const [name, value] of Object.entries(change)) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  return { ...made, headers }
}

describe('two keys that overlap', () => {
  it('both count while both are known, and one no longer when it is not', async () => {
    const next = await party('wallet-th', 'ed25519', 'wallet-th-2')
    const [old, young] = await Promise.all([signed(), signed({}, next)])
    const both = findAmong(wallet, next)
    expect(code(await verifyRequest(old, both, NOW))).toBe('ok')
    expect(code(await verifyRequest(young, both, NOW))).toBe('ok')
    expect(code(await verifyRequest(old, findAmong(next), NOW))).toBe('SIGNATURE_KEY')
    expect(code(await verifyRequest(young, findAmong(wallet), NOW))).toBe('SIGNATURE_KEY')
  })
})
