/** A member whose endpoint is away, over the whole network: it is left alone, nobody else is, and it catches up. */
import { expect, it } from 'vitest'
import { admitGuest, admitPayer, known } from './guest.ts'
import { startNetwork, until } from './network.ts'

const net = await startNetwork()
let away = true
const dead = await admitGuest(net, 'acquirer-away', 911, {
  async notice() {
    if (away) throw new Error('away')
    // Long enough for calls that come at once to be seen as such.
    await new Promise(done => setTimeout(done, 100))
  },
})
const well = await admitGuest(net, 'acquirer-well', 912)
const payer = await admitPayer(net, 'wallet-one-lane', 913)
await Promise.all([dead, well, payer].map(({ client }) => known(client)))

const CROWD = 20
const calls = () => dead.arrived.filter(({ path }) => path === '/notices').length

it('is called a few times, harms nobody, and is told what waits a few at a time once it is well', async () => {
  const startedAt = Date.now()
  const ids: string[] = []
  for (let n = 0; n < CROWD; n += 1) {
    const payment = await payer.pay(dead.client)
    expect(payment.status).toBe('committed')
    ids.push(payment.paymentId)
  }

  // Its turn comes and comes, in the journal; the endpoint is not called for it.
  const turnsOf = async (id: string) => {
    const { moments } = await dead.client.timeline(id)
    return moments.filter(({ event }) => event === 'duty_told').length
  }
  const last = await until(
    () => turnsOf(ids.at(-1)!),
    turns => turns >= 4,
    40_000,
    500,
  )
  expect(last).toBeGreaterThanOrEqual(4)
  const turns = (await Promise.all(ids.map(turnsOf))).reduce((sum, each) => sum + each, 0)
  const probes = 2 + Math.ceil((Date.now() - startedAt) / 15_000)
  // Each was told once by the edge and may have had a first turn; repeated were ten.
  expect(calls()).toBeLessThanOrEqual(CROWD + CROWD + 10 + probes)
  expect(calls()).toBeLessThan(CROWD + turns)

  // Two more commits: not even a first telling goes out for both, while another acquirer's goes at once.
  const more = [await payer.pay(dead.client), await payer.pay(dead.client)]
  const other = await payer.pay(well.client)
  const told = await until(
    () => well.notices(other.paymentId).length,
    count => count > 0,
  )
  expect(told).toBe(1)
  const silent = more.filter(({ paymentId }) => dead.notices(paymentId).length === 0)
  expect(silent.length).toBeGreaterThanOrEqual(1)

  away = false
  dead.crowd = 0
  const all = [...ids, ...more.map(({ paymentId }) => paymentId)]
  const owed = async () => {
    const views = await Promise.all(all.map(id => payer.client.payment(id)))
    return views.filter(({ liability }) => liability.nextAction === 'deliver_receipt').length
  }
  expect(await until(owed, count => count === 0, 60_000, 500)).toBe(0)
  expect(dead.crowd).toBeLessThanOrEqual(8)
}, 150_000)
