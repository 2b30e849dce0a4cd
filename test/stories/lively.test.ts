/** `npm start`, a few moments later: no screen of the console is empty, and what it shows has really happened. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Box, startBox } from '../../src/local/box.ts'
import { startShift } from '../../src/local/shift.ts'
import { startTraffic } from '../../src/local/traffic.ts'
import { startTroubles } from '../../src/local/troubles.ts'
import { type Desk, deskOf } from './ops.ts'

let folder: string
let box: Box
let stops: readonly { stop(): void }[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opencpg-lively-'))
  box = await startBox({ folder })
  stops = [startTraffic(box, 2), startTroubles(box), startShift(box)]
}, 120_000)
afterAll(async () => {
  for (const each of stops) each.stop()
  await box.stop()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

interface Row {
  readonly [field: string]: unknown
}

/** What there is to be seen, each thing by a name; a thing that was there once has been seen. */
async function look({ get }: Desk): Promise<readonly string[]> {
  const list = async (path: string): Promise<readonly Row[]> => (await get(path)).body.data ?? []
  const [payments, changes, plans, switches, alerts, notices, audit] = await Promise.all([
    list('/payments?limit=200'),
    list('/changes?limit=50'),
    list('/plans'),
    list('/switches?limit=50'),
    list('/alerts?limit=50'),
    list('/notices?state=open&limit=50'),
    list('/audit?limit=100'),
  ])
  return [
    ...payments.flatMap(each => [
      `payment ${each.status} ${each.presentment}`,
      `result ${each.resultCode}`,
      ...(Number(each.refunds) > 0 ? ['refund'] : []),
    ]),
    ...changes.map(({ status }) => `change ${status}`),
    ...plans.map(({ rehearsed }) => `plan ${rehearsed ? 'rehearsed' : 'written'}`),
    ...switches.map(() => 'switch'),
    ...alerts.map(({ kind, state }) => `alert ${kind} ${state}`),
    ...notices.map(() => 'notice'),
    ...audit.map(({ action }) => `audit ${action}`),
  ]
}

const wanted = [
  ...[
    'payment committed mpm',
    'payment committed cpm',
    'payment reversed mpm',
    'payment deemed mpm',
  ],
  ...['result DEADLINE_EXCEEDED', 'result MERCHANT_NOT_QUALIFIED', 'result USER_REJECTED'],
  ...['refund', 'switch', 'notice', 'change applied', 'change proposed'],
  ...['plan rehearsed', 'plan written', 'alert payer_travel open', 'alert code_twice open'],
  ...['audit plan.save', 'audit change.apply', 'audit payment.read', 'audit access.denied'],
  'audit alert.acknowledge',
]

it('has something of everything to show', async () => {
  const desk = await deskOf(box.gateway, 'mei')
  const seen = new Set<string>()
  const missing = async () => {
    for (const each of await look(desk)) seen.add(each.replace('acknowledged', 'open'))
    return wanted.filter(each => !seen.has(each))
  }
  await expect.poll(missing, { timeout: 300_000, interval: 1_000 }).toEqual([])

  const { body } = await desk.get('/audit/verify')
  expect(body).toMatchObject({ ok: true })
  // Corridors of every kind, and not one that carries all of it: in some minute, if not in the first one.
  const corridors = async () => {
    const { minute } = (await desk.get('/monitor')).body as { minute: Row[] }
    return minute.filter(({ dimension }) => dimension === 'corridor').length
  }
  await expect.poll(corridors, { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(5)
}, 360_000)

it('is not told twice: what stands is left alone', async () => {
  const desk = await deskOf(box.gateway, 'mei')
  const rounds = async () => (await desk.get('/audit?limit=100')).body.data as Row[]
  const newest = async () => Number((await rounds())[0]?.seq)
  // A round of the staff has passed when somebody else has signed in and nothing has come of it.
  const again = startShift(box)
  await expect.poll(newest, { timeout: 60_000, interval: 500 }).toBeGreaterThan(await newest())
  again.stop()
  const changes = (await desk.get('/changes?limit=50')).body.data as Row[]
  const reasons = changes.map(({ reason }) => reason)
  expect(reasons.length).toBeGreaterThan(1)
  expect(reasons).toEqual([...new Set(reasons)])
}, 120_000)
