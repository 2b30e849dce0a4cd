/** Incidents that can be made to happen in a box: so that there is an alert to look at. */
import type { Box } from '../../src/local/box.ts'
import { acquirers } from '../../src/members/cast.ts'
import { createClient, publishedKeys } from '../../src/sdk/index.ts'
import { signingKey } from '../../src/trust/keys.ts'

/** More than any clock is off by chance, and few enough to be nobody's load. */
const CALLS = 12

/** A member whose clock is off by so much asks for this and that. */
export async function askWithClockOff(box: Box, institution: string, offMs: number) {
  const pair = box.keys.members[institution]
  if (pair === undefined) throw new Error(`${institution} is not of the cast`)
  const client = createClient({
    gateway: box.gateway.url,
    institution,
    key: await signingKey(pair),
    gatewayKeys: publishedKeys(box.gateway.url),
    now: () => Date.now() + offMs,
  })
  // What it is answered is nobody's matter; that its requests came is.
  for (let each = 0; each < CALLS; each += 1) await client.deadLetters().catch(() => null)
}

/** One user of a wallet is scanned in Thailand, and a moment later in Indonesia. Gives both payments. */
export async function payInTwoCountries(box: Box): Promise<readonly string[]> {
  const shown = await box.wallets.get('wallet-cn')?.wallet.showCodes({ count: 2 })
  const paid: string[] = []
  for (const [at, [till, amount]] of tills.entries()) {
    const merchant = acquirers.find(({ id }) => id === till)?.merchants[0]
    const code = shown?.codes[at]?.qr
    const acquirer = box.acquirers.get(till)?.acquirer
    if (merchant === undefined || code === undefined || acquirer === undefined)
      throw new Error('the cast has changed')
    paid.push((await acquirer.charge(merchant.id, amount, code)).paymentId)
  }
  return paid
}

/** A code that has paid in Thailand is presented in Indonesia. Gives the payment that has it. */
export async function presentTwice(box: Box): Promise<string> {
  const shown = await box.wallets.get('wallet-my')?.wallet.showCodes({ count: 1 })
  const code = shown?.codes[0]?.qr
  const [first, other] = tills.map(([till, amount]) => ({
    merchant: acquirers.find(({ id }) => id === till)?.merchants[0]?.id ?? '',
    amount,
    acquirer: box.acquirers.get(till)?.acquirer,
  }))
  if (code === undefined || first?.acquirer === undefined) throw new Error('the cast has changed')
  const { paymentId } = await first.acquirer.charge(first.merchant, first.amount, code)
  await other?.acquirer?.charge(other.merchant, other.amount, code).catch(() => null)
  return paymentId
}

const tills = [
  ['acquirer-th', '185.00'],
  ['acquirer-id', '42000.00'],
] as const

/** Payments that teach what is usual of an acquirer, and those that show that it is not so any more. */
const CALM = 320
const TROUBLE = 40
const AT_ONCE = 8
/** Who buys: all at home in one center, so that one monitor sees all of it. */
const buyers = ['wallet-th', 'wallet-my', 'wallet-vn']
const ILL = { acquirer: 'acquirer-my', merchant: 'my-kopitiam' }
const WELL = 'th-padthai'

export interface Refusals {
  /** The acquirer that refused. */
  readonly acquirer: string
  /** Payments that went well before, and those that it refused. */
  readonly committed: readonly string[]
  readonly aborted: readonly string[]
}

/** An acquirer is known to be well, and then refuses whatever it is asked to accept, while another one goes on. */
export async function refuseAll(box: Box): Promise<Refusals> {
  const { acquirer, merchant } = ILL
  const faults = box.acquirers.get(acquirer)?.faults
  if (faults === undefined) throw new Error(`${acquirer} is not of the cast`)
  const committed = await buy(box, merchant, CALM)
  await faults.add('refuse DECLINED accept')
  const [aborted] = await Promise.all([buy(box, merchant, TROUBLE), buy(box, WELL, TROUBLE)])
  await faults.clear()
  const ids = (result: string, list: typeof committed) =>
    list.flatMap(each => (each.result === result ? [each.id] : []))
  return { acquirer, committed: ids('S', committed), aborted: ids('F', aborted) }
}

/** So many purchases, some at a time; gives each payment and how it ended. */
async function buy(box: Box, merchant: string, times: number) {
  const sold = acquirers.flatMap(({ merchants }) => merchants).find(({ id }) => id === merchant)
  if (sold === undefined) throw new Error(`the cast has no ${merchant}`)
  const ended: { readonly id: string; readonly result: string }[] = []
  let left = times
  const one = async () => {
    while (left > 0) {
      left -= 1
      const buyer = box.wallets.get(buyers[left % buyers.length] ?? '')
      if (buyer === undefined) throw new Error('the cast has changed')
      const { payment, result } = await buyer.wallet.purchase({ code: sold.dynamicCode })
      if (payment !== null) ended.push({ id: payment.paymentId, result })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return ended
}
