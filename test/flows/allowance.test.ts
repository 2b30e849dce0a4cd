/** Persons' allowances in the flow of a payment: the real books, the real machine, and a line between them that is cut. */
import { expect, it } from 'vitest'
import type { AllowanceRow, Person } from '../../src/domain/allowance.ts'
import type { Corridor } from '../../src/domain/corridor.ts'
import type { DirectoryRows } from '../../src/domain/directory.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { runErrands } from '../../src/flows/duty.ts'
import { pay } from '../../src/flows/pay.ts'
import { resolve } from '../../src/flows/resolve.ts'
import { acquirers } from '../../src/members/cast.ts'
import { corridors } from '../../src/members/corridors.ts'
import { ratesAt } from '../../src/members/rates.ts'
import { peerPaths } from '../../src/wire/peer.ts'
import {
  codeOf,
  type FakeWorld,
  fakeWorld,
  honest,
  member,
  payOrder,
  quoteOrder,
  type Script,
} from './world.ts'

const tea = acquirers[0]!.merchants.find(({ id }) => id === 'cn-tea')!.staticCode
const token = 'a7'.repeat(16)
const somebody: Person = { tokens: [{ from: 2000, token }], isKnown: true }
const year = (value: bigint, kind: AllowanceRow['kind'] = 'year'): AllowanceRow => ({
  corridor: '*>CN',
  kind,
  from: 0,
  value,
})

const world = (
  allowances: readonly AllowanceRow[],
  change: Partial<Corridor> = {},
  script: Script = honest,
  rows: Partial<DirectoryRows> = {},
) =>
  fakeWorld(script, {
    ...rows,
    allowances,
    corridors: corridors.map(each => ({ ...each, whenPersonUnstated: 'refuse', ...change })),
  })

let made = 0
/** Pays so many yuan from a wallet. */
async function buy(of: FakeWorld, yuan: bigint, wallet = 'wallet-th', person = somebody) {
  made += 1
  const order = quoteOrder(tea, {
    requestId: `request-${made}`,
    amount: { currency: 'CNY', minor: yuan * 100n },
    person,
  })
  const quote = await resolve(member(wallet), order, of)
  if (!quote.ok) throw new Error(quote.refusal.code)
  const again = () => pay(member(wallet), payOrder(quote.value), of)
  const paid = await again()
  if (!paid.ok) throw new Error(paid.refusal.code)
  return { payment: paid.value, again }
}

/** What is left of the year, by what may still be taken, whole dollars. */
async function left(of: FakeWorld, cap: bigint): Promise<number> {
  await of.settle()
  const book = of.persons.books.get('2026:a7')!
  for (let cents = cap; cents >= 0n; cents -= 1n) {
    const probe = { payment: 'probe', person: token, pool: '*>CN', minor: cents, cap, askAt: 0 }
    const taken = book.take(probe)
    if (!taken.ok) continue
    book.drop('probe', taken.value)
    return Number(cents)
  }
  return -1
}

const asked = (of: FakeWorld) => of.asked.filter(({ path }) => path === peerPaths.accept).length

// At the best rate a hundred yuan are 14.08 US dollars.
const HUNDRED = 14_08n

it('counts what one person pays by two wallets, and no further than the year has', async () => {
  const of = world([year(3n * HUNDRED)])
  expect((await buy(of, 100n, 'wallet-th')).payment.status).toBe('committed')
  expect((await buy(of, 100n, 'wallet-my')).payment.status).toBe('committed')
  const { payment } = await buy(of, 101n, 'wallet-my')
  expect(payment).toMatchObject({ status: 'aborted', resultCode: 'LIMIT_PERSON' })
  expect(payment.resetsAt).toBe(Date.UTC(2026, 11, 31, 16))
  expect((await buy(of, 100n, 'wallet-th')).payment.status).toBe('committed')
  expect((await buy(of, 1n, 'wallet-my')).payment.resultCode).toBe('LIMIT_PERSON')
  // Whom it does not let through, nobody asks the acquirer about.
  expect(asked(of)).toBe(3)
  expect(await left(of, 3n * HUNDRED)).toBe(0)
})

it('never lets payments that come at once overshoot', async () => {
  const of = world([year(5n * HUNDRED)])
  const wallets = ['wallet-th', 'wallet-my', 'wallet-vn', 'wallet-de']
  const all = await Promise.all(
    Array.from({ length: 16 }, (_, n) => buy(of, 100n, wallets[n % wallets.length])),
  )
  const ends = Map.groupBy(all, ({ payment }) => payment.resultCode)
  expect(ends.get('SUCCESS')).toHaveLength(5)
  expect(ends.get('LIMIT_PERSON')).toHaveLength(11)
  expect(await left(of, 5n * HUNDRED)).toBe(0)
})

it('asks for a document first where none was shown', async () => {
  const of = world([year(5n * HUNDRED), year(HUNDRED, 'year_without_id')])
  const stranger = { ...somebody, isKnown: false }
  expect((await buy(of, 100n, 'wallet-th', stranger)).payment.status).toBe('committed')
  const { payment } = await buy(of, 1n, 'wallet-th', stranger)
  expect(payment).toMatchObject({ status: 'aborted', resultCode: 'LIMIT_ID_REQUIRED' })
  expect((await buy(of, 100n)).payment.status).toBe('committed')
})

it('gives back what was aborted, and a payment that is sent again takes nothing more', async () => {
  const refusing: Script = (path, body) =>
    path === peerPaths.accept ? { result: 'F', code: 'RISK_REJECT' } : honest(path, body)
  const refused = world([year(HUNDRED)], {}, refusing)
  expect((await buy(refused, 100n)).payment.resultCode).toBe('RISK_REJECT')
  expect(await left(refused, HUNDRED)).toBe(Number(HUNDRED))
  const [payment] = refused.payments.values()
  expect(payment?.duties.map(({ kind, nextAt }) => [kind, nextAt])).toEqual([
    ['free_allowance', null],
  ])

  const of = world([year(2n * HUNDRED)])
  const { again } = await buy(of, 100n)
  for (const _ of [1, 2, 3]) expect(await again()).toMatchObject({ value: { status: 'committed' } })
  expect(await left(of, 2n * HUNDRED)).toBe(Number(HUNDRED))
  expect(asked(of)).toBe(1)
})

it('counts a payment in the year in which it was opened, also when it is sent again in the next', async () => {
  const midnight = Date.UTC(2026, 11, 31, 16)
  const of = world([year(HUNDRED)], {}, honest, { rates: ratesAt(midnight - 1_000) })
  of.clock.now = midnight - 1
  const { again } = await buy(of, 100n)
  of.clock.now = midnight
  expect(await again()).toMatchObject({ value: { status: 'committed' } })
  await of.settle()
  expect([...of.persons.books.keys()]).toEqual(['2026:a7', '2027:a7'])
  expect((await buy(of, 100n)).payment.status).toBe('committed')
})

it('refuses for certain where the person cannot be asked, because nobody was asked to accept', async () => {
  const of = world([year(HUNDRED)])
  of.persons.cut = true
  const { payment } = await buy(of, 100n)
  expect(payment).toMatchObject({ status: 'aborted', resultCode: 'ALLOWANCE_UNKNOWN' })
  expect(asked(of)).toBe(0)
  // What it owes the person's object waits until that is back.
  await of.settle()
  expect(only(of)?.duties).toMatchObject([{ kind: 'free_allowance', attempts: 0 }])
  expect(only(of)?.duties[0]?.nextAt).not.toBeNull()
})

it('leaves it unknown where the lane cannot be told either, and the lane decides', async () => {
  const of = world([year(HUNDRED)])
  of.persons.cut = true
  of.breakLane(2)
  expect((await buy(of, 100n)).payment.status).toBe('pending')
  expect(asked(of)).toBe(0)
})

it('goes on uncounted where the corridor says so, and is counted once the object is back', async () => {
  const of = world([year(HUNDRED)], { whenPersonAway: 'accept' })
  of.persons.cut = true
  const { payment } = await buy(of, 100n)
  expect(payment.status).toBe('committed')
  expect(payment.duties.map(({ kind }) => kind)).toContain('count_allowance')
  await of.settle()
  of.persons.cut = false
  // As its lane does when the duty's timer comes.
  const duty = payment.duties.find(({ kind }) => kind === 'count_allowance')!
  await runErrands([{ kind: 'deliver', payment, duty }], of)
  expect(await left(of, HUNDRED)).toBe(0)
  expect((await buy(of, 1n)).payment.resultCode).toBe('LIMIT_PERSON')
})

it('turns away whoever does not say who pays, at the quote, and only in such a corridor', async () => {
  const of = world([year(HUNDRED)])
  const order = quoteOrder(tea, { amount: { currency: 'CNY', minor: 100n } })
  expect(codeOf(await resolve(member('wallet-th'), order, of))).toBe('LIMIT_ID_REQUIRED')
  expect(codeOf(await resolve(member('wallet-th'), order, world([])))).toBe('ok')
  const lenient = world([year(HUNDRED)], { whenPersonUnstated: 'accept' })
  expect(codeOf(await resolve(member('wallet-th'), order, lenient))).toBe('ok')
})

const only = ({ payments }: FakeWorld): Payment | undefined => [...payments.values()][0]

it('turns away at the quote what alone is beyond all of the year, and what is within it only once that is used', async () => {
  const of = world([year(HUNDRED)])
  const asked = (minor: bigint) =>
    resolve(
      member('wallet-th'),
      quoteOrder(tea, { amount: { currency: 'CNY', minor }, person: somebody }),
      of,
    )
  const refused = await asked(10_000_00n)
  expect(refused).toMatchObject({
    refusal: {
      code: 'LIMIT_PERSON',
      detail: { limit: { kind: 'year', value: HUNDRED, left: null } },
    },
  })
  expect(codeOf(await asked(100_00n))).toBe('ok')
})
