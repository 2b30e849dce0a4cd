/**
 * The gateway on this machine: the edge and every center in one workerd, from the same wrangler.toml that is
 * deployed, with data that outlives the process.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { bundle } from './bundle.ts'
import { openDatabase, sqlWorker } from './database.ts'
import type { BoxKeys } from './keys.ts'
import { migrate } from './migrate.ts'
import { buildPages } from './pages.ts'

export const centers = ['hk', 'sg', 'fra'] as const
export type CenterId = (typeof centers)[number]

const root = join(import.meta.dirname, '../..')
const EDGE = 'opencpg-edge'
const PAGES = 'opencpg-pages'

export interface GatewayOptions {
  /** Folder that keeps objects, databases and buckets. */
  readonly folder: string
  readonly port: number
  readonly keys: BoxKeys
  /** The identity service of the staff; left out, nobody gets in. */
  readonly issuer?: { readonly url: string; readonly audience: string }
  /** Endpoints that hear of alerts. */
  readonly alertWebhooks?: readonly string[]
  /** Gives the two Workers as one file each; `bundle` of their entries by default. */
  build?(entry: 'edge' | 'center'): Promise<string>
  /** Lines that the Workers log. */
  log?(line: string): void
}

export interface Gateway {
  readonly url: string
  directory(): D1Database
  projection(center: CenterId): D1Database
  /** Process id of workerd, to be killed by those who want to see it come back. */
  pid(): number
  stop(): Promise<void>
}

/** Starts the gateway and brings its databases to the newest schema. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  // Traces and the explorer of local development cost half the speed and nobody looks at them here.
  process.env.X_LOCAL_OBSERVABILITY = 'false'
  process.env.X_LOCAL_EXPLORER = 'false'
  // Bindings differ between edge and centers on purpose; the warning about it is for projects of one kind.
  process.env.WRANGLER_LOG = 'error'
  const { unstable_getMiniflareWorkerOptions: workerOptions } = await import('wrangler')
  const { build = entry => bundle(join(root, `src/${entry}.ts`)) } = options
  const [edge, center] = await Promise.all([build('edge'), build('center'), buildPages()])
  const secrets = {
    ENVIRONMENT: 'sandbox',
    GATEWAY_KEYS: JSON.stringify(options.keys.gateway),
    SEAL_KEYS: JSON.stringify(options.keys.seals),
    PERSON_KEYS: JSON.stringify(options.keys.persons),
    ALERT_WEBHOOKS: JSON.stringify(options.alertWebhooks ?? []),
    ...(options.issuer === undefined
      ? {}
      : { ACCESS_ISSUER: options.issuer.url, ACCESS_AUDIENCE: options.issuer.audience }),
  }
  const optionsOf = (environment?: string) =>
    workerOptions(join(root, 'wrangler.toml'), environment).workerOptions
  const worker = (name: string, environment: string | undefined, contents: string) => {
    const { modulesRules: _, assets: __, bindings, ...rest } = optionsOf(environment)
    const modules = [{ type: 'ESModule' as const, path: 'index.js', contents }]
    return { ...rest, name, modules, bindings: { ...(bindings as object), ...secrets } }
  }
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
      handleStructuredLogs: ({ message }: { message: string }) => options.log?.(message),
      workers: [
        {
          ...worker(EDGE, undefined, edge),
          serviceBindings: { PAGES },
          unsafeDirectSockets: [{ host: '127.0.0.1', port: options.port }],
        },
        ...centers.map(id => worker(`opencpg-${id}`, id, center)),
        pagesWorker(optionsOf() as object),
        sqlWorker(optionsOf() as object),
      ],
      unsafeTriggerHandlers: true,
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
    resourcePersistencePath: options.folder,
  })
  await miniflare.ready

  const directory = () => openDatabase(miniflare, 'DIRECTORY')
  const projection = (id: CenterId) => openDatabase(miniflare, `DB_${id.toUpperCase()}`)
  await migrate(directory(), join(root, 'migrations/directory'))
  for (const id of centers) await migrate(projection(id), join(root, 'migrations/center'))

  const bell = ringCenters(miniflare)
  await Promise.all(centers.map(id => ring(miniflare, id)))

  return {
    url: `http://127.0.0.1:${options.port}`,
    directory,
    projection,
    pid: workerdPid,
    async stop() {
      clearInterval(bell)
      await miniflare.dispose()
    },
  }
}

/**
 * The pages beside the edge instead of before it: miniflare's imitation of the platform's asset servers takes three
 * quarters of the speed of whatever passes through it. The edge asks them for what it does not know itself.
 */
const pagesWorker = (edge: { compatibilityDate?: unknown; assets?: unknown }) => ({
  name: PAGES,
  compatibilityDate: edge.compatibilityDate,
  assets: edge.assets,
  modules: [
    {
      type: 'ESModule',
      path: 'index.js',
      contents: 'export default { fetch: () => new Response(null, { status: 404 }) }',
    },
  ],
})

/** The platform's clock, which miniflare does not wind: the centers state a minute in wrangler.toml. */
const ringCenters = (miniflare: Miniflare): NodeJS.Timeout =>
  setInterval(() => centers.forEach(id => void ring(miniflare, id)), RING_MS).unref()

const ring = (miniflare: Miniflare, id: CenterId) =>
  miniflare
    .dispatchFetch('http://clock/cdn-cgi/local/scheduled', {
      headers: { 'MF-Route-Override': `opencpg-${id}` },
    })
    // Whoever was not heard is rung again.
    .catch(() => null)

const RING_MS = 60_000

/** The workerd that this process started: miniflare does not tell, the system does. */
function workerdPid(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  for (const pid of children.trim().split(' ')) {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('workerd')) return Number(pid)
  }
  throw new Error('no workerd runs')
}
