/**
 * A simulated acquirer or scheme: knows its merchants' codes, accepts payments, and lets a merchant hear "paid"
 * only on the gateway's receipt. Every answer is in its book before it is given, and a repeated question hears it again.
 */
import {
  type Client,
  checkPayment,
  type GatewayKeys,
  type Handlers,
  verifyNotice,
} from '../sdk/index.ts'
import type { ChargeRequest } from '../wire/consumer-code.ts'
import type { PaymentView } from '../wire/payment.ts'
import type {
  AcceptAnswer,
  AcceptRequest,
  Notice,
  OrderAnswer,
  OrderInquiry,
} from '../wire/peer.ts'
import type { AcquirerEntry, CastMerchant } from './cast.ts'
import type { Log } from './log.ts'
import type { OrderRow, Orders, SaleRow } from './orders.ts'
import { printCode, type ReadCode, readCode } from './printing.ts'

/** The family under which the gateway asks about orders of its own links. */
const ORDER_FAMILY = 'order'
/** A payer who must confirm has a minute; the rest is the road. */
const CHARGE_PATIENCE_MS = 70_000

export interface Acquirer {
  readonly handlers: Handlers
  /** The same, but every new request is refused with this code, for good. */
  refusing(code: string): Handlers
  /**
   * Rings up a sale at one of its merchants and gives the code for the till's screen; one payment pays it.
   *
   * @param amount major units as the scheme writes them, e.g. `128.00`
   */
  ring(merchantId: string, amount: string): string
  /** The link of an order at one of its merchants; one payment pays it. */
  orderLink(merchantId: string, amount: string): Promise<string>
  /**
   * Charges the code that a customer shows at a till, and waits for the decision. The merchant hears "paid" only
   * with the receipt.
   *
   * @param amount major units as the scheme writes them
   * @param asked the request, made anew by default; the same again hears what became of the first
   */
  charge(
    merchantId: string,
    amount: string,
    consumerCode: string,
    asked?: Pick<ChargeRequest, 'requestId' | 'requestedAt'>,
  ): Promise<PaymentView>
}

export interface AcquirerOptions {
  readonly entry: AcquirerEntry
  /** Signs as the acquirer. */
  readonly client: Client
  readonly orders: Orders
  readonly gatewayKeys: GatewayKeys
  readonly log: Log
  readonly now: () => number
  /** Makes references of its own; unique. */
  readonly newId: (prefix: string) => string
}

export function createAcquirer(options: AcquirerOptions): Acquirer {
  const { client, entry, orders, gatewayKeys, log, now, newId } = options
  const merchants = new Map(entry.merchants.map(merchant => [merchant.id, merchant]))
  const [currency] = entry.currencies

  const order = async (inquiry: OrderInquiry): Promise<OrderAnswer> => {
    if (inquiry.family === ORDER_FAMILY) {
      const sale = orders.sale(inquiry.institutionKey ?? '')
      const merchant = merchants.get(sale?.merchantId ?? '')
      if (sale === null || merchant === undefined) return { result: 'F', code: 'ORDER_NOT_EXIST' }
      return offered(inquiry, view(merchant, entry.market), sale, null)
    }
    return offeredBy(inquiry.code, inquiry)
  }

  /** What it says of a scanned code. */
  const offeredBy = (
    scanned: string,
    asked: Pick<OrderInquiry, 'paymentId' | 'institutionKey'>,
  ): OrderAnswer => {
    const code = readCode(entry.family, scanned)
    const merchant = code && merchantOf(code, asked.institutionKey, entry)
    if (code === null || merchant === null) return { result: 'F', code: 'ORDER_NOT_EXIST' }
    return offered(asked, merchant, saleIn(code, merchant.id), code.amount)
  }

  /** Offers the sale of a till or an app, or what the code says. */
  const offered = (
    { paymentId }: Pick<OrderInquiry, 'paymentId'>,
    merchant: (OrderAnswer & { result: 'S' })['merchant'],
    sale: SaleRow | null,
    coded: string | null,
  ): OrderAnswer => {
    if (sale !== null && sale.paidBy !== null && sale.paidBy !== paymentId) {
      return { result: 'F', code: 'ORDER_PAID' }
    }
    const offer = {
      paymentId,
      order: sale?.reference ?? `order-${paymentId.slice(-20)}`,
      merchantId: merchant.id,
      sale: sale?.reference ?? null,
      minor: sale?.minor ?? (coded === null ? null : minorOf(coded, entry.exponent)),
    }
    const row = orders.offer(offer, now())
    // The same requestId was used for another code, and that payment exists already.
    if (row.order === null || row.merchantId !== merchant.id) {
      return { result: 'F', code: 'ORDER_CLOSED' }
    }
    return {
      result: 'S',
      merchant,
      order: row.order,
      currency,
      amount: row.minor === null ? null : { currency, minor: row.minor },
    }
  }

  /** The till's sale a code was printed for; null for codes that can be paid again and again. */
  const saleIn = ({ reference }: ReadCode, merchantId: string): SaleRow | null => {
    const sale = reference === null ? null : orders.sale(reference)
    return sale?.merchantId === merchantId ? sale : null
  }

  const accept = async (request: AcceptRequest): Promise<AcceptAnswer> => {
    const { paymentId } = request
    const row = orders.find(paymentId) ?? unasked(request)
    if (row !== null && row.state !== 'offered') return answerOf(row)
    const objection = row === null ? 'ORDER_NOT_EXIST' : objectionTo(request, row)
    if (objection !== null) return answerOf(orders.refuse(paymentId, objection, now()))
    const accepted = orders.accept(paymentId, newId('acceptance'), now())
    log('accepted', { paymentId, merchant: request.merchantId, payee: request.payee })
    return answerOf(accepted)
  }

  /** The order of a payment whose code said everything, so that nobody asked before: as it would have been offered then. */
  const unasked = ({ paymentId, code }: AcceptRequest): OrderRow | null => {
    if (entry.inquiry !== 'unsaid' || code === undefined) return null
    const offer = offeredBy(code, { paymentId, institutionKey: null })
    if (offer.result === 'F') orders.refuse(paymentId, offer.code ?? 'DECLINED', now())
    return orders.find(paymentId)
  }

  /** Why a payment cannot be accepted; the first that applies. Takes the sale for it when nothing is wrong. */
  const objectionTo = (request: AcceptRequest, row: OrderRow): string | null => {
    const isSame = row.order === request.order && row.merchantId === request.merchantId
    if (request.code === undefined && !isSame) return 'ORDER_NOT_EXIST'
    // The gateway has aborted by then; to accept would only make something to undo.
    if (now() >= Date.parse(request.decideBy)) return 'ORDER_CLOSED'
    const refuses = merchants.get(row.merchantId ?? '')?.refuses
    if (refuses !== undefined) return refuses
    const { payee } = request
    if (payee.currency !== currency) return 'DECLINED'
    if (row.minor !== null && row.minor !== payee.minor) return 'DECLINED'
    if (row.sale !== null && !orders.takeSale(row.sale, request.paymentId)) return 'ORDER_PAID'
    return null
  }

  const notice = async (told: Notice): Promise<void> => {
    const { data: payment, duty } = told
    if (duty !== 'deliver_receipt' && duty !== 'report_refund') {
      throw new Error(`${duty} is no duty of an acquirer`)
    }
    const check = await verifyNotice(told, gatewayKeys)
    if (!check.ok)
      throw new Error(`the notice of ${payment.paymentId} does not count: ${check.why}`)
    if (payment.acquirer !== entry.id) throw new Error(`${payment.paymentId} is not ours`)
    if (duty === 'report_refund') {
      log(told.type, { paymentId: payment.paymentId, refundId: told.refundId })
      return
    }
    deliver(payment)
  }

  /** The receipt has been checked: the merchant hears "paid". */
  const deliver = (payment: PaymentView) => {
    const before = orders.find(payment.paymentId)?.state
    const { paymentId, order: orderId, merchant } = payment
    const row = orders.deliver({ paymentId, order: orderId, merchantId: merchant.id }, now())
    if (row.state !== 'delivered')
      throw new Error(`${paymentId} is ${row.state} and cannot be paid`)
    if (before !== 'delivered')
      log('paid', { paymentId, merchant: merchant.name, payee: payment.payee })
  }

  /** Opens a sale that one payment pays. */
  const open = (merchantId: string, amount: string) => {
    const merchant = merchants.get(merchantId)
    const minor = minorOf(amount, entry.exponent)
    if (merchant === undefined || minor === null)
      throw new Error(`${merchantId} cannot ring up ${amount}`)
    const reference = newId('S').replaceAll('-', '').slice(0, 20).toUpperCase()
    orders.print({ reference, merchantId, minor })
    return { merchant, minor, reference }
  }

  const request = () => ({ requestId: newId('till'), requestedAt: new Date(now()).toISOString() })

  const handlers: Handlers = {
    order,
    accept,
    async inquire({ paymentId }) {
      const row = orders.find(paymentId)
      return row === null ? { result: 'U' } : answerOf(row)
    },
    async cancel({ paymentId, reversed }) {
      if (reversed) {
        const before = orders.find(paymentId)?.state
        orders.reverse(paymentId, now())
        if (before !== 'reversed') log('reversed', { paymentId })
        return { result: 'S' }
      }
      // A delivered order stays: only the gateway's receipt made it so, and the gateway decides once.
      const row = orders.void(paymentId, now())
      if (row.state === 'delivered') return { result: 'F', code: 'ORDER_PAID' }
      log('voided', { paymentId })
      return { result: 'S' }
    },
    notice,
  }

  return {
    handlers,
    refusing: code => ({
      ...handlers,
      order: async () => ({ result: 'F', code }),
      accept: async ({ paymentId }) => answerOf(orders.refuse(paymentId, code, now())),
      inquire: async () => ({ result: 'F', code }),
      cancel: async () => ({ result: 'F', code }),
    }),
    async charge(merchantId, amount, consumerCode, asked = request()) {
      const merchant = merchants.get(merchantId)
      const minor = minorOf(amount, entry.exponent)
      if (merchant === undefined || minor === null)
        throw new Error(`${merchantId} cannot ring up ${amount}`)
      const charged = await client.charge({
        ...asked,
        consumerCode,
        amount: { currency, minor },
        merchant: view(merchant, entry.market),
        order: asked.requestId,
      })
      const decided =
        charged.result === 'U'
          ? await client.awaitDecision(charged.paymentId, { patienceMs: CHARGE_PATIENCE_MS })
          : charged
      if (decided.status !== 'committed') return decided
      const check = await checkPayment(decided, gatewayKeys)
      if (!check.ok) throw new Error(`the receipt of ${decided.paymentId} does not count`)
      deliver(decided)
      return decided
    },
    async orderLink(merchantId, amount) {
      const { reference, minor } = open(merchantId, amount)
      const { code } = await client.createOrder({ order: reference, amount: { currency, minor } })
      return code
    },
    ring(merchantId, amount) {
      const { merchant, reference } = open(merchantId, amount)
      return printCode(entry.family, merchant, { amount, reference })
    },
  }
}

/** What the book says to an accept or an inquiry. */
function answerOf({ state, reference, code }: OrderRow): AcceptAnswer {
  switch (state) {
    case 'offered':
      return { result: 'U' }
    case 'accepted':
    case 'delivered':
      return reference === null ? { result: 'U' } : { result: 'S', reference }
    case 'refused':
      return { result: 'F', code: code ?? 'DECLINED' }
    case 'voided':
    case 'reversed':
      return { result: 'F', code: 'ORDER_CLOSED' }
  }
}

/** Its own merchant by the account in the code; otherwise one made of what the code says, as a switch must. */
function merchantOf(
  code: ReadCode,
  institutionKey: string | null,
  { merchants, market }: AcquirerEntry,
): (OrderAnswer & { result: 'S' })['merchant'] | null {
  const known = merchants.find(({ account }) => account === code.account)
  if (known !== undefined) return view(known, market)
  const account = code.account ?? institutionKey
  if (account === null || account === '') return null
  return {
    id: account.replace(/[^A-Za-z0-9_.:-]/g, '_').slice(0, 64),
    name: plain(code.name, 100) ?? `Merchant ${account.slice(-6)}`,
    city: plain(code.city, 50),
    mcc: code.mcc !== null && /^\d{4}$/.test(code.mcc) ? code.mcc : null,
    country: market,
  }
}

const view = ({ id, name, city, mcc }: CastMerchant, country: string) => ({
  id,
  name,
  city,
  mcc,
  country,
})

/** Text without control characters, cut to length; null when nothing is left. */
const plain = (text: string | null, max: number): string | null =>
  text
    ?.replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, max) || null

/** Major units to digits of minor units; null where the text is no positive amount with so many decimals. */
function minorOf(amount: string, exponent: number): string | null {
  const parts = /^(\d{1,13})(?:\.(\d*))?$/.exec(amount)
  if (parts === null) return null
  const fraction = (parts[2] ?? '').replace(/0+$/, '')
  if (fraction.length > exponent) return null
  const minor = BigInt((parts[1] ?? '') + fraction.padEnd(exponent, '0'))
  return minor === 0n ? null : minor.toString()
}
