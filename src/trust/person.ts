/**
 * Payers' tokens: a keyed hash (HMAC-SHA-256), so that the gateway can add up what one person pays without keeping who
 * it is. Without the key no document can be tried out against a token.
 */
import type { documentTypes, Person } from '../domain/allowance.ts'
import { hexOf } from './digest.ts'
import { bytesOf } from './keys.ts'

export interface Document {
  readonly type: (typeof documentTypes)[number]
  readonly number: string
  /** ISO 3166-1 alpha-2 of who issued it. */
  readonly country: string
}

/** What a wallet says about who pays. */
export interface Payer {
  /** Its own word for its user. */
  readonly reference: string
  readonly document: Document | null
}

/** Imported once, the newest year first. */
export interface PersonKeys {
  readonly keys: readonly (readonly [year: number, key: Promise<CryptoKey>])[]
}

const importKey = (base64: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytesOf(base64), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])

/**
 * @param stored `{ "2026": "base64 of 32 bytes", … }`: each key is used from that year on. A new one begins with a year,
 *   like the allowances do, so that no person becomes another one while a year is being counted; an old one stays
 *   until its last year is over everywhere
 */
export function personKeys(stored: Readonly<Record<string, string>>): PersonKeys {
  const keys = Object.entries(stored).map(([year, key]) => [Number(year), importKey(key)] as const)
  if (keys.length === 0) throw new Error('PERSON_KEYS holds no key')
  return { keys: keys.toSorted(([one], [other]) => other - one) }
}

const encoder = new TextEncoder()

/** Bytes of a token: what two persons never share. */
const TOKEN_BYTES = 16

export async function personOf(
  wallet: string,
  { reference, document }: Payer,
  { keys }: PersonKeys,
): Promise<Person> {
  const said = document === null ? ['user', wallet, reference] : ['document', ...sameText(document)]
  const bytes = encoder.encode(said.join('\n'))
  const tokens = keys.map(async ([from, key]) => {
    const hash = new Uint8Array(await crypto.subtle.sign('HMAC', await key, bytes))
    return { from, token: hexOf(hash.subarray(0, TOKEN_BYTES)) }
  })
  return { tokens: await Promise.all(tokens), isKnown: document !== null }
}

/** The same document is the same text, however it was typed. */
const sameText = ({ type, number, country }: Document): readonly string[] => [
  type,
  country,
  number
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, ''),
]
