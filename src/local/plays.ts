/** The kinds of scenarios: what is done, and how it must end on every side's books. */
import { acquirers } from '../members/cast.ts'
import type { Customer } from '../members/customers.ts'
import type { PurchaseOutcome } from '../members/wallet.ts'
import type { PaymentView, Quote } from '../wire/payment.ts'
import type { Box } from './box.ts'

/** What a scenario came to, and whether that is what it must come to. */
export interface Ending {
  readonly ok: boolean
  readonly status: string
  readonly resultCode: string
  readonly quote: Quote | null
  readonly payment: PaymentView | null
}

export interface Scenario {
  readonly name: string
  /** Waits for a deadline, so it is begun first and runs beside the others. */
  readonly slow?: true
  play(box: Box): Promise<Ending>
}

export interface Sale {
  readonly wallet: string
  readonly acquirer: string
  readonly merchant: string
  /** What the payer types at a static code; left out, the code's own amount counts. */
  readonly typed?: { readonly currency: string; readonly minor: string }
  /** Faults of the acquirer's, for this sale. */
  readonly faults?: readonly string[]
}

export const codeOf = ({ acquirer, merchant, typed }: Sale): string => {
  const entry = acquirers.find(({ id }) => id === acquirer)
  const found = entry?.merchants.find(({ id }) => id === merchant)
  if (found === undefined) throw new Error(`${acquirer} has no merchant ${merchant}`)
  return typed === undefined ? found.dynamicCode : found.staticCode
}

export const walletOf = (box: Box, id: string) => {
  const found = box.wallets.get(id)
  if (found === undefined) throw new Error(`${id} is not of the cast`)
  return found.wallet
}

export const ending = (ok: boolean, { resultCode, quote, payment }: PurchaseOutcome): Ending => ({
  ok,
  status: payment?.status ?? 'none',
  resultCode: payment?.resultCode ?? resultCode,
  quote,
  payment,
})

export async function buy(box: Box, sale: Sale): Promise<PurchaseOutcome> {
  const faults = box.acquirers.get(sale.acquirer)?.faults
  for (const fault of sale.faults ?? []) await faults?.add(fault)
  try {
    return await walletOf(box, sale.wallet).purchase({
      code: codeOf(sale),
      ...(sale.typed === undefined ? {} : { amount: sale.typed }),
    })
  } finally {
    if (sale.faults !== undefined) await faults?.clear()
  }
}

/** A sale that must succeed: committed, the money captured, and the merchant told. */
export const succeeds = (name: string, sale: Sale, scenario: string): Scenario => ({
  name,
  async play(box) {
    const outcome = await buy(box, sale)
    const { payment, hold } = outcome
    const told = payment !== null && (await delivered(box, sale.acquirer, payment.paymentId))
    const ok = payment?.status === 'committed' && hold === 'captured' && told
    return ending(ok && payment.scenario === scenario && payment.receipt !== null, outcome)
  },
})

/** A sale that must fail with this code, leaving no hold behind. */
export const fails = (
  name: string,
  sale: Sale,
  code: string,
  orderState: string | null,
): Scenario => ({
  name,
  async play(box) {
    const outcome = await buy(box, sale)
    const { payment, resultCode, hold } = outcome
    const state = payment && (await orderBecomes(box, sale.acquirer, payment.paymentId, orderState))
    const ok =
      outcome.result === 'F' && resultCode === code && hold !== 'held' && hold !== 'captured'
    return ending(ok && state === orderState, outcome)
  },
})

export const slow = (scenario: Scenario): Scenario => ({ ...scenario, slow: true })

/** Asked twice with the same words, the gateway must give the same answer and make one payment. */
export const repeated = (name: string, sale: Sale): Scenario => ({
  name,
  async play(box) {
    const { client } = walletOf(box, sale.wallet)
    const requestedAt = new Date().toISOString()
    const requestId = `repeat-${requestedAt}`
    const quote = await client.quote({ requestId, requestedAt, code: codeOf(sale) })
    const order = { requestId, requestedAt, quote: quote.quote, hold: { reference: requestId } }
    const first = await client.pay(order)
    const second = await client.pay(order)
    const changed = await client.pay({ ...order, hold: { reference: 'another' } }).then(
      () => 'accepted',
      (error: { code?: string }) => error.code,
    )
    const ok =
      first.status === 'committed' &&
      second.paymentId === first.paymentId &&
      second.decidedAt === first.decidedAt &&
      second.receipt === first.receipt &&
      changed === 'REPEAT_REQ_INCONSISTENT'
    return { ok, status: second.status, resultCode: second.resultCode, quote, payment: second }
  },
})

/** Taken back by the wallet: after the commit, or before the gateway has even heard of the payment. */
export const cancels = (name: string, sale: Sale, when: 'after' | 'before'): Scenario => ({
  name,
  async play(box) {
    const wallet = walletOf(box, sale.wallet)
    const before = async ({ paymentId }: Quote) => {
      await wallet.client.cancel(paymentId, { requestId: `c-${paymentId}` }).catch(() => null)
      return true
    }
    const outcome = await wallet.purchase({
      code: codeOf(sale),
      ...(when === 'before' ? { confirm: before } : {}),
    })
    if (outcome.payment === null) {
      const { resultCode, hold } = outcome
      return ending(resultCode === 'CANCELLED' && hold === 'released', outcome)
    }
    const { paymentId } = outcome.payment
    const cancelled = await wallet.cancel(paymentId)
    const state = await orderBecomes(box, sale.acquirer, paymentId, 'reversed')
    const ok =
      when === 'after' &&
      cancelled.payment?.status === 'reversed' &&
      cancelled.hold === 'returned' &&
      state === 'reversed'
    return ending(ok, { ...outcome, ...cancelled })
  },
})

interface Till extends Sale {
  /** Major units. */
  readonly amount: string
  readonly customer?: Customer
  /** A code that the wallet numbers itself. */
  readonly own?: true
  readonly shows?: 'qr' | 'barcode'
}

/** The till scans the customer. Ends as told, on both sides' books too. */
export const scans = (
  name: string,
  till: Till,
  want: { scenario: string; resultCode: string; hold: string | null; order: string | null },
): Scenario => ({
  name,
  async play(box) {
    const wallet = walletOf(box, till.wallet)
    const acquirer = box.acquirers.get(till.acquirer)?.acquirer
    if (acquirer === undefined) throw new Error(`${till.acquirer} is not of the cast`)
    const code = till.own
      ? wallet.ownCode(till.customer)
      : (await wallet.showCodes(till.customer)).codes[0]?.[till.shows ?? 'qr']
    const faults = box.wallets.get(till.wallet)?.faults
    for (const fault of till.faults ?? []) await faults?.add(fault)
    const payment = await acquirer
      .charge(till.merchant, till.amount, code ?? '')
      .finally(() => till.faults && faults?.clear())
    const { paymentId, status, resultCode } = payment
    const holds = box.wallets.get(till.wallet)?.book.holds
    const hold = await eventually(
      async () => holds?.byPayment(paymentId)?.state ?? null,
      state => state === want.hold,
    )
    const order = await orderBecomes(box, till.acquirer, paymentId, want.order)
    const ok =
      payment.scenario === want.scenario &&
      payment.presentment === 'cpm' &&
      resultCode === want.resultCode &&
      hold === want.hold &&
      order === want.order
    return { ok, status, resultCode, quote: null, payment }
  },
})

export const paidIn = (scenario: string) => ({
  scenario,
  resultCode: 'SUCCESS',
  hold: 'captured',
  order: 'delivered',
})

/** A switch that cannot undo stays silent: nothing is decided until its file speaks. */
export const deemed = (name: string, sale: Sale): Scenario => ({
  name,
  slow: true,
  async play(box) {
    const outcome = await buy(box, sale)
    const { payment } = outcome
    const client = box.acquirers.get(sale.acquirer)?.client
    if (payment === null || client === undefined) return ending(false, outcome)
    const waiting = await client.payment(payment.paymentId)
    const said = { result: 'S', reference: 'file-1' } as const
    const after = await client.outcome(payment.paymentId, said)
    const holds = box.wallets.get(sale.wallet)?.book.holds
    const hold = await eventually(
      async () => holds?.byPayment(payment.paymentId)?.state,
      state => state === 'captured',
    )
    const wasHeld = outcome.result === 'U' && outcome.hold === 'held'
    const ok = wasHeld && waiting.status === 'deemed' && after.status === 'committed'
    return ending(ok && hold === 'captured', { ...outcome, payment: after })
  },
})

/** An order in an app: two wallets open its link and both say yes; the first commit wins. */
export const ordered = (
  name: string,
  sale: Sale & { amount: string; rival: string },
): Scenario => ({
  name,
  async play(box) {
    const acquirer = box.acquirers.get(sale.acquirer)?.acquirer
    const code = (await acquirer?.orderLink(sale.merchant, sale.amount)) ?? ''
    const [one, other] = await Promise.all(
      [sale.wallet, sale.rival].map(id => walletOf(box, id).purchase({ code })),
    )
    if (one === undefined || other === undefined) throw new Error('two wallets pay')
    const [winner, loser] = one.result === 'S' ? [one, other] : [other, one]
    const ok =
      winner.hold === 'captured' && loser.resultCode === 'ORDER_PAID' && loser.hold !== 'captured'
    return ending(ok, winner)
  },
})

/** A part goes back, then the rest: the user has again exactly what was paid. */
export const refunded = (name: string, sale: Sale): Scenario => ({
  name,
  async play(box) {
    const outcome = await buy(box, sale)
    const { payment } = outcome
    const acquirer = box.acquirers.get(sale.acquirer)?.client
    if (payment === null || acquirer === undefined) return ending(false, outcome)
    const { paymentId, payee } = payment
    const part = BigInt(payee.minor) / 3n
    for (const minor of [part, BigInt(payee.minor) - part]) {
      const amount = { ...payee, minor: minor.toString() }
      const { refundId } = await acquirer.refund(paymentId, {
        requestId: `refund-${minor}`,
        amount,
      })
      await eventually(
        () => acquirer.refundById(refundId),
        ({ status }) => status === 'REFUNDED',
      )
    }
    const now = await acquirer.payment(paymentId)
    const back = now.refunds
      .filter(({ status }) => status === 'REFUNDED')
      .reduce((sum, { payer }) => sum + BigInt(payer.minor), 0n)
    const book = box.wallets.get(sale.wallet)?.book.refunds
    const ok = back === BigInt(now.payer.minor) && book?.given(paymentId) === back
    return { ...ending(ok, { ...outcome, payment: now }), resultCode: ok ? 'REFUNDED' : 'SUCCESS' }
  },
})

/** Asks until the answer fits or patience has ended; gives the last one. */
export async function eventually<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  patienceMs = ADVICE_MS,
): Promise<T> {
  const until = Date.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (fits(answer) || Date.now() >= until) return answer
    await new Promise(done => setTimeout(done, 50))
  }
}

/** Whether the acquirer told its merchant; the advice follows the answer by a moment. */
const delivered = async (box: Box, acquirer: string, paymentId: string): Promise<boolean> =>
  (await orderBecomes(box, acquirer, paymentId, 'delivered')) === 'delivered'

const ADVICE_MS = 8_000

/** The state of the acquirer's order, once it is `state` or patience has ended; null where it has none. */
async function orderBecomes(box: Box, acquirer: string, paymentId: string, state: string | null) {
  const orders = box.acquirers.get(acquirer)?.book.orders
  const until = Date.now() + ADVICE_MS
  for (;;) {
    const now = orders?.find(paymentId)?.state ?? null
    if (now === state || Date.now() >= until) return now
    await new Promise(done => setTimeout(done, 20))
  }
}
