/** Lanes that become fewer and more while traffic runs: each request is one payment, whenever and however often it comes. */
import { expect, it } from 'vitest'
import { steer } from '../../src/db/steering.ts'
import { planLanes } from '../../src/domain/epoch-plan.ts'
import { placeOf } from '../../src/domain/payment-id.ts'
import { assert } from '../../src/domain/result.ts'
import { centers } from '../../src/local/gateway.ts'
import { GatewayRefusal } from '../../src/sdk/index.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import { codeAt, newRequest, startNetwork, until } from './network.ts'

const net = await startNetwork()
const [wallet, acquirer] = [net.client('wallet-th'), net.client('acquirer-cn')]
const shop = { id: 'cn-rail', name: 'MAGLEV', city: 'SHANGHAI', mcc: '4112', country: 'CN' }
const code = codeAt('cn-silk')
/** New lanes take seconds to be met, and much longer where the machine does everything else besides. */
const PATIENCE_MS = 90_000

interface Key {
  readonly name: string
  /** Sends the same request, or another one under the same key. */
  again(): Promise<PaymentView>
  readonly heard: PaymentView[]
}
const keys: Key[] = []

/**
 * Whoever is refused has paid nothing by this call, or is told that it is another request. A till that was refused each
 * time is, a minute later, refused for the age of its code.
 */
const mayRefuse = new Set(['REPEAT_REQ_INCONSISTENT', 'LANE_CLOSED', 'BUSY', 'CODE_EXPIRED'])

async function send(key: Key, call: () => Promise<PaymentView>): Promise<void> {
  try {
    key.heard.push(await call())
  } catch (error) {
    if (!(error instanceof GatewayRefusal) || !mayRefuse.has(error.code)) throw error
  }
}

/** A wallet's request: two quotes for one key, each paid more than once. */
async function paysByScan(): Promise<void> {
  const asked = newRequest('lanes')
  const order = async () => {
    const { quote } = await wallet.quote({ ...asked, code })
    return { ...asked, quote, hold: { reference: asked.requestId } }
  }
  const [one, other] = await Promise.all([order(), order()])
  const again = async () => wallet.pay(await order())
  const key: Key = { name: asked.requestId, again, heard: [] }
  keys.push(key)
  await Promise.all([one, one, other].map(each => send(key, () => wallet.pay(each))))
}

/** An acquirer's request: its lane is chosen anew by every call, by its instant and its id alone. */
async function paysAtTill(): Promise<void> {
  const asked = newRequest('lanes')
  const shown = await net.box.wallets.get('wallet-th')!.wallet.showCodes({})
  const consumerCode = shown.codes[0]!.qr
  const amount = { currency: 'CNY', minor: '1200' }
  const charge = { ...asked, consumerCode, amount, merchant: shop, order: asked.requestId }
  const again = () => acquirer.charge(charge)
  const key: Key = { name: asked.requestId, again, heard: [] }
  keys.push(key)
  await Promise.all([again, again, again].map(each => send(key, each)))
}

const idsOf = ({ heard }: Key) => new Set(heard.map(({ paymentId }) => paymentId))
const places = () => keys.flatMap(key => [...idsOf(key)].flatMap(id => placeOf(id) ?? []))

let isOver = false
async function goOn(pays: () => Promise<void>): Promise<void> {
  while (!isOver) {
    await pays()
    await new Promise(next => setTimeout(next, 80))
  }
}

/** Changes the lanes of both, and waits until payments of both have met the new ones. */
async function becomes(lanes: number, epoch: number): Promise<void> {
  for (const institution of ['wallet-th', 'acquirer-cn']) {
    const plan = planLanes(institution, lanes)
    const changed = await steer(net.box.gateway.directory(), plan, { now: Date.now })
    expect(changed).toMatchObject({ ok: true })
  }
  const met = () =>
    new Set(
      places()
        .filter(place => place.epoch === epoch)
        .map(place => place.institution),
    ).size
  expect(await until(met, size => size === 2, PATIENCE_MS, 100)).toBe(2)
}

/** Payments of these requests, by the projections of all centers. */
async function stored(): Promise<Map<string, string[]>> {
  const found = await Promise.all(
    centers.map(async id => {
      const select = `SELECT request_id, id FROM payments WHERE request_id LIKE 'lanes-%'`
      const { results } = await net.box.gateway.projection(id).prepare(select).all()
      return results as { request_id: string; id: string }[]
    }),
  )
  const rows = Map.groupBy(found.flat(), row => row.request_id)
  return new Map([...rows].map(([name, list]) => [name, list.map(({ id }) => id)]))
}

it('makes one payment of each request while lanes become one, four and sixty-four', async () => {
  const traffic = Promise.all([paysByScan, paysByScan, paysAtTill, paysAtTill].map(goOn))
  // A failure of the traffic must be heard where it is awaited, and not before.
  traffic.catch(() => null)
  try {
    await becomes(1, 2)
    await becomes(4, 3)
    await becomes(64, 4)
    const wide = () =>
      new Set(
        places()
          .filter(({ epoch }) => epoch === 4)
          .map(each => each.lane),
      ).size
    expect(await until(wide, size => size > 4, PATIENCE_MS, 100)).toBeGreaterThan(4)
  } finally {
    isOver = true
    await traffic
  }
  const lanesOf = (of: number) => places().flatMap(({ epoch, lane }) => (epoch === of ? lane : []))
  expect(new Set(lanesOf(2))).toEqual(new Set([0]))
  expect(Math.max(...lanesOf(3))).toBeLessThan(4)

  // Whatever the lanes are by now, the requests of all epochs find the payments they made.
  for (const key of keys) await send(key, key.again)
  expect(keys.length).toBeGreaterThan(20)
  for (const key of keys) {
    expect(idsOf(key).size, `${key.name} heard of ${[...idsOf(key)]}`).toBeLessThanOrEqual(1)
  }
  const heard = keys.filter(key => key.heard.length > 0)
  expect(heard.length).toBeGreaterThan(keys.length / 2)

  const all = (rows: Map<string, string[]>) => heard.every(({ name }) => rows.has(name))
  const rows = await until(stored, all, PATIENCE_MS, 250)
  for (const { name, heard: views } of heard) {
    assert(views[0] !== undefined, 'it was heard of')
    expect(rows.get(name)).toEqual([views[0].paymentId])
  }
  expect([...rows].filter(([, ids]) => ids.length !== 1)).toEqual([])
}, 360_000)
