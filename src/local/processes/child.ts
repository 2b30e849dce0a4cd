/** One process of the gateway: an edge, a center, or the directory's database, in a workerd of its own. */
import { once } from 'node:events'
import { appendFileSync, readFileSync } from 'node:fs'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { RING_MS, ring } from '../gateway.ts'
import {
  type CenterId,
  centers,
  moduleOf,
  nameOf,
  type WorkerOptions,
  workersOf,
} from '../workers.ts'
import type { ProcessSpec, Said } from './spec.ts'

/** Of every center, each bound under its name in capitals. */
const classes = ['Lane', 'Codebook', 'Monitor', 'Institution', 'Person', 'Sentinel'] as const
const HOST = '127.0.0.1'

const say = (said: Said) => process.send?.(said)
let miniflare: Miniflare | undefined

process.once('message', (spec: ProcessSpec) => {
  start(spec).catch(error => {
    say({ failed: String(error) })
    process.exit(1)
  })
})
// Nobody shall outlive who started it.
process.once('disconnect', async () => {
  await miniflare?.dispose().catch(() => null)
  process.exit(0)
})

async function start(spec: ProcessSpec) {
  const workers = await workersFor(spec)
  const told = once(process, 'message')
  say({ prepared: true })
  await told
  const began = performance.now()
  const { logFile, tells } = spec
  miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host: HOST,
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
      handleStructuredLogs: ({ message }: { message: string }) => {
        if (logFile !== null) appendFileSync(logFile, `${Date.now()} ${message}\n`)
        if (tells) say({ line: message })
      },
      workers,
      unsafeTriggerHandlers: true,
    } as unknown as Parameters<typeof convertV4MiniflareOptions>[0]),
    resourcePersistencePath: spec.folder,
  })
  await miniflare.ready
  if (spec.runs === 'center') await wind(miniflare, spec.id as CenterId)
  say({ ready: Math.round(performance.now() - began) })
}

/** The platform's clock. */
async function wind(clock: Miniflare, id: CenterId) {
  setInterval(() => void ring(clock, id), RING_MS)
  await ring(clock, id)
}

async function workersFor(spec: ProcessSpec): Promise<readonly WorkerOptions[]> {
  const workers = await workersOf(spec.secrets)
  const others = centers.filter(id => id !== spec.id).map(id => farWorker(id, spec))
  const contents = spec.worker === null ? '' : readFileSync(spec.worker, 'utf8')
  const sockets = { unsafeDirectSockets: [{ host: HOST, port: spec.port }] }
  const door = {
    name: 'opencpg-door',
    modules: moduleOf(readFileSync(spec.door, 'utf8')),
    ...sockets,
  }
  switch (spec.runs) {
    case 'edge': {
      const edge = remote(workers.edge(contents), spec)
      return [
        { ...edge, serviceBindings: workers.pagesBinding, ...sockets },
        workers.pages,
        ...others,
      ]
    }
    case 'center': {
      const id = spec.id as CenterId
      const center = workers.center(id, contents)
      const { queueProducers, compatibilityDate, d1Databases } = center
      const { DB } = d1Databases as Record<string, unknown>
      const own = classes.map(name => [
        name.toUpperCase(),
        { className: name, scriptName: nameOf(id) },
      ])
      return [
        {
          ...remote(center, spec),
          queueProducers: {},
          // Its own queue too is a part of the platform that may be away.
          serviceBindings: { EVENTS: { name: SELF, entrypoint: 'Events' } },
        },
        {
          ...door,
          compatibilityDate,
          queueProducers,
          d1Databases: { DB },
          durableObjects: Object.fromEntries(own),
        },
        { ...farWorker(id, spec), name: SELF },
        ...others,
      ]
    }
    case 'directory': {
      const { compatibilityDate, d1Databases } = workers.edge('')
      const { DIRECTORY } = d1Databases as Record<string, unknown>
      return [{ ...door, compatibilityDate, d1Databases: { DIRECTORY } }]
    }
  }
}

const SELF = 'opencpg-self'

/** With databases that are elsewhere. */
function remote(worker: WorkerOptions, { databaseUrl }: ProcessSpec): WorkerOptions {
  const remoteProxyConnectionString = new URL(databaseUrl)
  const d1Databases = Object.fromEntries(
    Object.entries(worker.d1Databases as Record<string, string | { readonly id: string }>).map(
      ([name, database]) => {
        const id = typeof database === 'string' ? database : database.id
        return [name, { id, remoteProxyConnectionString }]
      },
    ),
  )
  return { ...worker, d1Databases }
}

const farWorker = (id: CenterId, { far, farUrls }: ProcessSpec): WorkerOptions => ({
  name: nameOf(id),
  compatibilityDate: '2026-10-01',
  modules: moduleOf(readFileSync(far, 'utf8')),
  bindings: { FAR: farUrls[id] },
  durableObjects: Object.fromEntries(classes.map(name => [name.toUpperCase(), name])),
})
