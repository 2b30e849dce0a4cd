/** Refunds as institutions see them. */
import { z } from '@hono/zod-openapi'
import { paymentIdSchema, refundIdSchema, resultCodeSchema } from './id.ts'
import { instantSchema, memberIdSchema, moneySchema } from './money.ts'

export const refundRequestSchema = z
  .strictObject({
    requestId: memberIdSchema.openapi({
      description:
        "The acquirer's own id of this refund, the same in every retry. It is unique within its payment: with another body there it is refused, while two payments may have a refund of the same id each",
    }),
    amount: moneySchema.openapi({
      description: "What the merchant gives back, in the merchant's currency",
    }),
    reason: z.enum(['goods_returned', 'not_delivered', 'duplicate', 'fraud', 'other']).optional(),
  })
  .openapi('RefundRequest')

export const refundSchema = z
  .strictObject({
    refundId: refundIdSchema,
    paymentId: paymentIdSchema,
    requestId: memberIdSchema,
    status: z.enum(['QUEUED', 'SENT', 'REFUNDED', 'FAILED', 'UNAPPLIED']).openapi({
      description:
        'QUEUED: nothing has left the gateway yet. SENT: the wallet was asked. UNAPPLIED: the wallet has the money and no account to give it to',
    }),
    result: z.enum(['S', 'F', 'U']),
    resultCode: resultCodeSchema,
    payee: moneySchema,
    payer: moneySchema,
    rounding: z.literal('payer_down_last_takes_rest').openapi({
      description:
        "At the payment's own rate, the payer's share rounded down; the refund that completes the payment gives back all that is left",
    }),
    queuedAt: instantSchema,
    sentAt: instantSchema.nullable(),
    endedAt: instantSchema.nullable(),
    liableParty: z.enum(['acquirer', 'wallet', 'none']).openapi({
      description: 'Who owes the payer this money now',
    }),
  })
  .openapi('Refund')

export type RefundRequest = z.infer<typeof refundRequestSchema>
export type RefundView = z.infer<typeof refundSchema>
