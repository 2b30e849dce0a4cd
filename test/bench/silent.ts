/**
 * A member that every twentieth call goes to is silent: what that costs the others. They pay over thirty-two
 * connections as fast as they can; with every nineteen of them one goes its way beside, over a connection of its own.
 * In half of the turns that member answers, in the others it does not, and nothing else is different.
 */
import { DECISION_MPM_MS } from '../../src/domain/budget.ts'
import { Beside } from './beside.ts'
import { type Measured, measure, median } from './measure.ts'
import type { Network } from './network.ts'
import { acquirer, paymentsToSaying, sayingAcquirer, workloads } from './workloads.ts'

/** Of the others' calls, for each one beside: of all calls, five of a hundred. */
const OTHERS = 19
const CONNECTIONS = 32
const SECONDS = 4
/** Of all that silence leaves behind nothing happens for so long: it is over. */
const QUIET_MS = 2_000
const REST_MS = 30_000

export interface Silence {
  /** Of the others, with silence to without: payments a second, and their latencies. */
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  /** Payments that the silent one left without an answer. */
  readonly unanswered: number
  readonly turns: Readonly<Record<Side, readonly Measured[]>>
}

type Side = 'answering' | 'silent'

/** Two changes less than one after the other, and a machine that gets slower all the time favours neither. */
const order: readonly (readonly Side[])[] = [
  ['answering'],
  ['silent', 'silent'],
  ['answering', 'answering'],
  ['silent'],
]

const pause = (ms: number) => new Promise(done => setTimeout(done, ms))

/** @param capacity payments per second at its best */
export async function silence(network: Network, capacity: number): Promise<Silence> {
  const turns: Record<Side, Measured[]> = { answering: [], silent: [] }
  const { unanswered: before } = await network.responder.stats()
  let perSecond = capacity
  for (const block of order) {
    const isSilent = block[0] === 'silent'
    const seconds = block.length * SECONDS * 3 + DECISION_MPM_MS / 1_000
    const few = await paymentsToSaying(network, Math.ceil((perSecond / OTHERS) * seconds * 2))
    if (isSilent) await network.responder.hush(sayingAcquirer)
    const beside = new Beside(network.port, few)
    try {
      beside.pace(perSecond / OTHERS)
      // Silent payments of every age: just asked, in doubt, and to be decided by the clock.
      const ready = isSilent ? pause(DECISION_MPM_MS) : null
      for (const side of block) {
        const calls = await workloads.pay.prepare(network, Math.ceil(capacity * SECONDS * 1.3))
        await ready
        const load = { connections: CONNECTIONS, seconds: SECONDS }
        const mixed = beside.after(OTHERS, calls)
        const run = await measure(network, workloads.pay, load, mixed, acquirer)
        turns[side].push(run)
        perSecond = run.perSecond
        beside.pace(perSecond / OTHERS)
      }
      if (isSilent) await network.responder.speak(sayingAcquirer)
      if (block === order.at(-1)) break
      await beside.end()
      if (isSilent) await rested(network)
    } finally {
      beside.drop()
    }
  }
  const [answering, silent] = [median(turns.answering), median(turns.silent)]
  const ratio = (of: 'perSecond' | 'p50' | 'p95') => silent[of] / answering[of]
  const unanswered = (await network.responder.stats()).unanswered - before
  return { perSecond: ratio('perSecond'), p50: ratio('p50'), p95: ratio('p95'), unanswered, turns }
}

/** Members are asked and told nothing any more: what was left in doubt is decided, and told. */
async function rested({ responder }: Network) {
  const began = performance.now()
  const heard = async () => (await responder.stats()).heard
  for (let before = await heard(), since = began; performance.now() - began < REST_MS; ) {
    await pause(200)
    const now = await heard()
    if (now !== before) since = performance.now()
    if (performance.now() - since > QUIET_MS) break
    before = now
  }
}

/** How it went, in lines. */
export function silenceTold({ perSecond, p50, p95, unanswered, turns }: Silence): string[] {
  const of = (pick: (run: Measured) => number, digits: number) =>
    [turns.silent, turns.answering].map(list => pick(median(list)).toFixed(digits)).join(' to ')
  return [
    `the others commit ${perSecond.toFixed(2)} as many (${of(run => run.perSecond, 0)} a second), p50 ${p50.toFixed(2)} (${of(run => run.p50, 0)} ms), p95 ${p95.toFixed(2)} (${of(run => run.p95, 0)} ms)`,
    `three turns of each in the order A B B A A B; ${unanswered} payments left without an answer`,
  ]
}
