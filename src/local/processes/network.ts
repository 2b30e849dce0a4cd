/**
 * The gateway as it is deployed: every center and every edge in an operating-system process of its own, the
 * directory's database in another, and lines between them that may be cut.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle } from '../bundle.ts'
import { remoteDatabase } from '../database.ts'
import type { Gateway, GatewayOptions } from '../gateway.ts'
import { migrate } from '../migrate.ts'
import { buildPages } from '../pages.ts'
import { freePorts } from '../ports.ts'
import { type CenterId, centers, root } from '../workers.ts'
import type { ProcessSpec, Said } from './spec.ts'
import { type Switchboard, startSwitchboard } from './switchboard.ts'

export interface ProcessesOptions extends GatewayOptions {
  /** Members are spread over so many; the first one has the gateway's port. */
  readonly edges?: number
  /** Calls between centers and edges go straight from process to process: faster, and nothing can be cut. */
  readonly direct?: boolean
  /** Whether each process keeps a file of what its Workers log, in the gateway's folder. */
  readonly logs?: boolean
}

export interface Processes extends Gateway {
  /** Ids of what runs: `directory`, `hk`, `sg`, `fra`, `edge-1`… */
  readonly ids: readonly string[]
  readonly lines: Switchboard
  /** URL of each edge. */
  readonly edges: readonly string[]
  /** Ends a process and its workerd without warning. */
  kill(id: string): Promise<void>
  /** Ends it in order. */
  end(id: string): Promise<void>
  /**
   * Starts it on the data that it had; one that runs ends as soon as the new one is prepared.
   *
   * @param worker a file with another release of its Worker; from then on it starts with that
   * @returns milliseconds until it was ready
   */
  start(id: string, worker?: string): Promise<number>
}

export async function startProcesses(options: ProcessesOptions): Promise<Processes> {
  const { folder, keys, issuer, alertWebhooks = [], edges: count = 1 } = options
  const { direct = false, logs = false } = options
  const edgeIds = Array.from({ length: count }, (_, index) => `edge-${index + 1}`)
  const ids = ['directory', ...centers, ...edgeIds]
  const found = await freePorts(ids.length)
  const ports = new Map(ids.map((id, index) => [id, found[index] ?? 0]))
  ports.set('edge-1', options.port)
  const urlOf = (id: string) => `http://127.0.0.1:${ports.get(id)}`
  const files = await filesOf(options)
  const lines = await startSwitchboard({ ports, database: databaseOf })
  const specs = new Map<string, ProcessSpec>()
  for (const id of ids) {
    const runs = id === 'directory' ? id : edgeIds.includes(id) ? 'edge' : 'center'
    const own = join(folder, id)
    await mkdir(own, { recursive: true })
    specs.set(id, {
      id,
      runs,
      secrets: { keys, alertWebhooks, ...(issuer === undefined ? {} : { issuer }) },
      worker: runs === 'directory' ? null : files[runs],
      door: files.door,
      far: files.far,
      port: ports.get(id) ?? 0,
      folder: own,
      farUrls: Object.fromEntries(
        centers.map(center => [center, direct ? urlOf(center) : lines.farUrl(id, center)]),
      ),
      databaseUrl: lines.databaseUrl(id),
      logFile: logs ? join(folder, `${id}.log`) : null,
      tells: options.log !== undefined,
    })
  }
  const running = new Map<string, ChildProcess>()

  /** Gives what lets it begin, once it is prepared. */
  const prepare = (spec: ProcessSpec): Promise<() => Promise<number>> => {
    // A group of its own, so that it can be killed together with its workerd.
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
    const child = spawn(process.execPath, [CHILD], { detached: true, stdio: [...stdio] })
    child.send(spec)
    return new Promise((prepared, reject) => {
      let isReady = (_ms: number) => {}
      const fail = (why: string) => reject(new Error(`${spec.id} did not start: ${why}`))
      const begin = () =>
        new Promise<number>((resolve, late) => {
          isReady = resolve
          reject = late
          running.set(spec.id, child)
          child.send('begin')
        })
      child.once('exit', () => fail('it ended'))
      child.on('message', (said: Said) => {
        if ('line' in said) options.log?.(said.line)
        else if ('prepared' in said) prepared(begin)
        else if ('ready' in said) isReady(said.ready)
        else fail(said.failed)
      })
    })
  }
  const start = async (id: string, worker?: string): Promise<number> => {
    const known = specs.get(id)
    if (known === undefined) throw new Error(`no process is called ${id}`)
    const spec = worker === undefined ? known : { ...known, worker }
    specs.set(id, spec)
    const begin = await prepare(spec)
    await end(id)
    return begin()
  }
  const ended = async (id: string, end: (child: ChildProcess) => void) => {
    const child = running.get(id)
    if (child === undefined) return
    running.delete(id)
    const gone = once(child, 'exit')
    end(child)
    await gone
  }
  const kill = (id: string) => ended(id, ({ pid = 0 }) => process.kill(-pid, 'SIGKILL'))
  const end = (id: string) => ended(id, child => child.disconnect())

  const directory = () => remoteDatabase(`${urlOf('directory')}/d1/DIRECTORY`)
  const projection = (id: CenterId) => remoteDatabase(`${urlOf(id)}/d1/DB`)
  const stop = async () => {
    await Promise.all([...running.keys()].map(end))
    await lines.stop()
  }
  try {
    // Centers look at the directory as soon as they are there.
    await start('directory')
    await migrate(directory(), join(root, 'migrations/directory'))
    await Promise.all(ids.filter(id => id !== 'directory').map(id => start(id)))
    for (const id of centers) await migrate(projection(id), join(root, 'migrations/center'))
  } catch (error) {
    await stop()
    throw error
  }
  const edges = edgeIds.map(urlOf)
  return {
    url: edges[0] ?? '',
    urlFor: member => edges[placeOf(member) % edges.length] ?? '',
    edges,
    ids,
    lines,
    directory,
    projection,
    pid: () => running.get('hk')?.pid ?? 0,
    kill,
    end,
    start,
    stop,
  }
}

const CHILD = join(import.meta.dirname, 'child.ts')

async function filesOf({ folder, build }: ProcessesOptions) {
  const made = async (name: string, contents: Promise<string>) => {
    const file = join(folder, `${name}.js`)
    await writeFile(file, await contents)
    return file
  }
  const of = (entry: string) => bundle(join(root, 'src', `${entry}.ts`))
  await mkdir(folder, { recursive: true })
  const [edge, center, door, far] = await Promise.all([
    made('edge', build === undefined ? of('edge') : build('edge')),
    made('center', build === undefined ? of('center') : build('center')),
    made('door', of('local/processes/door')),
    made('far', of('local/processes/far')),
    buildPages(),
  ])
  return { edge, center, door, far }
}

/** Whose database keeps a center's anchors, as wrangler.toml says. */
const witnesses: Readonly<Record<string, string>> = { hk: 'sg', sg: 'fra', fra: 'hk' }

function databaseOf(from: string, binding: string) {
  if (binding === 'DIRECTORY') return { process: 'directory', binding }
  if (binding === 'DB') return { process: from, binding }
  if (binding === 'WITNESS') return { process: witnesses[from] ?? '', binding: 'DB' }
  return { process: binding.replace(/^DB_/, '').toLowerCase(), binding: 'DB' }
}

/** Neighbours in the alphabet are members of one kind, so both edges have wallets and acquirers. */
const placeOf = (member: string): number =>
  [...member].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
