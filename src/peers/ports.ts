/** The world's side of peer calls: the gateway's keys out of its secret, and whose signatures it believes. */
import type { Directory } from '../domain/directory.ts'
import { assert } from '../domain/result.ts'
import {
  type SigningKey,
  type StoredKeyPair,
  signingKey,
  type VerifyingKey,
  verifyingKey,
} from '../trust/keys.ts'
import type { KeyFinder } from '../trust/signature.ts'
import type { PostPorts } from './post.ts'

export interface GatewayKeys {
  /** The one that signs. */
  readonly signing: SigningKey
  /** All that are published, retired ones until what they signed has lapsed. */
  readonly published: readonly VerifyingKey[]
}

let imported: { readonly stored: string; readonly keys: GatewayKeys } | undefined

/** Imports the secret once per isolate. The first pair signs. */
export async function gatewayKeys(stored: string | undefined): Promise<GatewayKeys> {
  if (imported !== undefined && imported.stored === stored) return imported.keys
  assert(stored !== undefined, 'the secret GATEWAY_KEYS is not set')
  const pairs: readonly StoredKeyPair[] = JSON.parse(stored)
  const [first] = pairs
  assert(first !== undefined, 'GATEWAY_KEYS holds no key pair')
  const signing = await signingKey(first)
  const published: VerifyingKey[] = []
  for (const pair of pairs) published.push(await verifyingKey(pair))
  imported = { stored, keys: { signing, published } }
  return imported.keys
}

/** Finds keys in the directory as it is now. */
export const keyFinder =
  (directory: Directory, now: () => number): KeyFinder =>
  async (keyId, institution) => {
    const key = directory.key(keyId, institution, now())
    return key && (await verifyingKey(key))
  }

export const peerPorts = (
  directory: Directory,
  keys: GatewayKeys,
  environment: 'production' | 'sandbox',
  trace?: string,
): PostPorts => ({
  ...(trace === undefined ? {} : { trace }),
  now: Date.now,
  fetch: request => fetch(request),
  key: keys.signing,
  findKey: keyFinder(directory, Date.now),
  sandbox: environment === 'sandbox',
})
