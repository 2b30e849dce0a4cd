/** A center's database that is lost for good: members' lists and events come back from the lanes alone. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { laneName, placeOf } from '../../src/domain/payment-id.ts'
import type { EventView } from '../../src/wire/payment.ts'
import { codeAt, startNetwork, until } from './network.ts'
import { deskOf } from './ops.ts'

const net = await startNetwork()
const folder = await mkdtemp(join(tmpdir(), 'cpg-projection-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const mei = await deskOf(net, 'mei')
const wallet = net.client('wallet-th')

function cpg(...args: readonly string[]) {
  const entry = join(import.meta.dirname, '../../src/cli/cpg.ts')
  const env = { ...process.env, CPG_OPS_FILE: join(folder, 'nobody') }
  const all = [entry, 'ops', ...args, '--gateway', net.url, '--token', mei.token, '--json']
  const child = spawn(process.execPath, all, { env })
  const heard = { out: '', error: '' }
  child.stdout.on('data', piece => (heard.out += piece))
  child.stderr.on('data', piece => (heard.error += piece))
  return new Promise<{ code: number | null; said: Record<string, number>; error: string }>(done =>
    child.on('close', code =>
      done({ code, said: heard.out === '' ? {} : JSON.parse(heard.out), error: heard.error }),
    ),
  )
}

/** A purchase of which its lane has nothing more to tell, once the acquirer has heard of it. */
const buys = async () => {
  const { payment } = await net.box.wallets
    .get('wallet-th')!
    .wallet.purchase({ code: codeAt('cn-silk') })
  const { paymentId } = payment!
  await until(
    () => wallet.payment(paymentId),
    ({ liability }) => liability.nextAction !== 'deliver_receipt',
  )
  return paymentId
}

const laneOf = (paymentId: string) => laneName(placeOf(paymentId)!)

const listed = async () => (await wallet.payments({ limit: 200 })).data.map(each => each.paymentId)

/** From a place on to where nothing more is, in pages. */
async function heard(after?: string): Promise<{ events: EventView[]; cursor: string }> {
  const events: EventView[] = []
  let cursor = after
  for (;;) {
    const page = await wallet.events({
      limit: 5,
      ...(cursor === undefined ? {} : { after: cursor }),
    })
    expect(page.missing).toEqual([])
    events.push(...page.data)
    cursor = page.nextCursor
    if (page.data.length === 0) return { events, cursor }
  }
}

const TABLES = ['payments', 'feed', 'dead_letters', 'lane_progress', 'anchors'] as const
async function lose(): Promise<void> {
  const database = net.box.gateway.projection('sg')
  await database.batch(TABLES.map(table => database.prepare(`DELETE FROM ${table}`)))
}

const isWhole = async () => {
  const { code, said, error } = await cpg('projection', 'show', 'sg')
  expect({ code, error }).toMatchObject({ code: 0 })
  return said
}

it('is filled again from the lanes by one command, and no reader of events misses any', async () => {
  const paid: string[] = []
  for (let count = 0; count < 6; count += 1) paid.push(await buys())
  const before = await until(isWhole, ({ behind }) => behind === 0, 30_000)
  expect(before).toMatchObject({ behind: 0, unreached: [] })
  const first = await heard()
  const committed = first.events.filter(({ type }) => type === 'payment.committed')
  expect(committed.map(({ payment }) => payment.paymentId).toSorted()).toEqual(paid.toSorted())

  await lose()
  expect(await listed()).toEqual([])
  expect((await isWhole()).behind).toBeGreaterThan(0)
  const { code, said } = await cpg('projection', 'replay', 'sg')
  expect({ code, said }).toMatchObject({ code: 0, said: { unreached: [] } })
  expect(said.rewound).toBeGreaterThan(0)
  await until(isWhole, ({ behind }) => behind === 0, 30_000)
  expect((await listed()).toSorted()).toEqual(paid.toSorted())

  // Whoever had read everything hears it once more, under the same names, and what is new after it.
  const new_ = await buys()
  const isThere = ({ events }: { events: EventView[] }) =>
    events.some(({ type, payment }) => type === 'payment.committed' && payment.paymentId === new_)
  const again = await until(() => heard(first.cursor), isThere, 30_000)
  const ids = again.events.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(expect.arrayContaining(first.events.map(({ id }) => id)))

  // Once more changes nothing.
  await until(isWhole, ({ behind }) => behind === 0, 30_000)
  expect((await cpg('projection', 'replay', 'sg')).said).toMatchObject({ rewound: 0, behind: 0 })
  const { body } = await mei.get('/audit?action=projection.replay')
  expect(body.data.length).toBeGreaterThan(1)
  expect(body.data[0]).toMatchObject({ subject: 'sg', outcome: 'done' })
}, 180_000)

it('is filled again by itself where its lanes go on', async () => {
  const before = await listed()
  await lose()
  // Only a lane that has told something before has something to tell again: pay until one of those is met.
  const known = new Set(before.map(laneOf))
  const paid = [await buys()]
  while (!known.has(laneOf(paid.at(-1)!))) paid.push(await buys())
  const lane = laneOf(paid.at(-1)!)
  const progress = () =>
    net.box.gateway
      .projection('sg')
      .prepare('SELECT seq FROM lane_progress WHERE lane = ?')
      .bind(lane)
      .first<{ seq: number }>()
  // The lane hears of it once its next run has come too early three times.
  expect(await until(progress, row => row !== null, 45_000, 250)).not.toBeNull()
  const rewound = net.tape.all({ event: 'rewound' }).filter(({ fields }) => fields.lane === lane)
  expect(rewound).toHaveLength(1)
  await cpg('projection', 'replay', 'sg')
  const all = [...before, ...paid].toSorted()
  const found = await until(listed, ids => ids.length === all.length, 30_000, 500)
  expect(found.toSorted()).toEqual(all)
}, 120_000)

it('is nobody’s who may only look, and of no center that there is not', async () => {
  const regulator = await deskOf(net, 'regulator')
  const denied = await regulator.post('/centers/sg/projection/replay')
  expect(denied).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } })
  expect((await regulator.get('/centers/sg/projection')).status).toBe(200)
  for (const path of ['/centers/nowhere/projection', '/centers/sg/projection?after=all']) {
    expect(await mei.get(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  }
})
