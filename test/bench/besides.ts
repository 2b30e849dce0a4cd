/**
 * The same beside the same with one thing changed: payments while two hundred people watch the center's monitor, and
 * payments and floors with their data in memory. In turns, because a machine drifts; ratios are of neighbours.
 */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { startAudience } from './audience.ts'
import { type Floors, startFloors } from './floors.ts'
import { type Measured, measure } from './measure.ts'
import { type Network, startNetwork } from './network.ts'
import type { Extreme } from './report.ts'
import type { Rows } from './rows.ts'
import { workloads } from './workloads.ts'

const ROUNDS = 2
const SECONDS = 2
const CONNECTIONS = 32
const WATCHERS = 200
/** Where the hot wallet of the workload is at home. */
const CENTER = 'sg'
const MEMORY = '/dev/shm'
/** Floors and gateway write less than half of it. */
const MEMORY_BYTES = 1e9

type Finding = Omit<Extreme, 'name'>
type Pair = readonly [plain: Measured, changed: Measured]

/** @param network one with staff */
export async function watched(network: Network, rows: Rows): Promise<Finding> {
  const token = await network.tokenOf('viet')
  const headers = { 'cf-access-jwt-assertion': token, 'cpg-ops': 'bench' }
  const audience = await startAudience(network.port, `/ops/v1/live?center=${CENTER}`, headers)
  try {
    const pairs: Pair[] = []
    let [alive, messages] = [WATCHERS, 0]
    for (let round = 0; round < ROUNDS; round += 1) {
      const plain = await pay(network, rows, 'pay')
      await audience.come(WATCHERS)
      pairs.push([plain, await pay(network, rows, `pay, ${WATCHERS} watch`)])
      const heard = await audience.report()
      alive = Math.min(alive, heard.alive)
      messages += heard.messages
      await audience.leave()
    }
    const stayed = `${alive} of ${WATCHERS} stayed and heard ${messages} messages`
    return { figures: { pairs, alive, messages }, says: [`pay ${ratios(pairs)}; ${stayed}`] }
  } finally {
    audience.stop()
  }
}

/** The reason why nothing can be kept in memory here; null where it can. */
function noMemory(): string | null {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize < MEMORY_BYTES ? `${MEMORY} has less than a gigabyte left` : null
  } catch {
    return `there is no ${MEMORY}`
  }
}

const inMemoryToo = ['naive', 'grouped', 'sworn'] as const

/** Beside what is on disk. */
export async function inMemory(floors: Floors, network: Network, rows: Rows): Promise<Finding> {
  const reason = noMemory()
  if (reason !== null) return { figures: null, says: [`left out: ${reason}`] }
  const folder = mkdtempSync(join(MEMORY, 'opencpg-bench-'))
  const stops: (() => Promise<void>)[] = []
  try {
    const others = await startFloors(join(folder, 'floors'), inMemoryToo)
    stops.push(others.stop)
    const other = await startNetwork({ folder: join(folder, 'network') })
    stops.push(other.stop)
    await warm(other, 400)
    const pairs = new Map<string, Pair[]>()
    const keep = (name: string, pair: Pair) => pairs.set(name, [...(pairs.get(name) ?? []), pair])
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of inMemoryToo) {
        const plain = await floors.measure(name, CONNECTIONS, SECONDS)
        rows.keep(name, CONNECTIONS, plain)
        const changed = await others.measure(name, CONNECTIONS, SECONDS)
        rows.keep(`${name}, in memory`, CONNECTIONS, changed)
        keep(name, [plain, changed])
      }
      keep('pay', [await pay(network, rows, 'pay'), await pay(other, rows, 'pay, in memory')])
    }
    return {
      figures: Object.fromEntries(pairs),
      says: [...pairs].map(([name, list]) => `${name} ${ratios(list)}`),
    }
  } finally {
    for (const stop of stops) await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function pay(network: Network, rows: Rows, name: string): Promise<Measured> {
  const count = rows.atHand('pay', CONNECTIONS, SECONDS, 450)
  const calls = await workloads.pay.prepare(network, count)
  const load = { connections: CONNECTIONS, seconds: SECONDS }
  const run = await measure(network, workloads.pay, load, calls)
  rows.keep(name, CONNECTIONS, run)
  return run
}

/** Code that is new to V8 runs several times slower than code it has compiled. */
export async function warm(network: Network, payments: number) {
  const calls = await workloads.pay.prepare(network, payments)
  await measure(network, workloads.pay, { connections: CONNECTIONS, seconds: 30 }, calls)
}

function ratios(pairs: readonly Pair[]): string {
  const of = (pick: (run: Measured) => number) =>
    pairs.map(([plain, changed]) => (pick(changed) / pick(plain)).toFixed(2)).join(' and ')
  return `${of(run => run.perSecond)} as many a second, p50 ${of(run => run.p50)}`
}
