/** Watching a network that is being killed, without disturbing it: only through what it answers. */
import { unpackJson } from '../../src/domain/pack.ts'
import { isFinal, type Payment } from '../../src/domain/payment.ts'
import { isEnded } from '../../src/domain/refund.ts'
import { centers, type Gateway } from '../../src/local/gateway.ts'

export const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms))

/** Waits for a condition. One that cannot be asked for, because the gateway is down, does not hold yet. */
export async function until(
  what: string,
  patienceMs: number,
  holds: () => Promise<boolean> | boolean,
): Promise<void> {
  const end = Date.now() + patienceMs
  for (let why: unknown = 'it does not hold'; ; await pause(250)) {
    try {
      if (await holds()) return
      why = 'it does not hold'
    } catch (error) {
      why = error
    }
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms for: ${what} (${why})`)
  }
}

/** The payments as the projections of all centers have them now. */
export async function projected(gateway: Gateway): Promise<ReadonlyMap<string, Payment>> {
  const lists = await Promise.all(
    centers.map(center =>
      gateway
        .projection(center)
        .prepare('SELECT id, body FROM payments')
        .all<{ id: string; body: string }>(),
    ),
  )
  const rows = lists.flatMap(({ results }) => results)
  return new Map(rows.map(({ id, body }) => [id, unpackJson<Payment>(body)]))
}

/** Nothing is open or owed any more, but to members that are deaf for good. */
export const isAtRest = (
  { status, duties, refunds = [] }: Payment,
  deaf: ReadonlySet<string> = new Set(),
): boolean =>
  isFinal(status) &&
  duties.every(({ nextAt, owner }) => nextAt === null || deaf.has(owner)) &&
  refunds.every(isEnded)

export const isUp = ({ url }: Gateway): Promise<boolean> =>
  fetch(`${url}/health`).then(({ ok }) => ok)

/** Kills workerd without warning. */
export const kill = ({ pid }: Gateway) => process.kill(pid(), 'SIGKILL')
