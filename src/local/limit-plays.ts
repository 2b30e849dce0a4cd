/** Scenarios of limits: each puts one on what a wallet pays at one acquirer, so that nobody else feels it. */
import { changeDirectory, readDirectory } from '../db/directory.ts'
import { putLimit } from '../db/directory-change.ts'
import type { Limit } from '../domain/limit.ts'
import { type Client, createClient, GatewayRefusal } from '../sdk/index.ts'
import { signingKey } from '../trust/keys.ts'
import type { Box } from './box.ts'
import {
  buy,
  codeOf,
  type Ending,
  ending,
  eventually,
  type Sale,
  type Scenario,
  walletOf,
} from './plays.ts'

type Wanted = Pick<Limit, 'kind' | 'value'>

/** A sale that the limit turns away: nothing is paid, and nothing stays held. */
export const limited = (name: string, sale: Sale, limit: Wanted, code: string): Scenario => ({
  name,
  async play(box) {
    await setLimit(box, sale, limit)
    const outcome = await buy(box, sale)
    const { result, resultCode, hold, payment } = outcome
    const ok = result === 'F' && resultCode === code && payment === null && hold !== 'held'
    return ending(ok, outcome)
  },
})

/** Three payments in a second that may have one: who comes too soon is told when to come again, and then pays. */
export const rushes = (name: string, sale: Sale): Scenario => ({
  name,
  async play(box) {
    await setLimit(box, sale, { kind: 'per_second', value: 1n })
    const { client } = walletOf(box, sale.wallet)
    const hasty = await hastyClient(box, sale.wallet)
    const orders = await Promise.all([1, 2, 3].map(n => orderOf(client, sale, `rush-${n}`)))
    const heard = await Promise.all(
      orders.map(order => hasty.pay(order).catch((error: unknown) => error)),
    )
    const turned = heard.findIndex(said => said instanceof GatewayRefusal)
    const [refusal, order] = [heard[turned] as GatewayRefusal | undefined, orders[turned]]
    if (refusal === undefined || order === undefined) return NOTHING
    const payment = await client.pay(order)
    const { code: resultCode, retryAfterMs } = refusal
    const ok = resultCode === 'LIMIT_RATE' && retryAfterMs !== null && payment.result === 'S'
    return { ok, status: payment.status, resultCode, quote: null, payment }
  },
})

const NOTHING: Ending = {
  ok: false,
  status: 'none',
  resultCode: 'none',
  quote: null,
  payment: null,
}

/** One that takes the first answer for an answer. */
async function hastyClient(box: Box, institution: string): Promise<Client> {
  const pair = box.keys.members[institution]
  if (pair === undefined) throw new Error(`${institution} is not of the cast`)
  const key = await signingKey(pair)
  return createClient({ gateway: box.gateway.url, institution, key, retry: { attemptsMax: 1 } })
}

async function orderOf(client: Client, sale: Sale, name: string) {
  const requestedAt = new Date().toISOString()
  const requestId = `${name}-${requestedAt}`
  const { quote } = await client.quote({ requestId, requestedAt, code: codeOf(sale) })
  return { requestId, requestedAt, quote, hold: { reference: requestId } }
}

/** A limit shows to its institution from the moment it is in force where the institution asks. */
const SHOWN_MS = 20_000

async function setLimit(box: Box, { wallet, acquirer }: Sale, limit: Wanted) {
  const row = { institution: wallet, scope: acquirer, from: Date.now() + 1_000, ...limit }
  const database = box.gateway.directory()
  const { version } = await readDirectory(database)
  const terms = { now: Date.now(), sandbox: true }
  const outcome = await changeDirectory(database, version, [putLimit(row)], terms)
  if (!outcome.ok) throw new Error(`the directory refused: ${JSON.stringify(outcome)}`)
  await eventually(
    () => walletOf(box, wallet).client.limits(),
    ({ data }) => data.some(({ scope, kind }) => scope === row.scope && kind === row.kind),
    SHOWN_MS,
  )
}
