/** What a result means to people: many codes are one situation at the till, and each situation has two readers. */

/** `[what the cashier reads, what the traveller reads]` */
export type Text = readonly [cashier: string, traveller: string]

export const situations = [
  'paid',
  'wait',
  'confirm',
  'wait_long',
  'no_answer',
  'user_no',
  'no_funds',
  'declined',
  'order_closed',
  'order_paid',
  'merchant_off',
  'cancelled',
  'refund_wait',
  'refunded',
  'refund_other',
  'code_bad',
  'code_expired',
  'code_used',
  'not_served',
  'amount',
  'limit',
  'year_used',
  'identify',
  'quote_expired',
  'try_again',
  'not_found',
  'too_late',
  'refund_no',
  'technical',
] as const

export type Situation = (typeof situations)[number]

/** One language: every situation, or it does not compile. */
export type Texts = Readonly<Record<Situation, Text>>
