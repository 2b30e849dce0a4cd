/**
 * What a lane still has in its hands: the payments it touched last and the newest events, each with its text as it
 * stands on the disk, so that nothing is read back and parsed at every step. Memory only: the disk has all that is in
 * here, and whatever is not in here is read from there.
 */
import { packJson } from '../src/domain/pack.ts'
import type { Payment } from '../src/domain/payment.ts'

/** A payment and its text, which is made when it is first wanted: several steps may come before it is told or stored. */
export class Kept {
  readonly payment: Payment
  #text: string | null

  constructor(payment: Payment, text: string | null = null) {
    this.payment = payment
    this.#text = text
  }

  get text(): string {
    this.#text ??= packJson(this.payment)
    return this.#text
  }
}

/** One event of the journal. */
export interface Told {
  readonly seq: number
  readonly paymentId: string
  readonly isBar: boolean
  readonly text: string
}

/** A few kilobytes each; many lanes share the memory of one isolate. */
const PAYMENTS_MAX = 256
const EVENTS_MAX = 128

export class Recent {
  readonly #payments = new Map<string, Kept>()
  /** Without a gap, oldest first. */
  #events: Told[] = []

  payment(id: string): Kept | undefined {
    return this.#payments.get(id)
  }

  keep(kept: Kept): Kept {
    const id = kept.payment.terms.paymentId
    this.#payments.delete(id)
    this.#payments.set(id, kept)
    if (this.#payments.size > PAYMENTS_MAX) {
      for (const oldest of this.#payments.keys()) {
        this.#payments.delete(oldest)
        break
      }
    }
    return kept
  }

  tell(event: Told) {
    // In halves, because to drop the first of a list moves all others.
    if (this.#events.length >= 2 * EVENTS_MAX) this.#events = this.#events.slice(EVENTS_MAX)
    this.#events.push(event)
  }

  /** The events after `seq`, oldest first; null where not all of them are in here. */
  eventsAfter(seq: number, limit: number): readonly Told[] | null {
    const first = this.#events[0]?.seq
    if (first === undefined || first > seq + 1) return null
    return this.#events.slice(seq + 1 - first, seq + 1 - first + limit)
  }

  /** What was written has been taken back, so that nothing in here is sure any more. */
  forget() {
    this.#payments.clear()
    this.#events = []
  }
}
