/**
 * Every result code of the gateway: one closed table. Members program against the codes: add, never rename.
 *
 * Two layers answer every call: did the call work, and what became of the payment. `outcome` is the
 * payment's side (S success, F failed, U unknown); a code that only concerns the call has none, because
 * a call that was refused says nothing about a payment that may exist.
 */

import type { LimitStanding } from './limit.ts'

/** Who must act next for the matter to be settled. */
export type Actor = 'nobody' | 'user' | 'wallet' | 'acquirer' | 'requester' | 'operator' | 'gateway'

/** What a program should do: never again, the same request again, or after getting something anew. */
export type Retry = 'never' | 'same' | 'later' | 'new_quote' | 'new_code' | 'inquire'

interface Row {
  /** HTTP status when the code answers a call. */
  readonly http: number
  readonly outcome: 'S' | 'F' | 'U' | null
  readonly retry: Retry
  readonly acts: Actor
  readonly says: string
}

// biome-ignore format: a table is read by column
export const resultCodes = {
  // The payment.
  SUCCESS:                 { http: 200, outcome: 'S',  retry: 'never',     acts: 'nobody',    says: 'The payment is final: committed.' },
  PAYMENT_IN_PROCESS:      { http: 200, outcome: 'U',  retry: 'inquire',   acts: 'gateway',   says: 'The payment is not decided yet; the gateway will decide it by its deadline.' },
  USER_ACTION:             { http: 200, outcome: 'U',  retry: 'inquire',   acts: 'user',      says: 'The payer must confirm in the wallet, within 60 seconds of the scan.' },
  DEEMED:                  { http: 200, outcome: 'U',  retry: 'inquire',   acts: 'acquirer',  says: 'A switch that cannot undo stayed silent; its file decides, at the latest at the end of the next day.' },
  DEADLINE_EXCEEDED:       { http: 200, outcome: 'F',  retry: 'new_quote', acts: 'wallet',    says: 'No usable answer came before the decision deadline, so the payment was aborted.' },
  USER_REJECTED:           { http: 422, outcome: 'F',  retry: 'new_quote', acts: 'user',      says: 'The payer declined.' },
  INSUFFICIENT_FUNDS:      { http: 422, outcome: 'F',  retry: 'new_quote', acts: 'user',      says: 'The payer has not enough funds.' },
  DECLINED:                { http: 422, outcome: 'F',  retry: 'new_quote', acts: 'user',      says: 'The other institution declined without a reason that can be passed on.' },
  RISK_REJECT:             { http: 422, outcome: 'F',  retry: 'never',     acts: 'user',      says: 'The other institution declined for risk reasons.' },
  ORDER_NOT_EXIST:         { http: 404, outcome: 'F',  retry: 'new_code',  acts: 'acquirer',  says: 'The acquirer knows no order behind this code.' },
  ORDER_CLOSED:            { http: 409, outcome: 'F',  retry: 'new_code',  acts: 'acquirer',  says: 'The order is closed.' },
  ORDER_PAID:              { http: 409, outcome: 'F',  retry: 'never',     acts: 'nobody',    says: 'The order has been paid already.' },
  MERCHANT_NOT_QUALIFIED:  { http: 403, outcome: 'F',  retry: 'never',     acts: 'acquirer',  says: 'The merchant may not take this payment.' },

  LIMIT_PERSON:            { http: 422, outcome: 'F',  retry: 'later',     acts: 'user',      says: 'What this payer may pay in a year, in whatever wallet, is used up.' },
  LIMIT_ID_REQUIRED:       { http: 422, outcome: 'F',  retry: 'new_quote', acts: 'user',      says: 'The payer may pay this only after showing a document, which the wallet then states.' },
  ALLOWANCE_UNKNOWN:       { http: 503, outcome: 'F',  retry: 'new_quote', acts: 'gateway',   says: "What the payer may still pay this year could not be asked in time; nothing was paid." },

  CANCELLED:               { http: 409, outcome: 'F',  retry: 'never',     acts: 'nobody',    says: 'The requester cancelled the payment in full.' },
  PAYMENT_BARRED:          { http: 404, outcome: 'F',  retry: 'never',     acts: 'nobody',    says: 'There is no such payment, and since this cancel there never will be.' },

  // A refund.
  REFUND_IN_PROCESS:       { http: 200, outcome: 'U',  retry: 'inquire',   acts: 'wallet',    says: 'The refund is on its way; the wallet is asked until it answers.' },
  COVER_SHORT:             { http: 200, outcome: 'U',  retry: 'inquire',   acts: 'acquirer',  says: "The refund waits, unsent, until the acquirer's cover suffices." },
  REFUNDED:                { http: 200, outcome: 'S',  retry: 'never',     acts: 'nobody',    says: 'The wallet has given the money back to its user.' },
  REFUND_UNAPPLIED:        { http: 200, outcome: 'U',  retry: 'inquire',   acts: 'wallet',    says: 'The wallet has the money and no account to give it to; it must find another way.' },

  // The code, the route and the quote: nothing exists yet.
  CODE_INVALID:            { http: 422, outcome: 'F',  retry: 'new_code',  acts: 'user',      says: 'The code cannot be read: it breaks the rules of its kind.' },
  CODE_EXPIRED:            { http: 422, outcome: 'F',  retry: 'new_code',  acts: 'user',      says: 'The code has expired.' },
  CODE_USED:               { http: 409, outcome: 'F',  retry: 'new_code',  acts: 'user',      says: 'The code was used for another payment.' },
  CODE_UNSUPPORTED:        { http: 422, outcome: 'F',  retry: 'never',     acts: 'user',      says: 'The code is no merchant payment code of a family the gateway routes.' },
  NO_ROUTE:                { http: 422, outcome: 'F',  retry: 'never',     acts: 'operator',  says: 'No member of the network owns this code.' },
  CORRIDOR_CLOSED:         { http: 422, outcome: 'F',  retry: 'never',     acts: 'operator',  says: 'Payments from this market to that one are not open.' },
  RATE_UNAVAILABLE:        { http: 503, outcome: 'F',  retry: 'later',     acts: 'operator',  says: 'No provider quotes these two currencies now.' },
  RATE_STALE:              { http: 503, outcome: 'F',  retry: 'later',     acts: 'operator',  says: 'Every rate of these two currencies is older than its provider stands by it.' },
  AMOUNT_MISSING:          { http: 422, outcome: 'F',  retry: 'never',     acts: 'user',      says: 'The code fixes no amount, so the request must.' },
  AMOUNT_INVALID:          { http: 422, outcome: 'F',  retry: 'never',     acts: 'requester', says: 'The amount is not a whole number of minor units from 1 to 10^15 in a currency of this payment.' },
  AMOUNT_MISMATCH:         { http: 422, outcome: 'F',  retry: 'never',     acts: 'requester', says: 'The code fixes another amount.' },
  LIMIT_SINGLE:            { http: 422, outcome: 'F',  retry: 'never',     acts: 'user',      says: 'The amount is outside of what one payment may be.' },
  RESOLVE_TIMEOUT:         { http: 504, outcome: 'F',  retry: 'same',      acts: 'acquirer',  says: 'The acquirer did not say in time what the code stands for; nothing was created.' },
  PEER_ERROR:              { http: 502, outcome: 'F',  retry: 'same',      acts: 'acquirer',  says: 'The acquirer answered in a way that cannot be used; nothing was created.' },
  QUOTE_EXPIRED:           { http: 409, outcome: 'F',  retry: 'new_quote', acts: 'user',      says: 'The quote has expired.' },
  QUOTE_INVALID:           { http: 422, outcome: 'F',  retry: 'new_quote', acts: 'requester', says: 'The quote was not issued by this gateway to this institution for this requestId.' },

  // The call.
  REPEAT_REQ_INCONSISTENT: { http: 409, outcome: null, retry: 'never',     acts: 'requester', says: 'This requestId was used with another body.' },
  PARAM_ILLEGAL:           { http: 400, outcome: null, retry: 'never',     acts: 'requester', says: 'The request has the wrong shape.' },
  BODY_TOO_LARGE:          { http: 413, outcome: null, retry: 'never',     acts: 'requester', says: 'The body is larger than 65536 bytes.' },
  PAYMENT_NOT_EXIST:       { http: 404, outcome: null, retry: 'never',     acts: 'requester', says: 'This institution is party to no such payment.' },
  RECEIPT_NOT_EXIST:       { http: 404, outcome: null, retry: 'never',     acts: 'requester', says: 'Only a committed payment has a receipt.' },
  CANCEL_WINDOW_EXCEEDED:  { http: 409, outcome: null, retry: 'never',     acts: 'acquirer',  says: 'It is too late for this party to cancel the payment; its acquirer can refund it.' },
  PAYMENT_DEEMED:          { http: 409, outcome: null, retry: 'later',     acts: 'acquirer',  says: 'The payment waits for the file of its switch and cannot be cancelled before.' },
  CANCEL_AFTER_REFUND:     { http: 409, outcome: null, retry: 'never',     acts: 'acquirer',  says: 'A part of the payment has been refunded, so only the rest can be refunded too.' },
  REFUND_NOT_EXIST:        { http: 404, outcome: null, retry: 'never',     acts: 'requester', says: 'This institution is party to no such refund.' },
  REFUND_NOT_POSSIBLE:     { http: 409, outcome: null, retry: 'never',     acts: 'requester', says: 'Only a committed payment can be refunded.' },
  REFUND_WINDOW_EXCEEDED:  { http: 409, outcome: null, retry: 'never',     acts: 'acquirer',  says: 'The payment is older than 366 days.' },
  REFUND_AMOUNT_EXCEEDED:  { http: 422, outcome: null, retry: 'never',     acts: 'acquirer',  says: 'All refunds together would exceed the payment.' },
  REFUND_COUNT_EXCEEDED:   { http: 409, outcome: null, retry: 'never',     acts: 'acquirer',  says: 'The payment has 50 refunds already.' },
  NOT_FOUND:               { http: 404, outcome: null, retry: 'never',     acts: 'requester', says: 'There is nothing at this address.' },
  ACCESS_DENIED:           { http: 403, outcome: null, retry: 'never',     acts: 'requester', says: 'Whoever asks has no role that may do this.' },
  ACCESS_MISSING:          { http: 401, outcome: null, retry: 'never',     acts: 'operator',  says: 'Nobody is signed in.' },
  ACCESS_INVALID:          { http: 401, outcome: null, retry: 'never',     acts: 'operator',  says: 'The access token does not count.' },
  ACCESS_EXPIRED:          { http: 401, outcome: null, retry: 'never',     acts: 'operator',  says: 'The access token has expired; sign in again.' },
  ACCESS_CROSS_SITE:       { http: 403, outcome: null, retry: 'never',     acts: 'operator',  says: 'The call does not come from this console, nor does it say that a program makes it.' },
  SECOND_PERSON:           { http: 403, outcome: null, retry: 'never',     acts: 'operator',  says: 'Nobody decides about what they proposed themselves.' },
  CHANGE_NOT_EXIST:        { http: 404, outcome: null, retry: 'never',     acts: 'operator',  says: 'There is no such change or plan.' },
  CHANGE_NOT_OPEN:         { http: 409, outcome: null, retry: 'never',     acts: 'operator',  says: 'The change has been decided, has ended or was taken back.' },
  CHANGE_MOVED:            { http: 409, outcome: null, retry: 'later',     acts: 'operator',  says: 'What the change touches is no longer as it was when it was looked at; look again.' },
  CHANGE_INVALID:          { http: 422, outcome: null, retry: 'never',     acts: 'operator',  says: 'The network cannot be changed in this way.' },
  MEMBER_SUSPENDED:        { http: 403, outcome: null, retry: 'later',     acts: 'operator',  says: 'The institution is suspended.' },
  SIGNATURE_MISSING:       { http: 401, outcome: null, retry: 'never',     acts: 'requester', says: 'The request carries no signature.' },
  SIGNATURE_MALFORMED:     { http: 401, outcome: null, retry: 'never',     acts: 'requester', says: 'The signature fields cannot be parsed.' },
  SIGNATURE_COVERAGE:      { http: 401, outcome: null, retry: 'never',     acts: 'requester', says: 'The signature does not cover what it must.' },
  SIGNATURE_STALE:         { http: 401, outcome: null, retry: 'never',     acts: 'requester', says: 'The signature was not created within 300 seconds of now.' },
  SIGNATURE_KEY:           { http: 401, outcome: null, retry: 'never',     acts: 'requester', says: 'The key is not a valid key of this institution.' },
  SIGNATURE_DIGEST:        { http: 401, outcome: null, retry: 'never',     acts: 'requester', says: 'The content digest is not that of the body.' },
  SIGNATURE_INVALID:       { http: 401, outcome: null, retry: 'never',     acts: 'requester', says: 'The signature does not verify.' },
  LIMIT_PERIOD:            { http: 422, outcome: null, retry: 'later',     acts: 'requester', says: 'What an institution may pay or be paid is used up, or too little of it is left.' },
  LIMIT_RATE:              { http: 429, outcome: null, retry: 'same',      acts: 'requester', says: 'More payments come in one second than an institution may make; the same request may be sent again.' },
  BUSY:                    { http: 503, outcome: null, retry: 'same',      acts: 'gateway',   says: 'The gateway is shedding load; the same request may be sent again.' },
  ALERT_RESOLVED:          { http: 409, outcome: null, retry: 'never',     acts: 'operator',  says: 'The alert is resolved; what is over needs no owner.' },
  ALERT_FULL:              { http: 409, outcome: null, retry: 'never',     acts: 'operator',  says: 'There is no room for one more note or mute.' },
  LANE_CLOSED:             { http: 409, outcome: null, retry: 'new_quote', acts: 'requester', says: 'The lanes of this institution moved while the request was on its way; a new quote for it finds them.' },
  CENTER_UNAVAILABLE:      { http: 503, outcome: 'U',  retry: 'same',      acts: 'gateway',   says: 'The center that holds this payment cannot be reached; what was accepted is not lost.' },
  INTERNAL:                { http: 500, outcome: null, retry: 'inquire',   acts: 'gateway',   says: 'The gateway failed; what became of the payment is known by inquiry only.' },
} as const satisfies Record<string, Row>

export type ResultCode = keyof typeof resultCodes

/** Codes that say no: everything but the two that describe a payment going well or going on. */
export type RefusalCode = Exclude<ResultCode, 'SUCCESS' | 'PAYMENT_IN_PROCESS'>

/** One field that is wrong: a JSON Pointer (RFC 6901) into the body or the name of a parameter. */
export interface FieldError {
  readonly pointer: string
  readonly says: string
}

export interface RefusalDetail {
  /** Turned away before the lane was asked: whatever the code, it says nothing about a payment that may exist. */
  readonly undecided?: true
  /** This call opened nothing, for certain; an earlier one may have. */
  readonly notOpened?: true
  readonly says?: string
  readonly fields?: readonly FieldError[]
  /** The limit that is reached, and what is left of it. */
  readonly limit?: LimitStanding
  /** When the same request may be sent again. */
  readonly retryAfterMs?: number
  /** Judged by a directory from before a change that has called back shares. For our own eyes, likewise. */
  readonly isBehind?: true
  /** Of CODE_USED: the payment that has the code. For our own eyes, never part of an answer. */
  readonly usedBy?: string
}

export interface Refusal {
  readonly code: RefusalCode
  readonly detail?: RefusalDetail
}

/**
 * What a responder may say when it refuses. Anything else it sends is its own vocabulary and becomes
 * DECLINED, so that foreign text never travels through the gateway.
 */
export const responderCodes = [
  'USER_REJECTED',
  'INSUFFICIENT_FUNDS',
  'DECLINED',
  'RISK_REJECT',
  'ORDER_NOT_EXIST',
  'ORDER_CLOSED',
  'ORDER_PAID',
  'MERCHANT_NOT_QUALIFIED',
] as const satisfies readonly RefusalCode[]

/** How a payment ends that its payer's allowance does not allow. */
export const allowanceCodes = [
  'LIMIT_PERSON',
  'LIMIT_ID_REQUIRED',
  'ALLOWANCE_UNKNOWN',
] as const satisfies readonly RefusalCode[]

export type AllowanceCode = (typeof allowanceCodes)[number]

export const isAllowanceCode = (code: ResultCode): code is AllowanceCode =>
  (allowanceCodes as readonly string[]).includes(code)

export type ResponderCode = (typeof responderCodes)[number]

/** Narrows a responder's own word to the closed list. */
export const responderCode = (text: string): ResponderCode =>
  responderCodes.find(code => code === text) ?? 'DECLINED'
