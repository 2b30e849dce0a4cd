/**
 * A simulated wallet's back end: quote, let the user confirm, hold, pay, and capture or release by the decision.
 * The hold is in the book before the gateway hears of it, and leaves it only on a decision.
 */
import {
  type Client,
  type GatewayKeys,
  GatewayRefusal,
  type Handlers,
  verifyNotice,
} from '../sdk/index.ts'
import type { PaymentView, Quote, QuoteRequest } from '../wire/payment.ts'
import type { Notice, RefundAnswer, RefundOrder } from '../wire/peer.ts'
import { type Customers, createCustomers } from './customers.ts'
import type { HoldRow, HoldState, Holds } from './holds.ts'
import type { Log } from './log.ts'
import type { Refunds } from './refunds.ts'

export interface Purchase {
  /** The scanned code, byte for byte. */
  readonly code: string
  readonly amount?: QuoteRequest['amount']
  readonly currency?: string
  /** Who pays; a user who has not been here before and has shown no document by default. */
  readonly payer?: QuoteRequest['payer']
  /** Both made anew by default. */
  readonly requestId?: string
  readonly requestedAt?: string
  /** Shows the quote to the user; false is "no". Confirms by default. */
  readonly confirm?: (quote: Quote) => boolean | Promise<boolean>
}

/** How a purchase ended for its user. `U`: the money stays held until the gateway's decision arrives. */
export interface PurchaseOutcome {
  readonly requestId: string
  readonly requestedAt: string
  readonly result: 'S' | 'F' | 'U'
  /** The gateway's result code; `USER_REJECTED` where the user said no, `PAYMENT_IN_PROCESS` for U. */
  readonly resultCode: string
  /**
   * What the gateway itself said of the payment. Null where it said nothing, even where the wallet knows better: because
   * the request has opened none, for certain, or the user said no.
   */
  readonly said: PurchaseOutcome['result'] | null
  readonly quote: Quote | null
  readonly payment: PaymentView | null
  readonly hold: HoldState | null
}

/** How a cancel ended: `payment` is null where there had been none, and now there never will be. */
export interface CancelOutcome {
  readonly payment: PaymentView | null
  readonly resultCode: string
  readonly hold: HoldState
}

export interface Wallet extends Pick<Customers, 'showCodes' | 'ownCode'> {
  /** Signs as the wallet; for whatever a purchase does not do. */
  readonly client: Client
  readonly handlers: Handlers
  /** The same, but what the gateway asks of it is refused with this code. */
  refusing(code: string): Handlers
  /** Throws GatewayUnreachable or AnswerUntrusted only where nothing was paid yet. */
  purchase(purchase: Purchase): Promise<PurchaseOutcome>
  /** Takes a purchase back, before its decision or after; the user's money comes back with the gateway's answer. */
  cancel(paymentId: string): Promise<CancelOutcome>
  /** Asks the gateway about holds that have waited longer than a purchase does, and settles those that are decided. Gives how many. */
  settleOpen(): Promise<number>
}

export interface WalletOptions {
  readonly client: Client
  readonly holds: Holds
  readonly refunds: Refunds
  readonly gatewayKeys: GatewayKeys
  readonly log: Log
  readonly now: () => number
  readonly newId: (prefix: string) => string
  /** How long a purchase waits for a decision before it tells its user "pending", milliseconds. */
  readonly patienceMs?: number
}

/** The gateway decides within 15 s of the opening; the rest is the road. */
const PATIENCE_MS = 20_000
const OPEN_MAX = 100
/** Younger holds belong to purchases that are still under way. */
const SETTLE_AFTER_MS = 30_000
/** Beyond a quote's end its payment can no longer come to be; the margin covers two clocks that differ. */
const QUOTE_MARGIN_MS = 60_000

export function createWallet(options: WalletOptions): Wallet {
  const { client, holds, refunds, gatewayKeys, log, now, newId, patienceMs = PATIENCE_MS } = options

  /** Captures or releases by what became of the payment; an undecided one keeps its hold. */
  const settle = ({ paymentId, result, status }: PaymentView): HoldState => {
    if (result === 'U') return 'held'
    if (status === 'reversed') return giveBack(paymentId)
    return settled(paymentId, result === 'S' ? 'captured' : 'released')
  }
  const settled = (paymentId: string, state: 'captured' | 'released'): HoldState => {
    const before = holds.byPayment(paymentId)?.state
    const hold = holds.settle(paymentId, state, now())
    if (before === 'held') {
      log(state, { paymentId, payer: { currency: hold.currency, minor: hold.minor } })
    }
    return hold.state
  }

  const giveBack = (paymentId: string): HoldState => {
    const before = holds.byPayment(paymentId)?.state
    const hold = holds.giveBack(paymentId, now())
    if (before !== hold.state) {
      log(hold.state, { paymentId, payer: { currency: hold.currency, minor: hold.minor } })
    }
    return hold.state
  }

  const decided = async (payment: PaymentView): Promise<PaymentView> => {
    if (payment.result !== 'U') return payment
    try {
      return await client.awaitDecision(payment.paymentId, { patienceMs })
    } catch {
      // The payment exists; whatever keeps us from asking now, its notice or the next inquiry tells.
      return payment
    }
  }

  const customers = createCustomers({ client, holds, log, now, newId, settle })

  const purchase = async (wanted: Purchase): Promise<PurchaseOutcome> => {
    const asked = {
      requestId: wanted.requestId ?? newId('purchase'),
      requestedAt: wanted.requestedAt ?? new Date(now()).toISOString(),
    }
    const nothing = { ...asked, quote: null, payment: null, hold: null }
    let quote: Quote
    try {
      const { code, amount, currency, payer = { reference: newId('user') } } = wanted
      quote = await client.quote({
        ...asked,
        code,
        payer,
        ...(amount === undefined ? {} : { amount }),
        ...(currency === undefined ? {} : { currency }),
      })
    } catch (error) {
      if (!(error instanceof GatewayRefusal)) throw error
      return { ...nothing, result: 'F', resultCode: error.code, said: error.result }
    }
    if ((await wanted.confirm?.(quote)) === false) {
      return { ...nothing, quote, result: 'F', resultCode: 'USER_REJECTED', said: null }
    }
    return payHeld(asked, quote)
  }

  const payHeld = async (
    asked: { requestId: string; requestedAt: string },
    quote: Quote,
  ): Promise<PurchaseOutcome> => {
    const { paymentId, payer } = quote
    const expiresAt = Date.parse(quote.expiresAt)
    const hold = holds.place(
      { ...asked, paymentId, ...payer, expiresAt, reference: newId('hold') },
      now(),
    )
    const open = { ...asked, quote, payment: null, hold: hold.state }
    let payment: PaymentView
    try {
      const { reference } = hold
      const paid = await client.pay({ ...asked, quote: quote.quote, hold: { reference } })
      payment = await decided(paid)
    } catch (error) {
      if (error instanceof GatewayRefusal && nothingMade(error)) {
        const state = settled(paymentId, 'released')
        const { code, result: said } = error
        return { ...open, result: 'F', resultCode: code, said, hold: state }
      }
      log('unknown', { paymentId, error: String(error) })
      const said = error instanceof GatewayRefusal ? error.result : null
      return { ...open, result: 'U', resultCode: 'PAYMENT_IN_PROCESS', said }
    }
    const { result, resultCode } = payment
    return { ...open, result, resultCode, said: result, payment, hold: settle(payment) }
  }

  /** What an inquiry makes of a hold that nobody has settled. */
  const settleOne = async (hold: HoldRow): Promise<boolean> => {
    try {
      // What a till asked for is no request of ours; its payment is known by its id.
      const { requestId, paymentId } = hold
      const isOurs = requestId !== paymentId
      const payment = isOurs ? client.paymentByRequest(hold) : client.payment(paymentId)
      return settle(await payment) !== 'held'
    } catch (error) {
      const unknown = error instanceof GatewayRefusal && error.code === 'PAYMENT_NOT_EXIST'
      if (!unknown || now() < hold.expiresAt + QUOTE_MARGIN_MS) return false
      settled(hold.paymentId, 'released')
      return true
    }
  }

  /** Once per refund; only of money that was taken, and never more of it than there was. */
  const refund = async ({ refundId, paymentId, payer }: RefundOrder): Promise<RefundAnswer> => {
    const known = refunds.find(refundId)
    if (known !== null) return { result: 'S', reference: known.reference }
    const hold = holds.byPayment(paymentId)
    // The capture may still be on its way; the gateway asks again.
    if (hold?.state === 'held') return { result: 'U' }
    const fits =
      hold?.state === 'captured' &&
      hold.currency === payer.currency &&
      refunds.given(paymentId) + BigInt(payer.minor) <= BigInt(hold.minor)
    if (!fits) return { result: 'F', code: 'DECLINED' }
    const { minor } = payer
    const { reference } = refunds.give(
      { refundId, paymentId, minor, reference: newId('back') },
      now(),
    )
    log('refunded', { paymentId, refundId, payer })
    return { result: 'S', reference }
  }

  const handlers: Handlers = {
    refund,
    authorize: customers.authorize,
    inquire: customers.inquire,
    async notice(told: Notice) {
      const { data: payment, duty } = told
      if (duty === 'deliver_receipt') throw new Error(`${duty} is no duty of a wallet`)
      const check = await verifyNotice(told, gatewayKeys)
      if (!check.ok)
        throw new Error(`the notice of ${payment.paymentId} does not count: ${check.why}`)
      if (payment.wallet !== client.institution) throw new Error(`${payment.paymentId} is not ours`)
      if (payment.presentment === 'cpm') customers.remember(payment)
      if (duty === 'return_funds') giveBack(payment.paymentId)
      else settled(payment.paymentId, duty === 'capture' ? 'captured' : 'released')
    },
  }

  return {
    client,
    handlers,
    showCodes: customers.showCodes,
    ownCode: customers.ownCode,
    refusing: code => ({
      ...handlers,
      authorize: async () => ({ result: 'F', code }),
      refund: async () => ({ result: 'F', code }),
    }),
    purchase,
    async cancel(paymentId) {
      try {
        const requestId = `cancel-${paymentId.slice(-20)}`
        const payment = await client.cancel(paymentId, { requestId, reason: 'user' })
        return { payment, resultCode: payment.resultCode, hold: settle(payment) }
      } catch (error) {
        if (!(error instanceof GatewayRefusal) || error.result !== 'F') throw error
        return { payment: null, resultCode: error.code, hold: settled(paymentId, 'released') }
      }
    },
    async settleOpen() {
      let count = 0
      for (const hold of holds.open(now() - SETTLE_AFTER_MS, OPEN_MAX))
        if (await settleOne(hold)) count += 1
      return count
    },
  }
}

/**
 * Whether a refusal to pay proves that there is no payment: the gateway says F, or it turned away the very first
 * attempt under a new requestId before it could make anything. A reused requestId has a payment of its own.
 */
const nothingMade = ({ result, code, retry, status, opened, lost }: GatewayRefusal): boolean => {
  const isTurnedAway = status < 500 && retry !== 'same' && code !== 'REPEAT_REQ_INCONSISTENT'
  return result === 'F' || (result === null && lost === 0 && (opened === false || isTurnedAway))
}
