/** Scenarios of persons: what one traveller may pay in mainland China in a year, in whatever wallets. */
import type { PurchaseOutcome } from '../members/wallet.ts'
import type { QuoteRequest } from '../wire/payment.ts'
import type { Box } from './box.ts'
import { codeOf, ending, type Sale, type Scenario, walletOf } from './plays.ts'

/** Purchases of one person, one after another; all but the last go through, and the last hears this code. */
export const exhausts = (
  name: string,
  purchases: readonly (Sale & { readonly times?: number })[],
  code: string,
  { showsDocument }: { readonly showsDocument: boolean },
): Scenario => ({
  name,
  async play(box) {
    // Nobody who has paid in the box before.
    const number = `T${Date.now()}`
    const document = { type: 'passport', number, country: 'TH' } as const
    const payer = { reference: number, ...(showsDocument ? { document } : {}) }
    const earlier = purchases.slice(0, -1).flatMap(sale => Array<Sale>(sale.times ?? 1).fill(sale))
    const paid = await Promise.all(earlier.map(sale => pay(box, sale, payer)))
    const last = purchases.at(-1)
    if (last === undefined) throw new Error('somebody buys something')
    const outcome = await pay(box, last, payer)
    const { result, hold, payment } = outcome
    const resultCode = payment?.resultCode ?? outcome.resultCode
    const ok =
      paid.every(each => each.result === 'S') &&
      result === 'F' &&
      resultCode === code &&
      hold !== 'held' &&
      hold !== 'captured'
    return ending(ok, outcome)
  },
})

const pay = (
  box: Box,
  sale: Sale,
  payer: NonNullable<QuoteRequest['payer']>,
): Promise<PurchaseOutcome> =>
  walletOf(box, sale.wallet).purchase({
    code: codeOf(sale),
    payer,
    ...(sale.typed === undefined ? {} : { amount: sale.typed }),
  })
