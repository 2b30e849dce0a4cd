/**
 * How soon a switch is felt: npm run bench -- switches [--samples N] [--of institution|family]
 *
 * A box with real workerd, D1 and members over HTTP. In each sample two people suspend one wallet of each center at once,
 * or one person stops the families of codes that they pay, while all three go on asking for quotes at the edge and paying in their centers. What counts is the time from the
 * answer to the approval until the first refusal, and from the answer to the undo until the first success. Each sample
 * begins at another moment of the snapshot's life, because that is what the time hangs on.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Box, startBox } from '../../src/local/box.ts'
import { acquirers } from '../../src/members/cast.ts'
import { type Client, createClient, GatewayRefusal, publishedKeys } from '../../src/sdk/index.ts'
import { signingKey } from '../../src/trust/keys.ts'
import type { PayRequest } from '../../src/wire/payment.ts'
import { readLine } from '../command.ts'
import { type Desk, deskOf } from '../stories/ops.ts'

const { values } = readLine('npm run bench -- switches', {
  options: {
    samples: { type: 'string', default: '12' },
    of: { type: 'string', default: 'institution' },
  },
})
const samples = Number(values.samples)
if (!Number.isInteger(samples) || samples < 1 || samples > 200) {
  console.error('--samples takes 1 to 200')
  process.exit(2)
}

if (values.of !== 'institution' && values.of !== 'family') {
  console.error('--of takes institution or family')
  process.exit(2)
}
/** What is switched off for these payers, and what they hear then. */
const { namesOf, refusal } = {
  institution: {
    namesOf: () => payers.map(({ wallet }) => wallet),
    refusal: 'MEMBER_SUSPENDED',
  },
  family: { namesOf: () => ['promptpay', 'unionpay'], refusal: 'CODE_UNSUPPORTED' },
}[values.of]
const subject = values.of

/** The promise: a switch is in force everywhere within this time. */
const PROMISE_MS = 5_000
/** Between two calls of one wallet. */
const PACE_MS = 40
/** Orders at hand for a wallet before a switch, more than it can pay until it must be refused. */
const ORDERS = 130
/** Directory snapshots live so long: the samples are spread over it. */
const SNAPSHOT_MS = 5_000

/** One wallet at home in each center, and a counter where it can pay. */
const payers = [
  { center: 'hk', wallet: 'wallet-cn', merchant: 'th-padthai' },
  { center: 'sg', wallet: 'wallet-th', merchant: 'cn-silk' },
  { center: 'fra', wallet: 'wallet-de', merchant: 'cn-silk' },
] as const

interface Felt {
  readonly where: string
  readonly off: readonly number[]
  readonly on: readonly number[]
}

async function measure(box: Box): Promise<readonly Felt[]> {
  const { url } = box.gateway
  const [operator, approver] = await Promise.all([
    deskOf({ url }, 'mei'),
    deskOf({ url }, 'aisyah'),
  ])
  await expectHomes(operator)
  const wallets = await Promise.all(
    payers.map(async payer => ({ ...payer, client: await clientOf(box, payer.wallet) })),
  )
  const steps = namesOf().map(name => ({ kind: 'switch_off', subject, name }))
  const names = [
    'the edge (quotes)',
    ...payers.map(({ center, wallet }) => `${center} (payments of ${wallet})`),
  ]
  const rows = names.map(where => ({ where, off: [] as number[], on: [] as number[] }))

  for (let sample = 0; sample < samples; sample += 1) {
    const orders = await Promise.all(
      wallets.map(({ client, wallet, merchant }) => ordersOf(box, client, wallet, merchant)),
    )
    await pause((sample * SNAPSHOT_MS) / samples)
    const id = `bench-${sample}`
    const asked = await done(
      operator.post('/changes', { id, steps, reason: 'bench', seconds: 300 }),
    )
    if (asked.status === 'proposed') await done(approver.post(`/changes/${id}/approve`))
    const [edge, ...centers] = await Promise.all([
      untilSays('no', () => Promise.all(wallets.map(each => quotes(each.client, each.merchant)))),
      ...wallets.map(({ client }, at) => untilSays('no', () => pays(client, orders[at]?.shift()))),
    ])
    await done(operator.post(`/changes/${id}/undo`, { id: `${id}-back`, reason: 'bench' }))
    const back = await Promise.all([
      untilSays('yes', () => Promise.all(wallets.map(each => quotes(each.client, each.merchant)))),
      ...wallets.map(({ client, merchant }) => untilSays('yes', () => quotes(client, merchant))),
    ])
    for (const [at, row] of rows.entries()) {
      row.off.push([edge, ...centers][at] ?? Number.NaN)
      row.on.push(back[at] ?? Number.NaN)
    }
    console.error(
      `sample ${sample + 1} of ${samples}: ${rows.map(({ off }) => seconds(off.at(-1))).join('  ')}`,
    )
  }
  return rows
}

type Answer = 'yes' | 'no'

/** Milliseconds until the first such answer; nobody waits for more than six times the promise. */
async function untilSays(
  wanted: Answer,
  ask: () => Promise<Answer | readonly Answer[]>,
): Promise<number> {
  const began = performance.now()
  while (performance.now() - began < 6 * PROMISE_MS) {
    const answers = [await ask()].flat()
    if (answers.every(answer => answer === wanted) || (wanted === 'no' && answers.includes('no'))) {
      return performance.now() - began
    }
    await pause(PACE_MS)
  }
  return Number.POSITIVE_INFINITY
}

const said = (asked: Promise<unknown>): Promise<Answer> =>
  asked.then(
    () => 'yes' as const,
    (error: unknown) => {
      if (error instanceof GatewayRefusal && error.code === refusal) return 'no' as const
      throw error
    },
  )

const quotes = (client: Client, merchant: string) => said(quote(client, merchant))

function pays(client: Client, order: PayRequest | undefined): Promise<Answer> {
  if (order === undefined) throw new Error('the orders at hand were too few')
  return said(client.pay(order))
}

let made = 0
async function quote(client: Client, merchant: string) {
  const asked = {
    requestId: `bench-${process.pid}-${++made}`,
    requestedAt: new Date().toISOString(),
  }
  return { asked, quote: await client.quote({ ...asked, code: codeAt(merchant) }) }
}

/** Quotes that can be paid one after another, the money for each held in the wallet's own book. */
async function ordersOf(
  box: Box,
  client: Client,
  wallet: string,
  merchant: string,
): Promise<PayRequest[]> {
  const orders: PayRequest[] = []
  while (orders.length < ORDERS) {
    const { asked, quote: binding } = await quote(client, merchant)
    const { paymentId, payer, expiresAt } = binding
    const hold = { reference: asked.requestId }
    const held = { ...asked, paymentId, ...payer, expiresAt: Date.parse(expiresAt), ...hold }
    box.wallets.get(wallet)?.book.holds.place(held, Date.now())
    orders.push({ ...asked, quote: binding.quote, hold })
  }
  return orders
}

async function clientOf(box: Box, institution: string): Promise<Client> {
  const pair = box.keys.members[institution]
  if (pair === undefined) throw new Error(`${institution} is not of the cast`)
  const { url } = box.gateway
  return createClient({
    gateway: url,
    institution,
    key: await signingKey(pair),
    gatewayKeys: publishedKeys(url),
  })
}

function codeAt(merchant: string): string {
  const found = acquirers.flatMap(({ merchants }) => merchants).find(({ id }) => id === merchant)
  if (found === undefined) throw new Error(`the cast has no ${merchant}`)
  return found.dynamicCode
}

/** What is measured of a center is measured of its own lanes. */
async function expectHomes(operator: Desk): Promise<void> {
  const { body } = await operator.get('/institutions')
  for (const { wallet, center } of payers) {
    const found = body.data.find((each: { id: string }) => each.id === wallet)
    if (found?.center !== center) throw new Error(`${wallet} is not at home in ${center}`)
  }
}

async function done(heard: ReturnType<Desk['post']>): Promise<{ readonly status: string }> {
  const { status, body } = await heard
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

const seconds = (ms = Number.NaN): string => `${(ms / 1_000).toFixed(2)} s`

function print(rows: readonly Felt[]): void {
  const figures = (times: readonly number[]) => {
    const sorted = times.toSorted((one, other) => one - other)
    return [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
      .map(time => seconds(time).padStart(8))
      .join('')
  }
  const head = ['fastest', 'median', 'slowest'].map(name => name.padStart(8)).join('')
  console.log(
    `${samples} switches, off and on again; time from the answer to the change until it is felt`,
  )
  console.log(`${''.padEnd(34)}${'refused'.padStart(16).padEnd(24)}${'served again'.padStart(20)}`)
  console.log(`${'where'.padEnd(34)}${head}${head}`)
  for (const { where, off, on } of rows) console.log(where.padEnd(34) + figures(off) + figures(on))
  const slowest = Math.max(...rows.flatMap(({ off, on }) => [...off, ...on]))
  console.log(
    `slowest of all ${seconds(slowest)}: ${slowest < PROMISE_MS ? 'within' : 'NOT within'} the promised ${PROMISE_MS / 1_000} s`,
  )
}

const folder = await mkdtemp(join(tmpdir(), 'opencpg-bench-'))
const box = await startBox({ folder })
try {
  const felt = await measure(box)
  print(felt)
  process.exitCode = Math.max(...felt.flatMap(row => [...row.off, ...row.on])) < PROMISE_MS ? 0 : 1
} finally {
  await box.stop()
  await rm(folder, { recursive: true, force: true })
}
