/**
 * What the gateway asks its members, and what they may answer: the canonical dialect.
 *
 * Every call is a signed POST below the member's endpoint with a `deadline` in it; every answer is signed and
 * bound to its request. `result` is the call's outcome for the payment: S, F or U, U meaning "cannot say".
 */
import { z } from '@hono/zod-openapi'
import { CODED_MAX } from '../codes/order.ts'
import { refundIdSchema } from './id.ts'
import { feeSchema, instantSchema, memberIdSchema, moneySchema } from './money.ts'
import { eventTypeSchema, merchantSchema, paymentIdSchema, paymentSchema } from './payment.ts'

/** A member's own word for why; it is mapped to the closed list and never passed on. */
const code = z.string().max(64).optional()

/** Whom the gateway asks, in every body: a call that was signed for one member is none for another. */
const addressee = z.string().openapi({ description: 'The institution that is asked' })

/** `POST {endpoint}/orders/inquire`: what does this code stand for? */
export const orderInquirySchema = z
  .strictObject({
    addressee,
    paymentId: paymentIdSchema,
    code: z.string(),
    family: z.string(),
    institutionKey: z.string().nullable(),
    wallet: z.string(),
    walletMarket: z.string(),
    deadline: instantSchema,
  })
  .openapi('OrderInquiry')

export const orderAnswerSchema = z.discriminatedUnion('result', [
  z.object({
    result: z.literal('S'),
    merchant: merchantSchema,
    order: memberIdSchema,
    /** Currency the merchant is paid in. */
    currency: z.string().regex(/^[A-Z]{3}$/),
    /** What the order costs, where the acquirer knows it. */
    amount: moneySchema.nullable(),
  }),
  z.object({ result: z.literal('F'), code }),
  z.object({ result: z.literal('U'), code }),
])

/** `POST {endpoint}/payments/accept`: will you be owed this? Goods go out on the receipt, not on this. */
export const acceptRequestSchema = z
  .strictObject({
    addressee,
    paymentId: paymentIdSchema,
    order: memberIdSchema,
    merchantId: memberIdSchema,
    /** What was scanned, where the acquirer was not asked about it before: `order` and `merchantId` are read off it. */
    code: z.string().max(CODED_MAX).optional(),
    wallet: z.string(),
    payee: moneySchema,
    payer: moneySchema,
    fees: z.array(feeSchema),
    deadline: instantSchema,
    decideBy: instantSchema,
  })
  .openapi('AcceptRequest')

/** `POST {endpoint}/payments/authorize`: will you pay this for your user? The money is held, or debited, on a yes. */
export const authorizeRequestSchema = z
  .strictObject({
    addressee,
    paymentId: paymentIdSchema,
    /** As it was given when the code was issued; null for codes of the wallet's own. */
    payerReference: z.string().nullable(),
    /** What was scanned, where the wallet numbers its codes itself; null otherwise. */
    consumerCode: z.string().nullable(),
    merchant: merchantSchema,
    acquirer: z.string(),
    payer: moneySchema,
    payee: moneySchema,
    fees: z.array(feeSchema),
    deadline: instantSchema,
    decideBy: instantSchema,
  })
  .openapi('AuthorizeRequest')

/** Of authorize, and of inquire where a wallet is asked. U with the code USER_ACTION: the user must confirm first. */
export const authorizeAnswerSchema = z.discriminatedUnion('result', [
  z.object({ result: z.literal('S'), reference: memberIdSchema }),
  z.object({ result: z.literal('F'), code }),
  z.object({ result: z.literal('U'), code }),
])

/** `POST {endpoint}/payments/inquire`: what did you say to this payment? */
export const inquireRequestSchema = z
  .strictObject({
    addressee,
    paymentId: paymentIdSchema,
    order: memberIdSchema,
    deadline: instantSchema,
  })
  .openapi('InquireRequest')

/** Of accept and inquire alike. U from an inquiry means: not known here, or not decided yet. */
export const acceptAnswerSchema = z.discriminatedUnion('result', [
  z.object({ result: z.literal('S'), reference: memberIdSchema }),
  z.object({ result: z.literal('F'), code }),
  z.object({ result: z.literal('U'), code }),
])

/** `POST {endpoint}/payments/cancel`: undo it, or never do it: sticky, whatever arrives later. */
export const cancelRequestSchema = z
  .strictObject({
    addressee,
    paymentId: paymentIdSchema,
    order: memberIdSchema,
    reason: z.string(),
    /** Set where the payment was committed: the acquirer takes its word to the merchant back as well. */
    reversed: z.literal(true).optional(),
    deadline: instantSchema,
  })
  .openapi('CancelRequest')

export const cancelAnswerSchema = z.object({ result: z.enum(['S', 'F', 'U']), code })

/** `POST {endpoint}/refunds/apply`: give this to your user. The same id again gets the same answer. */
export const refundOrderSchema = z
  .strictObject({
    addressee,
    refundId: refundIdSchema,
    paymentId: paymentIdSchema,
    payer: moneySchema,
    payee: moneySchema,
    deadline: instantSchema,
  })
  .openapi('RefundOrder')

/** F with the code ACCOUNT_CLOSED: the wallet keeps the money for its user and finds another way. */
export const refundAnswerSchema = z.discriminatedUnion('result', [
  z.object({ result: z.literal('S'), reference: memberIdSchema }),
  z.object({ result: z.literal('F'), code }),
  z.object({ result: z.literal('U'), code }),
])

/** `POST {endpoint}/notices`: a decision its receiver must act on; answered 2xx once it is durable there. */
export const noticeSchema = z
  .strictObject({
    addressee,
    type: eventTypeSchema,
    timestamp: instantSchema,
    duty: z.enum(['deliver_receipt', 'capture', 'release_hold', 'return_funds', 'report_refund']),
    /** The refund it is about; the payment's own list has all of them. */
    refundId: refundIdSchema.optional(),
    data: paymentSchema,
  })
  .openapi('Notice')

export const noticeAnswerSchema = z.object({ result: z.literal('S') })

export const peerPaths = {
  order: '/orders/inquire',
  accept: '/payments/accept',
  authorize: '/payments/authorize',
  inquire: '/payments/inquire',
  cancel: '/payments/cancel',
  refund: '/refunds/apply',
  notice: '/notices',
} as const

/** What is asked; the addressee is added where it is sent, and checked where it arrives. */
type Asked<Schema extends z.ZodType> = Omit<z.infer<Schema>, 'addressee'>

export type OrderInquiry = Asked<typeof orderInquirySchema>
export type OrderAnswer = z.infer<typeof orderAnswerSchema>
export type AcceptRequest = Asked<typeof acceptRequestSchema>
export type AcceptAnswer = z.infer<typeof acceptAnswerSchema>
export type AuthorizeRequest = Asked<typeof authorizeRequestSchema>
export type AuthorizeAnswer = z.infer<typeof authorizeAnswerSchema>
export type InquireRequest = Asked<typeof inquireRequestSchema>
export type CancelRequest = Asked<typeof cancelRequestSchema>
export type CancelAnswer = z.infer<typeof cancelAnswerSchema>
export type RefundOrder = Asked<typeof refundOrderSchema>
export type RefundAnswer = z.infer<typeof refundAnswerSchema>
export type Notice = Asked<typeof noticeSchema>
