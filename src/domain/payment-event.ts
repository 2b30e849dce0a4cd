/** What is said to a payment and what becomes of it: the messages a lane takes, the events its journal keeps. */
import type { Allowance } from './allowance.ts'
import type { DutyName } from './duty.ts'
import type { Evidence } from './evidence.ts'
import type { Reserve } from './limit.ts'
import type { Money } from './money.ts'
import type { Acceptance, Cancel, Hold, Payment } from './payment.ts'
import type { Terms } from './quote.ts'
import type { RefundAnswer } from './refund.ts'
import type { AllowanceCode, ResponderCode, ResultCode } from './refusal.ts'

/** What a responder's message amounts to. `unusable` is silence, garbage, or a bad signature. */
export type Verdict =
  | (Stated & { readonly said: 'accepted'; readonly reference: string; readonly key: string })
  | (Stated & { readonly said: 'refused'; readonly code: ResponderCode })
  /** CPM: the wallet asks its user, and will push what came of it. */
  | (Stated & { readonly said: 'user_must_confirm' })
  | { readonly said: 'unusable' }
  /** By the gateway, before anybody was asked: the payer's allowance does not allow it. */
  | {
      readonly said: 'not_allowed'
      readonly code: AllowanceCode
      /** When the allowance begins anew, milliseconds since 1970; null where that would not help. */
      readonly resetsAt: number | null
    }

/** What a member said under its signature. */
export interface Stated {
  readonly evidence?: Evidence
}

export type Message =
  | {
      readonly kind: 'open'
      /** Of the request: in MPM the wallet's statement that it holds the money. */
      readonly evidence?: Evidence
      readonly terms: Terms
      readonly bodyHash: string
      readonly hold: Hold
      /** What it takes of limits; absent where none is in force. */
      readonly limits?: readonly Reserve[]
      /** Version of the directory by which it was let through; absent where none has to be. */
      readonly version?: number
      /** What it takes of its payer's allowance; absent where none is counted. */
      readonly allowance?: Allowance
      /** The trace of the request, hex: everything that is done because of it is done under it. */
      readonly trace?: string
    }
  | { readonly kind: 'answer'; readonly verdict: Verdict }
  /**
   * `tell` fires one duty's own timer early, `ask` that of the refund with this id, because its owner is well again;
   * `invited` where the owner itself asks for it.
   */
  | {
      readonly kind: 'timer'
      readonly tell?: DutyName
      readonly ask?: string
      readonly invited?: true
    }
  /** The requester heard U and may not ask again, so it must be told. */
  | { readonly kind: 'left' }
  | ({ readonly kind: 'acknowledge' } & DutyName)
  /** From the requester, or `by` the acquirer that is none; `requestId` is the cancel's own. */
  | (Stated & {
      readonly kind: 'cancel'
      readonly requestId: string
      readonly bodyHash: string
      readonly by?: 'acquirer'
    })
  /** From the acquirer; `amount` is in the payee's currency. */
  | (Stated & {
      readonly kind: 'refund'
      readonly requestId: string
      readonly bodyHash: string
      readonly amount: Money
    })
  /** Before a refund is sent the first time: what it takes of its acquirer's cover. */
  | { readonly kind: 'refund_cover'; readonly refund: string; readonly limits: readonly Reserve[] }
  | { readonly kind: 'refund_answer'; readonly refund: string; readonly answer: RefundAnswer }

/** A payment as it is after a message, and what the message did to it. */
export interface Outcome {
  readonly payment: Payment
  readonly events: readonly PaymentEvent['type'][]
  /** Members whose endpoint is away: the lane itself tells them what they are owed by this, once they are back. */
  readonly away?: readonly string[]
}

interface At {
  /** Milliseconds since 1970. */
  readonly at: number
}

type Told = At & DutyName

interface OfRefund extends At {
  /** Id of the refund. */
  readonly refund: string
}

export type RefundEvent =
  | (OfRefund &
      Stated & {
        readonly type: 'refund_queued'
        readonly requestId: string
        readonly bodyHash: string
        readonly payee: Money
        readonly payer: Money
      })
  | (OfRefund & { readonly type: 'refund_tried' | 'refund_held' | 'refund_sent' })
  | (OfRefund & { readonly type: 'refund_covered'; readonly limits: readonly Reserve[] })
  | (OfRefund & Stated & { readonly type: 'refund_unapplied' })
  | (OfRefund & Stated & { readonly type: 'refund_done'; readonly reference: string })
  | (OfRefund & Stated & { readonly type: 'refund_failed'; readonly resultCode: ResultCode })

export type Opened = At &
  Stated & {
    readonly type: 'opened'
    readonly terms: Terms
    readonly bodyHash: string
    readonly hold: Hold
    readonly limits?: readonly Reserve[]
    readonly allowance?: Allowance
    readonly trace?: string
  }

export type PaymentEvent =
  | Opened
  | (At & {
      readonly type: 'doubted' | 'inquired' | 'reversed' | 'left' | 'deemed'
    })
  | (At & Stated & { readonly type: 'user_asked' })
  | (At & Stated & { readonly type: 'committed'; readonly acceptance: Acceptance })
  /** The acceptance is absent in rows of before. */
  | (At & Stated & { readonly type: 'late_acceptance'; readonly acceptance?: Acceptance })
  /** Evidence only where it is the responder that refused. */
  | (At &
      Stated & {
        readonly type: 'aborted'
        readonly resultCode: ResultCode
        /** When the payer's allowance begins anew, where that is what it lacked. */
        readonly resetsAt?: number
      })
  | (At & Stated & { readonly type: 'cancel_asked' } & Omit<Cancel, 'at'>)
  | (Told & { readonly type: 'duty_told' | 'duty_done' })
  | RefundEvent

/**
 * A cancel came for an id under which nothing has been opened: nothing ever will be. It is no event of a payment,
 * because there is none, but the lane's journal keeps it like one.
 */
export type Barred = At & { readonly type: 'barred'; readonly requestId: string }
