/**
 * What a lane tells the world: a run of its journal, in order, with the payments as they are now.
 *
 * A lane repeats a run until its projection is acknowledged, so a consumer sees some runs twice and some late;
 * `seq` and `Payment.version` make both harmless.
 */
import type { Payment, PaymentEvent } from './payment.ts'
import type { Barred, Opened } from './payment-event.ts'

/** One event of the journal. `seq` counts up by one within the lane, from 1. */
export interface JournalEntry {
  readonly seq: number
  readonly paymentId: string
  readonly event: News
}

/** An event as it is told: the run brings the payment, and its terms with it. */
export type News = Exclude<PaymentEvent, Opened> | Omit<Opened, 'terms'> | Barred

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
  /** The same, packed, where they came so: what is stored need not be written anew. */
  readonly texts?: readonly string[]
}

/** A run as it travels. */
export interface PackedBatch {
  readonly from: number
  readonly to: number
  /** A `LaneBatch` without its payments as packed JSON, and a line for each payment: JSON has no line breaks. */
  readonly text: string
}

/** The lane has every event and payment as text already, and to write it again would cost more than all else. */
export const packEntry = (seq: number, paymentId: string, event: string): string =>
  `{"seq":${seq},"paymentId":${JSON.stringify(paymentId)},"event":${event}}`

/** @param entries of `packEntry`, the first one of them right after `after` */
export function packBatch(run: {
  readonly center: string
  readonly lane: string
  readonly after: number
  readonly entries: readonly string[]
  readonly payments: readonly string[]
}): PackedBatch {
  const [from, to] = [run.after + 1, run.after + run.entries.length]
  const head = JSON.stringify({ center: run.center, lane: run.lane, from, to })
  const first = `${head.slice(0, -1)},"entries":[${run.entries.join(',')}]}`
  return { from, to, text: [first, ...run.payments].join('\n') }
}
