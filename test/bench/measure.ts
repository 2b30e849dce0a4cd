/** One run of load and what it cost. */
import { cpuMicros } from './cost.ts'
import { diskOf } from './disk.ts'
import type { Floor } from './floor.ts'
import { closedLoop, openLoop, quantile, type Ran, type Reply } from './load.ts'
import type { Network } from './network.ts'
import type { Workload } from './workloads.ts'

export interface Measured {
  readonly perSecond: number
  /** Of all that were begun, those that ended well. */
  readonly good: number
  readonly failed: number
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** CPU of the gateway's workerds for each good one, with all that it still does after the answer. */
  readonly cpuMicros: number
  /** CPU of the members' process. */
  readonly responderMicros: number
  /** Seconds until the last of it was told and stored, after the load had ended. */
  readonly backlogSeconds: number
  /** Of the disk, by whatever runs on the machine; null where the data is on none, or it counts none. */
  readonly flushes: number | null
}

const pause = (ms: number) => new Promise(done => setTimeout(done, ms))
/** What is not settled by then is not counted. */
const SETTLE_MS = 30_000

/**
 * Closed loop when `rate` is left out, else Poisson arrivals at that rate.
 *
 * @param acquirer of all payments of this load, where other payments are under way beside it
 */
export async function measure(
  network: Network,
  workload: Workload,
  load: { readonly connections: number; readonly seconds: number; readonly rate?: number },
  calls: { pop(): Buffer | undefined },
  acquirer?: string,
): Promise<Measured> {
  const { port, responder, pids } = network
  const used = () => pids.reduce((sum, pid) => sum + cpuMicros(pid), 0)
  const flushes = flushesFrom(network.folder)
  const settled = () => settledOf(network, acquirer)
  const first = await settled()
  const [before, responderBefore] = [used(), cpuMicros(responder.pid)]
  const next = () => calls.pop()
  const good = (reply: Reply) => workload.good(reply)
  const ran =
    load.rate === undefined
      ? await closedLoop(port, load.connections, load.seconds, next, good)
      : await openLoop(port, load.rate, load.seconds, next, Math.random, good)
  const ended = performance.now()
  let completed = completedOf(workload, first, await settled(), ran.good)
  while (completed < ran.good && performance.now() - ended < SETTLE_MS) {
    await pause(100)
    completed = completedOf(workload, first, await settled(), ran.good)
  }
  const backlogSeconds = (performance.now() - ended) / 1_000
  return {
    ...figures({ ...ran, good: completed }),
    cpuMicros: (used() - before) / completed,
    responderMicros: (cpuMicros(responder.pid) - responderBefore) / completed,
    backlogSeconds,
    flushes: flushes(completed),
  }
}

/** Gives the flushes since then for each of so many. */
function flushesFrom(folder: string): (good: number) => number | null {
  const disk = diskOf(folder)
  if (disk === null) return () => null
  const before = disk.flushes()
  return good => (disk.flushes() - before) / good
}

interface Settled {
  /** Notices acknowledged. */
  readonly told: number
  /** Payments that the projections have as decided. */
  readonly stored: number
}

/** Of so many good replies, those of which everything that follows is done: told to both sides, and stored. */
function completedOf(
  { notices, payments }: Workload,
  before: Settled,
  now: Settled,
  good: number,
): number {
  const share = (done: number, each: number) =>
    each === 0 || done >= Math.floor(good * each) ? good : Math.floor(done / each)
  return Math.min(
    share(now.told - before.told, notices),
    share(now.stored - before.stored, payments),
  )
}

/** What a floor does behind its last answers, if anything, is a hundredth of it and not waited for. */
export async function measureFloor(
  floor: Floor,
  wire: Buffer | (() => Buffer | undefined),
  connections: number,
  seconds: number,
): Promise<Measured> {
  const before = cpuMicros(floor.pid)
  const flushes = flushesFrom(floor.folder)
  const next = typeof wire === 'function' ? wire : () => wire
  const ran = await closedLoop(floor.port, connections, seconds, next)
  const cpu = (cpuMicros(floor.pid) - before) / ran.good
  const besides = { responderMicros: 0, backlogSeconds: 0, flushes: flushes(ran.good) }
  return { ...figures(ran), cpuMicros: cpu, ...besides }
}

const figures = (ran: Ran) => ({
  perSecond: ran.good / ran.seconds,
  good: ran.good,
  failed: ran.replies - ran.good,
  p50: quantile(ran, 0.5),
  p95: quantile(ran, 0.95),
  p99: quantile(ran, 0.99),
})

async function settledOf({ gateway, responder }: Network, acquirer?: string): Promise<Settled> {
  const { told, toldTo } = await responder.stats()
  let stored = 0
  for (const center of ['hk', 'sg', 'fra'] as const) {
    const row = await (await gateway.projection(center))
      .prepare(
        `SELECT count(*) AS stored FROM payments
           WHERE status IN ('committed', 'aborted') AND coalesce(responder = ?, 1)`,
      )
      .bind(acquirer ?? null)
      .first<{ stored: number }>()
    stored += row?.stored ?? 0
  }
  return { told: acquirer === undefined ? told : (toldTo[acquirer] ?? 0), stored }
}

/** The middle one by throughput, so that one bad moment of the machine does not count. */
export function median(list: readonly Measured[]): Measured {
  const sorted = list.toSorted((one, other) => one.perSecond - other.perSecond)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  if (middle === undefined) throw new Error('nothing was measured')
  return middle
}
