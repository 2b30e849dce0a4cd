/**
 * A burst: hundreds of payments of one wallet at once, most of them met by silence. Commits then hold more than a
 * message can, timers come in crowds, and still every payment is decided in time and told.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isFinal } from '../../src/domain/payment.ts'
import { type Box, startBox } from '../../src/local/box.ts'
import { acquirers } from '../../src/members/cast.ts'
import { laneBooks } from './books.ts'

const PAYMENTS = 300

let folder: string
let box: Box
const failures: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opencpg-burst-'))
  box = await startBox({
    folder,
    log: line => {
      if (/"log":"(?:lane|courier|failed|events|dead)"/.test(line)) failures.push(line)
    },
  })
})
afterAll(async () => {
  await box.stop()
  await rm(folder, { recursive: true, force: true })
})

const codeOf = (acquirer: string): string =>
  acquirers.find(({ id }) => id === acquirer)!.merchants[0]!.dynamicCode

/** As a wallet buys: quoted, held, paid, and waited for until it is decided. */
const burst = (acquirer: string) => {
  const { wallet } = box.wallets.get('wallet-th')!
  const code = codeOf(acquirer)
  return Promise.all(Array.from({ length: PAYMENTS }, () => wallet.purchase({ code })))
}

async function until(what: string, patienceMs: number, holds: () => Promise<boolean>) {
  const end = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms for: ${what}; ${failures[0]}`)
    await new Promise(done => setTimeout(done, 250))
  }
}

/** Every payment of every lane is final, owes nothing, and is projected as it is. */
async function atRest(count: number): Promise<boolean> {
  const { results } = await (await box.gateway.projection('sg'))
    .prepare('SELECT id, version FROM payments')
    .all<{ id: string; version: number }>()
  const projected = new Map(results.map(({ id, version }) => [id, version]))
  const kept = laneBooks(folder).flatMap(({ payments }) => [...payments])
  return (
    kept.length === count &&
    kept.every(
      ([id, payment]) =>
        isFinal(payment.status) &&
        payment.duties.every(({ nextAt }) => nextAt === null) &&
        projected.get(id) === payment.version,
    )
  )
}

it('that goes well is committed, acknowledged and projected to the last payment', async () => {
  const paid = await burst('acquirer-cn')
  expect(paid.every(({ result, hold }) => result === 'S' && hold === 'captured')).toBe(true)
  await until('all is projected', 30_000, () => atRest(PAYMENTS))
  expect(failures).toEqual([])
})

it('that is met by silence is decided in time, undone, and projected to the last payment', async () => {
  const { faults } = box.acquirers.get('acquirer-th')!
  await faults.add('silent accept')
  await faults.add('silent inquire')
  const left = await burst('acquirer-th')
  expect(left.every(({ hold }) => hold === 'released')).toBe(true)
  await until('all is decided and projected', 60_000, () => atRest(2 * PAYMENTS))
  const late = laneBooks(folder)
    .flatMap(({ payments }) => [...payments.values()])
    .filter(({ terms }) => terms.responder === 'acquirer-th')
    .filter(({ decidedAt, decideBy }) => (decidedAt ?? 0) - decideBy > 2_000)
  expect(late).toEqual([])
  expect(failures).toEqual([])
})
