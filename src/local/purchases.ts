/** What each turn of the sample traffic does, through the same doors as any wallet and any acquirer. */
import { acquirers } from '../members/cast.ts'
import type { Customer } from '../members/customers.ts'
import type { PaymentView } from '../wire/payment.ts'
import type { Box } from './box.ts'
import type { Play, Turn } from './rota.ts'

/** How it ended for whoever pays; `untried` where nobody could be asked. */
export type Result = 'S' | 'F' | 'U'

/** Users look at their telephone before they say yes, and think again before they regret. */
const LOOKS_MS = 2_500
const THINKS_MS = 3_000
/** What lies on the counter and no scheme knows. */
const RUBBISH = '00020101021226180014com.nobody.pay52045812530376454041.005802CN6304FFFF'

const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms).unref())

type Doing = (box: Box, turn: Turn) => Promise<Result>

const membersOf = (box: Box, turn: Turn) => {
  const wallet = box.wallets.get(turn.wallet)?.wallet
  const acquirer = box.acquirers.get(turn.acquirer)
  if (wallet === undefined || acquirer === undefined) throw new Error('the cast has changed')
  return { wallet, acquirer: acquirer.acquirer, client: acquirer.client }
}

/** The code on the counter, which is for any amount of this currency. */
function counterOf(turn: Turn) {
  const entry = acquirers.find(({ id }) => id === turn.acquirer)
  const merchant = entry?.merchants.find(({ id }) => id === turn.merchant)
  if (entry === undefined || merchant === undefined) throw new Error('the cast has changed')
  return { code: merchant.staticCode, currency: entry.currencies[0] }
}

const bought = async (box: Box, turn: Turn) => {
  const { wallet, acquirer } = membersOf(box, turn)
  return wallet.purchase({ code: acquirer.ring(turn.merchant, turn.amount) })
}

const scanned =
  (customer: (turn: Turn) => Customer): Doing =>
  async (box, turn) =>
    (await scan(box, turn, customer(turn))).result

/** The till scans the user's bar code or QR; every other one shows the other. */
export async function scan(box: Box, turn: Turn, customer: Customer = {}): Promise<PaymentView> {
  const { wallet, acquirer } = membersOf(box, turn)
  const [code] = (await wallet.showCodes(customer)).codes
  const shown = turn.merchant.length % 2 === 0 ? code?.qr : code?.barcode
  return acquirer.charge(turn.merchant, turn.amount, shown ?? '')
}

const says = (yes: boolean) => ({ confirms: () => pause(LOOKS_MS).then(() => yes) })

export const doings: Readonly<Record<Play, Doing>> = {
  pays: async (box, turn) => (await bought(box, turn)).result,
  pays_at_closed: async (box, turn) => (await bought(box, turn)).result,
  pays_too_much: async (box, turn) => (await bought(box, turn)).result,
  async types(box, turn) {
    const { wallet } = membersOf(box, turn)
    const { code, currency } = counterOf(turn)
    const amount = { currency, minor: turn.amount.replace('.', '') }
    return (await wallet.purchase({ code, amount })).result
  },
  async orders(box, turn) {
    const { wallet, acquirer } = membersOf(box, turn)
    const code = await acquirer.orderLink(turn.merchant, turn.amount)
    return (await wallet.purchase({ code })).result
  },
  async scans_rubbish(box, turn) {
    const { wallet } = membersOf(box, turn)
    return (await wallet.purchase({ code: RUBBISH })).result
  },
  is_scanned: scanned(() => ({})),
  is_refused: scanned(({ refused }) => ({ refused })),
  confirms: scanned(() => says(true)),
  says_no: scanned(() => says(false)),
  async regrets(box, turn) {
    const { payment, result } = await bought(box, turn)
    if (payment === null || result !== 'S') return result
    await pause(THINKS_MS)
    await membersOf(box, turn).wallet.cancel(payment.paymentId)
    return result
  },
  async is_refunded(box, turn) {
    const { payment, result } = await bought(box, turn)
    if (payment === null || result !== 'S') return result
    await pause(THINKS_MS)
    const { paymentId, payee } = payment
    const minor = (BigInt(payee.minor) / 2n).toString()
    const requestId = `refund-${paymentId.slice(-20)}`
    await membersOf(box, turn).client.refund(paymentId, { requestId, amount: { ...payee, minor } })
    return result
  },
}
