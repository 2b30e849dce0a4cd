import { describe, expect, it } from 'vitest'
import { type SignedRequest, signRequest, verifyRequest } from '../../src/trust/signature.ts'
import { party } from './network.ts'

const NOW = Date.parse('2026-01-31T08:00:00.000Z')
const member = await party('wallet-th')
const find = async () => member.verifying

async function verified(signedAt: number) {
  const request: SignedRequest = {
    method: 'POST',
    url: 'http://gateway.test/v1/payments',
    headers: new Headers(),
    body: new TextEncoder().encode('{}'),
  }
  await signRequest(request, member.signing, signedAt)
  const proof = await verifyRequest(request, find, NOW)
  return proof.ok ? 'verified' : proof.refusal.code
}

// Clocks differ both ways: the window is the same before and after now.
describe('a signature', () => {
  it.each([
    [-301, 'SIGNATURE_STALE'],
    [-300, 'verified'],
    [-1, 'verified'],
    [0, 'verified'],
    [1, 'verified'],
    [300, 'verified'],
    [301, 'SIGNATURE_STALE'],
  ])('created %i s from now is %s', async (seconds, want) => {
    expect(await verified(NOW + seconds * 1_000)).toBe(want)
  })
})
