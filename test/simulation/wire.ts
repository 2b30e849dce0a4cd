/** One request and its answer between the gateway and a member, over the open network. */
import { type Actor, actor } from './agenda.ts'
import type { World } from './world.ts'

export type Silence = 'late' | 'unreachable'

export interface Exchange<Answer> {
  readonly subject: number
  /** How long the asker waits. */
  readonly patienceMs: number
  /** Who does the work, made anew for each delivery where each is an invocation of its own. */
  readonly at: () => Actor
  /** Does the work in the name of `at` and answers now, later or never. */
  readonly work: (answer: (said: Answer) => void) => void
  /** What is answered to a request whose signature does not hold. */
  readonly distrusted: Answer
  /** An answer as it is when its signature does not hold any more. */
  readonly garbled: Answer
  /** Whether the other end hears and is heard now, and how many times slower than usual it is. */
  readonly condition: () => {
    readonly hears: boolean
    readonly heard: boolean
    readonly slow: number
  }
}

const network = actor('network')
/** A network repeats what it thinks was lost within this time. */
const REPEAT_MS = 600_000

export function exchange<Answer>(
  wanted: Exchange<Answer>,
  world: World,
): Promise<Answer | Silence> {
  const { agenda, chaos, dice, hops } = world
  const { subject, at, work, condition } = wanted
  const asker = agenda.who
  const { promise, resolve } = Promise.withResolvers<Answer | Silence>()
  agenda.after(wanted.patienceMs, asker, () => resolve('late'))

  const back = (said: Answer) => {
    if (chaos.strikes('answer lost', subject) || !condition().heard) return
    const heard = chaos.strikes('answer garbled', subject) ? wanted.garbled : said
    agenda.after(hops.outside(subject) * condition().slow, asker, () => resolve(heard))
  }
  const deliver = (ms: number, answer: (said: Answer) => void) => {
    agenda.after(ms, network, () => {
      if (!condition().hears) return
      agenda.who = at()
      work(answer)
    })
  }

  if (chaos.strikes('request lost', subject)) {
    // Half of what is lost is noticed: a connection that was refused or cut.
    if (dice.draw('noticed', subject) < 0.5) agenda.after(30, asker, () => resolve('unreachable'))
    return promise
  }
  const there = hops.outside(subject) * condition().slow
  if (chaos.strikes('request garbled', subject)) {
    agenda.after(there, network, () => back(wanted.distrusted))
    return promise
  }
  if (chaos.strikes('duplicated', subject)) {
    for (let copies = 1 + Math.floor(5 * dice.draw('copies', subject)); copies > 0; copies -= 1) {
      deliver(there + dice.draw('repeated', subject) ** 4 * REPEAT_MS, () => undefined)
    }
  }
  deliver(there, back)
  return promise
}
