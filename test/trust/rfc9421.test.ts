/** Vectors of RFC 9421, appendix B, for our two algorithms: the keys of B.1, signatures of B.2.4 and B.2.6. */
import { verifySignature } from 'http-message-sig'
import { describe, expect, it } from 'vitest'
import { base64Of, bytesOf, sign, signingKey, verify, verifyingKey } from '../../src/trust/keys.ts'

const edwards = await verifyingKey({
  id: 'test-key-ed25519',
  algorithm: 'ed25519',
  publicKey: 'MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=',
})
const p256 = await verifyingKey({
  id: 'test-key-ecc-p256',
  algorithm: 'ecdsa-p256-sha256',
  publicKey:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==',
})

const request = {
  key: edwards,
  params:
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
  lines: [
    '"date": Tue, 20 Apr 2021 02:07:55 GMT',
    '"@method": POST',
    '"@path": /foo',
    '"@authority": example.com',
    '"content-type": application/json',
    '"content-length": 18',
  ],
  signature:
    'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
}

const answer = {
  key: p256,
  params:
    '("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
  lines: [
    '"@status": 200',
    '"content-type": application/json',
    '"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:',
    '"content-length": 23',
  ],
  signature:
    'wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==',
}

const encoder = new TextEncoder()
const baseOf = ({ lines, params }: { lines: readonly string[]; params: string }) =>
  encoder.encode([...lines, `"@signature-params": ${params}`].join('\n'))

describe.each([
  ['B.2.6, Ed25519', request],
  ['B.2.4, ECDSA P-256', answer],
] as const)('the signature of %s', (_, vector) => {
  it('verifies', async () => {
    expect(await verify(vector.key, baseOf(vector), bytesOf(vector.signature))).toBe(true)
  })

  it('verifies no longer when one letter of any covered line is changed', async () => {
    for (const [place, line] of vector.lines.entries()) {
      for (const at of [line.indexOf(':') + 2, line.length - 1]) {
        const changed = line.slice(0, at) + (line[at] === '7' ? '8' : '7') + line.slice(at + 1)
        const base = baseOf({ ...vector, lines: vector.lines.with(place, changed) })
        expect(await verify(vector.key, base, bytesOf(vector.signature)), changed).toBe(false)
      }
    }
  })

  it('verifies no longer when any bit of it is changed, or its length', async () => {
    const good = bytesOf(vector.signature)
    for (let byte = 0; byte < good.length; byte += 1) {
      const bad = good.slice()
      bad[byte] = (bad[byte] ?? 0) ^ (1 << (byte % 8))
      expect(await verify(vector.key, baseOf(vector), bad), `byte ${byte}`).toBe(false)
    }
    for (const length of [0, 1, 32, 63]) {
      expect(await verify(vector.key, baseOf(vector), good.slice(0, length))).toBe(false)
    }
    expect(await verify(vector.key, baseOf(vector), new Uint8Array([...good, 0]))).toBe(false)
    expect(await verify(vector.key, baseOf(vector), new Uint8Array(64))).toBe(false)
  })
})

describe('our signature under the key of B.1.4', () => {
  it('is that of B.2.6, byte for byte', async () => {
    const key = await signingKey({
      id: 'test-key-ed25519',
      institution: 'wallet-th',
      algorithm: 'ed25519',
      privateKey: 'MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF',
      publicKey: '',
    })
    expect(base64Of(await sign(key, baseOf(request)))).toBe(request.signature)
  })
})

describe('the library that writes the format', () => {
  const fields = [
    { name: 'host', value: 'example.com' },
    { name: 'date', value: 'Tue, 20 Apr 2021 02:07:55 GMT' },
    { name: 'content-type', value: 'application/json' },
    { name: 'content-length', value: '18' },
    { name: 'signature-input', value: `sig-b26=${request.params}` },
    { name: 'signature', value: `sig-b26=:${request.signature}:` },
  ]
  const verifies = (method: string) =>
    verifySignature(
      { kind: 'request', method, targetUri: 'https://example.com/foo?param=Value&Pet=dog', fields },
      {
        label: 'sig-b26',
        policy: {
          algorithms: ['ed25519'],
          requiredComponents: ['@method'],
          requiredParameters: ['created'],
          now: 1_618_884_473,
        },
        resolveVerifier: () => ({
          algorithm: 'ed25519',
          verify: (bytes, signature) => verify(edwards, bytes, signature),
        }),
      },
    )

  it('builds the signature base of B.2.6 as the RFC does', async () => {
    expect((await verifies('POST')).parameters.keyid).toBe('test-key-ed25519')
    await expect(verifies('GET')).rejects.toThrow()
  })
})

describe('Ed25519', () => {
  it('takes no second form of a signature: s plus the order of the group (RFC 8032, section 5.1.7)', async () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n
    const good = bytesOf(request.signature)
    const s = BigInt(`0x${Buffer.from(good.slice(32).toReversed()).toString('hex')}`)
    const other = (s + order).toString(16).padStart(64, '0')
    const malleable = new Uint8Array([
      ...good.slice(0, 32),
      ...Buffer.from(other, 'hex').toReversed(),
    ])
    expect(malleable).toHaveLength(64)
    expect(await verify(edwards, baseOf(request), malleable)).toBe(false)
  })
})
