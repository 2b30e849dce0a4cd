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

const tills = [
  ['acquirer-th', '185.00'],
  ['acquirer-id', '42000.00'],
] as const
