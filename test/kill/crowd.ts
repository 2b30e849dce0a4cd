/** A crowd of payments that are all under way at the same moment, and a payer that can be cut off. */
import type { Box } from '../../src/local/box.ts'
import { acquirers } from '../../src/members/cast.ts'
import { type Client, createClient, publishedKeys } from '../../src/sdk/index.ts'
import { signingKey } from '../../src/trust/keys.ts'
import type { Quote } from '../../src/wire/payment.ts'

export const WALLET = 'wallet-th'

/** Quotes asked for at a time: a member has two seconds for each, and they are not what a crowd is about. */
const QUOTING = 10
const QUOTES_MAX = 10

interface Asked {
  readonly requestId: string
  readonly requestedAt: string
  readonly quote: Quote
}

export interface Crowd {
  readonly ids: readonly string[]
  /** Pays all at once, as the wallet does: each hold is in its book first. */
  pay(): Promise<unknown>[]
  /** From now on the payer asks the gateway nothing more. */
  cutOff(): void
}

/** So many quotes of one merchant's code, ready to be paid. */
export async function gather(box: Box, acquirer: string, size: number): Promise<Crowd> {
  let isThere = true
  const client = await payer(box, () => isThere)
  const { dynamicCode } = acquirers.find(({ id }) => id === acquirer)!.merchants[0]!
  const asked: Asked[] = []
  const queue = Array.from({ length: size }, (_, index) => `${acquirer}-${index}`)
  await Promise.all(
    Array.from({ length: QUOTING }, async () => {
      for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
        asked.push(await quoted(client, name, dynamicCode))
      }
    }),
  )
  return {
    ids: asked.map(({ quote }) => quote.paymentId),
    pay: () => asked.map(each => pay(box, client, each)),
    cutOff() {
      isThere = false
    },
  }
}

async function payer(box: Box, isThere: () => boolean): Promise<Client> {
  const gateway = box.gateway.url
  return createClient({
    gateway,
    institution: WALLET,
    key: await signingKey(box.keys.members[WALLET]!),
    gatewayKeys: publishedKeys(gateway),
    fetch: (url, init) =>
      isThere() ? fetch(url, init) : Promise.reject(new Error('the network is gone')),
  })
}

/** A busy machine makes the acquirer late; then the code is simply scanned again. */
async function quoted(client: Client, name: string, code: string): Promise<Asked> {
  for (let scan = 1; ; scan += 1) {
    const asked = { requestId: `${name}-${scan}`, requestedAt: new Date().toISOString() }
    try {
      return { ...asked, quote: await client.quote({ ...asked, code }) }
    } catch (error) {
      if (scan === QUOTES_MAX) throw error
    }
  }
}

async function pay(box: Box, client: Client, { quote, ...asked }: Asked) {
  const { paymentId, payer: amount } = quote
  const expiresAt = Date.parse(quote.expiresAt)
  const reference = `hold-${paymentId}`
  const { holds } = box.wallets.get(WALLET)!.book
  holds.place({ ...asked, paymentId, ...amount, expiresAt, reference }, Date.now())
  return client.pay({ ...asked, quote: quote.quote, hold: { reference } })
}
