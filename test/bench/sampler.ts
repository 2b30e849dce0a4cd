/** Samples what the Workers of a gateway do, through their inspector, and says of each sample which part of the work it was. */
import { SourceMap } from 'node:module'
import type { Frame } from './parts.ts'

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

/** Microseconds by part. */
export type Sampled = ReadonlyMap<string, number>

/** @param stack the innermost frame first */
type PartOf = (stack: readonly Frame[]) => string

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

export interface Sampling {
  /** Text of each Worker with its source map in it, by what its inspector's name contains. */
  readonly bundles: Readonly<Record<string, string>>
  /** The part that a sample of this Worker belongs to. */
  partOf(stack: readonly Frame[], worker: string): string
}

export async function startSampler(
  port: number,
  { bundles, partOf }: Sampling,
): Promise<readonly Sampler[]> {
  const listed = await fetch(`http://127.0.0.1:${port}/json`)
  const targets = (await listed.json()) as { id: string; webSocketDebuggerUrl: string }[]
  const started = targets.map(async ({ id, webSocketDebuggerUrl }) => {
    const name = Object.keys(bundles).find(each => id.includes(each))
    if (name === undefined) return sample(webSocketDebuggerUrl, nowhere, () => BESIDE)
    return sample(webSocketDebuggerUrl, mapOf(bundles[name] ?? ''), stack => partOf(stack, name))
  })
  return Promise.all(started)
}

async function sample(url: string, map: SourceMap, partOf: PartOf): Promise<Sampler> {
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
      return byPart(result.profile, map, partOf)
    },
  }
}

/** The Workers by which D1 and queues are imitated on one's own machine. */
const BESIDE = 'imitations of D1 and queues'
const nowhere = new SourceMap({ version: 3, sources: [], names: [], mappings: '' } as never)

/** Who waits is no part of the work. */
const IDLE = '(idle)'

function byPart({ nodes, samples, timeDeltas }: Profile, map: SourceMap, partOf: PartOf): Sampled {
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map(each => [each, id])),
  )
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, frameOf(callFrame, map)]))
  const known = new Map<number, string | null>()
  const partAt = (id: number): string | null => {
    const found = known.get(id)
    if (found !== undefined) return found
    const stack: Frame[] = []
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = frames.get(at)
      if (frame !== undefined) stack.push(frame)
    }
    const part = stack[0]?.name === IDLE ? null : partOf(stack)
    known.set(id, part)
    return part
  }
  const sums = new Map<string, number>()
  let [at, run] = [samples[0], 0]
  const count = () => {
    const part = at === undefined || run > WAIT_US ? null : partAt(at)
    if (part !== null) sums.set(part, (sums.get(part) ?? 0) + run)
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

function frameOf(
  { functionName: name, url, lineNumber, columnNumber }: Profile['nodes'][number]['callFrame'],
  map: SourceMap,
): Frame {
  if (name.startsWith('(') || url === '') return { name, file: undefined }
  const entry = map.findEntry(lineNumber, columnNumber)
  if (!('originalSource' in entry) || entry.originalSource === undefined)
    return { name, file: undefined }
  const file = entry.originalSource
    .replace(/^.*node_modules\//, 'node_modules/')
    .replace(/^(?:\.\.\/)+/, '')
  return { name, file }
}

function mapOf(bundle: string): SourceMap {
  const [, packed = ''] = /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(bundle) ?? []
  return new SourceMap(JSON.parse(Buffer.from(packed, 'base64').toString()))
}
