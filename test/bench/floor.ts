/** Starts a floor: one tiny Worker in a workerd of its own, asked over a direct socket like the gateway. */
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { bundle } from '../../src/local/bundle.ts'
import { freePorts } from '../../src/local/ports.ts'
import { workerdPids } from './cost.ts'

type WorkerName = 'hello' | 'insert' | 'naive' | 'grouped' | 'sworn' | 'signature' | 'plain-d1'

export interface Floor {
  readonly folder: string
  readonly port: number
  readonly pid: number
  database(): Promise<D1Database>
  stop(): Promise<void>
}

export interface FloorOptions {
  readonly name: WorkerName
  /** Keeps the objects; on disk or on tmpfs, as the caller wants it. */
  readonly folder: string
  readonly bindings?: Readonly<Record<string, string>>
}

export async function startFloor({ name, folder, bindings = {} }: FloorOptions): Promise<Floor> {
  const [port = 0] = await freePorts(1)
  const contents = await bundle(join(import.meta.dirname, `floors/${name}.ts`))
  const before = new Set(workerdPids())
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
      workers: [
        {
          name: `floor-${name}`,
          compatibilityDate: '2026-10-01',
          compatibilityFlags: ['nodejs_compat'],
          modules: [{ type: 'ESModule', path: 'index.js', contents }],
          bindings,
          ...(/insert|naive|grouped|sworn/.test(name)
            ? { durableObjects: { SLOTS: { className: 'Slots', useSQLite: true } } }
            : {}),
          ...(name === 'plain-d1' ? { d1Databases: { DB: 'plain' } } : {}),
          unsafeDirectSockets: [{ host: '127.0.0.1', port }],
        },
      ],
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
    resourcePersistencePath: folder,
  })
  await miniflare.ready
  const pid = workerdPids().find(each => !before.has(each)) ?? 0
  return {
    folder,
    port,
    pid,
    database: () =>
      miniflare.getD1Database('DB', `floor-${name}`) as unknown as Promise<D1Database>,
    stop: () => miniflare.dispose(),
  }
}
