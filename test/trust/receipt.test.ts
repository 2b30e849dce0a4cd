import { CompactSign, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { ReceiptClaims } from '../../src/domain/receipt.ts'
import { modulesOf } from '../../src/draw/symbol.ts'
import { bytesOf } from '../../src/trust/keys.ts'
import { signReceipt, verifyReceipt } from '../../src/trust/receipt.ts'
import { party } from './parties.ts'

const gateway = await party('gateway')
const next = await party('gateway', 'ecdsa-p256-sha256', 'gateway-2')
const stranger = await party('gateway')
const find = async (id: string) =>
  [gateway, next].find(({ signing }) => signing.id === id)?.verifying

const claims: ReceiptClaims = {
  v: 1,
  p: 'pay_04000030002000h9q4nm0kx2v6z8c1bd',
  q: 'wallet-th',
  r: 'acquirer-cn',
  a: 'THB 12437',
  b: 'CNY 2500',
  o: 'order-04000030002000h9q4nm',
  m: 'cn-tea',
  t: 1_790_000_000_000,
}

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

describe('a receipt', () => {
  it.each([
    ['Ed25519', gateway],
    ['P-256', next],
  ])('signed with %s verifies, and fits a QR code', async (_, by) => {
    const receipt = await signReceipt(claims, by.signing)
    expect(await verifyReceipt(receipt, find)).toEqual(claims)
    expect(receipt.length).toBeLessThan(420)
    expect(modulesOf(receipt, 'low')?.length).toBeLessThanOrEqual(73)
  })

  it('fits even where every reference is as long as it may be', async () => {
    const long = 'x'.repeat(64)
    const most = `THB ${10n ** 15n}`
    const by = await party('gateway', 'ed25519', long.slice(0, 32))
    const receipt = await signReceipt(
      { ...claims, q: long, r: long, a: most, b: most, o: long, m: long },
      by.signing,
    )
    expect(receipt.length).toBeLessThanOrEqual(740)
    expect(modulesOf(receipt, 'low')?.length).toBeLessThanOrEqual(93)
  })

  it.each(['JWT', undefined, 'CPG-RECEIPT', 'application/cpg-receipt'])(
    'that says it is of type %s is none, although it is signed',
    async typ => {
      const other = await new CompactSign(bytes(claims))
        .setProtectedHeader({ alg: 'EdDSA', kid: 'gateway-1', ...(typ && { typ }) })
        .sign(gateway.signing.key)
      expect(await verifyReceipt(other, find)).toBeNull()
    },
  )

  it('changed in any of its parts is none', async () => {
    const receipt = await signReceipt(claims, gateway.signing)
    const ends = new Set([...receipt.matchAll(/\.|$/g)].map(({ index }) => index - 1))
    for (let at = 0; at < receipt.length; at += 1) {
      if (receipt[at] === '.' || ends.has(at)) continue
      const changed =
        receipt.slice(0, at) + (receipt[at] === 'A' ? 'B' : 'A') + receipt.slice(at + 1)
      expect(await verifyReceipt(changed, find), `letter ${at}`).toBeNull()
    }
  })

  it.each(['', 'a.b.c', '..', 'x'.repeat(100_000)])('that is no JWS is none', async text => {
    expect(await verifyReceipt(text, find)).toBeNull()
  })

  it('of a stranger under our key id, or of a key nobody published, is none', async () => {
    expect(await verifyReceipt(await signReceipt(claims, stranger.signing), find)).toBeNull()
    const unknown = await party('gateway', 'ed25519', 'gateway-9')
    expect(await verifyReceipt(await signReceipt(claims, unknown.signing), find)).toBeNull()
  })

  it('without a signature, or without a key id, is none', async () => {
    const plain = new UnsecuredJWT({ ...claims }).encode()
    expect(await verifyReceipt(plain, find)).toBeNull()
    const nameless = await new CompactSign(bytes(claims))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'cpg-receipt' })
      .sign(gateway.signing.key)
    expect(await verifyReceipt(nameless, find)).toBeNull()
  })

  it('made with our public key as a shared secret is none', async () => {
    const forged = await new CompactSign(bytes(claims))
      .setProtectedHeader({ alg: 'HS256', kid: 'gateway-1', typ: 'cpg-receipt' })
      .sign(bytesOf(gateway.stored.publicKey))
    expect(await verifyReceipt(forged, find)).toBeNull()
  })

  it.each([{ ...claims, v: 2 }, { ...claims, v: '1' }, {}, [], null, 42, 'hello'])(
    'of another shape than ours is none: %j',
    async content => {
      const receipt = await new CompactSign(bytes(content))
        .setProtectedHeader({ alg: 'EdDSA', kid: 'gateway-1', typ: 'cpg-receipt' })
        .sign(gateway.signing.key)
      expect(await verifyReceipt(receipt, find)).toBeNull()
    },
  )

  it('is deterministic under Ed25519, so that a repeated answer is the same answer', async () => {
    expect(await signReceipt(claims, gateway.signing)).toBe(
      await signReceipt(claims, gateway.signing),
    )
  })
})
