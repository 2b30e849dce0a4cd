/** The receipt: the gateway's signed word that a payment is committed, small enough for a QR code. */
import type { Payment } from './payment.ts'
import { acquirerOf, walletOf } from './quote.ts'
import { assert } from './result.ts'

/** What the signed form says that it is (RFC 8725, section 3.11), so that nothing else of ours can pass for one. */
export const RECEIPT_TYPE = 'cpg-receipt'

/**
 * The claims of a receipt, with one-letter names so that the signed form stays small: about 400
 * characters, and at the most 740 where every reference is as long as it may be. That is a QR code of 69 to 93 modules.
 * The signed form is a JWS (RFC 7515) under one of the gateway's published keys.
 */
export interface ReceiptClaims {
  /** Version of this shape. */
  readonly v: 1
  /** Payment id. */
  readonly p: string
  /** The wallet and the acquirer, whichever asked. */
  readonly q: string
  readonly r: string
  /** Payer and payee amounts: ISO 4217 code and minor units, `THB 125000`. */
  readonly a: string
  readonly b: string
  /** The acquirer's order reference and the merchant's id. */
  readonly o: string
  readonly m: string
  /** When it was committed, milliseconds since 1970. */
  readonly t: number
}

const text = ({ currency, minor }: { currency: string; minor: bigint }) => `${currency} ${minor}`

/** Receipts exist for committed payments only (I4). */
export function receiptOf({ status, terms, decidedAt }: Payment): ReceiptClaims {
  assert(status === 'committed' && decidedAt !== null, 'a receipt is for a committed payment')
  return {
    v: 1,
    p: terms.paymentId,
    q: walletOf(terms),
    r: acquirerOf(terms),
    a: text(terms.payer),
    b: text(terms.payee),
    o: terms.order,
    m: terms.merchant.id,
    t: decidedAt,
  }
}
