/** Duties told: the receipt to the acquirer, the void, the release; acknowledged duties are reported to the lane. */
import type { Duty } from '../domain/duty.ts'
import { type Errand, firstErrandsOf } from '../domain/errand.ts'
import type { Payment, PaymentEvent } from '../domain/payment.ts'
import { receiptOf } from '../domain/receipt.ts'
import { tellDuty } from '../peers/canonical.ts'
import { signReceipt } from '../trust/receipt.ts'
import { doubt } from './doubt.ts'
import { laneOfPayment } from './lanes.ts'
import type { World } from './world.ts'

/** Runs errands side by side; none waits for another's member. */
export const runErrands = (errands: readonly Errand[], world: World): Promise<unknown> =>
  Promise.all(
    errands.map(errand =>
      errand.kind === 'inquire'
        ? doubt(errand.payment, world)
        : tell(errand.payment, errand.duty, world),
    ),
  )

/** After a decision somebody made by submitting: the first telling of its duties, behind the answer. */
export function tellDecision(
  payment: Payment,
  events: readonly PaymentEvent['type'][],
  world: World,
): void {
  const decided = events.some(
    type =>
      type === 'committed' ||
      type === 'aborted' ||
      type === 'reversed' ||
      type === 'late_acceptance',
  )
  if (decided) world.after(runErrands(firstErrandsOf(payment), world))
}

/** The signed receipt of a committed payment; null before that. */
export const receiptFor = (payment: Payment, world: World): Promise<string | null> =>
  payment.status === 'committed'
    ? signReceipt(receiptOf(payment), world.peers.key)
    : Promise.resolve(null)

async function tell(payment: Payment, duty: Duty, world: World): Promise<void> {
  const owner = world.directory.institution(duty.owner)
  const lane = laneOfPayment(world, payment.terms.paymentId)
  if (owner === undefined || lane === undefined) return
  const receipt = await receiptFor(payment, world)
  if (!(await tellDuty(owner, payment, duty, receipt, world.peers))) return
  await lane.submit(payment.terms.paymentId, {
    kind: 'acknowledge',
    duty: duty.kind,
    owner: duty.owner,
  })
}
