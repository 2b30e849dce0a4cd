import { describe, expect, it } from 'vitest'
import { base64Of, bytesOf, sign, verify, verifyingKey } from '../../src/trust/keys.ts'
import { party } from './parties.ts'

const message = new TextEncoder().encode('message')

describe('a published key', () => {
  it('is imported once', async () => {
    const { stored } = await party('wallet-th')
    expect(await verifyingKey(stored)).toBe(await verifyingKey({ ...stored }))
  })

  it('that is another under the same id is never taken from what was imported before', async () => {
    const [old, young] = await Promise.all([party('wallet-th'), party('wallet-th')])
    await verifyingKey(old.stored)
    const key = await verifyingKey({ ...young.stored })
    const signature = await sign(young.signing, message)
    expect(await verify(key, message, signature)).toBe(true)
    expect(await verify(await verifyingKey(old.stored), message, signature)).toBe(false)
  })

  it('keeps its own id when two ids have the same key', async () => {
    const { stored } = await party('wallet-th')
    expect((await verifyingKey(stored)).id).toBe('wallet-th-1')
    expect((await verifyingKey({ ...stored, id: 'renamed' })).id).toBe('renamed')
    expect((await verifyingKey(stored)).id).toBe('wallet-th-1')
  })

  it('of the wrong curve is not imported', async () => {
    const { stored } = await party('wallet-th')
    const { publicKey } = stored
    await expect(
      verifyingKey({ id: 'x', algorithm: 'ecdsa-p256-sha256', publicKey }),
    ).rejects.toThrow()
  })
})

describe('a private key', () => {
  it('cannot be taken out again', async () => {
    const { signing } = await party('wallet-th')
    expect(signing.key.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('pkcs8', signing.key)).rejects.toThrow()
  })
})

describe('bytes', () => {
  it('survive base64', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect(bytesOf(base64Of(all))).toEqual(all)
    expect(base64Of(all.buffer)).toBe(base64Of(all))
  })
})
