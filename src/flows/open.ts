/** The middle of every payment, whoever asks whom: the lane opens, the responder is asked once, the lane decides. */
import type { KnownEpoch } from '../domain/epoch.ts'
import type { Message, Payment, Verdict } from '../domain/payment.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { AWAY_MS, Unavailable } from '../domain/unavailable.ts'
import { tellDecision } from './duty.ts'
import type { Route } from './lanes.ts'
import type { LanePort, World } from './world.ts'

/**
 * The work of a request that opens a payment. Where it ends because a center was known to be away, nothing was sent
 * there, so this request has opened nothing, and whoever holds money for it hears so.
 */
export async function unlessUnsent<T>(work: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Unavailable) || !error.unsent) throw error
    return refuse('CENTER_UNAVAILABLE', { notOpened: true, retryAfterMs: AWAY_MS })
  }
}

type Opening = Extract<Message, { kind: 'open' }>

/**
 * Gives the payment as it then is; one that was open before is given as it was found, and nobody is asked again.
 * Refusals: those of the opening.
 */
export function openAndAsk(
  opening: Opening,
  { lane, known }: Pick<Route, 'lane'> & { readonly known?: KnownEpoch | undefined },
  ask: (payment: Payment) => Promise<Verdict>,
  world: World,
): Promise<Result<Payment>> {
  const work = run(opening, lane, known, ask, world)
  // A requester that hangs up must not turn a payment that is going well into one in doubt.
  world.after(work.catch(() => null))
  return work
}

async function run(
  opening: Opening,
  lane: LanePort,
  known: KnownEpoch | undefined,
  ask: (payment: Payment) => Promise<Verdict>,
  world: World,
): Promise<Result<Payment>> {
  const { paymentId } = opening.terms
  const { trace } = world.peers
  const under = trace === undefined ? opening : { ...opening, trace }
  const opened = await lane.submit(paymentId, under, known)
  if (!opened.ok) return opened
  if (!opened.value.events.includes('opened')) return ok(opened.value.payment)

  const { payment } = opened.value
  const verdict = await ask(payment)
  try {
    const concluded = await lane.submit(paymentId, { kind: 'answer', verdict })
    if (!concluded.ok) return ok(payment)
    tellDecision(concluded.value, world)
    return ok(concluded.value.payment)
  } catch (error) {
    // The payment is open and its lane's timer finishes it: unknown is the only true answer now.
    world.log({ log: 'lane', payment: paymentId, failed: String(error) })
    world.after(lane.submit(paymentId, { kind: 'left' }).catch(() => null))
    return ok(payment)
  }
}
