/** Is this receipt the gateway's, and is it about this payment? Needs the gateway's keys and no network. */
import type { ReceiptClaims } from '../domain/receipt.ts'
import { verifyReceipt } from '../trust/receipt.ts'
import type { WireMoney } from '../wire/money.ts'
import type { PaymentView } from '../wire/payment.ts'
import type { Notice } from '../wire/peer.ts'
import { type GatewayKeys, receiptKeyFinder } from './gateway-keys.ts'

/** What the holder of a receipt knows by itself; what is left out is not compared. */
export interface ExpectedPayment {
  readonly paymentId?: string
  readonly wallet?: string
  readonly acquirer?: string
  readonly payer?: WireMoney
  readonly payee?: WireMoney
  readonly order?: string
  readonly merchantId?: string
}

export type ReceiptCheck =
  | { readonly ok: true; readonly claims: ReceiptClaims }
  /** Not signed by the gateway, or changed since. */
  | { readonly ok: false; readonly why: 'not_genuine' }
  /** Genuine, but of another payment: these fields differ. */
  | {
      readonly ok: false
      readonly why: 'differs'
      readonly fields: readonly (keyof ExpectedPayment)[]
    }

export async function checkReceipt(
  receipt: string,
  expected: ExpectedPayment,
  gatewayKeys: GatewayKeys,
): Promise<ReceiptCheck> {
  const claims = await verifyReceipt(receipt, receiptKeyFinder(gatewayKeys))
  if (claims === null) return { ok: false, why: 'not_genuine' }
  const fields = differences(claims, expected)
  return fields.length === 0 ? { ok: true, claims } : { ok: false, why: 'differs', fields }
}

function differences(claims: ReceiptClaims, expected: ExpectedPayment) {
  const claimed: Required<Record<keyof ExpectedPayment, string>> = {
    paymentId: claims.p,
    wallet: claims.q,
    acquirer: claims.r,
    payer: claims.a,
    payee: claims.b,
    order: claims.o,
    merchantId: claims.m,
  }
  return (Object.keys(claimed) as (keyof ExpectedPayment)[]).filter(field => {
    const wanted = expected[field]
    return wanted !== undefined && textOf(wanted) !== claimed[field]
  })
}

const textOf = (value: string | WireMoney): string =>
  typeof value === 'string' ? value : `${value.currency} ${value.minor}`

/** The receipt inside a payment, compared with every field of that payment. */
export const checkPayment = (payment: PaymentView, keys: GatewayKeys): Promise<ReceiptCheck> =>
  checkReceipt(
    payment.receipt ?? '',
    {
      paymentId: payment.paymentId,
      wallet: payment.wallet,
      acquirer: payment.acquirer,
      payer: payment.payer,
      payee: payment.payee,
      order: payment.order,
      merchantId: payment.merchant.id,
    },
    keys,
  )

export type NoticeCheck =
  | { readonly ok: true }
  /** What the notice says does not fit together, or its receipt does not prove it. */
  | { readonly ok: false; readonly why: 'not_genuine' | 'differs' | 'contradicts' }

/** What has become of the payment where each duty is owed. */
const occasions = {
  deliver_receipt: ['committed'],
  capture: ['committed'],
  report_refund: ['committed'],
  release_hold: ['aborted'],
  return_funds: ['aborted', 'reversed'],
} as const satisfies Record<Notice['duty'], readonly PaymentView['status'][]>

/**
 * Whether a notice proves what it asks for: goods and captures need the receipt, releases and returns the contrary.
 * The receiver has verified its signature already; this looks at what it says.
 */
export async function verifyNotice(notice: Notice, keys: GatewayKeys): Promise<NoticeCheck> {
  const { type, duty, data } = notice
  const fits = (occasions[duty] as readonly string[]).includes(data.status)
  const named =
    duty === 'report_refund' ? type.startsWith('refund.') : type === `payment.${data.status}`
  if (!fits || !named) return { ok: false, why: 'contradicts' }
  if (data.status !== 'committed') {
    return data.receipt === null ? { ok: true } : { ok: false, why: 'contradicts' }
  }
  const check = await checkPayment(data, keys)
  return check.ok ? { ok: true } : { ok: false, why: check.why }
}
