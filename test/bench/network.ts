/** The real gateway under load: one box without its members, whose place the responder takes. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import { bundle } from '../../src/local/bundle.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../../src/local/gateway.ts'
import { BOX_AUDIENCE, startIssuer } from '../../src/local/issuer.ts'
import { boxKeys } from '../../src/local/keys.ts'
import { freePorts } from '../../src/local/ports.ts'
import { startProcesses } from '../../src/local/processes/network.ts'
import { seedDirectory } from '../../src/local/seed.ts'
import { acquirers, providers, wallets } from '../../src/members/cast.ts'
import { type SigningKey, signingKey } from '../../src/trust/keys.ts'
import { signRequest } from '../../src/trust/signature.ts'
import { workerdPids } from './cost.ts'
import type { Billed } from './counted/count.ts'
import { wireOf } from './load.ts'
import { type Responder, startResponder } from './responder.ts'

export interface Network {
  readonly gateway: Gateway
  /** Where everything is kept. */
  readonly folder: string
  readonly port: number
  /** Of the gateway's workerd: edge and centers share one, unless each has its own. */
  readonly pid: number
  readonly pids: readonly number[]
  readonly responder: Responder
  /** The bytes of a request that this member has signed just now. */
  signed(member: string, path: string, content?: object): Promise<Buffer>
  /** Of one of the staff, where there is any. */
  tokenOf(person: string): Promise<string>
  stop(): Promise<void>
}

export interface NetworkOptions {
  readonly folder: string
  /** Hears how much of what the platform bills for was used; makes everything slow. */
  counted?(what: Billed, times: number): void
  /** Edge and centers in operating-system processes of their own. */
  readonly inProcesses?: boolean
  /** With the identity service of the staff. */
  readonly isStaffed?: boolean
  /** Where a profiler reaches the Workers. */
  readonly inspectorPort?: number
}

export async function startNetwork({
  folder,
  counted,
  isStaffed = false,
  inProcesses = false,
  inspectorPort,
}: NetworkOptions): Promise<Network> {
  mkdirSync(folder, { recursive: true })
  const members = [...wallets, ...acquirers]
  const keys = await boxKeys(folder, [...members, ...providers])
  const [port = 0, responderPort = 0] = await freePorts(2)
  const issuer = isStaffed ? await startIssuer(keys.access, 0) : null
  const before = new Set(workerdPids())
  const start = inProcesses ? startDirect : startGateway
  const gateway = await start({
    folder: join(folder, 'gateway'),
    port,
    keys,
    ...(inspectorPort !== undefined && { inspectorPort }),
    ...(issuer && { issuer: { url: issuer.url, audience: BOX_AUDIENCE } }),
    ...(counted && { build: countedBuild, log: (line: string) => hear(line, counted) }),
  })
  const pids = workerdPids().filter(pid => !before.has(pid))
  const responder = await startResponder(keys.members, responderPort)
  const endpoints = members.map(({ id }) => [id, `${responder.url}/${id}`] as const)
  await seedDirectory(await gateway.directory(), keys, Object.fromEntries(endpoints))

  const signing = new Map<string, SigningKey>()
  const keyOf = async (member: string): Promise<SigningKey> => {
    // One of a crowd signs with the key that all of it share.
    const [, model] = /^crowd-\d+-of-(.+)$/.exec(member) ?? []
    if (model !== undefined)
      return { ...(await keyOf(model)), id: `${member}-1`, institution: member }
    const known = signing.get(member)
    if (known !== undefined) return known
    const pair = keys.members[member]
    if (pair === undefined) throw new Error(`${member} is not of the cast`)
    const made = await signingKey(pair)
    signing.set(member, made)
    return made
  }
  return {
    gateway,
    folder,
    port,
    pid: pids[0] ?? 0,
    pids,
    responder,
    async signed(member, path, content) {
      const body =
        content === undefined ? undefined : new TextEncoder().encode(JSON.stringify(content))
      const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' })
      const url = `${gateway.url}${path}`
      const method = body === undefined ? 'GET' : 'POST'
      const by = await keyOf(member)
      await signRequest({ method, url, headers, body: body ?? new Uint8Array() }, by, Date.now())
      return wireOf({ path, headers: Object.fromEntries(headers), ...(body && { body }) }, port)
    },
    async tokenOf(person) {
      const issued = await fetch(`${issuer?.url}/token/${person}`, { method: 'POST' })
      return ((await issued.json()) as { token: string }).token
    },
    async stop() {
      await gateway.stop()
      responder.stop()
      await issuer?.stop()
    },
  }
}

const startDirect = (options: GatewayOptions): Promise<Gateway> =>
  startProcesses({ ...options, direct: true })

function hear(line: string, counted: NonNullable<NetworkOptions['counted']>) {
  if (!line.startsWith('{"count":')) return
  const { count, times }: { count: Billed; times: number } = JSON.parse(line)
  counted(count, times)
}

const countedSql: Plugin = {
  name: 'counted-sql',
  setup: build =>
    build.onResolve({ filter: /\/sql\.ts$/ }, ({ importer }) =>
      importer.includes('/durable-objects/')
        ? { path: join(import.meta.dirname, 'counted/sql.ts') }
        : null,
    ),
}

const countedBuild = (entry: 'edge' | 'center') =>
  bundle(join(import.meta.dirname, `counted/${entry}.ts`), [countedSql])

/** What hangs on the counters of the cast. */
export const counterCodes = acquirers.flatMap(({ merchants }) =>
  merchants.filter(({ refuses }) => refuses === undefined).map(each => each.dynamicCode),
)

let made = 0
/** An id that nobody has used in this run. */
export function freshId(): string {
  made += 1
  return `b-${process.pid}-${made}`
}
