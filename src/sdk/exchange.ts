/** One signed request and its answer: sent once, and believed only when it is provably the gateway's. */
import { BODY_MAX } from '../domain/signature.ts'
import { readBody } from '../trust/body.ts'
import type { SigningKey } from '../trust/keys.ts'
import {
  type KeyFinder,
  type SignedRequest,
  signRequest,
  verifyAnswer,
} from '../trust/signature.ts'
import type { Problem } from '../wire/problem.ts'
import type { Fetch } from './gateway-keys.ts'

/** A page of a list may be larger than a single message. */
const ANSWER_MAX = 16 * BODY_MAX

export interface Call {
  readonly method: 'GET' | 'POST'
  /** Absolute path and query below the gateway's address. */
  readonly path: string
  /** The body's bytes, fixed before the first attempt so that every attempt sends the same. */
  readonly body: Uint8Array
  readonly timeoutMs: number
  /** The ETag of what the caller has; while that is the newest, the value heard is null. */
  readonly ifNoneMatch?: string
}

/** What came of one attempt. `nothing`: no answer that counts; the gateway may still have acted. */
export type Heard<T> =
  | { readonly said: 'value'; readonly value: T }
  | { readonly said: 'refusal'; readonly problem: Problem }
  | { readonly said: 'nothing'; readonly why: string }
  | { readonly said: 'untrusted'; readonly why: string }

export interface Line {
  readonly gateway: string
  readonly key: SigningKey
  readonly find: KeyFinder
  readonly fetch: Fetch
  readonly now: () => number
  readonly traceparent: () => string | undefined
}

const empty = new Uint8Array()
const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const bodyOf = (value: unknown): Uint8Array =>
  value === undefined ? empty : encoder.encode(JSON.stringify(value))

/** Sends the call once under a fresh signature. Never throws for what happens on the way. */
export async function exchange<T>(line: Line, call: Call): Promise<Heard<T>> {
  const { method, body } = call
  const url = new URL(call.path, line.gateway).href
  const headers = new Headers({ accept: 'application/json, application/problem+json' })
  if (body.length > 0) headers.set('content-type', 'application/json')
  if (call.ifNoneMatch !== undefined) headers.set('if-none-match', call.ifNoneMatch)
  const trace = line.traceparent()
  if (trace !== undefined) headers.set('traceparent', trace)
  const request: SignedRequest = { method, url, headers, body }
  await signRequest(request, line.key, line.now())

  let answer: { status: number; headers: Headers; body: Uint8Array | null }
  try {
    const response = await line.fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(call.timeoutMs),
      ...(body.length > 0 ? { body: body as Uint8Array<ArrayBuffer> } : {}),
    })
    const { status } = response
    answer = { status, headers: response.headers, body: await readBody(response, ANSWER_MAX) }
  } catch (error) {
    return { said: 'nothing', why: error instanceof Error ? error.message : String(error) }
  }
  return weigh<T>(answer, request, line)
}

/**
 * What an answer that is bound to nothing says of itself. The gateway answers so when it could not verify us, but so
 * might anyone who changed our request on its way: it helps whoever is looking for the mistake, and decides nothing.
 */
function hintIn(body: Uint8Array): string {
  const code = /"code":"([A-Z_]{1,40})"/.exec(decoder.decode(body))?.[1]
  return code === undefined ? '' : `; unproven, it says ${code}`
}

async function weigh<T>(
  answer: { status: number; headers: Headers; body: Uint8Array | null },
  request: SignedRequest,
  line: Line,
): Promise<Heard<T>> {
  const { status, headers, body } = answer
  if (body === null) return { said: 'untrusted', why: `more than ${ANSWER_MAX} bytes` }
  let failed: string | null
  try {
    const proof = await verifyAnswer({ status, headers, body }, request, line.find, line.now())
    failed = proof.ok ? null : proof.refusal.code
  } catch (error) {
    // The gateway's keys could not be had; the answer may be right, but nobody can tell.
    return { said: 'nothing', why: error instanceof Error ? error.message : String(error) }
  }
  // A proxy or a platform in between answers 5xx unsigned: that is a lost answer, not an attack.
  if (failed !== null && status >= 500) return { said: 'nothing', why: `HTTP ${status}, ${failed}` }
  if (failed !== null) return { said: 'untrusted', why: `${failed}${hintIn(body)}` }
  if (status === 304) return { said: 'value', value: null as T }
  try {
    const value: unknown = JSON.parse(decoder.decode(body))
    return status < 300
      ? { said: 'value', value: value as T }
      : { said: 'refusal', problem: value as Problem }
  } catch {
    return { said: 'untrusted', why: 'the signed body is no JSON' }
  }
}
