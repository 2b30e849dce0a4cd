/**
 * One running network for the stories of a file: gateway, centers and members over real HTTP, on free ports and a
 * folder of its own. What members and gateway say is kept on a tape, so that a story waits for events, never for time.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { changeDirectory, readDirectory, readDirectoryVersion } from '../../src/db/directory.ts'
import {
  type DirectoryChange,
  putEpoch,
  putInstitution,
  putKey,
} from '../../src/db/directory-change.ts'
import { type DirectoryRows, directoryOf } from '../../src/domain/directory.ts'
import type { Institution } from '../../src/domain/institution.ts'
import { paymentIdOf } from '../../src/flows/lanes.ts'
import { type Box, type BoxOptions, startBox } from '../../src/local/box.ts'
import { acquirers } from '../../src/members/cast.ts'
import {
  type Client,
  createClient,
  type Fetch,
  GatewayRefusal,
  type KeySource,
  publishedKeys,
} from '../../src/sdk/index.ts'
import { makeKeyPair, type SigningKey, signingKey } from '../../src/trust/keys.ts'

/** Whatever is waited for comes within seconds; a machine that is busy with something else may take longer. */
const PATIENCE_MS = 30_000

export interface Said {
  readonly by: string
  readonly event: string
  readonly paymentId: string | null
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * Everything that was said, and a way to wait for what has not been said yet. Lines of the gateway's log come by a way
 * of their own: one may arrive behind an answer or a notice that was given after it.
 */
export class Tape {
  readonly said: Said[] = []
  readonly #waiting = new Set<() => void>()

  add(said: Said): void {
    this.said.push(said)
    for (const look of [...this.#waiting]) look()
  }

  all(wanted: Partial<Said>): Said[] {
    const named = Object.entries(wanted)
    return this.said.filter(said => named.every(([name, value]) => said[name as 'by'] === value))
  }

  /** The first that fits, said already or within `patienceMs`. */
  async hear(wanted: Partial<Said>, patienceMs = PATIENCE_MS): Promise<Said> {
    const { promise, resolve, reject } = Promise.withResolvers<Said>()
    const look = () => {
      const [first] = this.all(wanted)
      if (first !== undefined) resolve(first)
    }
    const late = () => reject(new Error(`nobody said ${JSON.stringify(wanted)}`))
    const timer = setTimeout(late, patienceMs)
    this.#waiting.add(look)
    look()
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(look)
    }
  }
}

export interface Network {
  readonly box: Box
  readonly url: string
  readonly tape: Tape
  readonly gatewayKeys: KeySource
  /** Keys that sign, by id: of the whole cast, and those that were made for bad stories. */
  readonly keys: Readonly<Record<string, SigningKey>>
  client(institution: string): Client
  /** The id that this request has or would have. */
  idOf(wallet: string, requestId: string, requestedAt: string): Promise<string>
  /** What the acquirers' books say of a payment; null where none knows it. */
  orderState(paymentId: string): string | null
  /** The directory as it is now, and a change of it. */
  rows(): Promise<DirectoryRows>
  change(...changes: DirectoryChange[]): Promise<void>
}

const DAY_MS = 86_400_000

/** Starts it and sees to it that it stops after the file's last story. */
export async function startNetwork(
  options: Pick<BoxOptions, 'alertWebhooks'> = {},
): Promise<Network> {
  const folder = await mkdtemp(join(tmpdir(), 'opencpg-'))
  const tape = new Tape()
  const box = await startBox({
    ...options,
    folder,
    log: line => hearGateway(tape, line),
    memberLog: (by, event, fields) => {
      const { paymentId = null } = fields as { paymentId?: string }
      tape.add({ by, event, paymentId, fields: { ...fields } })
    },
  })
  afterAll(async () => {
    await box.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const database = box.gateway.directory()
  const change = async (...changes: DirectoryChange[]) => {
    const terms = { now: Date.now(), sandbox: true }
    const write = async () =>
      changeDirectory(database, await readDirectoryVersion(database), changes, terms)
    // Providers and operators write it, too, and who comes second reads it again.
    const done = await until(write, said => said.ok || said.reason !== 'version_moved')
    expect(done).toMatchObject({ ok: true })
  }
  const seeded = directoryOf(await readDirectory(database))
  const extras = await admitExtras(change, seeded.institution('wallet-th')!)
  const keys = { ...(await castKeys(box)), ...extras }
  const gatewayKeys = publishedKeys(box.gateway.url)
  const directory = directoryOf(await readDirectory(database))
  const listening = documented(box.gateway.url)

  return {
    box,
    url: box.gateway.url,
    tape,
    gatewayKeys,
    keys,
    client: institution =>
      createClient({
        gateway: box.gateway.url,
        institution,
        key: keys[`${institution}-1`]!,
        gatewayKeys,
        fetch: listening,
      }),
    async idOf(wallet, requestId, requestedAt) {
      const member = directory.institution(wallet)!
      const id = await paymentIdOf(directory, member, requestId, Date.parse(requestedAt))
      return id ?? 'none'
    },
    orderState(paymentId) {
      const books = [...box.acquirers.values()].map(({ book }) => book.orders.find(paymentId))
      return books.find(row => row !== null)?.state ?? null
    },
    rows: () => readDirectory(database),
    change,
  }
}

interface Described {
  readonly paths: Readonly<
    Record<string, Record<string, { responses: Record<string, { 'x-codes'?: readonly string[] }> }>>
  >
}

/** Every refusal that a story hears must be one of which the call's own description speaks. */
function documented(gateway: string): Fetch {
  const unknown = new Set<string>()
  afterAll(() => expect([...unknown]).toEqual([]))
  let description: Promise<Described> | undefined
  return async (url, init) => {
    const answer = await fetch(url, init)
    if (answer.headers.get('content-type') !== 'application/problem+json') return answer
    const { code } = (await answer.clone().json()) as { code: string }
    description ??= fetch(`${gateway}/openapi.json`).then(said => said.json())
    const { pathname } = new URL(url)
    const method = (init.method ?? 'GET').toLowerCase()
    const [, methods] = Object.entries((await description).paths).find(([path]) =>
      new RegExp(`^${path.replace(/\{\w+\}/g, '(?!cancel$)[^/]+')}$`).test(pathname),
    ) ?? ['', undefined]
    const responses = Object.values(methods?.[method]?.responses ?? {})
    const codes = responses.flatMap(response => response['x-codes'] ?? [])
    if (methods?.[method] && !codes.includes(code)) unknown.add(`${method} ${pathname} ${code}`)
    return answer
  }
}

function hearGateway(tape: Tape, line: string) {
  let fields: Record<string, unknown>
  try {
    fields = JSON.parse(line)
  } catch {
    fields = { line }
  }
  const { event, log, payment = null } = fields as Record<string, string>
  tape.add({ by: 'gateway', event: event ?? log ?? 'line', paymentId: payment ?? null, fields })
}

async function castKeys(box: Box): Promise<Record<string, SigningKey>> {
  const pairs = await Promise.all(Object.values(box.keys.members).map(pair => signingKey(pair)))
  return Object.fromEntries(pairs.map(key => [key.id, key]))
}

/**
 * Keys of the Thai wallet that are not valid now and one that is beside its first, a wallet that is suspended, and an
 * acquirer that is nothing but one. Admitted before the first request, so that the first snapshot has them, and not
 * since long ago, or their lanes would be due to roll, a minute into the story.
 */
async function admitExtras(
  change: Network['change'],
  like: Institution,
): Promise<Record<string, SigningKey>> {
  const now = Date.now()
  const ever = { notBefore: 0, notAfter: now + 1_000 * DAY_MS }
  const wanted = [
    { id: 'wallet-th-expired', institution: 'wallet-th', notBefore: 0, notAfter: now - 1 },
    {
      id: 'wallet-th-early',
      institution: 'wallet-th',
      notBefore: now + DAY_MS,
      notAfter: now + 2 * DAY_MS,
    },
    { id: 'wallet-th-next', institution: 'wallet-th', ...ever },
    { id: 'wallet-off-1', institution: 'wallet-off', ...ever },
    { id: 'acquirer-only-1', institution: 'acquirer-only', ...ever },
  ]
  const made = await Promise.all(
    wanted.map(async ({ id, institution, ...validity }) => {
      const pair = await makeKeyPair(id, institution, 'ed25519')
      const { publicKey, algorithm } = pair
      const row = putKey({ id, institution, publicKey, algorithm, ...validity })
      return { row, key: await signingKey(pair) }
    }),
  )
  await change(
    putInstitution({ ...like, id: 'wallet-off', number: 901, status: 'suspended' }),
    putInstitution({
      ...like,
      id: 'acquirer-only',
      number: 902,
      role: 'acquirer',
      market: 'CN',
      currencies: ['CNY'],
    }),
    putEpoch({ institution: 'wallet-off', epoch: 1, from: now, center: 'hk', lanes: 4 }),
    putEpoch({ institution: 'acquirer-only', epoch: 1, from: now, center: 'hk', lanes: 4 }),
    ...made.map(({ row }) => row),
  )
  return Object.fromEntries(made.map(({ key }) => [key.id, key]))
}

/** The code on a counter of the cast. */
export function codeAt(merchant: string, kind: 'static' | 'dynamic' = 'dynamic'): string {
  const found = acquirers.flatMap(({ merchants }) => merchants).find(({ id }) => id === merchant)
  if (found === undefined) throw new Error(`the cast has no ${merchant}`)
  return kind === 'static' ? found.staticCode : found.dynamicCode
}

let made = 0
/** A request nobody has made before. */
export const newRequest = (name = 'story') => {
  made += 1
  return {
    requestId: `${name}-${made}-${Math.random().toString(36).slice(2, 8)}`,
    requestedAt: new Date().toISOString(),
  }
}

/** The code with which the gateway said no; fails where it did not. */
export async function refusalOf(asked: Promise<unknown>): Promise<string> {
  const said = await asked.then(
    value => ({ value }),
    (error: unknown) => error,
  )
  if (said instanceof GatewayRefusal) return said.code
  throw new Error(`no refusal but ${JSON.stringify(said)} ${said}`)
}

/** Asks again and again until the answer is as wished; gives the last one when patience has ended. */
export async function until<T>(
  ask: () => Promise<T> | T,
  fits: (value: T) => boolean,
  patienceMs = PATIENCE_MS,
  paceMs = 50,
): Promise<T> {
  const end = Date.now() + patienceMs
  for (;;) {
    const value = await ask()
    if (fits(value) || Date.now() >= end) return value
    await new Promise(done => setTimeout(done, paceMs))
  }
}
