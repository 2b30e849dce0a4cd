/**
 * The ways a call can end without a value. Each says what became of the payment as far as it tells:
 * only `F` means that nobody owes; `U` and null never do, so a hold stays until an inquiry has answered.
 */
import type { Problem } from '../wire/problem.ts'
import type { Renewed } from './renewal.ts'

/** The gateway said no, in a signed problem (RFC 9457). Never retried by the client. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal'
  readonly status: number
  readonly code: Problem['code']
  /** F, or null where the refusal concerns the call and says nothing about a payment that may exist. */
  readonly result: Problem['result']
  readonly retry: Problem['retry']
  readonly acts: Problem['acts']
  readonly errors: NonNullable<Problem['errors']>
  /** The limit that is reached, how much is left of it and when it begins anew; null for other refusals. */
  readonly limit: NonNullable<Problem['limit']> | null
  /** When the same request may be sent again, milliseconds from now; null where nothing is said. */
  readonly retryAfterMs: number | null
  /** False where the gateway vouches that this very call has opened no payment; null where it says nothing. */
  readonly opened: false | null
  /** How many attempts of this call got no answer before this one did. */
  readonly lost: number

  constructor(problem: Problem, lost: number) {
    super(`${problem.code}: ${problem.detail ?? problem.title}`)
    this.status = problem.status
    this.code = problem.code
    this.result = problem.result
    this.retry = problem.retry
    this.acts = problem.acts
    this.errors = problem.errors ?? []
    this.limit = problem.limit ?? null
    this.retryAfterMs = problem.retryAfterMs ?? null
    this.opened = problem.opened ?? null
    this.lost = lost
  }
}

/** No usable answer within the call's patience. What was asked may have been done. */
export class GatewayUnreachable extends Error {
  override readonly name = 'GatewayUnreachable'
  readonly result = 'U'
  readonly attempts: number

  constructor(attempts: number, why: string) {
    super(`no answer from the gateway after ${attempts} attempts: ${why}`)
    this.attempts = attempts
  }
}

/** An answer came, but not provably from the gateway, or not to this request. Its content is not used. */
export class AnswerUntrusted extends Error {
  override readonly name = 'AnswerUntrusted'
  readonly result = 'U'
  /** The check that failed, e.g. `SIGNATURE_INVALID`. */
  readonly reason: string

  constructor(reason: string) {
    super(`the answer cannot be trusted: ${reason}`)
    this.reason = reason
  }
}

/**
 * The quote does not count any more, and the new one says something else to the payer: show it, and pay it under the
 * same request where the payer agrees. Otherwise take the request back (`cancelRequested`), which says F for certain:
 * a new quote that an earlier call has paid may still be on its way.
 */
export class QuoteChanged extends Error {
  override readonly name = 'QuoteChanged'
  readonly result = 'U'
  readonly renewed: Renewed

  constructor(renewed: Renewed, refused: GatewayRefusal) {
    super(`${refused.code}, and the new quote is another one`, { cause: refused })
    this.renewed = renewed
  }
}

/** The quote does not count any more, and there is no new one. Ask again, or take the request back, as above. */
export class QuoteGone extends Error {
  override readonly name = 'QuoteGone'
  readonly result = 'U'

  constructor(refused: GatewayRefusal) {
    super(`${refused.code}, and there is no new quote`, { cause: refused })
  }
}
