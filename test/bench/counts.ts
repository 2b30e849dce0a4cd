/** What one completed payment uses of the platform, counted and not timed: the same on every machine. */

import type { Billed } from './counted/count.ts'
import { measure } from './measure.ts'
import { startNetwork } from './network.ts'
import { type WorkloadName, workloads } from './workloads.ts'

export interface PerPayment {
  /** The quote's and the payment's own, and what centers are asked by queue. */
  readonly workerRequests: number
  readonly rowsWritten: number
  /** Of them in lanes; the rest is in D1. */
  readonly laneRows: number
  readonly objectCalls: number
  /** Write, read and delete of a message are one each. */
  readonly queueOperations: number
}

/** @param payments so many, at 32 at a time */
export async function countPayments(folder: string, payments: number): Promise<PerPayment> {
  const { pay } = await countEach(folder, ['pay'], payments)
  if (pay === undefined) throw new Error('nothing was counted')
  return pay
}

/** The same for each good reply of other workloads, one after the other in one network. */
export async function countEach<N extends WorkloadName>(
  folder: string,
  names: readonly N[],
  replies: number,
): Promise<Partial<Record<N, PerPayment>>> {
  const used = new Map<Billed, number>()
  const network = await startNetwork({
    folder,
    counted: (what, times) => used.set(what, (used.get(what) ?? 0) + times),
  })
  const counted: Partial<Record<N, PerPayment>> = {}
  try {
    for (const name of names) {
      const calls = await workloads[name].prepare(network, replies)
      // What came before is told and stored by then.
      await pause(LINES_MS)
      used.clear()
      const load = { connections: 32, seconds: 60 }
      const { good } = await measure(network, workloads[name], load, calls)
      // The last lines are still on their way from workerd.
      await pause(LINES_MS)
      counted[name] = perReply(used, good)
    }
    return counted
  } finally {
    await network.stop()
  }
}

const LINES_MS = 1_500
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))

function perReply(used: ReadonlyMap<Billed, number>, good: number): PerPayment {
  const each = (what: Billed) => Number(((used.get(what) ?? 0) / good).toFixed(2))
  const laneRows = each('rows')
  return {
    // The quote is a request of its own.
    workerRequests: Number((each('requests') + 1).toFixed(2)),
    rowsWritten: Number((laneRows + each('d1Rows')).toFixed(2)),
    laneRows,
    objectCalls: each('objectCalls'),
    queueOperations: Number((3 * each('queueMessages')).toFixed(2)),
  }
}
