/** Samples what the Workers of a gateway do, through their inspector, and says of each sample which file it was in. */
import { SourceMap } from 'node:module'

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
      readonly columnNumber: number
    }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[]
}

/** Microseconds by file, as it is in the repository or below `node_modules`; names in brackets are of V8 itself. */
export type Sampled = ReadonlyMap<string, number>

export interface Sampler {
  stop(): Promise<Sampled>
}

/** Fine enough for calls of a fifth of a millisecond, and a hundredth of the time. */
const INTERVAL_US = 200

/**
 * A Worker with nothing to do goes on to be sampled where it was last. Nothing of ours is busy in one place for so long
 * without a break, so whoever seems to be is waiting.
 */
const WAIT_US = 3_000

/** @param bundles text of each Worker with its source map in it, by what its inspector's name contains */
export async function startSampler(
  port: number,
  bundles: Readonly<Record<string, string>>,
): Promise<readonly Sampler[]> {
  const listed = await fetch(`http://127.0.0.1:${port}/json`)
  const targets = (await listed.json()) as { id: string; webSocketDebuggerUrl: string }[]
  const started = targets.map(async ({ id, webSocketDebuggerUrl }) => {
    const name = Object.keys(bundles).find(each => id.includes(each))
    return sample(webSocketDebuggerUrl, name === undefined ? null : mapOf(bundles[name] ?? ''))
  })
  return Promise.all(started)
}

/** @param map null for a Worker that is none of ours: all of it counts as `BESIDE` */
async function sample(url: string, map: SourceMap | null): Promise<Sampler> {
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  let asked = 0
  const waiting = new Map<number, (answer: { result: { profile?: Profile } }) => void>()
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(`${data}`)
    waiting.get(answer.id)?.(answer)
  })
  const ask = (method: string, params = {}) =>
    new Promise<{ result: { profile?: Profile } }>(resolve => {
      asked += 1
      waiting.set(asked, resolve)
      socket.send(JSON.stringify({ id: asked, method, params }))
    })
  await ask('Profiler.enable')
  await ask('Profiler.setSamplingInterval', { interval: INTERVAL_US })
  await ask('Profiler.start')
  return {
    async stop() {
      const { result } = await ask('Profiler.stop')
      socket.close()
      if (result.profile === undefined) throw new Error('the inspector gave no profile')
      return map === null ? beside(result.profile) : byFile(result.profile, map)
    },
  }
}

/** The Workers by which D1 and queues are imitated on one's own machine. */
export const BESIDE = '(beside)'

function beside(profile: Profile): Sampled {
  const files = byFile(
    profile,
    new SourceMap({ version: 3, sources: [], names: [], mappings: '' } as never),
  )
  const busy = [...files].filter(([file]) => file !== '(idle)')
  return new Map([[BESIDE, busy.reduce((sum, [, micros]) => sum + micros, 0)]])
}

/** What is native is counted for the file that called it. */
function byFile({ nodes, samples, timeDeltas }: Profile, map: SourceMap): Sampled {
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map(each => [each, id])),
  )
  const known = new Map<number, string>()
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const fileOf = (id: number): string => {
    const found = known.get(id)
    if (found !== undefined) return found
    const frame = frames.get(id)
    const own = frame === undefined ? '(root)' : sourceOf(frame, map)
    const parent = parents.get(id)
    const file = own ?? (parent === undefined ? '(root)' : fileOf(parent))
    known.set(id, file)
    return file
  }
  const sums = new Map<string, number>()
  let [at, run] = [samples[0], 0]
  const count = () => {
    if (at === undefined || run > WAIT_US) return
    const file = fileOf(at)
    sums.set(file, (sums.get(file) ?? 0) + run)
  }
  samples.forEach((id, place) => {
    if (id !== at) {
      count()
      at = id
      run = 0
    }
    run += timeDeltas[place] ?? 0
  })
  count()
  return sums
}

function sourceOf(
  { functionName, url, lineNumber, columnNumber }: Profile['nodes'][number]['callFrame'],
  map: SourceMap,
): string | undefined {
  if (functionName.startsWith('(')) return functionName
  if (url === '') return undefined
  const entry = map.findEntry(lineNumber, columnNumber)
  if (!('originalSource' in entry) || entry.originalSource === undefined) return undefined
  return entry.originalSource
    .replace(/^.*node_modules\//, 'node_modules/')
    .replace(/^(?:\.\.\/)+/, '')
}

function mapOf(bundle: string): SourceMap {
  const [, packed = ''] = /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(bundle) ?? []
  return new SourceMap(JSON.parse(Buffer.from(packed, 'base64').toString()))
}
