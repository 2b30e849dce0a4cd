/**
 * The gateway on this machine: the edge and every center in one workerd, from the same wrangler.toml that is
 * deployed, with data that outlives the process.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { bundle } from './bundle.ts'
import { openDatabase, sqlWorker } from './database.ts'
import { migrate } from './migrate.ts'
import { buildPages } from './pages.ts'
import { type CenterId, centers, nameOf, root, type Secrets, workersOf } from './workers.ts'

export { type CenterId, centers } from './workers.ts'

export interface GatewayOptions extends Secrets {
  /** Folder that keeps objects, databases and buckets. */
  readonly folder: string
  readonly port: number
  /** Gives the two Workers as one file each; `bundle` of their entries by default. */
  build?(entry: 'edge' | 'center'): Promise<string>
  /** Lines that the Workers log. */
  log?(line: string): void
  /** Where debuggers and profilers reach the Workers; nowhere by default. */
  readonly inspectorPort?: number
}

export interface Gateway {
  readonly url: string
  /** Where there are several edges: the one that a member calls. */
  urlFor?(member: string): string
  directory(): D1Database
  projection(center: CenterId): D1Database
  /** Process id of workerd, to be killed by those who want to see it come back. */
  pid(): number
  stop(): Promise<void>
}

/** Starts the gateway and brings its databases to the newest schema. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { build = bundleOf } = options
  const workers = await workersOf(options)
  const [edge, center] = await Promise.all([build('edge'), build('center'), buildPages()])
  const edgeWorker = workers.edge(edge)
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
      handleStructuredLogs: ({ message }: { message: string }) => options.log?.(message),
      workers: [
        {
          ...edgeWorker,
          serviceBindings: workers.pagesBinding,
          unsafeDirectSockets: [{ host: '127.0.0.1', port: options.port }],
        },
        ...centers.map(id => workers.center(id, center)),
        workers.pages,
        sqlWorker(edgeWorker),
      ],
      unsafeTriggerHandlers: true,
      ...(options.inspectorPort !== undefined && { inspectorPort: options.inspectorPort }),
    } as unknown as Parameters<typeof convertV4MiniflareOptions>[0]),
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

const bundleOf = (entry: 'edge' | 'center') => bundle(join(root, `src/${entry}.ts`))

/** The platform's clock, which miniflare does not wind: the centers state a minute in wrangler.toml. */
const ringCenters = (miniflare: Miniflare): NodeJS.Timeout =>
  setInterval(() => centers.forEach(id => void ring(miniflare, id)), RING_MS).unref()

export const ring = (miniflare: Miniflare, id: CenterId) =>
  miniflare
    .dispatchFetch('http://clock/cdn-cgi/local/scheduled', {
      headers: { 'MF-Route-Override': nameOf(id) },
    })
    // Whoever was not heard is rung again.
    .catch(() => null)

export const RING_MS = 60_000

/** The workerd that this process started: miniflare does not tell, the system does. */
function workerdPid(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  for (const pid of children.trim().split(' ')) {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('workerd')) return Number(pid)
  }
  throw new Error('no workerd runs')
}
