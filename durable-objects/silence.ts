/**
 * Responders that answer no inquiry any more: many payments that each ask every two seconds would cost everybody else
 * the gateway's time, and tell no more than one of them does. While a responder is silent one inquiry a second goes to
 * it; any answer of it ends that, and every payment in doubt asks again in its next turn. The clock decides what is
 * asked no more, as it does what is asked in vain. In memory only, of one lane.
 */
import type { Errand } from '../src/domain/errand.ts'
import type { Message, Payment, Verdict } from '../src/domain/payment.ts'

/** Inquiries that must have gone unanswered, and for how long, before their responder counts as silent. */
const ASKED_MIN = 10
const SILENT_AFTER_MS = 4_000
/** One inquiry goes to who is silent in so many milliseconds. */
const ASK_MS = 1_000

interface Unanswered {
  readonly since: number
  asked: number
  askedAt: number
}

export class Silence {
  readonly #unanswered = new Map<string, Unanswered>()

  /** The errands that may go now. An inquiry that may not has had its turn. */
  admit(errands: readonly Errand[], now: number): readonly Errand[] {
    return errands.filter(
      errand => !isOfDoubt(errand) || this.#asks(errand.payment.terms.responder, now),
    )
  }

  #asks(responder: string, now: number): boolean {
    const known = this.#unanswered.get(responder) ?? { since: now, asked: 0, askedAt: 0 }
    const isSilent = known.asked >= ASKED_MIN && now >= known.since + SILENT_AFTER_MS
    if (isSilent && now < known.askedAt + ASK_MS) return false
    known.asked += 1
    known.askedAt = now
    this.#unanswered.set(responder, known)
    return true
  }

  /** What a payment's responder itself has said, to an inquiry or not, ends its silence. */
  hear({ terms }: Payment, message: Message) {
    if (message.kind === 'answer' && isOwnWord(message.verdict.said)) {
      this.#unanswered.delete(terms.responder)
    }
  }
}

/** A deemed payment asks so rarely that no turn of it may be lost. */
const isOfDoubt = ({ kind, payment }: Errand): boolean =>
  kind === 'inquire' && payment.status === 'in_doubt'

/** The gateway says the others itself: that nothing usable came, or that a payer's allowance is used up. */
const isOwnWord = (said: Verdict['said']): boolean => said !== 'unusable' && said !== 'not_allowed'
