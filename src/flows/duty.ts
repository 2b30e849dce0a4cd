/** Duties told: the receipt to the acquirer, the void, the release; acknowledged duties are reported to the lane. */
import { type Duty, isMemberDuty, nameOf } from '../domain/duty.ts'
import { type Errand, firstErrandsOf, memberOf } from '../domain/errand.ts'
import type { Outcome, Payment } from '../domain/payment.ts'
import { receiptOf } from '../domain/receipt.ts'
import { tellDuty } from '../peers/canonical.ts'
import { signReceipt } from '../trust/receipt.ts'
import { tellAllowance } from './allowance.ts'
import { doubt } from './doubt.ts'
import { laneOfPayment } from './lanes.ts'
import { sendRefund } from './refund.ts'
import type { World } from './world.ts'

/** Runs errands side by side; none waits for another, and one that breaks off leaves the others whole. */
export const runErrands = (errands: readonly Errand[], world: World): Promise<unknown> =>
  Promise.all(
    errands.map(errand =>
      run(errand, world).catch((error: unknown) => {
        // The payment's timer comes back for it.
        const payment = errand.payment.terms.paymentId
        world.log({ log: 'errand', errand: errand.kind, payment, failed: String(error) })
      }),
    ),
  )

function run(errand: Errand, world: World): Promise<void> {
  switch (errand.kind) {
    case 'inquire':
      return doubt(errand.payment, world)
    case 'deliver':
      return tell(errand.payment, errand.duty, world)
    case 'refund':
      return sendRefund(errand.payment, errand.refund, world)
  }
}

/**
 * After a decision somebody made by submitting: the first telling of its duties, behind the answer. Whoever is away is
 * left to the lane, which knows when that ends.
 */
export function tellDecision({ payment, events, away = [] }: Outcome, world: World): void {
  const errands = firstErrandsOf(payment, events).filter(errand => !away.includes(memberOf(errand)))
  if (errands.length > 0) world.after(runErrands(errands, world))
}

const receipts = new WeakMap<Payment, Promise<string>>()

/**
 * The signed receipt of a committed payment; null before that. Made once for each payment in hand, because the answer
 * to one side and the notice to the other carry the same one.
 */
export function receiptFor(payment: Payment, world: World): Promise<string | null> {
  if (payment.status !== 'committed') return Promise.resolve(null)
  const made = receipts.get(payment) ?? signReceipt(receiptOf(payment), world.peers.key)
  receipts.set(payment, made)
  return made
}

async function tell(payment: Payment, duty: Duty, world: World): Promise<void> {
  const acknowledge = { kind: 'acknowledge', ...nameOf(duty) } as const
  if (!isMemberDuty(duty)) {
    await tellAllowance(payment, duty, world)
    await laneOfPayment(world, payment.terms.paymentId)?.submit(
      payment.terms.paymentId,
      acknowledge,
    )
    return
  }
  const owner = world.directory.institution(duty.owner)
  const lane = laneOfPayment(world, payment.terms.paymentId)
  if (owner === undefined || lane === undefined) return
  const receipt = await receiptFor(payment, world)
  if (!(await tellDuty(owner, payment, duty, receipt, world.peers))) return
  await lane.submit(payment.terms.paymentId, acknowledge)
}
