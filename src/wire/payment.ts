/** Quotes and payments as institutions see them. */
import { z } from '@hono/zod-openapi'
import { documentTypes } from '../domain/allowance.ts'
import { paymentIdSchema, resultCodeSchema } from './id.ts'
import {
  feeSchema,
  instantSchema,
  memberIdSchema,
  moneySchema,
  rateSchema,
  textSchema,
} from './money.ts'
import { refundSchema } from './refund.ts'

export { paymentIdSchema, resultCodeSchema } from './id.ts'

export const scenarioSchema = z.enum(['inbound', 'outbound', 'overseas', 'local'])

export const merchantSchema = z
  .strictObject({
    id: memberIdSchema,
    name: textSchema(100),
    city: textSchema(50).nullable(),
    mcc: z
      .string()
      .regex(/^\d{4}$/)
      .nullable(),
    country: z.string().regex(/^[A-Z]{2}$/),
  })
  .openapi('Merchant')

export const documentSchema = z
  .strictObject({
    type: z.enum(documentTypes),
    number: z
      .string()
      .min(4)
      .max(40)
      .regex(/[\p{L}\p{N}]/u),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .openapi({ description: 'Who issued it' }),
  })
  .openapi('IdentityDocument', {
    description: 'Becomes a keyed hash on arrival, and is neither kept nor written in any log',
  })

const payerSchema = z
  .strictObject({
    reference: memberIdSchema.openapi({
      description: "The wallet's own word for its user, the same in all payments of this user",
    }),
    document: documentSchema.optional(),
  })
  .openapi('Payer')

export const quoteRequestSchema = z
  .strictObject({
    requestId: memberIdSchema.openapi({
      description: "The wallet's own id of this purchase; the payment is made under the same one",
    }),
    requestedAt: instantSchema.openapi({
      description: 'When the wallet first asked; the same in every retry',
    }),
    code: z.string().min(1).max(65_536).openapi({ description: 'The scanned code, byte for byte' }),
    amount: moneySchema.optional().openapi({
      description:
        "What the payer typed where the code fixes no amount: in the merchant's currency to fix what the merchant gets, in the payer's to fix what the payer pays",
    }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .openapi({
        description: "Currency the payer pays in; by default the wallet's own",
      }),
    payer: payerSchema.optional().openapi({
      description:
        'Who pays: needed in corridors where what one person may pay is counted, and read nowhere else',
    }),
  })
  .openapi('QuoteRequest')

export const quoteSchema = z
  .strictObject({
    paymentId: paymentIdSchema,
    requestId: memberIdSchema,
    scenario: scenarioSchema,
    family: z.string(),
    merchant: merchantSchema,
    payer: moneySchema,
    payee: moneySchema,
    rate: rateSchema.nullable(),
    fees: z.array(feeSchema),
    acquirer: z.string(),
    expiresAt: instantSchema,
    quote: z.string().openapi({ description: 'Sealed token; sent back unchanged to pay' }),
  })
  .openapi('Quote')

export const payRequestSchema = z
  .strictObject({
    requestId: memberIdSchema,
    requestedAt: instantSchema,
    quote: z.string().min(1).max(8_192),
    hold: z
      .strictObject({ reference: memberIdSchema })
      .openapi({ description: "The wallet's statement that it holds the payer's money" }),
  })
  .openapi('PayRequest')

export const cancelRequestSchema = z
  .strictObject({
    requestId: memberIdSchema.openapi({
      description: "The cancel's own id, the same in every retry",
    }),
    reason: z
      .enum(['user', 'timeout', 'fraud', 'technical'])
      .optional()
      .openapi({ description: 'Why; kept for the record and changes nothing' }),
  })
  .openapi('CancelPayment')

export const cancelRequestedSchema = cancelRequestSchema
  .extend({
    payment: z
      .strictObject({ requestId: memberIdSchema, requestedAt: instantSchema })
      .openapi({ description: 'The request to pay, or to charge, that is taken back' }),
  })
  .openapi('CancelRequested')

export const resultSchema = z.enum(['S', 'F', 'U']).openapi({
  description: 'What became of the payment: success, failed, unknown yet',
})

export const statusSchema = z.enum([
  'pending',
  'awaiting_user',
  'in_doubt',
  'deemed',
  'committed',
  'aborted',
  'reversed',
])

export const liabilitySchema = z
  .strictObject({
    liableParty: z.enum(['none', 'wallet', 'acquirer', 'gateway']),
    since: instantSchema,
    until: instantSchema.nullable(),
    nextAction: z.enum([
      'await_responder',
      'await_user',
      'await_file',
      'await_decision',
      'deliver_receipt',
      'settle',
      'release_hold',
      'void_order',
      'return_funds',
      'reverse_order',
      'none',
    ]),
  })
  .openapi('Liability', { description: 'Who stands for the money now, and what comes next' })

export const paymentSchema = z
  .strictObject({
    paymentId: paymentIdSchema,
    requestId: memberIdSchema,
    requestedAt: instantSchema,
    result: resultSchema,
    status: statusSchema,
    resultCode: resultCodeSchema,
    presentment: z.enum(['mpm', 'cpm']),
    scenario: scenarioSchema,
    family: z.string(),
    wallet: z.string(),
    acquirer: z.string(),
    merchant: merchantSchema,
    order: memberIdSchema,
    payer: moneySchema,
    payee: moneySchema,
    rate: rateSchema.nullable(),
    fees: z.array(feeSchema),
    openedAt: instantSchema,
    decideBy: instantSchema.openapi({
      description: 'The gateway decides by then, whatever happens',
    }),
    decidedAt: instantSchema.nullable(),
    cancelUntil: instantSchema.nullable().openapi({
      description: 'Before this instant its acquirer can cancel a committed payment in full',
    }),
    walletCancelUntil: instantSchema.nullable().openapi({
      description:
        'Before this instant its wallet can, too; null where the corridor leaves that to the acquirer',
    }),
    reversedAt: instantSchema.nullable().openapi({
      description: 'When a committed payment was cancelled in full',
    }),
    refunds: z.array(refundSchema).openapi({ description: 'Oldest first' }),
    liability: liabilitySchema,
    receipt: z.string().nullable().openapi({
      description: "The gateway's signed receipt (JWS) of a committed payment",
    }),
    resetsAt: instantSchema.nullable().openapi({
      description: "When the payer's allowance begins anew, where it is what did not allow this",
    }),
    version: z.int().openapi({ description: 'Rises with every event of the payment' }),
  })
  .openapi('Payment')

export const paymentListSchema = z
  .strictObject({
    data: z.array(paymentSchema),
    nextCursor: z.string().nullable(),
    missing: z.array(z.string()).openapi({
      description: 'Centers that could not be asked; their payments are not in this page',
    }),
  })
  .openapi('PaymentList')

export const eventTypeSchema = z.enum([
  'payment.opened',
  'payment.in_doubt',
  'payment.awaiting_user',
  'payment.deemed',
  'payment.committed',
  'payment.aborted',
  'payment.reversed',
  'refund.queued',
  'refund.sent',
  'refund.refunded',
  'refund.failed',
  'refund.unapplied',
])

export const eventSchema = z
  .strictObject({
    id: z.string(),
    type: eventTypeSchema,
    at: instantSchema,
    payment: paymentSchema,
  })
  .openapi('Event')

export const eventListSchema = z
  .strictObject({
    data: z.array(eventSchema),
    nextCursor: z.string().openapi({ description: 'Send as `after` to go on, now or later' }),
    missing: z.array(z.string()),
  })
  .openapi('EventList')

export type QuoteRequest = z.infer<typeof quoteRequestSchema>
export type Quote = z.infer<typeof quoteSchema>
export type PayRequest = z.infer<typeof payRequestSchema>
export type CancelPayment = z.infer<typeof cancelRequestSchema>
export type CancelRequested = z.infer<typeof cancelRequestedSchema>
export type PaymentView = z.infer<typeof paymentSchema>
export type PaymentList = z.infer<typeof paymentListSchema>
export type EventView = z.infer<typeof eventSchema>
export type EventList = z.infer<typeof eventListSchema>
