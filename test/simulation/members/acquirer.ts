/**
 * An acquirer with its own book. It answers from the book, so a repeated question hears the same; a cancel is sticky,
 * and a merchant hears "paid" only on the gateway's receipt. Where it lies, it remembers that it did.
 */
import type { Verdict } from '../../../src/domain/payment.ts'
import type { PaymentView } from '../../../src/wire/payment.ts'
import type { AcceptRequest, CancelRequest, Notice, OrderInquiry } from '../../../src/wire/peer.ts'
import { peerPaths } from '../../../src/wire/peer.ts'
import { type Actor, actor } from '../agenda.ts'
import { claimsOf } from '../border/receipt.ts'
import { bodyHashOf, type ChargeBody, heardAs } from '../edge.ts'
import type { World } from '../world.ts'
import { keyOf, tills } from './cast.ts'
import type { Asked, Member, Said } from './members.ts'

export interface OrderBook {
  state: 'offered' | 'accepted' | 'refused' | 'voided' | 'delivered' | 'reversed'
  reference: string | null
  code: string | null
  refuses: string | null
  /** It has said other than what this book holds. */
  lied: boolean
}

const currencies = new Map(tills.map(({ acquirer, currency }) => [acquirer, currency]))
const byCode = new Map(tills.map(till => [till.code, till]))
const said = (body: object): Said => ({ status: 200, body })

export class Acquirer implements Member {
  readonly id: string
  readonly who: Actor
  readonly orders = new Map<string, OrderBook>()
  /** How each refund ended, as it was told. */
  readonly refunds = new Map<string, string>()
  readonly #world: World
  #accepted = 0
  #lastReference = 'none'

  constructor(id: string, skewMs: number, world: World) {
    this.id = id
    this.who = actor(id, skewMs)
    this.#world = world
  }

  hear(path: string, content: Asked, subject: number): Said {
    switch (path) {
      case peerPaths.order:
        return this.#order(content as OrderInquiry)
      case peerPaths.accept:
        return this.#told(this.#accept(content as AcceptRequest, subject), subject)
      case peerPaths.inquire:
        return this.#told(this.orders.get(content.paymentId ?? '') ?? null, subject)
      case peerPaths.cancel:
        return this.#cancel(content as CancelRequest)
      case peerPaths.notice:
        return this.#notice(content as Notice, subject)
      default:
        return { status: 404, body: {} }
    }
  }

  #order({ paymentId, code }: OrderInquiry): Said {
    const till = byCode.get(code)
    if (till === undefined) return said({ result: 'F', code: 'ORDER_NOT_EXIST' })
    const order = this.#open(paymentId)
    order.refuses = till.refuses
    const { merchant, currency, minor } = till
    return said({
      result: 'S',
      merchant,
      order: `order-${paymentId.slice(-20)}`,
      currency,
      amount: minor === null ? null : { currency, minor },
    })
  }

  #open(paymentId: string): OrderBook {
    const known = this.orders.get(paymentId)
    if (known !== undefined) return known
    const order: OrderBook = {
      state: 'offered',
      reference: null,
      code: null,
      refuses: null,
      lied: false,
    }
    this.orders.set(paymentId, order)
    return order
  }

  #accept({ paymentId, decideBy }: AcceptRequest, subject: number): OrderBook {
    const order = this.#open(paymentId)
    if (order.state !== 'offered') return order
    const refused =
      this.#world.agenda.clock() >= Date.parse(decideBy)
        ? 'ORDER_CLOSED'
        : (order.refuses ?? (this.#world.chaos.strikes('refuses', subject) ? 'DECLINED' : null))
    if (refused !== null) return Object.assign(order, { state: 'refused', code: refused })
    this.#accepted += 1
    return Object.assign(order, { state: 'accepted', reference: `${this.id}-${this.#accepted}` })
  }

  /** The file of a switch that credits at once: what it did about each of these, once and for all. */
  async file(paymentIds: readonly string[]): Promise<void> {
    const { edge, ledger } = this.#world
    const lines = paymentIds.map(paymentId => {
      const order = this.#open(paymentId)
      if (order.state === 'offered') Object.assign(order, { state: 'refused', code: 'DECLINED' })
      const answer = answerOf(order)
      const verdict: Verdict =
        answer.result === 'S'
          ? { said: 'accepted', reference: answer.reference, key: keyOf(this.id) }
          : { said: 'refused', code: 'DECLINED' }
      return { paymentId, verdict }
    })
    const answer = await edge.ask(this.id, -1, { kind: 'outcomes', lines }, FILE_MS)
    const said = typeof answer !== 'string' && answer.kind === 'outcomes' ? answer.lines : []
    paymentIds.forEach((paymentId, line) => {
      if (said[line] === 'decided') return
      ledger.broken('I8', paymentId, `its line of the file is answered with ${said[line]}`)
    })
  }

  /** Charges a scanned code until it knows what came of it; some scan it twice, as two sales. */
  async charge(number: number, code: string): Promise<void> {
    const { agenda, chaos, dice } = this.#world
    const minor = `${Math.floor(dice.between(100, 1_000_000, 'amount', number))}`
    const currency = currencies.get(this.id) ?? ''
    const body = { requestId: `sale-${number}`, requestedAt: agenda.clock(), code, currency, minor }
    const sales = [this.#sell(number, body)]
    if (chaos.strikes('scans twice', number)) {
      sales.push(this.#sell(number, { ...body, requestId: `sale-${number}-b` }))
    }
    await Promise.all(sales)
  }

  async #sell(number: number, body: ChargeBody): Promise<void> {
    const { agenda, edge, hearing } = this.#world
    for (let tries = 0; tries < SALES_MAX; tries += 1) {
      this.#world.note({ from: this.id, asks: 'charge', payment: number })
      const answer = await edge.ask(this.id, number, { kind: 'charge', body }, SALE_MS)
      this.#world.note({ from: this.id, hears: heardAs(answer), payment: number })
      if (typeof answer !== 'string' && answer.kind === 'payment') {
        const { payment } = answer
        hearing.paid(this.id, payment.paymentId, bodyHashOf(body), false, answer)
        hearing.used(body.code, payment.paymentId)
        if (payment.result !== 'U') return this.#sold(payment)
      }
      if (typeof answer !== 'string' && answer.kind === 'refused' && answer.outcome === 'F') return
      await agenda.pause(Math.min(1_000 * 2 ** tries, 10_000))
    }
  }

  /** Hears the decision itself; a duty may have told it before. */
  #sold({ paymentId, status, receipt }: PaymentView) {
    const order = this.#open(paymentId)
    if (status === 'committed') {
      if (receipt === null || claimsOf(receipt)?.p !== paymentId) {
        this.#world.ledger.broken('I4', paymentId, 'S comes without a receipt for it')
      }
      if (order.state === 'voided') {
        this.#world.ledger.broken('I10', paymentId, 'it is paid, and was voided before')
      }
      if (order.state === 'offered') order.state = 'delivered'
    } else if (status === 'reversed') order.state = 'reversed'
    else if (order.state === 'offered') order.state = 'voided'
    else if (order.state === 'delivered') {
      this.#world.ledger.broken('I10', paymentId, 'it has failed, and was delivered before')
    }
  }

  /** What the book says, unless it lies. */
  #told(order: OrderBook | null, subject: number): Said {
    const { chaos, dice } = this.#world
    const truth = answerOf(order)
    if (order === null) return said(truth)
    if (chaos.strikes('changes its mind', subject)) {
      order.lied = true
      return said(
        truth.result === 'S'
          ? { result: 'F', code: 'DECLINED' }
          : { result: 'S', reference: 'lie' },
      )
    }
    if (truth.result === 'S' && chaos.strikes('gives another order', subject)) {
      order.lied = true
      return said({ result: 'S', reference: this.#lastReference })
    }
    if (truth.result === 'S') this.#lastReference = truth.reference
    if (!chaos.strikes('says yes late', subject)) return said(truth)
    return { ...said(truth), afterMs: dice.between(8_000, 40_000, 'lateness', subject) }
  }

  #cancel({ paymentId, reversed }: CancelRequest): Said {
    const order = this.#open(paymentId)
    if (reversed === true) {
      order.state = 'reversed'
      return said({ result: 'S' })
    }
    if (order.state === 'delivered') return said({ result: 'F', code: 'ORDER_PAID' })
    order.state = 'voided'
    return said({ result: 'S' })
  }

  #notice({ duty, data, refundId }: Notice, subject: number): Said {
    const { ledger } = this.#world
    if (duty === 'report_refund' && refundId !== undefined) {
      const ended = data.refunds.find(each => each.refundId === refundId)
      this.refunds.set(refundId, ended?.status ?? 'unknown')
      return said({ result: 'S' })
    }
    const claims = data.receipt === null ? null : claimsOf(data.receipt)
    if (duty !== 'deliver_receipt' || claims?.p !== data.paymentId || data.acquirer !== this.id) {
      ledger.broken('I2', data.paymentId, `${this.id} is told "${duty}" without a receipt for it`)
      return { status: 422, body: {} }
    }
    const order = this.#open(data.paymentId)
    if (order.state === 'refused' || order.state === 'voided') {
      if (!order.lied)
        ledger.broken('I10', data.paymentId, `a receipt comes for a ${order.state} order`)
      return { status: 409, body: {} }
    }
    // A receipt that a reversal has overtaken is old news.
    if (order.state === 'reversed') return said({ result: 'S' })
    if (order.state !== 'delivered' && this.#world.chaos.strikes('gives back', subject)) {
      void this.#giveBack(data, subject)
    }
    order.state = 'delivered'
    return said({ result: 'S' })
  }

  /** Gives back in parts of any size; what is too much must be refused. */
  async #giveBack({ paymentId, payee }: PaymentView, subject: number): Promise<void> {
    const { agenda, dice, edge, hearing } = this.#world
    const parts = Math.ceil(dice.draw('parts', subject) * PARTS_MAX)
    for (let part = 0; part < parts; part += 1) {
      await agenda.pause(dice.between(100, 15_000, 'second thought', subject))
      const share = BigInt(Math.ceil(dice.between(1, 100, 'part', subject)))
      const minor = (BigInt(payee.minor) * share + 99n) / 100n
      const amount = { currency: payee.currency, minor }
      const requestId = `refund-${subject}-${part}`
      const question = { kind: 'refund', id: paymentId, requestId, amount } as const
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const answer = await edge.ask(this.id, subject, question, REFUND_MS)
        if (typeof answer !== 'string' && answer.kind === 'refund') {
          hearing.refunding(answer.refund, requestId, minor)
          break
        }
        if (typeof answer !== 'string' && answer.kind === 'refused' && answer.outcome === 'F') break
        await agenda.pause(1_000)
      }
    }
  }
}

const FILE_MS = 60_000
/** How often a sale is asked about, and how long each time. */
const SALES_MAX = 40
const SALE_MS = 25_000

/** Refunds of one payment at the most, and how often each is asked for. */
const PARTS_MAX = 4
const TRIES_MAX = 5
const REFUND_MS = 10_000

type Answer =
  | { readonly result: 'S'; readonly reference: string }
  | { readonly result: 'F'; readonly code: string }
  | { readonly result: 'U' }

function answerOf(order: OrderBook | null): Answer {
  if (order === null || order.state === 'offered') return { result: 'U' }
  if (order.state === 'refused') return { result: 'F', code: order.code ?? 'DECLINED' }
  if (order.state === 'voided' || order.state === 'reversed')
    return { result: 'F', code: 'ORDER_CLOSED' }
  return order.reference === null ? { result: 'U' } : { result: 'S', reference: order.reference }
}
