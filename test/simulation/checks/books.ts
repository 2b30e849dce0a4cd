/** The three books: gateway, wallet and acquirer must say the same of each payment (I10). */
import type { OrderBook } from '../members/acquirer.ts'
import type { World } from '../world.ts'
import type { Durable } from './ledger.ts'

/** What is not yet as it must be; null where all agree. */
export function disagreement(payment: Durable, world: World): string | null {
  const { paymentId, wallet, acquirer, reversed } = payment
  const decision = reversed ? 'reversed' : payment.decision
  const holds = world.wallets.get(wallet)?.holds
  const hold = holds?.get(paymentId)?.state
  const order = world.acquirers.get(acquirer)?.orders.get(paymentId)
  const books = `gateway ${decision}, wallet ${hold}, acquirer ${order?.state}`
  if (decision === null) return books
  // A wallet that was never asked, or whose user said no, holds nothing to release.
  const isFree =
    decision === 'aborted' && payment.isCpm && (hold === undefined || hold === 'refused')
  const wanted = decision === 'aborted' ? holds?.free : held[decision]
  if (hold !== wanted && !isFree) return books
  // Who said other than its own book holds cannot agree with those who believed it.
  if (order?.lied === true) return null
  return ordered[decision].includes(order?.state ?? 'offered') ? null : books
}

const held = { committed: 'captured', reversed: 'returned' } as const
const ordered: Readonly<
  Record<'committed' | 'aborted' | 'reversed', readonly OrderBook['state'][]>
> = {
  committed: ['delivered'],
  aborted: ['offered', 'refused', 'voided'],
  reversed: ['reversed'],
}

/** At the end every refund has ended, the same in all three books. */
export function checkRefunds(world: World) {
  for (const { paymentId, wallet, acquirer, refunds } of world.ledger.payments.values()) {
    for (const [id, { ended }] of refunds) {
      const given = world.wallets.get(wallet)?.refunds.get(id)
      const told = world.acquirers.get(acquirer)?.refunds.get(id)
      const kept =
        given === undefined ? undefined : given.result === 'S' ? 'REFUNDED' : endings[given.code]
      if (ended === null || kept !== ended || told !== ended) {
        world.ledger.broken(
          'I10',
          paymentId,
          `refund: gateway ${ended}, wallet ${kept}, acquirer ${told}`,
        )
      }
    }
  }
}

const endings: Readonly<Record<string, string>> = {
  ACCOUNT_CLOSED: 'UNAPPLIED',
  DECLINED: 'FAILED',
}

/** Payments whose books must agree by now, and do not. What is deemed waits for its switch's file. */
export function checkBooks(world: World, opened: (payment: Durable) => boolean) {
  const { ledger } = world
  for (const payment of ledger.payments.values()) {
    if (!opened(payment)) continue
    const books = disagreement(payment, world)
    if (books !== null) ledger.broken('I10', payment.paymentId, books)
  }
}

/** What each wallet has taken from its users and not given back is what its payments come to, to the last minor unit (I7). */
export function checkMoney(world: World) {
  const come = new Map<string, bigint>()
  for (const {
    wallet,
    decision,
    reversed,
    payerMinor,
    refunds,
  } of world.ledger.payments.values()) {
    if (decision !== 'committed' || reversed) continue
    const back = [...refunds.values()].filter(({ ended }) => ended === 'REFUNDED')
    const left = back.reduce((sum, refund) => sum - refund.payerMinor, payerMinor)
    come.set(wallet, (come.get(wallet) ?? 0n) + left)
  }
  for (const [id, { holds }] of world.wallets) {
    const taken = [...holds.values()]
      .filter(({ state }) => state === 'captured')
      .reduce((sum, { payerMinor, refundedMinor }) => sum + payerMinor - refundedMinor, 0n)
    const wanted = come.get(id) ?? 0n
    if (taken !== wanted) {
      world.ledger.broken(
        'I7',
        null,
        `${id} has taken ${taken}, and its payments come to ${wanted}`,
      )
    }
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
