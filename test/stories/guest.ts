/**
 * An acquirer of a story's own, beside the cast: its endpoint is the story's, so that it sees every call as it arrives
 * and decides what becomes of each notice. A wallet with a single lane pays it, so that all meet in one place.
 */
import { afterAll, expect } from 'vitest'
import { putEpoch, putInstitution, putKey } from '../../src/db/directory-change.ts'
import type { Institution } from '../../src/domain/institution.ts'
import { serve } from '../../src/members/server.ts'
import { type Client, createClient, createReceiver, type Handlers } from '../../src/sdk/index.ts'
import { makeKeyPair, type SigningKey, signingKey } from '../../src/trust/keys.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import { type Network, newRequest, refusalOf, until } from './network.ts'

/** One call as it arrived. */
export interface Arrived {
  readonly path: string
  readonly headers: Headers
  readonly body: Uint8Array
  readonly json: { readonly data?: PaymentView; readonly duty?: string }
}

export interface Guest {
  readonly client: Client
  readonly arrived: readonly Arrived[]
  /** The most calls that were under way at once since it was set to 0. */
  crowd: number
  /** Notices that arrived about this payment. */
  notices(paymentId: string): readonly Arrived[]
}

export interface Payer {
  readonly client: Client
  /** Pays an order of this acquirer's with money that it says it holds. */
  pay(acquirer: Client, minor?: string): Promise<PaymentView>
}

/** From now on: lanes that are there since long ago are due to roll, and these would, a minute into the story. */
const laneOf = (institution: string) =>
  putEpoch({ institution, epoch: 1, from: Date.now(), center: 'hk', lanes: 1 })

const merchant = { id: 'guest-shop', name: 'GUEST SHOP', city: null, mcc: '5999', country: 'CN' }

/**
 * @param handlers what it does otherwise than an acquirer that goes well
 * @param more what the directory says of it otherwise than of the cast's Chinese acquirer
 */
export async function admitGuest(
  net: Network,
  id: string,
  number: number,
  handlers: Handlers = {},
  more: Partial<Institution> = {},
): Promise<Guest> {
  const { key, row } = await keyOf(id)
  const arrived: Arrived[] = []
  let under = 0
  const guest = {
    arrived,
    crowd: 0,
    notices: (paymentId: string) =>
      arrived.filter(({ path, json }) => path === '/notices' && json.data?.paymentId === paymentId),
  }
  const usual: Handlers = {
    order: async ({ institutionKey }) => ({
      result: 'S',
      merchant,
      order: institutionKey ?? 'none',
      currency: 'CNY',
      amount: null,
    }),
    accept: async ({ paymentId }) => ({ result: 'S', reference: `a-${paymentId}` }),
    inquire: async ({ paymentId }) => ({ result: 'S', reference: `a-${paymentId}` }),
    cancel: async () => ({ result: 'S' }),
    notice: async () => undefined,
  }
  const { gatewayKeys } = net
  const receiver = createReceiver({
    institution: id,
    key,
    gatewayKeys,
    handlers: { ...usual, ...handlers },
  })
  const serving = await serve(async request => {
    const body = new Uint8Array(await request.clone().arrayBuffer())
    const json = JSON.parse(new TextDecoder().decode(body))
    arrived.push({ path: new URL(request.url).pathname, headers: request.headers, body, json })
    under += 1
    guest.crowd = Math.max(guest.crowd, under)
    try {
      return await receiver(request)
    } finally {
      under -= 1
    }
  }, 0)
  afterAll(() => serving.stop())
  const like = await memberLike(net, 'acquirer-cn')
  await net.change(
    putInstitution({ ...like, id, number, name: id, endpoint: serving.url, ...more }),
    laneOf(id),
    row,
  )
  return Object.assign(guest, { client: clientOf(net, id, key) })
}

/** A wallet whose payments all meet in one lane. */
export async function admitPayer(net: Network, id: string, number: number): Promise<Payer> {
  const { key, row } = await keyOf(id)
  const like = await memberLike(net, 'wallet-th')
  await net.change(putInstitution({ ...like, id, number, name: id }), laneOf(id), row)
  const client = clientOf(net, id, key)
  return {
    client,
    async pay(acquirer, minor = '1000') {
      const asked = newRequest('guest')
      const amount = { currency: 'CNY', minor }
      const { code } = await acquirer.createOrder({ order: asked.requestId, amount })
      const { quote } = await client.quote({ ...asked, code })
      return client.pay({ ...asked, quote, hold: { reference: asked.requestId } })
    },
  }
}

/** Every isolate hears of new members within five seconds; until then it does not know their keys. */
export async function known(client: Client) {
  const code = await until(
    () => refusalOf(client.payment('pay_none')).catch(String),
    said => said === 'PAYMENT_NOT_EXIST',
  )
  expect(code).toBe('PAYMENT_NOT_EXIST')
}

async function keyOf(id: string): Promise<{ key: SigningKey; row: ReturnType<typeof putKey> }> {
  const pair = await makeKeyPair(`${id}-1`, id, 'ed25519')
  const { publicKey, algorithm } = pair
  const ever = { notBefore: 0, notAfter: Date.UTC(2100, 0) }
  const row = putKey({ id: pair.id, institution: id, publicKey, algorithm, ...ever })
  return { key: await signingKey(pair), row }
}

async function memberLike(net: Network, id: string): Promise<Institution> {
  const found = (await net.rows()).institutions.find(row => row.id === id)
  if (found === undefined) throw new Error(`${id} is not of the cast`)
  return found
}

const clientOf = (net: Network, institution: string, key: SigningKey): Client =>
  createClient({ gateway: net.url, institution, key, gatewayKeys: net.gatewayKeys })
