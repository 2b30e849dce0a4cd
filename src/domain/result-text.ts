/** What to tell people about a result code, in the languages of cashiers and travellers. */
import { type ResultCode, resultCodes } from './refusal.ts'
import { en } from './texts/en.ts'
import { id } from './texts/id.ts'
import { ms } from './texts/ms.ts'
import type { Situation, Texts } from './texts/situation.ts'
import { th } from './texts/th.ts'
import { vi } from './texts/vi.ts'
import { zh } from './texts/zh.ts'

/** BCP 47. */
export const languages = { en, zh, th, ms, id, vi } as const satisfies Record<string, Texts>
export type Language = keyof typeof languages

/** Which situation each code is; a code without one does not compile. */
// biome-ignore format: a table is read by column
const situationOf: Readonly<Record<ResultCode, Situation>> = {
  SUCCESS: 'paid',
  PAYMENT_IN_PROCESS: 'wait',           USER_ACTION: 'confirm',               DEEMED: 'wait_long',
  DEADLINE_EXCEEDED: 'no_answer',       USER_REJECTED: 'user_no',             INSUFFICIENT_FUNDS: 'no_funds',
  DECLINED: 'declined',                 RISK_REJECT: 'declined',              ORDER_NOT_EXIST: 'code_bad',
  ORDER_CLOSED: 'order_closed',         ORDER_PAID: 'order_paid',             MERCHANT_NOT_QUALIFIED: 'merchant_off',
  CANCELLED: 'cancelled',               PAYMENT_BARRED: 'cancelled',
  REFUND_IN_PROCESS: 'refund_wait',     COVER_SHORT: 'refund_wait',           REFUNDED: 'refunded',
  REFUND_UNAPPLIED: 'refund_other',
  CODE_INVALID: 'code_bad',             CODE_EXPIRED: 'code_expired',         CODE_USED: 'code_used',
  CODE_UNSUPPORTED: 'not_served',       NO_ROUTE: 'not_served',               CORRIDOR_CLOSED: 'not_served',
  RATE_UNAVAILABLE: 'try_again',        AMOUNT_MISSING: 'amount',             AMOUNT_INVALID: 'amount',
  AMOUNT_MISMATCH: 'amount',            LIMIT_SINGLE: 'limit',                RESOLVE_TIMEOUT: 'try_again',
  PEER_ERROR: 'try_again',              QUOTE_EXPIRED: 'quote_expired',       QUOTE_INVALID: 'quote_expired',
  REPEAT_REQ_INCONSISTENT: 'technical', PARAM_ILLEGAL: 'technical',           BODY_TOO_LARGE: 'technical',
  RECEIPT_NOT_EXIST: 'not_found',
  PAYMENT_NOT_EXIST: 'not_found',       CANCEL_WINDOW_EXCEEDED: 'too_late',   PAYMENT_DEEMED: 'wait_long',
  CANCEL_AFTER_REFUND: 'too_late',      REFUND_NOT_EXIST: 'not_found',        REFUND_NOT_POSSIBLE: 'refund_no',
  REFUND_WINDOW_EXCEEDED: 'refund_no',  REFUND_AMOUNT_EXCEEDED: 'refund_no',  REFUND_COUNT_EXCEEDED: 'refund_no',
  NOT_FOUND: 'technical',               ACCESS_DENIED: 'technical',           MEMBER_SUSPENDED: 'not_served',
  ACCESS_MISSING: 'technical',          ACCESS_INVALID: 'technical',          ACCESS_EXPIRED: 'technical',
  ACCESS_CROSS_SITE: 'technical',       SECOND_PERSON: 'technical',           CHANGE_NOT_EXIST: 'technical',
  CHANGE_NOT_OPEN: 'technical',         CHANGE_MOVED: 'technical',            CHANGE_INVALID: 'technical',
  SIGNATURE_MISSING: 'technical',       SIGNATURE_MALFORMED: 'technical',     SIGNATURE_COVERAGE: 'technical',
  SIGNATURE_STALE: 'technical',         SIGNATURE_KEY: 'technical',           SIGNATURE_DIGEST: 'technical',
  SIGNATURE_INVALID: 'technical',       BUSY: 'try_again',                    CENTER_UNAVAILABLE: 'try_again',
  INTERNAL: 'wait',                     LIMIT_PERIOD: 'limit',                LIMIT_RATE: 'try_again',
  LIMIT_PERSON: 'year_used',            LIMIT_ID_REQUIRED: 'identify',        ALLOWANCE_UNKNOWN: 'try_again',
  LANE_CLOSED: 'try_again',             RATE_STALE: 'try_again',            ALERT_RESOLVED: 'technical',
  ALERT_FULL: 'technical',
}

export interface ResultText {
  readonly cashier: string
  readonly traveller: string
}

export function textOf(code: ResultCode, language: Language): ResultText {
  const [cashier, traveller] = languages[language][situationOf[code]]
  return { cashier, traveller }
}

/** The whole table: for each code what it means to a program, and what to tell people in each language. */
export const resultTable = () =>
  Object.entries(resultCodes).map(([code, row]) => ({
    code: code as ResultCode,
    result: row.outcome,
    retry: row.retry,
    acts: row.acts,
    says: row.says,
    texts: Object.fromEntries(
      (Object.keys(languages) as Language[]).map(language => [
        language,
        textOf(code as ResultCode, language),
      ]),
    ) as Record<Language, ResultText>,
  }))
