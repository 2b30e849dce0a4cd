/**
 * The center of some persons is cut off from the edge, with a process for each center: who lives there pays nothing and
 * hears so for certain, everybody else goes on, and afterwards nobody's year is shorter or longer.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { personCenter } from '../../src/domain/allowance.ts'
import { placeOf } from '../../src/domain/payment-id.ts'
import { type Box, startBoxWith } from '../../src/local/box.ts'
import { type Processes, startProcesses } from '../../src/local/processes/network.ts'
import { acquirers } from '../../src/members/cast.ts'
import type { PurchaseOutcome } from '../../src/members/wallet.ts'
import { personKeys, personOf } from '../../src/trust/person.ts'

const WALLET = 'wallet-th'
const AWAY = 'hk'
const LARGE = { currency: 'CNY', minor: '3500000' }
/** So many of those fit the year of one person. */
const YEAR = 10
const code = acquirers.flatMap(each => each.merchants).find(({ id }) => id === 'cn-tea')!.staticCode

let box: Box<Processes>
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opencpg-persons-'))
  box = await startBoxWith({ folder }, options => startProcesses(options))
}, 180_000)
afterAll(async () => {
  await box?.stop()
  await rm(folder, { recursive: true, force: true })
})

let made = 0
/** Somebody whose allowance is kept in this center, or in another one. */
async function traveller(isThere: boolean) {
  for (;;) {
    made += 1
    const document = { type: 'passport', number: `K${made}000${made}`, country: 'TH' } as const
    const payer = { reference: `user-${made}`, document }
    const { tokens } = await personOf(WALLET, payer, personKeys(box.keys.persons))
    const center = personCenter(tokens[0]?.token ?? '', ['hk', 'sg', 'fra'])
    if ((center === AWAY) === isThere) return payer
  }
}

type Traveller = Awaited<ReturnType<typeof traveller>>

/** A busy machine makes the acquirer late with its quote; then the code is simply scanned again. */
async function buy(payer: Traveller): Promise<PurchaseOutcome> {
  for (;;) {
    const bought = await box.wallets.get(WALLET)!.wallet.purchase({ code, amount: LARGE, payer })
    if (bought.quote !== null) return bought
  }
}

/** The same, until the person could be asked about: an edge that has found nobody tries again now and then. */
async function asked(payer: Traveller): Promise<PurchaseOutcome> {
  for (;;) {
    const bought = await buy(payer)
    if (bought.resultCode !== 'ALLOWANCE_UNKNOWN') return bought
  }
}

it('refuses for certain whom it cannot ask about, and nobody else', async () => {
  const [stranded, other] = [await traveller(true), await traveller(false)]
  const { payment } = await asked(other)
  // The payments themselves are not there, or their lanes would be cut off, too.
  expect(placeOf(payment?.paymentId ?? '')?.center).not.toBe(1)

  box.gateway.lines.set('cut', AWAY, 'edge-1')
  for (const _ of [1, 2, 3]) {
    expect(await buy(stranded)).toMatchObject({
      result: 'F',
      resultCode: 'ALLOWANCE_UNKNOWN',
      hold: 'released',
      payment: { status: 'aborted' },
    })
  }
  expect(await asked(other)).toMatchObject({ result: 'S' })
  box.gateway.lines.set('silent', AWAY, 'edge-1')
  expect(await buy(await traveller(true))).toMatchObject({ resultCode: 'ALLOWANCE_UNKNOWN' })
  expect(await asked(other)).toMatchObject({ result: 'S' })
  box.gateway.lines.set('fine', AWAY, 'edge-1')

  expect(await asked(stranded)).toMatchObject({ result: 'S' })
  const rest = await Promise.all(Array.from({ length: YEAR + 1 }, () => asked(stranded)))
  let paid = 1 + rest.filter(({ resultCode }) => resultCode === 'SUCCESS').length
  // What was taken and is not said to be in time counts until its payment, which has ended, has told so.
  while (paid < YEAR) if ((await asked(stranded)).resultCode === 'SUCCESS') paid += 1
  expect(paid).toBe(YEAR)
  expect(await asked(stranded)).toMatchObject({ resultCode: 'LIMIT_PERSON' })
}, 180_000)
