/**
 * A world in which nothing is real but the flows: one lane kept in memory by the real machine, an acquirer that says
 * what the test says, and a clock that moves when it is told to.
 */
import { type DirectoryRows, directoryOf } from '../../src/domain/directory.ts'
import type { Institution } from '../../src/domain/institution.ts'
import { apply, decide, type Message, type Payment } from '../../src/domain/payment.ts'
import { ok, refuse } from '../../src/domain/result.ts'
import { Unavailable } from '../../src/domain/unavailable.ts'
import type { PayOrder, pay } from '../../src/flows/pay.ts'
import { type QuoteOrder, resolve, type SealedQuote } from '../../src/flows/resolve.ts'
import type { EdgeWorld, LanePort, Seen } from '../../src/flows/world.ts'
import { acquirers, providers, wallets } from '../../src/members/cast.ts'
import { corridors } from '../../src/members/corridors.ts'
import { ratesAt } from '../../src/members/rates.ts'
import { sealKeys } from '../../src/trust/seal.ts'
import { signAnswer } from '../../src/trust/signature.ts'
import { peerPaths } from '../../src/wire/peer.ts'
import { wallet } from '../db/network.ts'
import { findAmong, type Party, party } from '../trust/parties.ts'
import { type FakePersons, fakePersons } from './persons.ts'

const gateway = await party('gateway')
const parties = new Map<string, Party>()
for (const { id } of acquirers) parties.set(id, await party(id))

/** What an acquirer answers at each of its addresses; null for nothing at all. */
export type Script = (path: string, asked: Record<string, unknown>) => object | null

export const NOW = Date.UTC(2026, 9, 1, 8)

const institutions: readonly Institution[] = [...wallets, ...acquirers, ...providers].map(
  ({ id, number, name, role, market, currencies, zone }) => ({
    ...wallet,
    id,
    number,
    name,
    role,
    market,
    currencies,
    zone,
    status: 'active',
    endpoint: role === 'scheme' ? `https://${id}.example` : null,
  }),
)

export const rows: DirectoryRows = {
  version: 1,
  centers: [{ number: 1, id: 'hk', locationHint: 'apac-ne' }],
  institutions,
  keys: [],
  epochs: institutions.map(({ id }) => ({
    institution: id,
    epoch: 1,
    from: NOW - 86_400_000,
    center: 'hk',
    lanes: 4,
  })),
  routes: acquirers.flatMap(({ routes }) => routes),
  corridors,
  rates: ratesAt(NOW),
  switches: [],
}

export interface FakeWorld extends EdgeWorld {
  readonly clock: { now: number }
  /** Paths that acquirers were asked at, in order. */
  readonly asked: { readonly path: string; readonly body: Record<string, unknown> }[]
  readonly payments: Map<string, Payment>
  readonly persons: FakePersons
  /** Everything that goes on behind the answer. */
  settle(): Promise<void>
  /** Makes the lane unreachable from its n-th call on, 1 being the next. */
  breakLane(from: number): void
  /** The edge knows the center to be away, and sends nothing there unless it tries. */
  readonly away: { center: boolean; tries: boolean }
}

/** The acquirer of the box: knows any code, gives the order the code asks for, and accepts. */
export const honest: Script = (path, asked) => {
  if (path === peerPaths.order) return orderOf(String(asked.family))
  if (path === peerPaths.accept) return { result: 'S', reference: 'accepted-1' }
  return { result: 'S' }
}

const merchant = { id: 'shop-1', name: 'Shop', city: 'City', mcc: '5411', country: 'CN' }

/** What an acquirer says of a code of this family. */
export function orderOf(family: string, minor: string | null = null) {
  const currency = acquirers.find(each => each.family === family)?.currencies[0] ?? 'CNY'
  return {
    result: 'S',
    merchant,
    order: 'order-1',
    currency,
    amount: minor === null ? null : { currency, minor },
  }
}

export function fakeWorld(script: Script = honest, change: Partial<DirectoryRows> = {}): FakeWorld {
  const clock = { now: NOW }
  const now = () => clock.now
  const asked: FakeWorld['asked'] = []
  const payments = new Map<string, Payment>()
  const persons = fakePersons()
  const behind: Promise<unknown>[] = []
  let calls = 0
  let brokenFrom = Number.POSITIVE_INFINITY

  const away = { center: false, tries: false }

  const reach = () => {
    if (away.center && !away.tries)
      throw new Unavailable('hk', 'it did not answer before', { unsent: true })
    calls += 1
    if (calls >= brokenFrom) throw new Error('Network connection lost.')
  }
  const lane: LanePort = {
    async submit(id: string, message: Message) {
      reach()
      const before = payments.get(id) ?? null
      const decision = decide(before, message, clock.now)
      if (!decision.ok) return decision
      const payment = decision.value.reduce<Payment | null>(apply, before)
      if (payment === null) return refuse('PAYMENT_NOT_EXIST')
      payments.set(id, payment)
      return ok({ payment, events: decision.value.map(({ type }) => type) })
    },
    async seek(id) {
      reach()
      return ok(payments.get(id) ?? null)
    },
    async read(id) {
      reach()
      return payments.get(id) ?? null
    },
    async wait(id) {
      reach()
      return payments.get(id) ?? null
    },
  }

  async function fetch(request: Request): Promise<Response> {
    const { method, url, headers } = request
    const bytes = new Uint8Array(await request.arrayBuffer())
    const body = JSON.parse(new TextDecoder().decode(bytes))
    const { hostname, pathname } = new URL(url)
    asked.push({ path: pathname, body })
    const said = script(pathname, body)
    if (said === null) throw new TypeError('fetch failed')
    const answer = new TextEncoder().encode(JSON.stringify(said))
    const by = parties.get(hostname.replace('.example', ''))!
    const answered = { status: 200, headers: new Headers(), body: answer }
    await signAnswer(answered, { method, url, headers, body: bytes }, by.signing, clock.now)
    return new Response(answer, { headers: answered.headers })
  }

  const seen: Seen = {
    directory: directoryOf({ ...rows, ...change }),
    confirmedAt: NOW,
    lane: () => lane,
    person: (_center, name) => persons.at(name),
    peers: {
      now,
      fetch,
      key: gateway.signing,
      findKey: findAmong(...parties.values()),
      sandbox: false,
    },
  }
  return {
    ...seen,
    renewed: async () => seen,
    isAway: () => away.center,
    clock,
    away,
    asked,
    payments,
    persons,
    now,
    after: work => void behind.push(work),
    log: () => undefined,
    seals: sealKeys({ a: Buffer.alloc(32, 7).toString('base64') }),
    async settle() {
      while (behind.length > 0) await behind.shift()
    },
    breakLane(from) {
      calls = 0
      brokenFrom = from
    },
  }
}

export const member = (id: string): Institution => institutions.find(each => each.id === id)!

export const quoteOrder = (code: string, more: Partial<QuoteOrder> = {}): QuoteOrder => ({
  requestId: 'request-1',
  requestedAt: NOW,
  code,
  amount: null,
  currency: null,
  person: null,
  ...more,
})

export const payOrder = (
  { terms, token }: SealedQuote,
  more: Partial<PayOrder> = {},
): PayOrder => ({
  requestId: terms.requestId,
  requestedAt: terms.requestedAt,
  quote: token,
  holdReference: 'hold-1',
  holdKey: 'wallet-th-1',
  bodyHash: 'aa',
  ...more,
})

/** The quote; fails where it is refused. */
export async function quoteOf(world: FakeWorld, wallet: string, order: QuoteOrder) {
  const quote = await resolve(member(wallet), order, world)
  if (!quote.ok) throw new Error(quote.refusal.code)
  return quote.value
}

/** `ok`, or the code of the refusal. */
export const codeOf = (
  result: Awaited<ReturnType<typeof resolve>> | Awaited<ReturnType<typeof pay>>,
): string => (result.ok ? 'ok' : result.refusal.code)
