/** The three books: gateway, wallet and acquirer must say the same of each payment (I10). */
import type { World } from '../world.ts'
import type { Durable } from './ledger.ts'

/** What is not yet as it must be; null where all agree. */
export function disagreement(payment: Durable, world: World): string | null {
  const { paymentId, requester, responder, decision } = payment
  const hold = world.wallets.get(requester)?.holds.get(paymentId)?.state
  const order = world.acquirers.get(responder)?.orders.get(paymentId)
  const books = `gateway ${decision}, wallet ${hold}, acquirer ${order?.state}`
  if (decision === null) return books
  if (hold !== (decision === 'committed' ? 'captured' : 'released')) return books
  // Who said other than its own book holds cannot agree with those who believed it.
  if (order === undefined || order.lied) return null
  const settled =
    decision === 'committed'
      ? order.state === 'delivered'
      : order.state !== 'delivered' && order.state !== 'accepted'
  return settled ? null : books
}

/** Payments whose books must agree by now, and do not. */
export function checkBooks(world: World, opened: (payment: Durable) => boolean) {
  const { ledger } = world
  for (const payment of ledger.payments.values()) {
    if (!opened(payment)) continue
    const books = disagreement(payment, world)
    if (books !== null) ledger.broken('I10', payment.paymentId, books)
  }
}

/** At the very end no wallet holds anything any more, whether a payment came of it or not. */
export function checkHolds(world: World) {
  for (const [id, { holds }] of world.wallets) {
    for (const { paymentId, state } of holds.values()) {
      if (state === 'held') world.ledger.broken('I10', paymentId, `${id} still holds for it`)
    }
  }
}
