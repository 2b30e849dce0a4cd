/**
 * Outcomes: the file of a single-phase switch, line by line. Each line decides a payment that waits for it, or says
 * why it did not; a line that fails stops no other one, and all of them can come again.
 */
import type { Institution } from '../domain/institution.ts'
import type { Payment, Verdict } from '../domain/payment.ts'
import type { Refusal } from '../domain/refusal.ts'
import { laneOfPayment } from './lanes.ts'
import { isAsked } from './verdict.ts'
import type { World } from './world.ts'

export interface OutcomeLine {
  readonly paymentId: string
  readonly verdict: Verdict
}

export type OutcomeOf =
  | {
      readonly line: 'decided' | 'agreed' | 'contradicted'
      readonly payment: Payment
    }
  | { readonly line: 'refused'; readonly refusal: Refusal }

/** Lines asked about at once: each is two calls to a lane. */
const AT_ONCE = 16

/** What became of each line, in their order. */
export async function reportOutcomes(
  acquirer: Institution,
  lines: readonly OutcomeLine[],
  world: World,
): Promise<readonly OutcomeOf[]> {
  const said: OutcomeOf[] = []
  for (let from = 0; from < lines.length; from += AT_ONCE) {
    const some = lines.slice(from, from + AT_ONCE)
    said.push(...(await Promise.all(some.map(line => report(acquirer, line, world)))))
  }
  return said
}

/** Whoever decides by the hundred leaves the telling to the lanes, whose own timers come within seconds. */
async function report(
  acquirer: Institution,
  { paymentId, verdict }: OutcomeLine,
  world: World,
): Promise<OutcomeOf> {
  try {
    const lane = laneOfPayment(world, paymentId)
    const known = (await lane?.read(paymentId)) ?? null
    if (lane === undefined || known === null || !isAsked(acquirer, 'mpm', known)) {
      return { line: 'refused', refusal: { code: 'PAYMENT_NOT_EXIST' } }
    }
    const heard = await lane.submit(paymentId, { kind: 'answer', verdict })
    if (!heard.ok) return { line: 'refused', refusal: heard.refusal }
    const { payment, events } = heard.value
    const decided = events.includes('committed') || events.includes('aborted')
    if (agrees(payment, verdict)) return { line: decided ? 'decided' : 'agreed', payment }
    return { line: 'contradicted', payment }
  } catch (error) {
    world.log({ log: 'lane', payment: paymentId, failed: String(error) })
    return { line: 'refused', refusal: { code: 'CENTER_UNAVAILABLE' } }
  }
}

/** A payment that was reversed had been committed, as the file says; that it was taken back came later. */
const agrees = ({ status }: Payment, { said }: Verdict): boolean =>
  said === 'accepted' ? status === 'committed' || status === 'reversed' : status === 'aborted'
