/**
 * A wallet with its own book: quotes, holds before it pays, asks again with the same words, and lets go of a hold only
 * on a decision, or when no payment can come to be any more. Where it misbehaves, it checks that it gets nothing by it.
 */
import type { Person } from '../../../src/domain/allowance.ts'
import { type ResultCode, resultCodes } from '../../../src/domain/refusal.ts'
import type { Quote } from '../../../src/wire/payment.ts'
import type { AuthorizeRequest, Notice, RefundOrder } from '../../../src/wire/peer.ts'
import { peerPaths } from '../../../src/wire/peer.ts'
import { type Actor, actor } from '../agenda.ts'
import { type Answered, bodyHashOf, heardAs, type PayBody, type Question } from '../edge.ts'
import type { Chaos } from '../faults.ts'
import type { Silence } from '../wire.ts'
import type { World } from '../world.ts'
import { tills } from './cast.ts'
import { Consent } from './consent.ts'
import { type HoldBook, Holds } from './holds.ts'
import type { Asked, Member, Said } from './members.ts'
import { misbehave, payInOtherWords, type Seen } from './mischief.ts'

/** What a wallet answered to a refund; the same for ever. */
type RefundBook =
  | { readonly result: 'S'; readonly reference: string }
  | { readonly result: 'F'; readonly code: string }

const QUOTE_MS = 5_000
const PAY_MS = 20_000
const READ_MS = 20_000
const QUOTES_MAX = 3
const PAYS_MAX = 4
/** How long a wallet rests between inquiries about a hold that nobody has settled. */
const REST_MS = 15_000
/** Beyond a quote's end its payment can no longer come to be; the margin covers clocks that differ. */
const MARGIN_MS = 180_000
/** A wallet gives up asking long after everything must be over; what is still held then is a finding. */
const INQUIRIES_MAX = 200

export class Wallet implements Member {
  readonly id: string
  readonly who: Actor
  readonly holds: Holds
  readonly refunds = new Map<string, RefundBook>()
  readonly #world: World
  readonly #currency: string
  readonly #consent: Consent
  seen: Seen | null = null
  /** Whose payments it knows, for when it misbehaves. */
  other: Wallet | null = null

  constructor(id: string, currency: string, skewMs: number, world: World) {
    this.id = id
    this.who = actor(id, skewMs)
    this.#currency = currency
    this.#world = world
    this.holds = new Holds(id, world)
    this.#consent = new Consent(id, this.holds, world)
  }

  /** One purchase from the scan to the end of its hold. */
  async purchase(number: number): Promise<void> {
    const { agenda, dice, chaos } = this.#world
    const till = dice.pick(tills, 'till', number)
    const requestId = `purchase-${number}`
    const requestedAt = agenda.clock()
    const typed = BigInt(Math.floor(dice.between(100, 1_000_000, 'amount', number)))
    // Whoever types fixes either what the merchant gets or what is paid.
    const currency = dice.draw('side', number) < 0.5 ? till.currency : this.#currency
    const amount = till.minor === null ? { currency, minor: typed } : null
    const quote = await this.#quote(number, {
      kind: 'quote',
      requestId,
      requestedAt,
      code: till.code,
      amount,
      person: this.#payerOf(number),
    })
    if (quote === null) return
    await this.#think(number, quote)
    const hold = this.#hold(number, quote)
    const body = { requestId, requestedAt, quote: quote.quote, hold: hold.reference }
    this.seen = { body, paymentId: quote.paymentId }
    misbehave(this.id, number, body, this.other?.seen ?? null, this.#world)
    if (chaos.strikes('takes it back', number)) void this.#regret(number, hold)
    if (chaos.strikes('pays in two words', number)) {
      payInOtherWords(this.id, number, body, hold.paymentId, this.#world)
    }
    if (chaos.strikes('asks at once twice', number)) void this.#pay(number, body, hold)
    if (!(await this.#pay(number, body, hold))) await this.#inquire(hold)
  }

  /** Said only where allowances are played. */
  #payerOf(number: number): Person | null {
    const { payers, persons } = this.#world
    return persons === null ? null : payers.of(this.id, number)
  }

  async #quote(number: number, question: Question): Promise<Quote | null> {
    for (let tries = 0; tries < QUOTES_MAX; tries += 1) {
      const answer = await this.#ask(number, question, QUOTE_MS)
      if (typeof answer === 'string' || answer.kind === 'untrusted') continue
      if (answer.kind === 'quote') return answer.quote
      if (answer.kind === 'refused' && resultCodes[answer.code].retry !== 'same') return null
    }
    return null
  }

  /** Seconds, mostly; some confirm when the quote is about to end, or has ended. */
  #think(number: number, quote: Quote): Promise<void> {
    const { agenda, dice, chaos } = this.#world
    if (!chaos.strikes('dawdles', number)) {
      return agenda.pause(dice.between(200, 3_000, 'thought', number))
    }
    const left = Date.parse(quote.expiresAt) - agenda.clock()
    return agenda.pause(left + dice.between(-1_000, 1_000, 'dawdle', number))
  }

  #hold(number: number, { paymentId, expiresAt, payer }: Quote): HoldBook {
    const hold: HoldBook = {
      number,
      paymentId,
      reference: `hold-${number}`,
      expiresAt: Date.parse(expiresAt),
      payerMinor: BigInt(payer.minor),
      refundedMinor: 0n,
      state: 'held',
    }
    this.holds.set(paymentId, hold)
    return hold
  }

  /** Pays until it hears a decision; false where it has heard none. */
  async #pay(number: number, body: PayBody, hold: HoldBook): Promise<boolean> {
    const { agenda, hearing, ledger } = this.#world
    for (let tries = 0; tries < PAYS_MAX; tries += 1) {
      const existed = ledger.exists(hold.paymentId)
      const answer = await this.#ask(number, { kind: 'pay', body }, PAY_MS)
      if (typeof answer !== 'string' && answer.kind !== 'untrusted') {
        hearing.paid(this.id, hold.paymentId, bodyHashOf(body), existed, answer)
        if (answer.kind === 'payment') return this.holds.hear(answer.payment)
        if (answer.kind === 'refused' && answer.outcome === 'F') {
          this.holds.settle(hold.paymentId, 'released')
          return true
        }
        if (answer.kind === 'refused' && isTurnedAway(answer.code)) {
          await this.#takeBack(number, hold)
          return hold.state !== 'held'
        }
      }
      await agenda.pause(1_000 * 2 ** tries)
    }
    return false
  }

  /** Asks what became of a hold, until somebody has settled it or no payment can come to be. */
  async #inquire(hold: HoldBook): Promise<void> {
    const { agenda, hearing, ledger } = this.#world
    const question = { kind: 'read', id: hold.paymentId, patienceMs: READ_MS - 2_000 } as const
    for (let tries = 0; hold.state === 'held' && tries < INQUIRIES_MAX; tries += 1) {
      const answer = await this.#ask(hold.number, question, READ_MS)
      if (typeof answer !== 'string' && answer.kind === 'payment') {
        hearing.heard(this.id, answer.payment)
        if (this.holds.hear(answer.payment)) return
      }
      const unknown =
        typeof answer !== 'string' &&
        answer.kind === 'refused' &&
        answer.code === 'PAYMENT_NOT_EXIST'
      if (
        unknown &&
        ledger.exists(hold.paymentId) &&
        agenda.clock() >= hold.expiresAt + MARGIN_MS
      ) {
        ledger.broken('I12', hold.paymentId, 'a payment that exists is said not to')
      }
      if (unknown && agenda.clock() >= hold.expiresAt + MARGIN_MS) {
        return this.holds.settle(hold.paymentId, 'released')
      }
      await agenda.pause(REST_MS)
    }
  }

  async #regret(number: number, hold: HoldBook): Promise<void> {
    const { agenda, clocks, dice } = this.#world
    const soon = dice.draw('change of heart', number) ** 2 * 30_000
    // Where a day is cut, it is about then.
    const untilCut = clocks.cutAt === null ? 0 : clocks.cutAt - agenda.now - 15_000
    await agenda.pause(untilCut + soon)
    await this.#takeBack(number, hold)
  }

  /** Cancels, before or after the decision, and believes what it hears. */
  async #takeBack(number: number, hold: HoldBook): Promise<void> {
    const { agenda, hearing } = this.#world
    const question = { kind: 'cancel', id: hold.paymentId, requestId: `cancel-${number}` } as const
    for (let tries = 0; tries < PAYS_MAX; tries += 1) {
      const answer = await this.#ask(number, question, PAY_MS)
      if (typeof answer !== 'string' && answer.kind === 'payment') {
        hearing.heard(this.id, answer.payment)
        if (this.holds.hear(answer.payment)) return
      }
      if (
        typeof answer !== 'string' &&
        answer.kind === 'refused' &&
        answer.code === 'PAYMENT_BARRED'
      ) {
        // A promise that nothing will ever be made under this id: the hold can go at once.
        hearing.barred(hold.paymentId)
        return this.holds.settle(hold.paymentId, 'released')
      }
      await agenda.pause(1_000 * 2 ** tries)
    }
  }

  hear(path: string, content: Asked, subject: number): Said {
    if (path === peerPaths.authorize) {
      return this.#consent.authorize(content as AuthorizeRequest, subject)
    }
    if (path === peerPaths.inquire) return this.#consent.said(content.paymentId ?? '')
    if (path === peerPaths.refund) return this.#refund(content as RefundOrder, subject)
    const { ledger } = this.#world
    const { duty, data } = content as Notice
    const means = path === peerPaths.notice ? meanings[duty] : undefined
    if (means === undefined || data.wallet !== this.id) {
      ledger.broken('I2', data?.paymentId ?? null, `${this.id} is told "${duty}" at ${path}`)
      return { status: 422, body: {} }
    }
    this.holds.settle(data.paymentId, means)
    return { status: 200, body: { result: 'S' } }
  }

  /** A code for one user at one till; null where none came. */
  async show(number: number): Promise<string | null> {
    const requestedAt = this.#world.agenda.clock()
    const person = this.#payerOf(number)
    const question = { kind: 'codes', requestId: `code-${number}`, requestedAt, person } as const
    for (let tries = 0; tries < QUOTES_MAX; tries += 1) {
      const answer = await this.#ask(number, question, QUOTE_MS)
      if (typeof answer !== 'string' && answer.kind === 'codes') return answer.barcode
    }
    return null
  }

  /** Gives the money once, and says the same ever after. */
  #refund({ refundId, paymentId, payer }: RefundOrder, subject: number): Said {
    const { chaos, ledger } = this.#world
    const known = this.refunds.get(refundId)
    if (known !== undefined) return { status: 200, body: known }
    const hold = this.holds.get(paymentId)
    if (hold === undefined || hold.state === 'released' || hold.state === 'returned') {
      ledger.broken('I6', paymentId, `a refund comes for a hold that is ${hold?.state}`)
      return { status: 422, body: {} }
    }
    const answer = this.#answerTo(refundId, subject, chaos)
    this.refunds.set(refundId, answer)
    if (answer.result === 'S') hold.refundedMinor += BigInt(payer.minor)
    if (hold.refundedMinor > hold.payerMinor) {
      ledger.broken('I6', paymentId, `${hold.refundedMinor} of ${hold.payerMinor} have come back`)
    }
    return { status: 200, body: answer }
  }

  #answerTo(refundId: string, subject: number, chaos: Chaos): RefundBook {
    if (chaos.strikes('account closed', subject)) return { result: 'F', code: 'ACCOUNT_CLOSED' }
    if (chaos.strikes('refuses a refund', subject)) return { result: 'F', code: 'DECLINED' }
    return { result: 'S', reference: `back-${refundId.slice(-12)}` }
  }

  async #ask(number: number, question: Question, patienceMs: number): Promise<Answered | Silence> {
    this.#world.note({ from: this.id, asks: question.kind, payment: number })
    const answer = await this.#world.edge.ask(this.id, number, question, patienceMs)
    this.#world.note({ from: this.id, hears: heardAs(answer), payment: number })
    return answer
  }
}

/** What a wallet does about each duty it is told of; others are none of its business. */
const meanings: Readonly<Record<string, 'captured' | 'released' | 'returned'>> = {
  capture: 'captured',
  release_hold: 'released',
  return_funds: 'returned',
}

/**
 * Whether a refusal says nothing about the payment, and asking again is of no use. A copy of the request may still be
 * on its way, to arrive when what was closed is open again: so the wallet cancels, and lets go of its hold on the
 * promise that nothing will be made.
 */
function isTurnedAway(code: ResultCode): boolean {
  const { http, retry } = resultCodes[code]
  return http < 500 && retry !== 'same' && code !== 'REPEAT_REQ_INCONSISTENT'
}
