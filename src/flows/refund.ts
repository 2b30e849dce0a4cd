/** Refund: the acquirer orders, the payment's lane decides and queues, the wallet is asked until it answers. */
import type { Evidence } from '../domain/evidence.ts'
import type { Institution } from '../domain/institution.ts'
import { takesOfRefund } from '../domain/limit-take.ts'
import type { Money } from '../domain/money.ts'
import type { Payment } from '../domain/payment.ts'
import { paymentOfRefund } from '../domain/payment-id.ts'
import { acquirerOf, walletOf } from '../domain/quote.ts'
import { isCovered, type Refund } from '../domain/refund.ts'
import { assert, ok, type Result, refuse } from '../domain/result.ts'
import { applyRefund } from '../peers/refund.ts'
import { tellDecision } from './duty.ts'
import { laneOfPayment } from './lanes.ts'
import type { LanePort, World } from './world.ts'

export interface RefundOrder {
  readonly requestId: string
  readonly bodyHash: string
  readonly amount: Money
  /** The acquirer's signature under it. */
  readonly evidence?: Evidence
}

export interface RefundOf {
  readonly payment: Payment
  readonly refund: Refund
}

/** Refusals: PAYMENT_NOT_EXIST for whoever is not its acquirer, BUSY, and those of the domain's `refund`. */
export async function orderRefund(
  acquirer: Institution,
  paymentId: string,
  order: RefundOrder,
  world: World,
): Promise<Result<RefundOf>> {
  const lane = laneOfPayment(world, paymentId)
  const payment = (await lane?.read(paymentId)) ?? null
  if (lane === undefined || payment === null || acquirerOf(payment.terms) !== acquirer.id) {
    return refuse('PAYMENT_NOT_EXIST')
  }
  const queued = await lane.submit(paymentId, { kind: 'refund', ...order })
  if (!queued.ok) return queued
  const { payment: after } = queued.value
  const refund = after.refunds?.find(({ requestId }) => requestId === order.requestId)
  assert(refund !== undefined, 'a refund that was not refused is there')
  tellDecision(queued.value, world)
  return ok({ payment: after, refund })
}

/** Refuses with REFUND_NOT_EXIST whoever is no party of its payment, exactly as if there were none. */
export async function readRefund(
  reader: Institution,
  id: string,
  world: World,
): Promise<Result<RefundOf>> {
  const paymentId = paymentOfRefund(id)
  const lane = paymentId === null ? undefined : laneOfPayment(world, paymentId)
  const payment = paymentId && (await lane?.read(paymentId))
  if (!payment) return refuse('REFUND_NOT_EXIST')
  const refund = payment.refunds?.find(each => each.id === id)
  const { requester, responder } = payment.terms
  const isParty = reader.id === requester || reader.id === responder
  return refund !== undefined && isParty ? ok({ payment, refund }) : refuse('REFUND_NOT_EXIST')
}

/** Asks the wallet once, if the acquirer's cover lets it; what came of it is the lane's to judge. */
export async function sendRefund(payment: Payment, refund: Refund, world: World): Promise<void> {
  const { directory } = world
  const { terms } = payment
  const wallet = directory.institution(walletOf(terms))
  const acquirer = directory.institution(acquirerOf(terms))
  const lane = laneOfPayment(world, terms.paymentId)
  if (wallet === undefined || acquirer === undefined || lane === undefined) return
  const cover = await coverOf(payment, refund, { wallet, acquirer }, lane, world)
  // Nobody can tell now: the timer comes back for it.
  if (cover === 'unknown') return
  const answer =
    cover === 'covered'
      ? await applyRefund(wallet, payment, refund, world.peers)
      : ({ said: 'uncovered' } as const)
  const heard = await lane.submit(terms.paymentId, {
    kind: 'refund_answer',
    refund: refund.id,
    answer,
  })
  if (heard.ok) tellDecision(heard.value, world)
}

/**
 * Whether the acquirer's cover carries it: its bound for one payment, and what it may have under way in all lanes
 * together. The lane takes that before anything is sent, so that no two refunds are ever covered by the same.
 */
async function coverOf(
  payment: Payment,
  refund: Refund,
  parties: { readonly wallet: Institution; readonly acquirer: Institution },
  lane: LanePort,
  { directory, now }: World,
): Promise<'covered' | 'uncovered' | 'unknown'> {
  if (!isCovered(payment, refund, parties.acquirer.refundCoverMinor ?? null)) return 'uncovered'
  if (refund.status === 'SENT' || refund.limits !== undefined) return 'covered'
  const limits = takesOfRefund({ ...parties, payee: refund.payee }, directory, now())
  if (limits === null) return 'uncovered'
  if (limits.length === 0) return 'covered'
  const { paymentId } = payment.terms
  const taken = await lane.submit(paymentId, { kind: 'refund_cover', refund: refund.id, limits })
  if (!taken.ok) return taken.refusal.code === 'LIMIT_PERIOD' ? 'uncovered' : 'unknown'
  // Another courier may have been quicker, and what has ended needs no cover.
  const found = taken.value.payment.refunds?.find(({ id }) => id === refund.id)
  return found?.limits === undefined ? 'unknown' : 'covered'
}
