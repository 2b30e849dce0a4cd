/**
 * The gateway as an institution calls it: signs each request, believes only answers that are signed by the
 * gateway and bound to the request, and asks again with the same body where an answer was lost.
 */
import type { SigningKey } from '../trust/keys.ts'
import type { AnchorList } from '../wire/anchor.ts'
import type { CodeExplanation, WireCodeRules } from '../wire/code.ts'
import type {
  Authorization,
  ChargeRequest,
  CodesRequest,
  ConsumerCodes,
} from '../wire/consumer-code.ts'
import type { DeadLetters, Replay, Replayed } from '../wire/dead-letter.ts'
import type { LimitsView } from '../wire/limit.ts'
import type { OrderCode, OrderRequest } from '../wire/order.ts'
import type { Outcomes, OutcomesRequest } from '../wire/outcome.ts'
import type {
  CancelPayment,
  CancelRequested,
  EventList,
  PaymentList,
  PaymentView,
  PayRequest,
  Quote,
  QuoteRequest,
} from '../wire/payment.ts'
import type { RatesRequest, RatesTaken } from '../wire/rate.ts'
import type { ReceiptView } from '../wire/receipt.ts'
import type { RefundRequest, RefundView } from '../wire/refund.ts'
import type { Timeline } from '../wire/timeline.ts'
import { AnswerUntrusted, GatewayRefusal, GatewayUnreachable } from './errors.ts'
import { bodyOf, type Call, exchange, type Heard, type Line } from './exchange.ts'
import { type Fetch, type GatewayKeys, gatewayKeyFinder, publishedKeys } from './gateway-keys.ts'
import { payRenewing, type Renewal, type Renewing } from './renewal.ts'
import { type Clock, insist, type Patience, usualPatience } from './retry.ts'

export interface ClientOptions {
  /** The gateway's address, e.g. `https://gateway.example`; paths are added to its origin. */
  readonly gateway: string
  readonly institution: string
  /** Must be a key of the institution. */
  readonly key: SigningKey
  /** By default the keys the gateway publishes at its address. */
  readonly gatewayKeys?: GatewayKeys
  readonly fetch?: Fetch
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly pause?: (ms: number) => Promise<void>
  readonly random?: () => number
  readonly retry?: Partial<Patience>
  /** W3C `traceparent` of what is going on here; the gateway goes on under its trace. */
  readonly traceparent?: () => string | undefined
}

/** What is left out does not filter. */
export interface PaymentFilter
  extends Partial<Pick<PaymentView, 'requestId' | 'status' | 'result' | 'scenario' | 'family'>> {
  /** ISO 3166-1 alpha-2. */
  readonly payerMarket?: string
  readonly payeeMarket?: string
  /** RFC 3339 in UTC with milliseconds. */
  readonly openedFrom?: string
  readonly openedTo?: string
  /** `nextCursor` of the page before. */
  readonly cursor?: string
  /** Rows of a page, 1 to 200; 50 by default. */
  readonly limit?: number
}

/** Every call throws GatewayRefusal, GatewayUnreachable or AnswerUntrusted where it has no value to give. */
export interface Client {
  readonly institution: string
  /** What a code is, field by field, where it leads, and whether it could be paid now. Binds nobody. */
  explain(code: string): Promise<CodeExplanation>
  /** The rules by which a code is payable, to be kept for when there is no line; null while `known` are the newest. */
  codeRules(known?: { readonly version: string }): Promise<WireCodeRules | null>
  /** What a scanned code is, what it costs, and until when that binds. */
  quote(request: QuoteRequest): Promise<Quote>
  /**
   * Pays a quote for which the wallet holds the money. The payment given back may still be undecided (`U`).
   * When answers are lost it is inquired by requestId before anything is thrown; a thrown error whose `result`
   * is not `F` leaves the outcome open, and the hold must stay.
   *
   * @param renewal lets it ask for a new quote where this one is refused for its age or its lane (LANE_CLOSED,
   *   QUOTE_EXPIRED) and made nothing, for certain; pays that, once, under the same request, where it says the same to the
   *   payer, and throws QuoteChanged or QuoteGone otherwise. The same call again gives what was paid, and never pays twice
   */
  pay(request: PayRequest, renewal?: Renewal): Promise<PaymentView>
  /**
   * Takes a payment back in full: before its decision, or after its commit, an acquirer until `cancelUntil` and a
   * wallet until `walletCancelUntil`. Repeat the same
   * request until it is answered. Throws a refusal with `result` F where there was no payment yet: then there never
   * will be one.
   */
  cancel(id: string, request: CancelPayment): Promise<PaymentView>
  /** The same, for one whose id was never heard: by the request that was to make it. */
  cancelRequested(request: CancelRequested): Promise<PaymentView>
  /** @param options.waitSeconds long poll: answer at the decision, or after so many seconds, 0 to 25 */
  payment(id: string, options?: { readonly waitSeconds?: number }): Promise<PaymentView>
  /** This institution's limits in force, with use so far as far as it is known. */
  limits(): Promise<LimitsView>
  /** What this institution has not acknowledged for minutes, oldest first. */
  deadLetters(from?: { readonly cursor?: string; readonly limit?: number }): Promise<DeadLetters>
  /** Has one of them told again at once. */
  replay(letter: Replay): Promise<Replayed>
  /** The receipt of a committed payment, for paper and screens. */
  receipt(id: string): Promise<ReceiptView>
  /** What happened to it, event by event, as far as it is this institution's business. */
  timeline(id: string): Promise<Timeline>
  paymentByRequest(asked: Pick<PayRequest, 'requestId' | 'requestedAt'>): Promise<PaymentView>
  /** One-time codes that the wallet shows for its user; good for 60 seconds and one payment each. */
  consumerCodes(request: CodesRequest): Promise<ConsumerCodes>
  /**
   * An acquirer charges the consumer code that its till has scanned. The payment given back may still be undecided
   * (`U`): then wait for it. When answers are lost it is inquired by requestId before anything is thrown.
   */
  charge(request: ChargeRequest): Promise<PaymentView>
  /** A wallet says what its user said, where it had answered that the user must confirm. */
  authorization(paymentId: string, said: Authorization): Promise<PaymentView>
  /** An acquirer says what its switch's file says of a payment that was deemed. */
  outcome(paymentId: string, said: Authorization): Promise<PaymentView>
  /** The same of up to 200 payments: each line decides its payment or says why it did not. Repeat it freely. */
  outcomes(file: OutcomesRequest): Promise<Outcomes>
  /** An acquirer's order as a link that every wallet can quote and pay. */
  createOrder(request: OrderRequest): Promise<OrderCode>
  /** A provider says what it exchanges currencies for, and for how long it stands by that. */
  quoteRates(rates: RatesRequest): Promise<RatesTaken>
  /** An acquirer gives back a part of a committed payment, or all of it. */
  refund(paymentId: string, request: RefundRequest): Promise<RefundView>
  refundById(id: string): Promise<RefundView>
  payments(filter?: PaymentFilter): Promise<PaymentList>
  events(from?: { readonly after?: string; readonly limit?: number }): Promise<EventList>
  /**
   * One hash for all journals of each center. Whoever keeps some of them can prove later that nothing before was
   * changed, or that something was.
   */
  anchors(): Promise<AnchorList>
  /** Waits until the payment is decided. Gives it undecided when patience ends first (30 s by default). */
  awaitDecision(id: string, options?: { readonly patienceMs?: number }): Promise<PaymentView>
}

/** The acquirer has 2 s of the 3 s in which a quote is resolved; the rest is the road. */
const QUOTE_TIMEOUT_MS = 6_000
/** An MPM payment is decided after at most 15 s, and the answer may wait for that. */
const PAY_TIMEOUT_MS = 20_000
const READ_TIMEOUT_MS = 5_000
const WAIT_MAX_S = 25
/** A poll that comes back sooner than it was asked to is not repeated at once. */
const POLL_PACE_MS = 500

export function createClient(options: ClientOptions): Client {
  const { gateway, institution, key, now = Date.now } = options
  if (key.institution !== institution) throw new Error(`${key.id} is no key of ${institution}`)
  const send: Fetch = options.fetch ?? ((url, init) => fetch(url, init))
  const keys = options.gatewayKeys ?? publishedKeys(gateway, send, now)
  const { traceparent = () => undefined } = options
  const find = gatewayKeyFinder(keys)
  const line: Line = { gateway, key, find, fetch: send, now, traceparent }
  const patience: Patience = { ...usualPatience, ...options.retry }
  const clock: Clock = {
    now,
    pause: options.pause ?? (ms => new Promise(resolve => setTimeout(resolve, ms))),
    random: options.random ?? Math.random,
  }

  const ask = <T>(call: Call) =>
    insist<T>(
      leftMs => exchange(line, { ...call, timeoutMs: Math.min(call.timeoutMs, leftMs) }),
      patience,
      clock,
    )
  const get = <T>(path: string, waitMs = 0) =>
    ask<T>({ method: 'GET', path, body: bodyOf(undefined), timeoutMs: READ_TIMEOUT_MS + waitMs })
  const post = <T>(path: string, value: unknown, timeoutMs: number) =>
    ask<T>({ method: 'POST', path, body: bodyOf(value), timeoutMs })

  const inquire = ({ requestId, requestedAt }: Pick<PayRequest, 'requestId' | 'requestedAt'>) =>
    get<PaymentView>(`/v1/payments${query({ requestId, requestedAt })}`)

  const make = async (request: PayRequest | ChargeRequest): Promise<PaymentView> => {
    const paid = await post<PaymentView>('/v1/payments', request, PAY_TIMEOUT_MS)
    if (!leavesOpen(paid)) return given(paid)
    const found = await inquire(request)
    // "No such payment" is no outcome while the lost request may still be on its way.
    return found.heard.said === 'value' ? found.heard.value : given(paid)
  }

  const quote: Client['quote'] = async request =>
    given(await post('/v1/quotes', request, QUOTE_TIMEOUT_MS))

  const payment: Client['payment'] = async (id, { waitSeconds = 0 } = {}) => {
    const wait = Math.min(Math.max(Math.floor(waitSeconds), 0), WAIT_MAX_S)
    const path = `/v1/payments/${encodeURIComponent(id)}`
    return given(await get(wait > 0 ? `${path}?wait=${wait}` : path, wait * 1_000))
  }

  const paymentByRequest: Client['paymentByRequest'] = async asked => given(await inquire(asked))

  const renewing: Renewing = { quote, pay: make, inquire: paymentByRequest }

  return {
    institution,
    explain: async code => given(await post('/v1/codes/explain', { code }, READ_TIMEOUT_MS)),
    codeRules: async known =>
      given(
        await ask<WireCodeRules | null>({
          method: 'GET',
          path: '/v1/code-rules',
          body: bodyOf(undefined),
          timeoutMs: READ_TIMEOUT_MS,
          ...(known === undefined ? {} : { ifNoneMatch: `"${known.version}"` }),
        }),
      ),
    quote,
    pay: (request, renewal) =>
      renewal === undefined ? make(request) : payRenewing(request, renewal, renewing),
    charge: request => make(request),
    authorization: async (id, said) =>
      given(
        await post(`/v1/payments/${encodeURIComponent(id)}/authorization`, said, READ_TIMEOUT_MS),
      ),
    outcome: async (id, said) =>
      given(await post(`/v1/payments/${encodeURIComponent(id)}/outcome`, said, READ_TIMEOUT_MS)),
    outcomes: async file => given(await post('/v1/outcomes', file, PAY_TIMEOUT_MS)),
    createOrder: async request => given(await post('/v1/orders', request, READ_TIMEOUT_MS)),
    quoteRates: async rates => given(await post('/v1/rates', rates, READ_TIMEOUT_MS)),
    consumerCodes: async request =>
      given(await post('/v1/consumer-codes', request, READ_TIMEOUT_MS)),
    cancel: async (id, request) =>
      given(await post(`/v1/payments/${encodeURIComponent(id)}/cancel`, request, READ_TIMEOUT_MS)),
    cancelRequested: async request =>
      given(await post('/v1/payments/cancel', request, READ_TIMEOUT_MS)),
    payment,
    limits: async () => given(await get('/v1/limits')),
    deadLetters: async (from = {}) => given(await get(`/v1/dead-letters${query({ ...from })}`)),
    replay: async letter => given(await post('/v1/dead-letters/replay', letter, READ_TIMEOUT_MS)),
    receipt: async id => given(await get(`/v1/payments/${encodeURIComponent(id)}/receipt`)),
    timeline: async id => given(await get(`/v1/payments/${encodeURIComponent(id)}/timeline`)),
    paymentByRequest,
    refund: async (id, request) =>
      given(await post(`/v1/payments/${encodeURIComponent(id)}/refunds`, request, READ_TIMEOUT_MS)),
    refundById: async id => given(await get(`/v1/refunds/${encodeURIComponent(id)}`)),
    payments: async (filter = {}) => given(await get(`/v1/payments${query({ ...filter })}`)),
    events: async (from = {}) => given(await get(`/v1/events${query({ ...from })}`)),
    anchors: async () => given(await get('/v1/anchors')),
    async awaitDecision(id, { patienceMs = 30_000 } = {}) {
      const until = now() + patienceMs
      for (;;) {
        const askedAt = now()
        const waitSeconds = Math.ceil(Math.max(until - askedAt, 0) / 1_000)
        const view = await payment(id, { waitSeconds })
        if (view.result !== 'U' || now() >= until) return view
        if (now() - askedAt < POLL_PACE_MS) await clock.pause(POLL_PACE_MS)
      }
    },
  }
}

interface Asked<T> {
  readonly heard: Heard<T>
  readonly lost: number
}

/** Whether a payment may exist although no answer about it came. */
function leavesOpen({ heard, lost }: Asked<unknown>): boolean {
  if (heard.said === 'value') return false
  if (heard.said !== 'refusal') return true
  const { result, retry, status, opened } = heard.problem
  const mayBe = opened !== false && (retry === 'same' || status >= 500)
  return (result === null && (lost > 0 || mayBe)) || result === 'U'
}

function given<T>({ heard, lost }: Asked<T>): T {
  switch (heard.said) {
    case 'value':
      return heard.value
    case 'refusal':
      throw new GatewayRefusal(heard.problem, lost)
    case 'nothing':
      throw new GatewayUnreachable(lost + 1, heard.why)
    case 'untrusted':
      throw new AnswerUntrusted(heard.why)
  }
}

function query(fields: Readonly<Record<string, string | number | undefined>>): string {
  const set = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}
