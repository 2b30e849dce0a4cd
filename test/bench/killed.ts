/** Sudden death amid very many open payments: when the next one is committed, and when time has caught up with the others. */
import { DatabaseSync } from 'node:sqlite'
import { HOP_BUDGET_MS } from '../../src/domain/budget.ts'
import { fillOpen, lanesIn } from './filled.ts'
import { Line } from './load.ts'
import { measure } from './measure.ts'
import { type Network, startNetwork } from './network.ts'
import { paymentsToSaying, workloads } from './workloads.ts'

export interface Death {
  /** Seconds from the death of workerd to the first new payment that is committed. */
  readonly first: number
  /** How many were open when it died, and at the end of the count: when none is, or it is clear that a minute is not enough. */
  readonly open: number
  readonly left: number
  /** Seconds from the death to the end of the count. */
  readonly counted: number
}

const CENTER = 'sg'
/** To fill lanes and to start the gateway take nearly as long. */
const LEAD_MS = 12_000
const CALLS = 200
/** An answer that takes longer is still waited for, beside the next call. */
const PATIENCE_MS = 250
const COMMIT_MS = 60_000
/** Looking takes the machine a fifth of a second. */
const LOOK_MS = 4_000
/** Who is not through by a minute at this pace is not waited for. */
const COUNT_MS = 60_000
const COUNT_LEAST_MS = 15_000
const pause = (ms: number): Promise<null> => new Promise(done => setTimeout(() => done(null), ms))

/**
 * Fills the lanes of a gateway that is down, starts it and kills it. Each payment's first timer comes within the hop
 * budget after the death, its last one within the decision budget.
 */
export async function killed(folder: string, payments: number): Promise<Death> {
  await makeLanes(folder)
  const dies = Date.now() + LEAD_MS
  const files = lanesIn(folder, CENTER)
  await fillOpen({ files, payments, from: dies - HOP_BUDGET_MS, until: dies })
  const network = await startNetwork({ folder })
  try {
    // Of codes that need no acquirer to be asked, in case timers come already.
    const calls = await paymentsToSaying(network, CALLS)
    // Lanes that have work wake up by themselves after a crash; the ones filled have never been awake with it.
    for (let woken = 0; woken < files.length * 8; woken += 1) await answerTo(network, calls)
    await pause(Math.max(dies - Date.now(), 0))
    const open = openIn(files)
    process.kill(network.pid, 'SIGKILL')
    const died = performance.now()
    const first = await firstCommitted(network, calls, died)
    for (;;) {
      await pause(LOOK_MS)
      const [left, lasted] = [openIn(files), performance.now() - died]
      const atThisPace = (lasted * open) / (open - left)
      const isHopeless = lasted > COUNT_LEAST_MS && atThisPace > COUNT_MS
      if (left === 0 || isHopeless || lasted > COUNT_MS) {
        return { first, open, left, counted: lasted / 1_000 }
      }
    }
  } finally {
    await network.stop()
  }
}

/** Lanes are made by their first payments. */
async function makeLanes(folder: string) {
  const network = await startNetwork({ folder })
  const calls = await workloads.pay.prepare(network, 100)
  await measure(network, workloads.pay, { connections: 32, seconds: 30 }, calls)
  await network.stop()
}

async function answerTo(network: Network, calls: Buffer[]) {
  const call = calls.pop()
  if (call === undefined) return null
  const line = new Line(network.port)
  const reply = await line.call(call).catch(() => null)
  line.close()
  return reply
}

async function firstCommitted(network: Network, calls: Buffer[], died: number): Promise<number> {
  let committed: number | undefined
  while (committed === undefined && performance.now() - died < COMMIT_MS) {
    const call = answerTo(network, calls).then(reply => {
      if (reply === null || !workloads.pay.good(reply)) return
      committed ??= (performance.now() - died) / 1_000
    })
    await Promise.race([call, pause(PATIENCE_MS)])
    if (committed === undefined) await pause(20)
  }
  return committed ?? Number.POSITIVE_INFINITY
}

/** Payments that are neither committed nor aborted, as the lanes' own tables have them. */
function openIn(files: readonly string[]): number {
  return files.reduce((sum, file) => {
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      const [row] = database
        .prepare(
          "SELECT count(*) AS open FROM payment WHERE due IS NOT NULL AND body ->> 'status' NOT IN ('committed', 'aborted')",
        )
        .all()
      return sum + Number(row?.open)
    } finally {
      database.close()
    }
  }, 0)
}

/** How it went, in lines. */
export function killedTold({ first, open, left, counted }: Death): readonly string[] {
  const gone = open - left
  const rest =
    left === 0
      ? `none of them open after ${counted.toFixed(0)} s`
      : `${left} of them open after ${counted.toFixed(0)} s`
  return [
    `${open} open when it died; ${Number.isFinite(first) ? `first new payment committed after ${first.toFixed(1)} s` : 'no new payment committed in a minute'}`,
    `${rest}, ${(gone / counted).toFixed(0)} a second left that state`,
  ]
}
