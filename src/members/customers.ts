/**
 * A simulated wallet's users at tills: shows codes for them, and when one of them is scanned holds the money, asking
 * the user first where it wants to be asked.
 */
import type { ResponderCode } from '../domain/refusal.ts'
import type { Client } from '../sdk/index.ts'
import type { ConsumerCodes } from '../wire/consumer-code.ts'
import type { PaymentView, QuoteRequest } from '../wire/payment.ts'
import type {
  AcceptAnswer,
  AuthorizeAnswer,
  AuthorizeRequest,
  InquireRequest,
} from '../wire/peer.ts'
import type { HoldRow, HoldState, Holds } from './holds.ts'
import type { Log } from './log.ts'

/** A user at a till. What it says where the wallet asks; left out, the wallet pays without asking. */
export interface Customer {
  readonly confirms?: () => boolean | Promise<boolean>
  /** Why the wallet says no; left out, it does not. */
  readonly refused?: ResponderCode
  /** How many codes; one by default. */
  readonly count?: number
  /** Who it is; a user who has not been here before and has shown no document by default. */
  readonly payer?: QuoteRequest['payer']
}

export interface Customers {
  /** Codes for a user to show at a till, bar code and QR of each. */
  showCodes(customer?: Customer): Promise<ConsumerCodes>
  /** A code that the wallet numbers itself: eighteen digits. */
  ownCode(customer?: Customer): string
  authorize(asked: AuthorizeRequest): Promise<AuthorizeAnswer>
  inquire(asked: InquireRequest): Promise<AcceptAnswer>
  /** A release may come for what we were never asked; then later questions must find it in the book. */
  remember(payment: PaymentView): void
}

export interface CustomersOptions {
  readonly client: Client
  readonly holds: Holds
  readonly log: Log
  readonly now: () => number
  readonly newId: (prefix: string) => string
  /** Captures or gives back by what became of a payment. */
  readonly settle: (payment: PaymentView) => HoldState
}

export function createCustomers(options: CustomersOptions): Customers {
  const { client, holds, log, now, newId, settle } = options
  const customers = new Map<string, Customer>()
  /** Payments whose user is being asked. */
  const asking = new Set<string>()

  const place = (payment: Pick<PaymentView, 'paymentId' | 'payer' | 'decideBy'>): HoldRow => {
    const { paymentId, payer, decideBy } = payment
    const requestedAt = new Date(now()).toISOString()
    const expiresAt = Date.parse(decideBy)
    const reference = newId('hold')
    const row = { requestId: paymentId, paymentId, requestedAt, ...payer, expiresAt, reference }
    return holds.place(row, now())
  }

  const ask = async (asked: AuthorizeRequest, confirms: NonNullable<Customer['confirms']>) => {
    const { paymentId } = asked
    try {
      const yes = await confirms()
      // A release that came meanwhile is in the book, and stays.
      const said = yes ? answerOf(holds.byPayment(paymentId) ?? place(asked)) : null
      if (said?.result !== 'S') {
        await client.authorization(paymentId, { result: 'F', code: 'USER_REJECTED' })
        log('rejected', { paymentId, payer: asked.payer })
        return
      }
      log('confirmed', { paymentId, payer: asked.payer })
      settle(await client.authorization(paymentId, said))
    } catch (error) {
      log('unknown', { paymentId, error: String(error) })
    } finally {
      asking.delete(paymentId)
    }
  }

  return {
    async showCodes(customer = {}) {
      const { count = 1, payer = { reference: newId('user') } } = customer
      const { reference: payerReference, document } = payer
      customers.set(payerReference, customer)
      const asked = { requestId: newId('codes'), requestedAt: new Date(now()).toISOString() }
      const stated = document === undefined ? {} : { document }
      return client.consumerCodes({ ...asked, count, payerReference, ...stated })
    },
    ownCode(customer = {}) {
      const digits = newId('').replace(/\D/g, '').padEnd(16, '7').slice(0, 16)
      const code = `28${digits}`
      customers.set(code, customer)
      return code
    },
    async authorize(asked) {
      const known = holds.byPayment(asked.paymentId)
      if (known !== null) return answerOf(known)
      const customer = customers.get(asked.payerReference ?? asked.consumerCode ?? '')
      if (customer === undefined) return { result: 'F', code: 'USER_REJECTED' }
      if (customer.refused !== undefined) return { result: 'F', code: customer.refused }
      if (customer.confirms === undefined) {
        log('authorized', { paymentId: asked.paymentId, payer: asked.payer })
        return answerOf(place(asked))
      }
      asking.add(asked.paymentId)
      void ask(asked, customer.confirms)
      return { result: 'U', code: 'USER_ACTION' }
    },
    async inquire({ paymentId }) {
      const known = holds.byPayment(paymentId)
      if (known !== null) return answerOf(known)
      return asking.has(paymentId) ? { result: 'U', code: 'USER_ACTION' } : { result: 'U' }
    },
    remember(payment) {
      if (holds.byPayment(payment.paymentId) === null) place(payment)
    },
  }
}

const answerOf = ({ state, reference }: HoldRow): AcceptAnswer =>
  state === 'held' || state === 'captured'
    ? { result: 'S', reference }
    : { result: 'F', code: 'DECLINED' }
