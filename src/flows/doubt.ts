/** Doubt: the responder did not answer usably, so it is asked what it said. Time decides what it never says. */
import { INQUIRY_PACE_MS, type Payment } from '../domain/payment.ts'
import { inquireAuthorization } from '../peers/authorize.ts'
import { inquire } from '../peers/canonical.ts'
import { tellDecision } from './duty.ts'
import { laneOfPayment } from './lanes.ts'
import type { World } from './world.ts'

/** Asks once. An answer that says nothing leaves the payment to the lane's next timer. */
export async function doubt(payment: Payment, world: World): Promise<void> {
  const { paymentId, responder } = payment.terms
  const asked = world.directory.institution(responder)
  const lane = laneOfPayment(world, paymentId)
  if (asked === undefined || lane === undefined) return
  const deadline = Math.min(world.now() + INQUIRY_PACE_MS, payment.decideBy)
  const ask = payment.terms.presentment === 'cpm' ? inquireAuthorization : inquire
  const verdict = await ask(asked, payment, deadline, world.peers)
  if (verdict.said === 'unusable') return
  const result = await lane.submit(paymentId, { kind: 'answer', verdict })
  if (result.ok) tellDecision(result.value, world)
}
