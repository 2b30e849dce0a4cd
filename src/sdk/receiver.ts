/**
 * What the gateway asks an institution, turned into typed calls: verified, bounded, dispatched, and answered
 * under the institution's own signature, bound to the request. Works wherever Fetch's Request and Response do.
 */
import type { Result } from '../domain/result.ts'
import { BODY_MAX, GATEWAY_ID } from '../domain/signature.ts'
import { readBody } from '../trust/body.ts'
import type { SigningKey } from '../trust/keys.ts'
import { type Proof, type SignedRequest, signAnswer, verifyRequest } from '../trust/signature.ts'
import { verifyWebhook } from '../trust/webhook.ts'
import type {
  AcceptAnswer,
  AcceptRequest,
  AuthorizeAnswer,
  AuthorizeRequest,
  CancelAnswer,
  CancelRequest,
  InquireRequest,
  Notice,
  OrderAnswer,
  OrderInquiry,
  RefundAnswer,
  RefundOrder,
} from '../wire/peer.ts'
import type { Problem } from '../wire/problem.ts'
import { asSource, type GatewayKeys, gatewayKeyFinder } from './gateway-keys.ts'

/**
 * One function per question. An institution gives those of its role; the others answer 404.
 * Each must be durable before it resolves, and idempotent: every question may come more than once. One that
 * throws answers 500, which the gateway takes for "cannot say".
 */
export interface Handlers {
  order?(inquiry: OrderInquiry): Promise<OrderAnswer>
  accept?(request: AcceptRequest): Promise<AcceptAnswer>
  /** CPM: pay this for the user whose code was scanned. */
  authorize?(request: AuthorizeRequest): Promise<AuthorizeAnswer>
  inquire?(request: InquireRequest): Promise<AcceptAnswer>
  cancel?(request: CancelRequest): Promise<CancelAnswer>
  refund?(order: RefundOrder): Promise<RefundAnswer>
  /**
   * Resolves once the notice is durable; the gateway repeats it until then.
   *
   * @param id `webhook-id`, the same in every repetition and of no other notice; null where the gateway signs with a
   * key of a kind that Standard Webhooks do not know
   */
  notice?(notice: Notice, id: string | null): Promise<void>
}

export type Question = keyof Handlers

export interface ReceiverOptions {
  readonly institution: string
  readonly key: SigningKey
  readonly gatewayKeys: GatewayKeys
  /**
   * Scheme and host under which the gateway knows this institution, e.g. `https://pay.example`. Needed behind a
   * proxy, and wherever the host is taken from the caller's own Host header: otherwise a request that was signed
   * for another member could be shown here.
   */
  readonly origin?: string
  readonly handlers: Handlers
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Hears of a handler that threw; by default nobody does. */
  readonly failed?: (question: Question, error: unknown) => void
}

/** The last part of the path decides; what stands before it is the institution's own business. */
const questions: readonly (readonly [path: string, question: Question])[] = [
  ['/orders/inquire', 'order'],
  ['/payments/accept', 'accept'],
  ['/payments/authorize', 'authorize'],
  ['/payments/inquire', 'inquire'],
  ['/payments/cancel', 'cancel'],
  ['/refunds/apply', 'refund'],
  ['/notices', 'notice'],
]

/** Which question a path asks; undefined for none. */
export const questionAt = (path: string): Question | undefined =>
  questions.find(([end]) => path.endsWith(end))?.[1]

// biome-ignore format: a table is read by column
const refusals = {
  BODY_TOO_LARGE:  { status: 413, title: `The body is larger than ${BODY_MAX} bytes.` },
  NOT_FOUND:       { status: 404, title: 'This is not asked here.' },
  ACCESS_DENIED:   { status: 403, title: 'Only the gateway asks here, and only this institution.' },
  PARAM_ILLEGAL:   { status: 400, title: 'The body is no JSON object.' },
  INTERNAL:        { status: 500, title: 'The institution could not answer.' },
} as const

const encoder = new TextEncoder()
const decoder = new TextDecoder()

interface Said {
  readonly status: number
  readonly type: string
  readonly json: unknown
}

export function createReceiver(options: ReceiverOptions): (request: Request) => Promise<Response> {
  const { institution, key, handlers, origin, now = Date.now, failed } = options
  if (key.institution !== institution) throw new Error(`${key.id} is no key of ${institution}`)
  const find = gatewayKeyFinder(options.gatewayKeys)

  const weigh = async (asked: SignedRequest, proof: Result<Proof>): Promise<Said> => {
    if (!proof.ok) return problem(proof.refusal.code, 401, 'The signature was not accepted.')
    if (proof.value.institution !== GATEWAY_ID) return refusal('ACCESS_DENIED')
    const question = questionAt(new URL(asked.url).pathname)
    if (question === undefined || asked.method !== 'POST') return refusal('NOT_FOUND')
    const body = objectIn(asked.body)
    if (body === null) return refusal('PARAM_ILLEGAL')
    // The address is the institution's word for itself; the name in the body is the gateway's.
    if (body.addressee !== institution) return refusal('ACCESS_DENIED')
    const id = question === 'notice' ? await webhookId(asked, options.gatewayKeys, now()) : null
    if (id === 'forged') return problem('SIGNATURE_INVALID', 401, 'The webhook was not accepted.')
    try {
      return await answer(handlers, question, body, id)
    } catch (error) {
      failed?.(question, error)
      return refusal('INTERNAL')
    }
  }

  return async request => {
    const read = await readBody(request, BODY_MAX)
    const { method, headers } = request
    const url = origin === undefined ? request.url : under(origin, request.url)
    const asked: SignedRequest = { method, url, headers, body: read ?? new Uint8Array() }
    const proof = read === null ? null : await verifyRequest(asked, find, now())
    const said = proof === null ? refusal('BODY_TOO_LARGE') : await weigh(asked, proof)
    const { status, type, json } = said
    const body = encoder.encode(JSON.stringify(json))
    const answered = { status, headers: new Headers({ 'content-type': type }), body }
    await signAnswer(answered, proof?.ok === true ? asked : null, key, now())
    return new Response(body, { status, headers: answered.headers })
  }
}

/** What the gateway signed is trusted to have the gateway's shape; the types say which. */
async function answer(
  handlers: Handlers,
  question: Question,
  body: object,
  id: string | null,
): Promise<Said> {
  const handler = handlers[question] as
    | ((asked: object, id: string | null) => Promise<object | undefined>)
    | undefined
  if (handler === undefined) return refusal('NOT_FOUND')
  const json = (await handler.call(handlers, body, id)) ?? { result: 'S' }
  return { status: 200, type: 'application/json', json }
}

/**
 * The id in the headers of a webhook, which no other signature covers: it counts only under their own. Null where
 * there is none.
 */
async function webhookId(
  { headers, body }: SignedRequest,
  keys: GatewayKeys,
  now: number,
): Promise<string | null | 'forged'> {
  if (!headers.has('webhook-signature')) return null
  const source = asSource(keys)
  const known = await verifyWebhook(headers, body, await source(), now)
  return known ?? (await verifyWebhook(headers, body, await source(true), now)) ?? 'forged'
}

function objectIn(body: Uint8Array): { readonly addressee?: unknown } | null {
  try {
    const value: unknown = JSON.parse(decoder.decode(body))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function under(origin: string, url: string): string {
  const { pathname, search } = new URL(url)
  return new URL(pathname + search, origin).href
}

const refusal = (code: keyof typeof refusals): Said =>
  problem(code, refusals[code].status, refusals[code].title)

function problem(code: Problem['code'], status: number, title: string): Said {
  const json: Problem = {
    type: `/problems#${code}`,
    title,
    status,
    code,
    result: null,
    retry: status >= 500 ? 'inquire' : 'never',
    acts: status >= 500 ? 'acquirer' : 'gateway',
  }
  return { status, type: 'application/problem+json', json }
}
