/** The network in a box: the gateway and its cast of members, in one process tree, over real HTTP on loopback. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { acquirers, CONTROL_OFFSET, providers, wallets } from '../members/cast.ts'
import { type RunningProvider, startProvider } from '../members/provider.ts'
import {
  type RunningAcquirer,
  type RunningWallet,
  startAcquirer,
  startWallet,
} from '../members/run.ts'
import { type ClientOptions, publishedKeys } from '../sdk/index.ts'
import { type Gateway, type GatewayOptions, startGateway } from './gateway.ts'
import { BOX_AUDIENCE, startIssuer } from './issuer.ts'
import { type BoxKeys, boxKeys } from './keys.ts'
import { freePorts } from './ports.ts'
import { seedDirectory } from './seed.ts'

export interface BoxOptions {
  /** Where everything is kept; another start on the same folder goes on where this one ended. */
  readonly folder: string
  /** Gateway port; members listen above it. Left out, every port is one that is free. */
  readonly port?: number
  /** Endpoints that hear of alerts. */
  readonly alertWebhooks?: readonly string[]
  /** Heard while the box starts. */
  progress?(step: string): void
  /** Lines that the gateway logs. */
  log?(line: string): void
  /** How long members ask the gateway again before they take an outcome for unknown. */
  readonly retry?: ClientOptions['retry']
  /** Lines that the members log. */
  memberLog?(member: string, event: string, fields: object): void
}

export interface Box<Started extends Gateway = Gateway> {
  readonly gateway: Started
  readonly keys: BoxKeys
  /** Where the staff's tokens come from. */
  readonly issuerUrl: string
  readonly wallets: ReadonlyMap<string, RunningWallet>
  readonly acquirers: ReadonlyMap<string, RunningAcquirer>
  readonly providers: ReadonlyMap<string, RunningProvider>
  stop(): Promise<void>
}

/** A member's port is the gateway's plus this and its own offset in the cast. */
export const MEMBERS_ABOVE = 100
/** The identity service's port is the gateway's plus this: tokens name it, and must outlive a restart. */
const ISSUER_ABOVE = 50

export function startBox(options: BoxOptions): Promise<Box> {
  return startBoxWith(options, startGateway)
}

/** The same around a gateway that is started otherwise. */
export async function startBoxWith<Started extends Gateway>(
  options: BoxOptions,
  start: (options: GatewayOptions) => Promise<Started>,
): Promise<Box<Started>> {
  const { folder, progress = () => undefined } = options
  progress('keys')
  const keys = await boxKeys(folder, [...wallets, ...acquirers, ...providers])
  const dataDir = join(folder, 'members')
  await mkdir(dataDir, { recursive: true })
  const serving = [...wallets, ...acquirers]
  const ports = await portsOf(options.port, serving)

  const issuer = await startIssuer(keys.access, ports.issuer)
  progress('gateway: edge and centers hk, sg, fra')
  const gateway = await start({
    folder: join(folder, 'gateway'),
    port: ports.gateway,
    keys,
    issuer: { url: issuer.url, audience: BOX_AUDIENCE },
    alertWebhooks: options.alertWebhooks ?? [],
    ...(options.log === undefined ? {} : { log: options.log }),
  })
  const member = (id: string) => {
    // A provider only calls, so it has no port.
    const [port = 0, controlPort = 0] = ports.members.get(id) ?? []
    const keyPair = keys.members[id]
    if (keyPair === undefined) throw new Error(`${id} is not of the cast`)
    const gatewayUrl = gateway.urlFor?.(id) ?? gateway.url
    return {
      port,
      controlPort,
      dataDir,
      gatewayUrl,
      gatewayKeys: publishedKeys(gatewayUrl),
      keyPair,
      ...(options.retry === undefined ? {} : { retry: options.retry }),
      log: (event: string, fields: object) => options.memberLog?.(id, event, fields),
    }
  }

  progress(`members: ${serving.map(({ id }) => id).join(', ')}`)
  const runningWallets = await startAll(wallets, entry => startWallet(entry, member(entry.id)))
  const runningAcquirers = await startAll(acquirers, entry =>
    startAcquirer(entry, member(entry.id)),
  )
  const runningProviders = await startAll(providers, ({ id }) => startProvider(id, member(id)))
  const running = [...runningWallets.values(), ...runningAcquirers.values()]

  progress('directory')
  const endpoints = Object.fromEntries(running.map(({ id, url }) => [id, url]))
  await seedDirectory(gateway.directory(), keys, endpoints)

  return {
    gateway,
    keys,
    issuerUrl: issuer.url,
    wallets: runningWallets,
    acquirers: runningAcquirers,
    providers: runningProviders,
    async stop() {
      for (const provider of runningProviders.values()) provider.stop()
      // Members last: the gateway may still have duties to deliver while it stops.
      await gateway.stop()
      await Promise.all([issuer, ...running].map(each => each.stop()))
    },
  }
}

async function startAll<Entry extends { readonly id: string }, Running>(
  entries: readonly Entry[],
  start: (entry: Entry) => Promise<Running>,
): Promise<Map<string, Running>> {
  const started = await Promise.all(
    entries.map(async entry => [entry.id, await start(entry)] as const),
  )
  return new Map(started)
}

async function portsOf(
  port: number | undefined,
  members: readonly { readonly id: string; readonly portOffset: number }[],
) {
  if (port !== undefined) {
    const at = (offset: number) => port + MEMBERS_ABOVE + offset
    return {
      gateway: port,
      issuer: port + ISSUER_ABOVE,
      members: new Map(
        members.map(({ id, portOffset }) => [
          id,
          [at(portOffset), at(portOffset) + CONTROL_OFFSET],
        ]),
      ),
    }
  }
  // A member that is down for a while must find its port again, so it has none of those that outgoing connections take.
  const [gateway = 0, ...found] = await freePorts(1 + 2 * members.length)
  const taken = members.map(({ id }, at) => [id, found.slice(2 * at, 2 * at + 2)] as const)
  // The identity service takes one as it begins to listen, and never leaves it.
  return { gateway, issuer: 0, members: new Map(taken) }
}
