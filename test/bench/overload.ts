/** Three times the load that a gateway can bear: what it still commits, what it tells the others and how soon. */
import { type Fate, Fates } from './fates.ts'
import { closedLoop, openLoop, quantile } from './load.ts'
import type { Network } from './network.ts'
import { workloads } from './workloads.ts'

export interface Overload {
  /** Payments committed each second, as a share of what the gateway does at its best. */
  readonly goodput: number
  /** Seconds from the first call to the last answer: goodput is over all of them. */
  readonly lasted: number
  readonly calls: number
  /** Only what says BUSY is load that was shed; whatever else is said is beside it. */
  readonly fates: readonly (readonly [string, Fate])[]
  /** Seconds after the load until payments are as quick as before; null where they are not within a minute. */
  readonly recovery: number | null
}

const RECOVERY_MS = 60_000
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))

/** @param capacity payments per second at its best */
export async function overload(
  network: Network,
  capacity: number,
  seconds: number,
): Promise<Overload> {
  const prepare = (count: number) => workloads.pay.prepare(network, count)
  // One that is turned away is quick, and not well.
  const calm = async (calls: Buffer[]) => {
    const ran = await closedLoop(network.port, 4, 1, () => calls.pop(), workloads.pay.good)
    return ran.good < ran.replies ? Number.POSITIVE_INFINITY : quantile(ran, 0.5)
  }
  const before = await calm(await prepare(500))
  const after = await prepare(2_000)
  const calls = await prepare(Math.ceil(capacity * 3 * seconds * 1.1))

  const fates = new Fates()
  const began = performance.now()
  const ran = await openLoop(
    network.port,
    capacity * 3,
    seconds,
    () => calls.pop(),
    Math.random,
    workloads.pay.good,
    (reply, latency) => fates.heard(reply, latency),
  )
  const ended = performance.now()
  const lasted = (ended - began) / 1_000
  let isWell = false
  while (!isWell && after.length > 0 && performance.now() - ended < RECOVERY_MS) {
    isWell = (await calm(after)) <= before * 2
    if (!isWell) await pause(100)
  }
  return {
    goodput: ran.good / lasted / capacity,
    lasted,
    calls: ran.replies,
    fates: fates.all(),
    recovery: isWell ? (performance.now() - ended) / 1_000 : null,
  }
}

/** How it went, in lines. */
export function overloadTold({
  goodput,
  lasted,
  calls,
  fates,
  recovery,
}: Overload): readonly string[] {
  const share = (count: number) => `${((count / calls) * 100).toFixed(1)} %`
  const busy = fates.find(([fate]) => fate === 'BUSY')?.[1]
  const others = fates.filter(([fate]) => fate !== 'BUSY')
  const refused =
    busy === undefined
      ? 'nothing refused as BUSY'
      : `BUSY ${share(busy.count)}, heard after p50 ${busy.p50.toFixed(0)} ms, p95 ${busy.p95.toFixed(0)} ms`
  const well =
    recovery === null ? 'not well again in a minute' : `well again after ${recovery.toFixed(1)} s`
  return [
    `goodput ${goodput.toFixed(2)} of capacity over the ${lasted.toFixed(0)} s to the last answer; ${refused}; ${well}`,
    others
      .map(
        ([fate, { count, p50, p95 }]) =>
          `${fate} ${share(count)} (p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms)`,
      )
      .join(', '),
  ]
}
