/** Starts a member of the cast: its book, its server on loopback, its control port. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import {
  type Client,
  type ClientOptions,
  createClient,
  createReceiver,
  type GatewayKeys,
  type Handlers,
} from '../sdk/index.ts'
import { makeKeyPair, type StoredKeyPair, signingKey } from '../trust/keys.ts'
import { type Acquirer, createAcquirer } from './acquirer.ts'
import { type Book, openBook } from './book.ts'
import { type AcquirerEntry, CONTROL_OFFSET, type WalletEntry } from './cast.ts'
import { controlOf } from './control.ts'
import { createFaults, type Faults } from './faults.ts'
import type { Log } from './log.ts'
import { answerWith, flipped, garbled, type Selves } from './misbehave.ts'
import { serve } from './server.ts'
import { createWallet, type Wallet } from './wallet.ts'

export interface MemberOptions {
  /** 0 for any that is free. */
  readonly port: number
  /** By default the port and `CONTROL_OFFSET`. */
  readonly controlPort?: number
  /** Folder of the books; null keeps the book in memory. */
  readonly dataDir: string | null
  readonly gatewayUrl: string
  readonly gatewayKeys: GatewayKeys
  readonly keyPair: StoredKeyPair
  readonly log?: Log
  readonly now?: () => number
  readonly pause?: (ms: number) => Promise<void>
  /** How long it asks the gateway again before it takes an outcome for unknown. */
  readonly retry?: ClientOptions['retry']
  /** How often a wallet asks about holds that still wait, milliseconds; 0 for never. */
  readonly settleEveryMs?: number
}

interface Running {
  readonly id: string
  /** What the directory calls its endpoint. */
  readonly url: string
  readonly controlUrl: string
  readonly book: Book
  readonly faults: Faults
  stop(): Promise<void>
}

export interface RunningWallet extends Running {
  readonly wallet: Wallet
}

export interface RunningAcquirer extends Running {
  readonly acquirer: Acquirer
  /** Signs as the acquirer. */
  readonly client: Client
}

const SETTLE_EVERY_MS = 15_000
const newId = (prefix: string): string => `${prefix}-${randomUUID()}`

export async function startWallet(
  entry: WalletEntry,
  options: MemberOptions,
): Promise<RunningWallet> {
  const { gatewayKeys, log = () => {}, now = Date.now } = options
  const client = await clientOf(entry.id, options)
  const book = bookOf(entry.id, options)
  const wallet = createWallet({
    client,
    holds: book.holds,
    refunds: book.refunds,
    gatewayKeys,
    log,
    now,
    newId,
  })
  const running = await startMember(entry.id, options, book, wallet)
  const stopSettling = every(options.settleEveryMs ?? SETTLE_EVERY_MS, wallet.settleOpen)
  return {
    ...running,
    wallet,
    async stop() {
      stopSettling()
      await running.stop()
    },
  }
}

export async function startAcquirer(
  entry: AcquirerEntry,
  options: MemberOptions,
): Promise<RunningAcquirer> {
  const { gatewayKeys, log = () => {}, now = Date.now } = options
  const book = bookOf(entry.id, options)
  const client = await clientOf(entry.id, options)
  const { orders } = book
  const acquirer = createAcquirer({ client, entry, orders, gatewayKeys, log, now, newId })
  return { ...(await startMember(entry.id, options, book, acquirer)), acquirer, client }
}

async function clientOf(institution: string, options: MemberOptions): Promise<Client> {
  const { gatewayUrl, gatewayKeys, keyPair, now = Date.now, pause, retry } = options
  return createClient({
    gateway: gatewayUrl,
    institution,
    key: await signingKey(keyPair),
    gatewayKeys,
    now,
    ...(pause === undefined ? {} : { pause }),
    ...(retry === undefined ? {} : { retry }),
  })
}

const bookOf = (id: string, { dataDir }: MemberOptions): Book =>
  openBook(dataDir === null ? ':memory:' : join(dataDir, `${id}.db`))

/** What is served of a member: itself, and itself when it refuses. */
interface Part {
  readonly handlers: Handlers
  refusing(code: string): Handlers
}

async function startMember(
  id: string,
  options: MemberOptions,
  book: Book,
  part: Part,
): Promise<Running> {
  const { port, controlPort = port === 0 ? 0 : port + CONTROL_OFFSET } = options
  const pause = options.pause ?? (ms => new Promise(resolve => setTimeout(resolve, ms)))
  const faults = createFaults(down => (down ? serving.refuse() : serving.admit()))
  let selves: Selves
  const serving = await serve(request => {
    const { pathname } = new URL(request.url)
    const traceparent = request.headers.get('traceparent')
    if (traceparent !== null) options.log?.('asked', { path: pathname, traceparent })
    return answerWith(faults.take(pathname), request, selves, pause)
  }, port)
  selves = await selvesOf(id, serving.url, options, part)
  const control = await serve(controlOf(faults), controlPort)
  return {
    id,
    url: serving.url,
    controlUrl: control.url,
    book,
    faults,
    async stop() {
      await Promise.all([serving.stop(), control.stop()])
      book.close()
    },
  }
}

/** @param origin where the gateway knows the member: a request signed for another one is not taken */
async function selvesOf(
  id: string,
  origin: string,
  { keyPair, gatewayKeys, log, now = Date.now }: MemberOptions,
  { handlers, refusing }: Part,
): Promise<Selves> {
  const key = await signingKey(keyPair)
  const strange = await signingKey(await makeKeyPair(keyPair.id, id, keyPair.algorithm))
  const as = (self: Handlers, signer = key) =>
    createReceiver({
      institution: id,
      key: signer,
      gatewayKeys,
      origin,
      handlers: self,
      now,
      failed: (question, error) => log?.('failed', { question, error: String(error) }),
    })
  return {
    honest: as(handlers),
    stranger: as(handlers, strange),
    garbling: as(garbled(handlers)),
    flipping: as(flipped(handlers)),
    refusing: code => as(refusing(code)),
  }
}

/** Runs a task again and again, each time after the last has ended; gives what stops it, also in the middle of one. */
function every(paceMs: number, task: () => Promise<unknown>): () => void {
  if (paceMs === 0) return () => {}
  let timer: NodeJS.Timeout
  let isStopped = false
  const once = async () => {
    try {
      await task()
    } catch (error) {
      // Its book may have been closed under it.
      if (!isStopped) throw error
    }
    if (!isStopped) next()
  }
  const next = () => {
    timer = setTimeout(once, paceMs)
    timer.unref()
  }
  next()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
