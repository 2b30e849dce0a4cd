/** A wallet's own book of holds: what it holds for which payment, and what it has heard of each. */
import type { PaymentView } from '../../../src/wire/payment.ts'
import { claimsOf } from '../border/receipt.ts'
import type { World } from '../world.ts'
import { debits } from './cast.ts'

export interface HoldBook {
  readonly number: number
  readonly paymentId: string
  readonly reference: string
  readonly expiresAt: number
  /** Minor units, and how much of them came back by refunds. */
  readonly payerMinor: bigint
  refundedMinor: bigint
  state: 'asking' | 'refused' | 'held' | 'captured' | 'released' | 'returned'
}

export class Holds extends Map<string, HoldBook> {
  readonly #owner: string
  readonly #world: World

  constructor(owner: string, world: World) {
    super()
    this.#owner = owner
    this.#world = world
  }

  /** How the payer's money is where nothing came of a payment. */
  get free(): 'released' | 'returned' {
    return debits(this.#owner) ? 'returned' : 'released'
  }

  /** What a till asked for, under a reference of its own. */
  place(paymentId: string, number: number, payerMinor: bigint, state: HoldBook['state']): HoldBook {
    const reference = `auth-${number}-${this.size}`
    const expiresAt = this.#world.agenda.clock()
    const hold = { number, paymentId, reference, expiresAt, payerMinor, refundedMinor: 0n, state }
    this.set(paymentId, hold)
    return hold
  }

  /** Settles what has been decided; false for what has not. */
  hear(payment: PaymentView): boolean {
    const { ledger } = this.#world
    if (payment.result === 'U') return false
    if (payment.result === 'S') {
      const claims = payment.receipt === null ? null : claimsOf(payment.receipt)
      if (
        claims?.p !== payment.paymentId ||
        new Date(claims.t).toISOString() !== payment.decidedAt
      ) {
        ledger.broken('I4', payment.paymentId, 'S comes without a receipt for it')
      }
    }
    const failed = payment.status === 'reversed' ? 'returned' : 'released'
    this.settle(payment.paymentId, payment.result === 'S' ? 'captured' : failed)
    return true
  }

  /** Captures or releases, once; the contrary later means that somebody was told something that is not so. */
  settle(paymentId: string, told: 'captured' | 'released' | 'returned') {
    const hold = this.get(paymentId)
    // What was debited goes back in one way only, whatever for.
    const state = told === 'released' ? this.free : told
    if (hold === undefined && state === this.free) {
      // Told to let go of what has not been asked for yet: it will be refused when it is.
      this.place(paymentId, -1, 0n, state)
      return
    }
    if (hold === undefined) {
      this.#world.ledger.broken(
        'I2',
        paymentId,
        `${this.#owner} holds nothing for what is to be ${state}`,
      )
      return
    }
    // A user who was never asked to the end, or said no, has nothing to let go of.
    if ((hold.state === 'asking' || hold.state === 'refused') && state === this.free) {
      hold.state = state
      return
    }
    // What was returned had been captured first, whichever of the two is heard first.
    if (hold.state === 'returned' && state === 'captured') return
    if (hold.state === 'held' || (hold.state === 'captured' && state === 'returned')) {
      hold.state = state
    } else if (hold.state !== state) {
      this.#world.ledger.broken(
        'I10',
        paymentId,
        `the hold is ${hold.state} and is now to be ${state}`,
      )
    }
  }
}
