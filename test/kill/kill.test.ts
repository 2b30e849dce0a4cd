/**
 * Durability, shown for real: payments run, workerd is killed without warning again and again, and comes back on
 * the same data. Whatever anybody was told must still be true.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isFinal, type PaymentEvent } from '../../src/domain/payment.ts'
import { type Box, startBox } from '../../src/local/box.ts'
import { centers } from '../../src/local/gateway.ts'
import { openBook } from '../../src/members/book.ts'
import { acquirers } from '../../src/members/cast.ts'
import type { PurchaseOutcome } from '../../src/members/wallet.ts'
import type { Client } from '../../src/sdk/index.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import { type LaneBook, laneBooks } from './books.ts'

const KILLS = 5
const SHOPPERS = 16
const PAUSE_MS = [300, 1_500] as const

/** What one purchase was told last, and by whom. */
interface Told extends PurchaseOutcome {
  readonly wallet: string
}

const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
let state = seed
/** A small generator, so that a seed repeats the moments of the kills as far as a real machine lets it. */
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return state / 2_147_483_648
}

const pause = (ms: number) => new Promise(done => setTimeout(done, ms))

async function until(what: string, patienceMs: number, holds: () => Promise<boolean>) {
  const end = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms for: ${what} (seed ${seed})`)
    await pause(250)
  }
}

describe(`workerd killed ${KILLS} times under traffic (seed ${seed})`, () => {
  let folder: string
  let box: Box
  let books: LaneBook[]
  const told: Told[] = []
  const projected = new Map<string, number>()
  const heard = new Map<string, string[]>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opencpg-kill-'))
    box = await startBox({ folder })
    await killUnderTraffic()
    await until('every payment that was asked for is final', 60_000, settled)
    await until('every duty is acknowledged and projected', 60_000, atRest)
    for (const id of centers) {
      const { results } = await box.gateway
        .projection(id)
        .prepare('SELECT id, version FROM payments')
        .all<{ id: string; version: number }>()
      for (const { id: payment, version } of results) projected.set(payment, version)
    }
    for (const [id, { wallet }] of box.wallets) heard.set(id, await allEvents(wallet.client))
    await box.stop()
    books = laneBooks(folder)
  }, 200_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function killUnderTraffic() {
    const wallets = [...box.wallets.entries()]
    const codes = acquirers.flatMap(({ merchants }) => merchants.map(each => each.dynamicCode))
    let shopping = true
    const shop = async (shopper: number) => {
      for (let n = shopper; shopping; n += SHOPPERS) {
        const [id, { wallet }] = wallets[n % wallets.length]!
        try {
          told.push({ wallet: id, ...(await wallet.purchase({ code: codes[n % codes.length]! })) })
        } catch {
          // No quote came while the gateway was down: nothing was paid.
        }
      }
    }
    const shoppers = Array.from({ length: SHOPPERS }, (_, shopper) => shop(shopper))
    for (let kill = 0; kill < KILLS; kill += 1) {
      const [least, most] = PAUSE_MS
      await pause(least + random() * (most - least))
      process.kill(box.gateway.pid(), 'SIGKILL')
      await until('the gateway is back', 20_000, isUp)
    }
    await pause(500)
    shopping = false
    await Promise.all(shoppers)
  }

  const isUp = () =>
    fetch(`${box.gateway.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    )

  /** Asks about everything that was left unknown, the way a wallet does. */
  async function settled(): Promise<boolean> {
    for (const [index, { wallet: id, result, requestId, requestedAt }] of told.entries()) {
      if (result !== 'U') continue
      const { client } = box.wallets.get(id)!.wallet
      const payment = await client
        .paymentByRequest({ requestId, requestedAt })
        .catch((error: { code?: string }) =>
          error.code === 'PAYMENT_NOT_EXIST' ? null : undefined,
        )
      if (payment?.status === 'deemed') await sayByFile(payment)
      if (payment === undefined || payment?.result === 'U') return false
      told[index] = { ...told[index]!, result: payment?.result ?? 'F', payment }
    }
    return true
  }

  /** A switch that cannot undo decides by its file what it left open when the gateway was gone. */
  async function sayByFile({ paymentId, acquirer }: PaymentView) {
    const { book, client } = box.acquirers.get(acquirer)!
    const { state, reference } = book.orders.find(paymentId) ?? {}
    const credited = state === 'accepted' && reference !== undefined && reference !== null
    await client.outcome(paymentId, credited ? { result: 'S', reference } : { result: 'F' })
  }

  /** Nothing is open, owed or unprojected any more, by the disk's own word. */
  async function atRest(): Promise<boolean> {
    const stored = new Map<string, number>()
    for (const id of centers) {
      const { results } = await box.gateway
        .projection(id)
        .prepare('SELECT id, version FROM payments')
        .all<{ id: string; version: number }>()
      for (const { id: payment, version } of results) stored.set(payment, version)
    }
    return laneBooks(folder).every(({ payments }) =>
      [...payments].every(
        ([id, payment]) =>
          isFinal(payment.status) &&
          payment.duties.every(duty => duty.nextAt === null) &&
          stored.get(id) === payment.version,
      ),
    )
  }

  async function allEvents(client: Client) {
    const seen: string[] = []
    let after: string | undefined
    for (;;) {
      const page = await client.events({ limit: 200, ...(after === undefined ? {} : { after }) })
      seen.push(...page.data.map(event => `${event.payment.paymentId} ${event.type}`))
      if (page.data.length === 0) return seen
      after = page.nextCursor
    }
  }

  const all = () => new Map(books.flatMap(({ payments }) => [...payments]))

  it('had enough under way for the kills to mean something', () => {
    const results = Map.groupBy(told, ({ result }) => result)
    console.log(
      `seed ${seed}: ${told.length} purchases, ${results.get('S')?.length ?? 0} committed, ${results.get('F')?.length ?? 0} failed, ${all().size} payments in ${books.length} lanes`,
    )
    expect(results.get('S')?.length).toBeGreaterThan(50)
    expect(books.length).toBeGreaterThan(3)
  })

  it('every answer that anybody heard is what the lane still says', () => {
    const payments = all()
    for (const { payment, result } of told) {
      if (payment === null || result === 'U') continue
      const kept = payments.get(payment.paymentId)
      expect(kept?.status).toBe(payment.status)
      expect(kept?.decidedAt).toBe(Date.parse(payment.decidedAt ?? ''))
    }
  })

  it('no payment was decided twice', () => {
    const decisions = new Set<PaymentEvent['type']>(['committed', 'aborted'])
    for (const { events } of books) {
      const decided = Map.groupBy(
        events.filter(([, event]) => decisions.has(event.type)),
        ([id]) => id,
      )
      for (const [id, list] of decided) expect([id, list.length]).toEqual([id, 1])
    }
  })

  it('replaying each journal gives the payments as they are, and its chain is whole', () => {
    for (const { payments, replayed, chained } of books) {
      expect(chained).toBe(true)
      expect(replayed).toEqual(payments)
    }
  })

  it('the projection is complete, and every event was told once', () => {
    for (const [id, payment] of all())
      expect([id, projected.get(id)]).toEqual([id, payment.version])
    for (const [wallet, events] of heard) {
      const own = [...all().values()].filter(({ terms }) => terms.requester === wallet)
      const decided = own.map(({ terms, status }) => `${terms.paymentId} payment.${status}`)
      expect(new Set(events).size).toBe(events.length)
      expect(events).toEqual(expect.arrayContaining(decided))
    }
  })

  it('wallets, acquirers and the gateway agree about every payment', () => {
    const booksOf = (ids: Iterable<string>) =>
      new Map([...ids].map(id => [id, openBook(join(folder, 'members', `${id}.db`))]))
    const [holds, orders] = [booksOf(box.wallets.keys()), booksOf(box.acquirers.keys())]
    for (const [id, { status, terms }] of all()) {
      const hold = holds.get(terms.requester)?.holds.byPayment(id)?.state
      const order = orders.get(terms.responder)?.orders.find(id)?.state
      if (status === 'committed') expect([id, hold, order]).toEqual([id, 'captured', 'delivered'])
      else expect([id, hold === 'captured', order === 'delivered']).toEqual([id, false, false])
    }
    for (const book of [...holds.values(), ...orders.values()]) book.close()
  })
})
