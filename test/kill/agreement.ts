/** Wallets, acquirers and the gateway: three books of the same payments. */
import type { Status } from '../../src/domain/payment.ts'
import { acquirerOf, walletOf } from '../../src/domain/quote.ts'
import type { Check } from './checks.ts'

/** What the books of both sides may say of a payment that ended like this; `none` where it is not in the book. */
// biome-ignore format: a table is read by column
const books: Partial<Record<Status, { hold: readonly string[]; order: readonly string[] }>> = {
  committed: { hold: ['captured'],                     order: ['delivered'] },
  reversed:  { hold: ['released', 'returned'],         order: ['reversed'] },
  aborted:   { hold: ['none', 'released', 'returned'], order: ['none', 'offered', 'refused', 'voided'] },
}

/** A side that is still owed word of the decision may be behind; only a deaf one may be owed it. */
export const booksAgree: Check = ({ payments, members, deaf }) =>
  [...payments.values()].flatMap(({ terms, status, duties }) => {
    const { paymentId } = terms
    const waits = (side: string) =>
      deaf.has(side) && duties.some(({ owner, nextAt }) => owner === side && nextAt !== null)
    const [wallet, acquirer] = [walletOf(terms), acquirerOf(terms)]
    const hold = stateIn(members.get(wallet)?.holds, paymentId)
    const order = stateIn(members.get(acquirer)?.orders, paymentId)
    const fits =
      (waits(wallet) || books[status]?.hold.includes(hold)) &&
      (waits(acquirer) || books[status]?.order.includes(order))
    return fits ? [] : [[paymentId, status, hold, order]]
  })

const stateIn = (
  rows: readonly Readonly<Record<string, string | null>>[] = [],
  paymentId: string,
): string => rows.find(row => row.payment_id === paymentId)?.state ?? 'none'

/** Money taken and goods handed over without a committed payment behind them. */
export const nothingIsMadeUp: Check = ({ payments, members }) =>
  [...members.values()].flatMap(({ holds, orders }) =>
    [
      ...holds.filter(({ state }) => state === 'captured'),
      ...orders.filter(({ state }) => state === 'delivered'),
    ].filter(({ payment_id }) => payments.get(payment_id ?? '')?.status !== 'committed'),
  )
