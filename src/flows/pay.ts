/** MPM payment: the wallet holds, the lane opens, the acquirer accepts, the lane decides, the duties go out. */

import { admit } from '../domain/admission.ts'
import type { Person } from '../domain/allowance.ts'
import { type Spent, spends } from '../domain/allowance-take.ts'
import { isSameBody } from '../domain/body-hash.ts'
import { type Evidence, kept } from '../domain/evidence.ts'
import type { Institution } from '../domain/institution.ts'
import type { Reserve } from '../domain/limit.ts'
import { takes } from '../domain/limit-take.ts'
import type { Payment } from '../domain/payment.ts'
import type { Terms } from '../domain/quote.ts'
import type { RefusalCode } from '../domain/refusal.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { accept } from '../peers/canonical.ts'
import { unseal } from '../trust/seal.ts'
import { knownEpochOf, laneOfPayment } from './lanes.ts'
import { openAndAsk, unlessBehind, unlessUnsent } from './open.ts'
import { readRequested } from './read.ts'
import type { EdgeWorld } from './world.ts'

export interface PayOrder {
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly requestedAt: number
  readonly quote: string
  readonly holdReference: string
  /** Key under which the wallet stated the hold. */
  readonly holdKey: string
  /** Its signature under that statement. */
  readonly evidence?: Evidence
  /** Hash of the request's canonical form, hex. */
  readonly bodyHash: string
}

/**
 * Pays a quote. The same order again gives the payment as it now is.
 *
 * Refusals of the lane: QUOTE_EXPIRED, REPEAT_REQ_INCONSISTENT, CANCELLED, BUSY, and LANE_CLOSED where the quote was
 * made by an edge that did not know of an epoch yet: its payment's id is in it, so only a new quote helps; and where a
 * limit leaves too little, LIMIT_PERIOD, LIMIT_RATE, MEMBER_SUSPENDED, CENTER_UNAVAILABLE. Those of the edge,
 * QUOTE_INVALID and the ones of `admit`, `takes` and `spends`, are undecided: an earlier attempt may still be on its way to the lane.
 */
export const pay = (
  wallet: Institution,
  order: PayOrder,
  world: EdgeWorld,
): Promise<Result<Payment>> =>
  unlessUnsent(unlessBehind(world, seen => payQuote(wallet, order, seen)))

async function payQuote(
  wallet: Institution,
  order: PayOrder,
  world: EdgeWorld,
): Promise<Result<Payment>> {
  const quoted = await unseal(order.quote, world.seals)
  if (quoted === null) return answerKnown(wallet, order, world)
  const { person = null, code, ...terms } = quoted
  if (!isFor(terms, wallet, order)) return turnAway('QUOTE_INVALID')
  const lane = laneOfPayment(world, terms.paymentId)
  const acquirer = world.directory.institution(terms.responder)
  if (lane === undefined || acquirer === undefined) return turnAway('QUOTE_INVALID')

  // What is closed now, or beyond a limit, is nothing new; but a payment that exists is answered as it is.
  const taken = takenBy(terms, person, wallet, acquirer, world)
  if (!taken.ok && (await lane.read(terms.paymentId)) === null) {
    const { code, detail } = taken.refusal
    return refuse(code, { ...detail, undecided: true })
  }
  const { bodyHash, holdReference, holdKey, evidence } = order
  const hold = { reference: holdReference, key: holdKey }
  const { limits, spent } = taken.ok ? taken.value : NOTHING
  const opening = { kind: 'open', terms, bodyHash, hold, limits, ...kept(evidence) } as const
  const known = knownEpochOf(world, terms.paymentId)
  const ask = (payment: Payment) => accept(acquirer, payment, world.peers, code)
  return openAndAsk(opening, { lane, known }, { ask, spent }, world)
}

interface Taken {
  readonly limits: readonly Reserve[]
  readonly spent: Spent | null
}

const NOTHING: Taken = { limits: [], spent: null }

/** What it takes of limits and of its payer's allowance. Refusals: those of `admit`, `takes` and `spends`. */
function takenBy(
  terms: Terms,
  person: Person | null,
  wallet: Institution,
  acquirer: Institution,
  { directory, now }: EdgeWorld,
): Result<Taken> {
  const at = now()
  const admitted = admit(wallet, acquirer, terms.family, directory, at)
  if (!admitted.ok) return admitted
  const taken = takes({ wallet, acquirer, ...terms }, directory, at)
  if (!taken.ok) return taken
  const { payee } = terms
  const spent = spends({ wallet, acquirer, payee, person }, directory, at)
  return spent.ok ? ok({ limits: taken.value, spent: spent.value }) : spent
}

/**
 * A quote that cannot be opened any more, its key retired or its shape changed by a release, pays nothing new; but a
 * payment that it made is answered as it is.
 */
async function answerKnown(
  wallet: Institution,
  order: PayOrder,
  world: EdgeWorld,
): Promise<Result<Payment>> {
  const known = await readRequested(wallet, order, world)
  if (!known.ok && known.refusal.code === 'BUSY') return known
  const isIts = known.ok && isSameBody(known.value.bodyHash, order.bodyHash)
  return isIts ? known : turnAway('QUOTE_INVALID')
}

const turnAway = (code: RefusalCode): Result<never> => refuse(code, { undecided: true })

/** A quote binds only the wallet and the request that it was made for. */
const isFor = (terms: Terms, wallet: Institution, order: PayOrder): boolean =>
  terms.requester === wallet.id &&
  terms.requestId === order.requestId &&
  terms.requestedAt === order.requestedAt
