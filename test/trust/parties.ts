/** Parties with keys of both kinds, and messages between them. */
import type { SignatureAlgorithm } from '../../src/domain/institution.ts'
import { makeKeyPair, signingKey, verifyingKey } from '../../src/trust/keys.ts'
import type { KeyFinder, SignedAnswer, SignedRequest } from '../../src/trust/signature.ts'

export async function party(
  institution: string,
  algorithm: SignatureAlgorithm = 'ed25519',
  id = `${institution}-1`,
) {
  const stored = await makeKeyPair(id, institution, algorithm)
  const [signing, verifying] = await Promise.all([signingKey(stored), verifyingKey(stored)])
  return { institution, stored, signing, verifying }
}

export type Party = Awaited<ReturnType<typeof party>>

/** Finds only keys of the institution that is named with them. */
export const findAmong =
  (...parties: readonly Party[]): KeyFinder =>
  async (keyId, institution) =>
    parties.find(one => one.institution === institution && one.signing.id === keyId)?.verifying

export const NOW = Date.UTC(2026, 9, 1, 8)

const encoder = new TextEncoder()

export const request = (
  change: Partial<Omit<SignedRequest, 'body'>> & { readonly body?: string } = {},
): SignedRequest => {
  const { body = '{"hello":"world"}', method = 'POST' } = change
  const { url = 'https://gateway.example/v1/payments?a=1', headers = new Headers() } = change
  return { method, url, headers, body: encoder.encode(body) }
}

export const answer = (
  change: { readonly status?: number; readonly body?: string } = {},
): SignedAnswer => ({
  status: change.status ?? 200,
  headers: new Headers({ 'content-type': 'application/json' }),
  body: encoder.encode(change.body ?? '{"result":"S"}'),
})
