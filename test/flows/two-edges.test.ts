/** Two edges whose snapshots differ in age, and real lanes: no request is opened twice, and each finds its lane. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Journal } from '../../durable-objects/journal.ts'
import { Sequencer, type SequencerPorts } from '../../durable-objects/sequencer.ts'
import { Tenure } from '../../durable-objects/tenure.ts'
import { CONSUMER_FAMILY, tokenOf } from '../../src/domain/consumer-code.ts'
import { type Directory, directoryOf } from '../../src/domain/directory.ts'
import { EPOCH_NOTICE_MS, type KnownEpoch } from '../../src/domain/epoch.ts'
import { laneName, type PaymentPlace } from '../../src/domain/payment-id.ts'
import { ok } from '../../src/domain/result.ts'
import { cancelRequested } from '../../src/flows/cancel.ts'
import { charge } from '../../src/flows/charge.ts'
import { pay } from '../../src/flows/pay.ts'
import { readRequested } from '../../src/flows/read.ts'
import type { CodeWorld, EdgeWorld, LanePort, Seen } from '../../src/flows/world.ts'
import { acquirers } from '../../src/members/cast.ts'
import { peerPaths } from '../../src/wire/peer.ts'
import { noLimits } from '../durable-objects/limits.ts'
import { memorySql } from '../durable-objects/sqlite.ts'
import { fakeWorld, honest, member, NOW, payOrder, quoteOf, quoteOrder, rows } from './world.ts'

/** Written now, in force as soon as may be: more lanes, in another center. */
const MOVES_AT = NOW + EPOCH_NOTICE_MS
const centers = [...rows.centers, { number: 2, id: 'sg', locationHint: 'apac-se' }]
const moved = ['wallet-th', 'acquirer-cn'].map(institution => ({
  ...{ institution, epoch: 2, from: MOVES_AT, center: 'sg', lanes: 16 },
}))
const codes = {
  ...{ family: CONSUMER_FAMILY, market: null, key: '997602', institution: 'wallet-th', rank: 1 },
}
const routes = [...rows.routes, codes]
const before = directoryOf({ ...rows, centers, routes })
const after = directoryOf({
  ...rows,
  centers,
  routes,
  version: 2,
  epochs: [...rows.epochs, ...moved],
})

const rail = acquirers[0]!.merchants.find(({ id }) => id === 'cn-rail')!.dynamicCode

/** What can be seen of the directory at an instant. */
const directoryAt = (at: number): Directory => (at < NOW ? before : after)

/** A gateway of many edges; the directory can be asked by lanes and edges, or by neither. */
function gateway({ isAway = false } = {}) {
  const script = (path: string, asked: Record<string, unknown>) =>
    path === peerPaths.authorize ? { result: 'S', reference: 'yes' } : honest(path, asked)
  const base = fakeWorld(script)
  const { clock } = base
  const opened: string[] = []
  const lanes = new Map<string, LanePort>()
  const used = new Map<string, string>()

  const makeLane = (place: PaymentPlace): LanePort => {
    const tenure = new Tenure(async (): Promise<KnownEpoch | null> => {
      if (isAway) return null
      const directory = directoryAt(clock.now)
      const requester = directory.institutionByNumber(place.institution)!
      const bounds = directory.epochBounds(requester.id, place.epoch)
      return bounds === undefined ? null : { ...bounds, confirmedAt: clock.now }
    })
    const sql = memorySql()
    const journal = new Journal(sql)
    const ports: SequencerPorts = {
      now: () => clock.now,
      pause: ms => (ms > 1_000 ? new Promise(() => undefined) : Promise.resolve()),
      arm: () => undefined,
      send: () => undefined,
      committed: changes => {
        for (const { payment, events } of changes) {
          if (events.some(({ type }) => type === 'opened')) opened.push(payment.terms.requestId)
        }
      },
      failed: (_, error) => {
        throw error
      },
      standing: requestedAt => tenure.standingOf(requestedAt),
    }
    const sequencer = new Sequencer(journal, ports, noLimits(sql, journal))
    return {
      async submit(id, message, known) {
        if (message.kind === 'open' && !tenure.learn(message.terms.requestedAt, known ?? null))
          await tenure.ask()
        return sequencer.submit(id, message)
      },
      async seek(id, requestedAt, known) {
        if (!tenure.learn(requestedAt, known ?? null)) await tenure.ask()
        const payment = sequencer.read(id)
        return payment === null ? (sequencer.refusalAt(requestedAt) ?? ok(null)) : ok(payment)
      },
      read: async id => sequencer.read(id),
      wait: async id => sequencer.read(id),
    }
  }
  const laneAt = (center: string, place: PaymentPlace): LanePort => {
    const name = `${center} ${laneName(place)}`
    const lane = lanes.get(name) ?? makeLane(place)
    lanes.set(name, lane)
    return lane
  }

  /** An edge that last saw the directory at this instant. */
  const edge = (sawAt: number): EdgeWorld & CodeWorld => {
    const seenAt = (at: number): Seen => ({
      directory: directoryAt(at),
      confirmedAt: at,
      lane: laneAt,
      person: base.person,
      peers: base.peers,
    })
    return {
      ...base,
      ...seenAt(sawAt),
      renewed: async () => seenAt(isAway ? sawAt : clock.now),
      random: () => 0n,
      codebook: () => ({
        issue: async () => ok({ tokens: [], expiresAt: 0 }),
        async use(token, paymentId) {
          const by = used.get(token) ?? paymentId
          used.set(token, by)
          expect(by, 'the code is used for one payment').toBe(paymentId)
          return ok({ token, payer: 'payer', expiresAt: clock.now + 1 } as never)
        },
      }),
    }
  }
  return { clock, edge, opened, settle: base.settle }
}

const sale = (requestedAt: number, requestId = 'sale-1') => ({
  ...{ requestId, requestedAt, consumerCode: tokenOf('997602', 3, 42n) },
  amount: { currency: 'CNY', minor: 2_500n },
  merchant: { id: 'shop-1', name: 'Shop', city: null, mcc: null, country: 'CN' },
  ...{ order: 'sale-1', bodyHash: 'aa' },
})
const till = member('acquirer-cn')
const wallet = member('wallet-th')
const codeOf = (result: { ok: boolean; refusal?: { code: string } }) => result.refusal?.code ?? 'ok'

describe('a till whose edge has not seen the move', () => {
  it('is led to the new lanes, and a repetition by an edge that has meets the same payment', async () => {
    const { clock, edge, opened } = gateway()
    const requestedAt = MOVES_AT
    clock.now = MOVES_AT
    // It saw the directory just before the move was written, and has been cut off since.
    const stale = edge(NOW - 1)
    const first = await charge(till, sale(requestedAt), stale)
    const again = await charge(till, sale(requestedAt), edge(clock.now))
    expect([codeOf(first), codeOf(again)]).toEqual(['ok', 'ok'])
    expect(first.ok && again.ok && first.value.terms.paymentId).toBe(
      again.ok && again.value.terms.paymentId,
    )
    expect(opened).toEqual(['sale-1'])
  })

  it('hears nothing final about a request that it cannot place, while nobody reaches the directory', async () => {
    const { clock, edge, opened } = gateway({ isAway: true })
    clock.now = MOVES_AT
    const refused = await charge(till, sale(MOVES_AT), edge(NOW - 1))
    expect(refused).toMatchObject({ refusal: { code: 'BUSY', detail: { notOpened: true } } })
    // Whatever was requested before any epoch can have begun goes on.
    expect(codeOf(await charge(till, sale(MOVES_AT - 2_000, 'sale-2'), edge(NOW - 1)))).toBe('ok')
    expect(opened).toEqual(['sale-2'])
  })

  it('reads and cancels where the payment is', async () => {
    const { clock, edge, opened } = gateway()
    clock.now = MOVES_AT + 1
    const request = { requestId: 'sale-1', requestedAt: MOVES_AT }
    await charge(till, sale(MOVES_AT), edge(clock.now))
    expect(codeOf(await readRequested(till, request, edge(NOW - 1)))).toBe('ok')
    const order = { requestId: 'cancel-1', bodyHash: 'bb' }
    expect(codeOf(await cancelRequested(till, request, order, edge(NOW - 1)))).toBe('ok')
    expect(opened).toEqual(['sale-1'])
  })

  it('bars a request for every edge when it cancels it first', async () => {
    const { clock, edge, opened } = gateway()
    clock.now = MOVES_AT + 1
    const request = { requestId: 'sale-1', requestedAt: MOVES_AT }
    const order = { requestId: 'cancel-1', bodyHash: 'bb' }
    expect(codeOf(await cancelRequested(till, request, order, edge(NOW - 1)))).toBe(
      'PAYMENT_BARRED',
    )
    expect(codeOf(await charge(till, sale(MOVES_AT), edge(clock.now)))).toBe('CANCELLED')
    expect(opened).toEqual([])
  })
})

describe('a wallet whose edge has not seen the move', () => {
  it('pays a quote of it, because the edge looks again before it names a lane', async () => {
    const { clock, edge, opened } = gateway()
    clock.now = MOVES_AT
    const quote = await quoteOf(
      edge(NOW - 1) as never,
      'wallet-th',
      quoteOrder(rail, { requestedAt: MOVES_AT }),
    )
    expect(codeOf(await pay(wallet, payOrder(quote), edge(NOW - 1)))).toBe('ok')
    expect(opened).toEqual(['request-1'])
  })

  it('is told to quote anew where the quote names a lane of before, and pays once', async () => {
    const { clock, edge, opened, settle } = gateway()
    clock.now = MOVES_AT
    // The edge that quotes is cut off from the directory altogether.
    const cutOff = { ...edge(NOW - 1) }
    cutOff.renewed = async () => cutOff
    const asked = quoteOrder(rail, { requestedAt: MOVES_AT })
    const stale = await quoteOf(cutOff as never, 'wallet-th', asked)
    const fresh = await quoteOf(edge(clock.now) as never, 'wallet-th', asked)
    expect(stale.terms.paymentId).not.toBe(fresh.terms.paymentId)
    expect(await pay(wallet, payOrder(stale), cutOff)).toMatchObject({
      refusal: { code: 'LANE_CLOSED', detail: { notOpened: true } },
    })
    expect(codeOf(await pay(wallet, payOrder(fresh), cutOff))).toBe('ok')
    expect(codeOf(await pay(wallet, payOrder(stale), edge(clock.now)))).toBe('LANE_CLOSED')
    // Another quote for the same request meets the payment, wherever it is made, and so does an inquiry by the request.
    const again = await quoteOf(edge(NOW - 1) as never, 'wallet-th', asked)
    for (const quote of [again, fresh]) {
      const order = payOrder(quote, { bodyHash: 'bb' })
      expect(codeOf(await pay(wallet, order, edge(clock.now)))).toBe('REPEAT_REQ_INCONSISTENT')
    }
    const found = await readRequested(wallet, asked, edge(clock.now))
    expect(found).toMatchObject({ value: { terms: { paymentId: fresh.terms.paymentId } } })
    await settle()
    expect(opened).toEqual(['request-1'])
  })
})

it('whatever two edges have seen and whenever they ask, a request is opened once at the most', async () => {
  const moment = fc.integer({ min: NOW - 20_000, max: MOVES_AT + 20_000 })
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.integer({ min: MOVES_AT - 8_000, max: MOVES_AT + 8_000 }),
      fc.array(fc.record({ at: fc.nat(30_000), sawAt: moment }), { minLength: 2, maxLength: 6 }),
      async (isAway, requestedAt, attempts) => {
        const { clock, edge, opened, settle } = gateway({ isAway })
        const inOrder = attempts.toSorted((one, other) => one.at - other.at)
        for (const { at, sawAt } of inOrder) {
          clock.now = requestedAt + at
          // Nobody has seen what is not yet.
          await charge(till, sale(requestedAt), edge(Math.min(sawAt, clock.now)))
        }
        await settle()
        expect(opened.length).toBeLessThanOrEqual(1)
        if (!isAway) expect(opened).toEqual(['sale-1'])
      },
    ),
    { numRuns: 200 },
  )
})
