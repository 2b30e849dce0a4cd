import { CompactEncrypt } from 'jose'
import { describe, expect, it } from 'vitest'
import { packJson } from '../../src/domain/pack.ts'
import { QUOTE_SHAPE } from '../../src/domain/quote.ts'
import { base64Of, bytesOf } from '../../src/trust/keys.ts'
import { seal, sealKeys, sealValue, unseal } from '../../src/trust/seal.ts'
import { terms } from '../domain/terms.ts'

const secret = (fill: number) => base64Of(new Uint8Array(32).fill(fill))
const first = sealKeys({ a: secret(1) })
const rotated = sealKeys({ b: secret(2), a: secret(1) })
const later = sealKeys({ b: secret(2) })

describe('a sealed quote', () => {
  it('opens to exactly what was sealed, amounts above 2^53 included', async () => {
    const large = { ...terms, payer: { currency: 'THB', minor: 10n ** 15n } }
    expect(await unseal(await seal(large, first), first)).toEqual(large)
  })

  it('shows nothing of what is inside, and is never twice the same', async () => {
    const [one, two] = await Promise.all([seal(terms, first), seal(terms, first)])
    expect(one).not.toBe(two)
    const shown = one
      .split('.')
      .map(part => Buffer.from(part, 'base64url').toString('latin1'))
      .join('|')
    for (const fact of ['wallet-th', 'acquirer-cn', '12437', 'order-1', 'unionpay']) {
      expect(shown).not.toContain(fact)
    }
  })

  it('fits into what the gateway takes back', async () => {
    const long = { ...terms, merchant: { ...terms.merchant, name: '茶'.repeat(100) } }
    expect((await seal(long, first)).length).toBeLessThan(8_192)
  })

  it('changed in any letter does not open', async () => {
    const token = await seal(terms, first)
    // The last letter of a part may hold bits that mean nothing; every other one counts.
    const ends = new Set([...token.matchAll(/\.|$/g)].map(({ index }) => index - 1))
    for (let at = 0; at < token.length; at += 1) {
      if (token[at] === '.' || ends.has(at)) continue
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
      expect(await unseal(changed, first), `letter ${at}`).toBeNull()
    }
  })

  it.each(['', '.', '....', 'a.b.c.d.e', '{"terms":1}', 'x'.repeat(8_192)])(
    'that is "%s" does not open, and does not fail',
    async token => {
      expect(await unseal(token, first)).toBeNull()
    },
  )

  it('outlives the rotation of its key, and no more than that', async () => {
    const old = await seal(terms, first)
    expect(await unseal(old, rotated)).toEqual(terms)
    expect(await unseal(old, later)).toBeNull()
    const young = await seal(terms, rotated)
    expect(await unseal(young, later)).toEqual(terms)
    expect(await unseal(young, first)).toBeNull()
  })

  it.each([
    ['of a shape before or after this one', { ...terms, v: 'quote0' }],
    ['that does not say of which shape it is', terms],
    ['that is another thing of ours', { v: 'order', q: 'acquirer-cn', o: '1' }],
    ['that is nothing', []],
  ])('%s does not open, although the seal is ours', async (_, value) => {
    expect(await unseal(await sealValue(value, first), first)).toBeNull()
  })

  it('under another secret of the same name does not open', async () => {
    const forged = await seal(terms, sealKeys({ a: secret(9) }))
    expect(await unseal(forged, first)).toBeNull()
  })

  // Whoever had a key of another kind must not be able to choose how the seal is read.
  it.each([
    ['A256KW', 'A256GCM', 32],
    ['A256GCMKW', 'A256GCM', 32],
    ['PBES2-HS256+A128KW', 'A256GCM', 32],
    ['dir', 'A128CBC-HS256', 32],
  ])('made with %s and %s does not open, right key or not', async (alg, enc, length) => {
    const token = await new CompactEncrypt(
      new TextEncoder().encode(packJson({ v: QUOTE_SHAPE, ...terms })),
    )
      .setProtectedHeader({ alg, enc, kid: 'a' })
      .encrypt(bytesOf(secret(1)).slice(0, length))
    expect(await unseal(token, first)).toBeNull()
  })

  it('needs a key to be made', () => {
    expect(() => sealKeys({})).toThrow('SEAL_KEYS')
  })
})
