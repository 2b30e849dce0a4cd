/** What one completed payment uses of the platform, counted and not timed: the same on every machine. */

import type { Billed } from './counted/count.ts'
import { measure } from './measure.ts'
import { startNetwork } from './network.ts'
import { workloads } from './workloads.ts'

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
  const used = new Map<Billed, number>()
  const network = await startNetwork({
    folder,
    counted: (what, times) => used.set(what, (used.get(what) ?? 0) + times),
  })
  try {
    const calls = await workloads.pay.prepare(network, payments)
    used.clear()
    const { good } = await measure(network, workloads.pay, { connections: 32, seconds: 60 }, calls)
    // The last lines are still on their way from workerd.
    await new Promise(done => setTimeout(done, 1_500))
    const each = (what: Billed) => Number(((used.get(what) ?? 0) / good).toFixed(2))
    const laneRows = each('rows')
    const rowsWritten = Number((laneRows + each('d1Rows')).toFixed(2))
    const objectCalls = each('objectCalls')
    const queueOperations = Number((3 * each('queueMessages')).toFixed(2))
    // The quote is a request of its own.
    const workerRequests = Number((each('requests') + 1).toFixed(2))
    return { workerRequests, rowsWritten, laneRows, objectCalls, queueOperations }
  } finally {
    await network.stop()
  }
}
