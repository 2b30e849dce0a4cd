/** The edge: one invocation for each request, doing what the routes do once a signature has been believed. */

import type { Person } from '../../src/domain/allowance.ts'
import type { Institution } from '../../src/domain/institution.ts'
import type { Money } from '../../src/domain/money.ts'
import type { Payment, Verdict } from '../../src/domain/payment.ts'
import { type Refusal, type ResultCode, resultCodes } from '../../src/domain/refusal.ts'
import type { Result } from '../../src/domain/result.ts'
import { Unavailable } from '../../src/domain/unavailable.ts'
import { pushAuthorization } from '../../src/flows/authorization.ts'
import { cancel } from '../../src/flows/cancel.ts'
import { charge } from '../../src/flows/charge.ts'
import { issueCodes } from '../../src/flows/consumer-code.ts'
import { receiptFor } from '../../src/flows/duty.ts'
import { type OutcomeLine, type OutcomeOf, reportOutcomes } from '../../src/flows/outcomes.ts'
import { pay } from '../../src/flows/pay.ts'
import { readPayment } from '../../src/flows/read.ts'
import { orderRefund } from '../../src/flows/refund.ts'
import { resolve } from '../../src/flows/resolve.ts'
import type { EdgeWorld } from '../../src/flows/world.ts'
import type { PaymentView, Quote } from '../../src/wire/payment.ts'
import type { RefundView } from '../../src/wire/refund.ts'
import { paymentView, quoteView, refundView } from '../../src/wire/view.ts'
import { edgeWorld, wholeWorld } from '../../src/world.ts'
import { actor } from './agenda.ts'
import { markOf } from './border/mark.ts'
import { isWrong } from './clocks.ts'
import { keyOf } from './members/cast.ts'
import { exchange, type Silence } from './wire.ts'
import type { World } from './world.ts'

export interface PayBody {
  readonly requestId: string
  readonly requestedAt: number
  readonly quote: string
  readonly hold: string
}

export interface ChargeBody {
  readonly requestId: string
  readonly requestedAt: number
  readonly code: string
  readonly currency: string
  readonly minor: string
}

export type Question =
  | {
      readonly kind: 'quote'
      readonly requestId: string
      readonly requestedAt: number
      readonly code: string
      readonly amount: Money | null
      readonly person: Person | null
    }
  | { readonly kind: 'pay'; readonly body: PayBody }
  | {
      readonly kind: 'codes'
      readonly requestId: string
      readonly requestedAt: number
      readonly person: Person | null
    }
  | { readonly kind: 'charge'; readonly body: ChargeBody }
  | { readonly kind: 'authorise'; readonly id: string; readonly verdict: Verdict }
  | { readonly kind: 'outcomes'; readonly lines: readonly OutcomeLine[] }
  | { readonly kind: 'cancel'; readonly id: string; readonly requestId: string }
  | {
      readonly kind: 'refund'
      readonly id: string
      readonly requestId: string
      readonly amount: Money
    }
  | { readonly kind: 'read'; readonly id: string; readonly patienceMs: number }

export type Answered =
  | { readonly kind: 'quote'; readonly quote: Quote }
  | { readonly kind: 'payment'; readonly payment: PaymentView }
  | { readonly kind: 'refund'; readonly refund: RefundView }
  | { readonly kind: 'codes'; readonly barcode: string }
  | { readonly kind: 'outcomes'; readonly lines: readonly OutcomeOf['line'][] }
  | {
      readonly kind: 'refused'
      readonly code: ResultCode
      /** What it says about the payment: that there is none, or nothing. */
      readonly outcome: 'F' | null
    }
  /** An answer that is not under the gateway's signature says nothing. */
  | { readonly kind: 'untrusted' }

/** When an edge begins something, and when it last reached the directory. */
interface Sight {
  readonly at: number
  readonly seenAt: number
}

export interface Sights {
  readonly openings: readonly Sight[]
  readonly quotings: readonly Sight[]
}

/** The same words are the same body, whoever hashes them. */
export const bodyHashOf = (body: PayBody | ChargeBody): string => markOf(JSON.stringify(body))

export class Edge {
  readonly #world: World
  #invocations = 0

  constructor(world: World) {
    this.#world = world
  }

  ask(
    wallet: string,
    subject: number,
    question: Question,
    patienceMs: number,
  ): Promise<Answered | Silence> {
    const { agenda, chaos, dice } = this.#world
    const asker = agenda.who
    return exchange<Answered>(
      {
        subject,
        patienceMs,
        at: () => {
          this.#invocations += 1
          const invocation = actor(
            `edge ${this.#invocations}`,
            this.#world.clocks.ofGateway('edge', subject),
            subject,
          )
          if (chaos.strikes('edge died', subject)) {
            const death = dice.draw('edge death', subject) ** 2 * 10_000
            agenda.after(death, actor('fate'), () => {
              invocation.alive = false
            })
          }
          return invocation
        },
        work: answer => {
          if (isWrong(asker.skewMs)) return answer({ kind: 'untrusted' })
          this.#answer(wallet, question).then(answer, error => {
            this.#world.note({ edge: String(error) })
            answer({ kind: 'refused', code: failureOf(error), outcome: null })
          })
        },
        distrusted: { kind: 'refused', code: 'SIGNATURE_INVALID', outcome: null },
        garbled: { kind: 'untrusted' },
        condition: () => ({ hears: true, heard: true, slow: 1 }),
      },
      this.#world,
    )
  }

  async #answer(walletId: string, question: Question): Promise<Answered> {
    if (question.kind === 'pay' || question.kind === 'charge') this.#begins(this.#openings)
    if (question.kind === 'quote') this.#begins(this.#quotings)
    const held = this.#world.held(undefined, this.#world.edgeSeenAt)
    const wallet = held.directory.institution(walletId)
    if (wallet === undefined) throw new Error(`${walletId} is no member`)
    const after = (work: Promise<unknown>) => void work.catch(() => null)
    const world = edgeWorld(this.#world.edgeEnv as never, held, this.#world.keys, after)
    if (question.kind === 'quote') {
      const quote = await resolve(wallet, { ...question, currency: null }, world)
      if (!quote.ok) return refused(quote.refusal)
      return { kind: 'quote', quote: quoteView(quote.value.terms, quote.value.token) }
    }
    if (question.kind === 'read') {
      return payment(await readPayment(wallet, question.id, question.patienceMs, world), world)
    }
    if (question.kind === 'codes' || question.kind === 'charge') {
      return this.#codes(wallet, question, world)
    }
    if (question.kind === 'authorise') {
      return payment(await pushAuthorization(wallet, question.id, question.verdict, world), world)
    }
    if (question.kind === 'outcomes') {
      const lines = await reportOutcomes(wallet, question.lines, world)
      return { kind: 'outcomes', lines: lines.map(({ line }) => line) }
    }
    if (question.kind === 'cancel') {
      const { id, requestId } = question
      return payment(
        await cancel(wallet, id, { requestId, bodyHash: markOf(requestId) }, world),
        world,
      )
    }
    if (question.kind === 'refund') {
      const { id, requestId, amount } = question
      const order = { requestId, bodyHash: markOf(`${requestId} ${amount.minor}`), amount }
      const made = await orderRefund(wallet, id, order, world)
      return made.ok ? { kind: 'refund', refund: refundView(made.value) } : refused(made.refusal)
    }
    const { requestId, requestedAt, quote, hold } = question.body
    const order = {
      requestId,
      requestedAt,
      quote,
      holdReference: hold,
      holdKey: keyOf(walletId),
      bodyHash: bodyHashOf(question.body),
    }
    return payment(await pay(wallet, order, world), world)
  }

  /** When some edge began to open a payment for each purchase, and when one began to quote it. */
  readonly #openings = new Map<number, Sight[]>()
  readonly #quotings = new Map<number, Sight[]>()
  #begins(sights: Map<number, Sight[]>) {
    const { agenda, edgeSeenAt: seenAt } = this.#world
    const { now: at, who } = agenda
    sights.set(who.subject, [...(sights.get(who.subject) ?? []), { at, seenAt }])
  }

  /** The same of one purchase, which was opened at this instant where no edge of ours did it. */
  sightsOf(number: number, at: number): Sights {
    const openings = this.#openings.get(number) ?? [{ at, seenAt: at }]
    return { openings, quotings: this.#quotings.get(number) ?? [] }
  }

  async #codes(
    member: Institution,
    question: Extract<Question, { kind: 'codes' | 'charge' }>,
    edge: EdgeWorld,
  ): Promise<Answered> {
    const { agenda, dice } = this.#world
    const { subject } = agenda.who
    // What nobody can guess is what the seed says.
    const random = () => BigInt(Math.floor(dice.draw('code', subject) * 2 ** 52))
    const world = { ...wholeWorld(this.#world.edgeEnv as never, edge), random }
    if (question.kind === 'codes') {
      const { requestId, requestedAt, person } = question
      const order = {
        requestId,
        requestedAt,
        count: 1,
        payerReference: requestId,
        ...(person === null ? {} : { person }),
        bodyHash: requestId,
      }
      const issued = await issueCodes(member, order, world)
      if (!issued.ok) return refused(issued.refusal)
      return { kind: 'codes', barcode: issued.value.codes[0]?.barcode ?? '' }
    }
    const { requestId, requestedAt, code, currency, minor } = question.body
    const order = {
      requestId,
      requestedAt,
      consumerCode: code,
      amount: { currency, minor: BigInt(minor) },
      merchant: shop,
      order: requestId,
      bodyHash: bodyHashOf(question.body),
    }
    return payment(await charge(member, order, world), edge)
  }
}

/** The till has one merchant; who it is decides nothing. */
const shop = { id: 'shop-1', name: 'SHOP', city: null, mcc: '5814', country: 'CN' }

async function payment(found: Result<Payment>, world: EdgeWorld): Promise<Answered> {
  if (!found.ok) return refused(found.refusal)
  const view = paymentView(found.value, await receiptFor(found.value, world))
  return { kind: 'payment', payment: view }
}

function refused({ code, detail }: Refusal): Answered {
  const isDecided = resultCodes[code].outcome === 'F' && detail?.undecided !== true
  return { kind: 'refused', code, outcome: isDecided ? 'F' : null }
}

/** As the edge's own way out of an error says it. */
function failureOf(error: unknown): ResultCode {
  if (!(error instanceof Unavailable)) return 'INTERNAL'
  return error.overloaded ? 'BUSY' : 'CENTER_UNAVAILABLE'
}

/** An answer in a word, for stories. */
export function heardAs(answer: Answered | Silence): string {
  if (typeof answer === 'string') return answer
  if (answer.kind === 'payment') return `${answer.payment.result} (${answer.payment.status})`
  if (answer.kind === 'refund') return answer.refund.status
  return answer.kind === 'refused' ? answer.code : answer.kind
}
