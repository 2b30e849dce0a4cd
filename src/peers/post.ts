/**
 * One signed call to a member: bounded in time and size, never redirected, and believed only when its answer is
 * signed by that member and bound to this very request.
 */
import { mayCall } from '../domain/endpoint.ts'
import type { Evidence } from '../domain/evidence.ts'
import type { Institution } from '../domain/institution.ts'
import { BODY_MAX } from '../domain/signature.ts'
import { idOf, traceparent } from '../domain/trace.ts'
import { readBody } from '../trust/body.ts'
import type { SigningKey } from '../trust/keys.ts'
import { type KeyFinder, signRequest, verifyAnswer } from '../trust/signature.ts'
import { addWebhook } from '../trust/webhook.ts'

export interface PostPorts {
  now(): number
  fetch(request: Request): Promise<Response>
  readonly key: SigningKey
  readonly findKey: KeyFinder
  readonly sandbox: boolean
  /** W3C trace under which members are called, hex. */
  readonly trace?: string
}

/** A believed answer. */
export interface Heard {
  readonly heard: true
  readonly body: unknown
  /** Under which the member signed it, and its signature. */
  readonly key: string
  readonly evidence: Evidence
}

/** A believed answer, or why there is none. No answer at all says nothing about what the member did. */
export type Posted =
  | Heard
  | {
      readonly heard: false
      /** Whether the request has left us. Doubtful cases count as not: it can be sent again. */
      readonly left: boolean
      readonly why: 'no_endpoint' | 'late' | 'unreachable' | 'untrusted' | 'unreadable' | 'error'
    }

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * @param deadline instant in milliseconds since 1970 by which the answer must be here
 * @param noticeId of a notice, the same in every repetition: it then goes out as a Standard Webhook as well
 */
export async function post(
  to: Institution,
  path: string,
  content: object,
  deadline: number,
  ports: PostPorts,
  noticeId?: string,
): Promise<Posted> {
  if (to.endpoint === null || !mayCall(to.endpoint, ports.sandbox)) {
    return { heard: false, left: false, why: 'no_endpoint' }
  }
  const budget = deadline - ports.now()
  if (budget <= 0) return { heard: false, left: false, why: 'late' }

  const url = `${to.endpoint}${path}`
  const body = encoder.encode(JSON.stringify({ addressee: to.id, ...content }))
  const headers = new Headers({ 'content-type': 'application/json' })
  if (ports.trace !== undefined) {
    const span = idOf(crypto.getRandomValues(new Uint8Array(8)))
    headers.set('traceparent', traceparent(ports.trace, span))
  }
  const request = { method: 'POST', url, headers, body }
  if (noticeId !== undefined) await addWebhook(headers, noticeId, body, ports.key, ports.now())
  const asked = await signRequest(request, ports.key, ports.now())

  const timer = AbortSignal.timeout(budget)
  let answered = false
  try {
    const response = await ports.fetch(
      new Request(url, { method: 'POST', headers, body, redirect: 'manual', signal: timer }),
    )
    answered = true
    const heard = await readBody(response, BODY_MAX)
    if (heard === null) return { heard: false, left: true, why: 'unreadable' }
    const answer = { status: response.status, headers: response.headers, body: heard }
    const proof = await verifyAnswer(answer, request, ports.findKey, ports.now())
    if (!proof.ok || proof.value.institution !== to.id)
      return { heard: false, left: true, why: 'untrusted' }
    // An error that happens to be worded like an answer is none: the member said that it did not get that far.
    if (response.status !== 200) return { heard: false, left: true, why: 'error' }
    const parsed: unknown = JSON.parse(decoder.decode(heard))
    const { keyId, evidence } = proof.value
    return { heard: true, body: parsed, key: keyId, evidence: { ...evidence, asked } }
  } catch {
    // A member that was reached and stays silent runs into the timer; one that cannot be reached fails before.
    if (timer.aborted) return { heard: false, left: true, why: 'late' }
    // One that began to answer was reached, even if its answer breaks off.
    if (answered) return { heard: false, left: true, why: 'unreadable' }
    return { heard: false, left: false, why: 'unreachable' }
  }
}
