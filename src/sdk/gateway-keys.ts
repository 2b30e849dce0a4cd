/** Where the gateway's public keys come from: a list, a function, or its published set (RFC 7517). */
import { GATEWAY_ID } from '../domain/signature.ts'
import { readBody } from '../trust/body.ts'
import type { VerifyingKey } from '../trust/keys.ts'
import type { KeyFinder } from '../trust/signature.ts'

/** `fresh` asks for keys newer than those kept, because a message names one that is not among them. */
export type KeySource = (fresh?: boolean) => Promise<readonly VerifyingKey[]>

/** What callers may give: keys they hold, or where to ask. */
export type GatewayKeys = readonly VerifyingKey[] | KeySource

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Published keys are kept this long; the gateway announces a new key longer than this before it signs with it. */
const KEPT_MS = 300_000
/** An unknown key id asks again at most this often, so that forged messages cannot make a storm of requests. */
const FRESH_PACE_MS = 10_000
const JWKS_MAX = 65_536
const JWKS_TIMEOUT_MS = 5_000

export const asSource = (keys: GatewayKeys): KeySource =>
  typeof keys === 'function' ? keys : async () => keys

/** Finds the gateway's keys for signatures, and nobody else's. */
export function gatewayKeyFinder(keys: GatewayKeys): KeyFinder {
  const find = receiptKeyFinder(keys)
  return async (keyId, institution) => (institution === GATEWAY_ID ? find(keyId) : undefined)
}

/** Finds the gateway's keys for receipts, which only the gateway signs. */
export function receiptKeyFinder(
  keys: GatewayKeys,
): (keyId: string) => Promise<VerifyingKey | undefined> {
  const source = asSource(keys)
  return async keyId => {
    const known = (await source()).find(key => key.id === keyId)
    return known ?? (await source(true)).find(key => key.id === keyId)
  }
}

/** Key forms of `GET {gateway}/.well-known/jwks.json`: Ed25519 (RFC 8037) and P-256 (RFC 7518). */
interface PublishedKey {
  readonly kid?: string
  readonly kty?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
}

/**
 * The keys the gateway publishes, fetched when first needed and kept for five minutes.
 * Stale keys are still given while the gateway cannot be reached. Throws when none were ever fetched.
 */
export function publishedKeys(
  gateway: string,
  fetchKeys: Fetch = (url, init) => fetch(url, init),
  now: () => number = Date.now,
): KeySource {
  const url = `${gateway.replace(/\/$/, '')}/.well-known/jwks.json`
  let kept: readonly VerifyingKey[] | null = null
  let askedAt = 0

  const ask = async () => {
    askedAt = now()
    kept = await keysAt(url, fetchKeys)
    return kept
  }
  return async (fresh = false) => {
    const age = now() - askedAt
    if (kept !== null && age < (fresh ? FRESH_PACE_MS : KEPT_MS)) return kept
    try {
      // Each asks for itself: in Workers no request may wait for another one's I/O.
      return await ask()
    } catch (error) {
      if (kept !== null) return kept
      throw error
    }
  }
}

async function keysAt(url: string, fetchKeys: Fetch): Promise<readonly VerifyingKey[]> {
  const answer = await fetchKeys(url, { signal: AbortSignal.timeout(JWKS_TIMEOUT_MS) })
  const body = answer.ok ? await readBody(answer, JWKS_MAX) : null
  if (body === null) throw new Error(`no keys at ${url}: HTTP ${answer.status}`)
  return keysIn(JSON.parse(new TextDecoder().decode(body)))
}

/** The keys of a set (RFC 7517) that was fetched or kept. Throws where it is none. */
export async function keysIn(set: unknown): Promise<readonly VerifyingKey[]> {
  const { keys } = set as { keys?: PublishedKey[] }
  if (!Array.isArray(keys)) throw new Error('This is no set of public keys.')
  const read = await Promise.all(keys.map(verifyingKeyOf))
  return read.filter(key => key !== null)
}

/** Null for a key of a kind we do not use: a set may hold keys for other purposes. */
async function verifyingKeyOf({ kid, kty, crv, x, y }: PublishedKey): Promise<VerifyingKey | null> {
  if (kid === undefined || x === undefined) return null
  if (kty === 'OKP' && crv === 'Ed25519') {
    const key = await imported({ kty, crv, x }, { name: 'Ed25519' })
    return { id: kid, algorithm: 'ed25519', key }
  }
  if (kty === 'EC' && crv === 'P-256' && y !== undefined) {
    const key = await imported({ kty, crv, x, y }, { name: 'ECDSA', namedCurve: 'P-256' })
    return { id: kid, algorithm: 'ecdsa-p256-sha256', key }
  }
  return null
}

const imported = (jwk: JsonWebKey, form: SubtleCryptoImportKeyAlgorithm): Promise<CryptoKey> =>
  crypto.subtle.importKey('jwk', jwk, form, true, ['verify'])
