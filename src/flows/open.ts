/**
 * The middle of every payment, whoever asks whom: the lane opens while the payer's allowance is taken, the responder is
 * asked once both have said yes, the lane decides.
 */
import type { Spent } from '../domain/allowance-take.ts'
import type { KnownEpoch } from '../domain/epoch.ts'
import type { Message, Payment, Verdict } from '../domain/payment.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { AWAY_MS, Unavailable } from '../domain/unavailable.ts'
import { claimAllowance, dropClaim, notAllowed } from './allowance.ts'
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

/**
 * The work of such a request, done once more by the directory as it is now where its lane knows of a change that this
 * world has not seen: what was let through may be closed by it.
 */
export async function unlessBehind<T, W extends World>(
  world: W,
  work: (world: W) => Promise<Result<T>>,
): Promise<Result<T>> {
  const done = await work(world)
  if (done.ok) return done
  const { code, detail } = done.refusal
  // A lender has said so, by a newer directory; so the next request for that member need not come as far.
  if (code === 'MEMBER_SUSPENDED' && detail?.undecided !== true) world.after(world.renewed())
  if (detail?.isBehind !== true) return done
  return work({ ...world, ...(await world.renewed()) })
}

type Opening = Extract<Message, { kind: 'open' }>

export interface Asking {
  readonly ask: (payment: Payment) => Promise<Verdict>
  /** What it takes of its payer's allowance; null where none is counted. */
  readonly spent: Spent | null
}

/**
 * Gives the payment as it then is; one that was open before is given as it was found, and nobody is asked again.
 * Refusals: those of the opening.
 */
export function openAndAsk(
  opening: Opening,
  { lane, known }: Pick<Route, 'lane'> & { readonly known?: KnownEpoch | undefined },
  asking: Asking,
  world: World,
): Promise<Result<Payment>> {
  const work = run(opening, lane, known, asking, world)
  // A requester that hangs up must not turn a payment that is going well into one in doubt.
  world.after(work.catch(() => null))
  return work
}

async function run(
  opening: Opening,
  lane: LanePort,
  known: KnownEpoch | undefined,
  { ask, spent }: Asking,
  world: World,
): Promise<Result<Payment>> {
  const { paymentId, expiresAt } = opening.terms
  const { trace } = world.peers
  const under = {
    ...opening,
    ...(opening.limits?.length ? { version: world.directory.version } : {}),
    ...(trace === undefined ? {} : { trace }),
    ...(spent === null ? {} : { allowance: spent.allowance }),
  }
  const claiming = spent && claimAllowance(paymentId, spent, expiresAt, world)
  const drop = (found: Payment | null) => {
    if (spent === null || claiming === null) return
    const work = claiming.then(claimed => dropClaim(paymentId, spent, claimed, found, world))
    // Where this fails the person's object finds out by itself.
    world.after(work.catch(() => null))
  }
  const opened = await lane.submit(paymentId, under, known).catch((error: unknown) => {
    if (error instanceof Unavailable && error.unsent) drop(null)
    throw error
  })
  if (!opened.ok) {
    drop(null)
    return opened
  }
  if (!opened.value.events.includes('opened')) {
    drop(opened.value.payment)
    return ok(opened.value.payment)
  }

  const { payment } = opened.value
  const claimed = await claiming
  const refused = spent && claimed && notAllowed(claimed, spent.allowance)
  const verdict = refused ?? (await ask(payment))
  try {
    const concluded = await lane.submit(paymentId, { kind: 'answer', verdict })
    if (!concluded.ok) return ok(payment)
    tellDecision(concluded.value, world)
    return ok(concluded.value.payment)
  } catch (error) {
    // The payment is open and its lane's timer finishes it: unknown is the only true answer now.
    world.log({ log: 'lane', payment: paymentId, failed: String(error) })
    // A lane with too much to do has not heard the answer, so it falls into doubt and tells the requester anyway.
    const isOverloaded = error instanceof Unavailable && error.overloaded
    if (!isOverloaded) world.after(lane.submit(paymentId, { kind: 'left' }).catch(() => null))
    return ok(payment)
  }
}
