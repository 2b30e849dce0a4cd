/**
 * What a lane tells the world: a run of its journal, in order, with the payments as they are now.
 *
 * A lane repeats a run until its projection is acknowledged, so a consumer sees some runs twice and some late;
 * `seq` and `Payment.version` make both harmless.
 */
import type { Payment, PaymentEvent } from './payment.ts'
import type { Barred } from './payment-event.ts'

/** One event of the journal. `seq` counts up by one within the lane, from 1. */
export interface JournalEntry {
  readonly seq: number
  readonly paymentId: string
  readonly event: PaymentEvent | Barred
}

export interface LaneBatch {
  readonly center: string
  /** Name of the lane's object. */
  readonly lane: string
  /** First and last `seq` in it: nothing between them is missing. */
  readonly from: number
  readonly to: number
  readonly entries: readonly JournalEntry[]
  /** Every payment that the entries speak of, at its latest version; what was barred is none. */
  readonly payments: readonly Payment[]
}
