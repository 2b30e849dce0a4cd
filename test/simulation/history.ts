/** What a world came to. */
import { placeOf } from '../../src/domain/payment-id.ts'
import type { Violation } from './checks/ledger.ts'
import type { World } from './world.ts'

export interface History {
  readonly seed: number
  /** Purchases that were tried. */
  readonly payments: number
  /** Payments that came of them, each of which was committed or aborted in the end. */
  readonly opened: number
  readonly committed: number
  readonly aborted: number
  /** Of the committed ones, those that were taken back. */
  readonly reversed: number
  /** Those whose switch was silent when they had to be decided, and could not have undone what it did. */
  readonly deemed: number
  /** Purchases of which no payment came: refused, given up, or never heard of. */
  readonly refused: number
  readonly refunds: number
  /** Of the opened ones, those in lanes that came with an epoch written while people paid. */
  readonly moved: number
  readonly violations: readonly Violation[]
  readonly faults: Readonly<Record<string, number>>
  /** Each fault by its own name, where somebody listens. */
  readonly fired: ReadonlySet<string>
}

export function historyOf(world: World, seed: number, tried: number): History {
  const payments = [...world.ledger.payments.values()]
  const numbers = new Set(payments.map(({ paymentId }) => world.numberOf(paymentId)))
  const count = (which: (payment: (typeof payments)[number]) => boolean) =>
    payments.filter(which).length
  return {
    seed,
    payments: tried,
    opened: payments.length,
    committed: count(({ decision }) => decision === 'committed'),
    aborted: count(({ decision }) => decision === 'aborted'),
    reversed: count(({ reversed }) => reversed),
    deemed: count(({ deemed }) => deemed),
    refused: tried - numbers.size,
    refunds: payments.reduce((sum, { refunds }) => sum + refunds.size, 0),
    moved: count(({ paymentId, requester }) =>
      world.isSteered(requester, placeOf(paymentId)?.epoch ?? 0),
    ),
    violations: world.ledger.violations,
    faults: world.chaos.struck,
    fired: world.chaos.fired,
  }
}
