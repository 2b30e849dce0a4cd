/** What is asked of a gateway on its worst days: silent members, three times the load it can bear, and a sudden death. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { closedLoop, Line, openLoop, quantile, type Reply } from './load.ts'
import { measure } from './measure.ts'
import type { Network } from './network.ts'
import { workloads } from './workloads.ts'

const pause = (ms: number): Promise<null> => new Promise(done => setTimeout(() => done(null), ms))

/** The middle latency of payments that come at a rate whatever is answered. */
export async function paced(network: Network, rate: number, seconds: number): Promise<number> {
  const calls = await workloads.pay.prepare(network, Math.ceil(rate * seconds * 1.2))
  const run = await measure(network, workloads.pay, { connections: 0, seconds, rate }, calls)
  return run.p50
}

export interface Overload {
  /** Payments committed each second, as a share of what the gateway does at its best. */
  readonly goodput: number
  /** Share of calls that were turned away with a time to come back. */
  readonly refused: number
  /** Milliseconds until a call that was turned away heard of it. */
  readonly refusedP50: number
  /** Seconds after the load until payments are as quick as before. */
  readonly recovery: number
}

const isBusy = ({ status }: Reply) => status === 503 || status === 429

/** @param capacity payments per second at its best */
export async function overload(
  network: Network,
  capacity: number,
  seconds: number,
): Promise<Overload> {
  const prepare = (count: number) => workloads.pay.prepare(network, count)
  const calm = async (calls: Buffer[]) =>
    quantile(await closedLoop(network.port, 4, 1, () => calls.pop()), 0.5)
  const before = await calm(await prepare(500))
  const after = await prepare(4_000)
  const calls = await prepare(Math.ceil(capacity * 3 * seconds * 1.1))

  let good = 0
  const refusals: number[] = []
  const judge = (reply: Reply) => {
    if (workloads.pay.good(reply)) good += 1
    return isBusy(reply)
  }
  const began = performance.now()
  const ran = await openLoop(
    network.port,
    capacity * 3,
    seconds,
    () => calls.pop(),
    Math.random,
    judge,
    latency => refusals.push(latency),
  )
  const lasted = (performance.now() - began) / 1_000
  const ended = performance.now()
  while (performance.now() - ended < 60_000 && (await calm(after)) > before * 2) await pause(100)
  refusals.sort((one, other) => one - other)
  return {
    goodput: good / lasted / capacity,
    refused: refusals.length / ran.replies,
    refusedP50: refusals[Math.floor(refusals.length / 2)] ?? Number.NaN,
    recovery: (performance.now() - ended) / 1_000,
  }
}

/** Open payments of every lane of a center, written while the gateway is down: copies of one that it has. */
export function fillOpen(folder: string, center: string, payments: number): void {
  const objects = join(folder, 'gateway/do', `opencpg-${center}-Lane`)
  const lanes = readdirSync(objects).filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))
  const later = Date.now() + 3_600_000
  for (const name of lanes) {
    const database = new DatabaseSync(join(objects, name))
    const [row] = database.prepare('SELECT body FROM payment LIMIT 1').all()
    if (row === undefined) continue
    const model = JSON.parse(String(row.body))
    const open = { ...model, status: 'pending', decidedAt: null, acceptance: null, duties: [] }
    const body = JSON.stringify({ ...open, respondBy: later, decideBy: later })
    const [before, behind] = body.split(model.terms.paymentId)
    database
      .prepare(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO payment (id, due, body, rows)
         SELECT 'pay_' || printf('%032d', n.i), ? + n.i, ? || 'pay_' || printf('%032d', n.i) || ?, '' FROM n`,
      )
      .run(Math.ceil(payments / lanes.length), later, before ?? '', behind ?? '')
    database.close()
  }
}

/** Seconds from the death of workerd to the first payment that is committed again. */
export async function restart(network: Network): Promise<number> {
  const calls = await workloads.pay.prepare(network, 400)
  process.kill(network.pid, 'SIGKILL')
  const died = performance.now()
  for (const call of calls) {
    const line = new Line(network.port)
    const reply = await Promise.race([line.call(call).catch(() => null), pause(2_000)])
    line.close()
    if (reply && workloads.pay.good(reply)) return (performance.now() - died) / 1_000
    await pause(20)
  }
  throw new Error('nothing was committed any more')
}
