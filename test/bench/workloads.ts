/**
 * What is asked of the gateway under load. Everything a request needs is made and signed beforehand, so that the load
 * takes as little as it can of the machine that it shares with what it measures.
 */
import { acquirers } from '../../src/members/cast.ts'
import { closedLoop, type Reply } from './load.ts'
import { counterCodes, freshId, type Network } from './network.ts'

export interface Workload {
  readonly name: string
  readonly says: string
  /** As many requests, ready to go. */
  prepare(network: Network, count: number): Promise<Buffer[]>
  good(reply: Reply): boolean
  /** Notices that each good reply leads to; they count as backlog until they are acknowledged. */
  readonly notices: number
  /** Payments that each good reply makes; they count when the projection has them decided. */
  readonly payments: number
}

const wallet = 'wallet-th'
export const acquirer = 'acquirer-cn'
const merchant = { id: 'm1', name: 'Noodle House', city: 'Chengdu', mcc: '5814', country: 'CN' }
const isCommitted = ({ body }: Reply) => body.toString().includes('"status":"committed"')
const isOk = ({ status }: Reply) => status === 200
const now = () => new Date().toISOString()
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** What the gateway answers to all of these, in no order. Throws at the first that is not as it should be. */
async function answers<T>(network: Network, asked: Buffer[]): Promise<T[]> {
  const heard: T[] = []
  const keep = ({ status, body }: Reply) => {
    if (status !== 200) throw new Error(`${status} ${body}`)
    heard.push(JSON.parse(body.toString()))
    return true
  }
  await closedLoop(network.port, 32, 600, () => asked.pop(), keep)
  return heard
}

interface Asked {
  readonly requestId: string
  readonly requestedAt: string
}

const quoteRequests = (
  network: Network,
  by: (index: number) => string,
  asked: readonly Asked[],
  code = counterCodes[0],
) =>
  Promise.all(
    asked.map((request, index) => network.signed(by(index), '/v1/quotes', { ...request, code })),
  )

/** A code that says everything, of a scheme that leaves it at that. */
const saying = acquirers.find(({ inquiry }) => inquiry === 'unsaid')
const saidCode = saying?.merchants[0]?.dynamicCode
/** Whose code that is; all others are of `acquirer`. */
export const sayingAcquirer = saying?.id ?? ''

function quotes(network: Network, count: number, code?: string) {
  const requestedAt = now()
  const asked = times(count, () => ({ requestId: freshId(), requestedAt }))
  return quoteRequests(network, () => wallet, asked, code)
}

export async function payments(
  network: Network,
  by: (index: number) => string,
  count: number,
  code?: string,
) {
  const requestedAt = now()
  const asked = times(count, () => ({ requestId: freshId(), requestedAt }))
  const owner = new Map(asked.map(({ requestId }, index) => [requestId, by(index)]))
  const quotes = await answers<{ requestId: string; quote: string }>(
    network,
    await quoteRequests(network, by, asked, code),
  )
  return Promise.all(
    quotes.map(({ requestId, quote }) =>
      network.signed(owner.get(requestId) ?? wallet, '/v1/payments', {
        requestId,
        requestedAt,
        quote,
        hold: { reference: 'h' },
      }),
    ),
  )
}

async function charges(network: Network, count: number) {
  const codes = await answers<{ codes: { barcode: string }[] }>(
    network,
    await Promise.all(
      times(Math.ceil(count / 10), () =>
        network.signed(wallet, '/v1/consumer-codes', {
          requestId: freshId(),
          requestedAt: now(),
          count: 10,
          // Ten payments each: nobody comes to the end of what a person may pay in a year.
          payerReference: freshId(),
        }),
      ),
    ),
  )
  const barcodes = codes.flatMap(each => each.codes.map(({ barcode }) => barcode))
  return Promise.all(
    barcodes.slice(0, count).map((consumerCode, index) =>
      network.signed(acquirer, '/v1/payments', {
        requestId: freshId(),
        requestedAt: now(),
        consumerCode,
        amount: { currency: 'CNY', minor: '1234' },
        merchant,
        order: `o${index}`,
      }),
    ),
  )
}

async function paidIds(network: Network, count: number): Promise<string[]> {
  const paid = await answers<{ paymentId: string }>(
    network,
    await payments(network, () => wallet, count),
  )
  return paid.map(({ paymentId }) => paymentId)
}

/** Payments of the same wallet to the acquirer whose codes say everything. */
export const paymentsToSaying = (network: Network, count: number) =>
  payments(network, () => wallet, count, saidCode)

const many = ['wallet-cn', 'wallet-th', 'wallet-my', 'wallet-vn', 'wallet-de']

export const workloads = {
  decode: {
    name: 'decode',
    says: 'a code explained field by field',
    notices: 0,
    payments: 0,
    good: isOk,
    prepare: (network, count) =>
      Promise.all(
        times(count, index =>
          network.signed(wallet, '/v1/codes/explain', {
            code: counterCodes[index % counterCodes.length],
          }),
        ),
      ),
  },
  quote: {
    name: 'quote',
    says: 'a code quoted that says everything',
    notices: 0,
    payments: 0,
    good: isOk,
    prepare: (network, count) => quotes(network, count, saidCode),
  },
  askedQuote: {
    name: 'quote, asked for',
    says: 'a code quoted, its acquirer asked',
    notices: 0,
    payments: 0,
    good: isOk,
    prepare: (network, count) => quotes(network, count),
  },
  pay: {
    name: 'MPM pay',
    says: 'a quote paid by one hot wallet',
    notices: 1,
    payments: 1,
    good: isCommitted,
    prepare: (network, count) => payments(network, () => wallet, count),
  },
  many: {
    name: 'MPM pay, all wallets',
    says: 'the same, in turns by every wallet',
    notices: 1,
    payments: 1,
    good: isCommitted,
    prepare: (network, count) =>
      payments(network, index => many[index % many.length] ?? wallet, count),
  },
  charge: {
    name: 'CPM pay',
    says: 'a consumer code charged by a till',
    notices: 1,
    payments: 1,
    good: isCommitted,
    prepare: charges,
  },
  read: {
    name: 'read by id',
    says: 'a payment read from its lane',
    notices: 0,
    payments: 0,
    good: isOk,
    prepare: async (network, count) => {
      const [id] = await paidIds(network, 1)
      return Promise.all(times(count, () => network.signed(wallet, `/v1/payments/${id}`)))
    },
  },
  refund: {
    name: 'refund',
    says: 'a part of a payment given back',
    // The wallet is asked and the acquirer told how it ended.
    notices: 1,
    payments: 0,
    good: isOk,
    prepare: async (network, count) => {
      const ids = await paidIds(network, count)
      return Promise.all(
        ids.map(id =>
          network.signed(acquirer, `/v1/payments/${id}/refunds`, {
            requestId: freshId(),
            amount: { currency: 'CNY', minor: '100' },
          }),
        ),
      )
    },
  },
  mix: {
    name: 'mix',
    says: 'of ten calls 4 quotes, 3 MPM payments, 1 CPM, 2 reads',
    notices: 0.4,
    payments: 0.4,
    good: isOk,
    prepare: async (network, count) => {
      const part = (share: number) => Math.ceil(count * share)
      const [id] = await paidIds(network, 1)
      const lists = [
        await workloads.quote.prepare(network, part(0.4)),
        await payments(network, index => many[index % many.length] ?? wallet, part(0.3)),
        await charges(network, part(0.1)),
        await Promise.all(times(part(0.2), () => network.signed(wallet, `/v1/payments/${id}`))),
      ]
      // In turns, so that every second of the run is a mix.
      const calls: Buffer[] = []
      for (let index = 0; calls.length < count; index += 1) {
        const list = lists[[0, 1, 0, 3, 1, 0, 2, 1, 0, 3][index % 10] ?? 0]
        const call = list?.pop()
        if (call !== undefined) calls.push(call)
        else if (lists.every(each => each.length === 0)) break
      }
      return calls
    },
  },
} as const satisfies Record<string, Workload>

export type WorkloadName = keyof typeof workloads
