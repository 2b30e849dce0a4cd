/** Payments as the staff finds and reads them. */
import { z } from '@hono/zod-openapi'
import { refundIdSchema, resultCodeSchema } from './id.ts'
import { instantSchema, moneySchema } from './money.ts'
import { paymentSchema, scenarioSchema, statusSchema } from './payment.ts'
import { timelineSchema } from './timeline.ts'

const missing = z
  .array(z.string())
  .openapi({ description: 'Centers that could not be asked; what they know is not in this answer' })

const memberDutyKind = z.enum([
  'deliver_receipt',
  'capture',
  'release_hold',
  'return_funds',
  'void_order',
  'reverse_order',
  'report_refund',
])

const dutyKind = z.enum([...memberDutyKind.options, 'count_allowance', 'free_allowance'])

export const foundPaymentSchema = z
  .strictObject({
    paymentId: z.string(),
    requestId: z.string(),
    center: z.string(),
    openedAt: instantSchema,
    decidedAt: instantSchema.nullable(),
    result: z.enum(['S', 'F', 'U']),
    status: statusSchema,
    resultCode: resultCodeSchema,
    presentment: z.enum(['mpm', 'cpm']),
    scenario: scenarioSchema,
    corridor: z.string().openapi({ example: 'TH>CN' }),
    family: z.string(),
    wallet: z.string(),
    acquirer: z.string(),
    merchant: z.strictObject({ id: z.string(), name: z.string() }),
    payer: moneySchema,
    payee: moneySchema,
    refunds: z.int().openapi({ description: 'How many' }),
    dutiesOpen: z.int().openapi({ description: 'What is still owed after the decision' }),
  })
  .openapi('FoundPayment')

export const foundPaymentsSchema = z
  .strictObject({
    data: z.array(foundPaymentSchema),
    nextCursor: z.string().nullable().openapi({
      description: 'Goes on from here; a page may be short, even empty, and still have one',
    }),
    missing,
    searched: z
      .strictObject({ from: instantSchema, to: instantSchema })
      .openapi({ description: 'The time that the whole search runs through' }),
  })
  .openapi('FoundPayments')

export const rungSchema = z
  .strictObject({
    at: instantSchema,
    from: z.string().openapi({ description: 'A member, or `gateway`' }),
    to: z.string(),
    says: z.enum([
      'pay',
      'charge',
      'accept',
      'authorize',
      'accepted',
      'refused',
      'user_must_confirm',
      'silence',
      'inquire',
      'unknown',
      'success',
      'failed',
      'cancel',
      'refund',
      'refunded',
      'refund_failed',
      'refund_unapplied',
      'acknowledged',
      ...memberDutyKind.options,
    ]),
    resultCode: resultCodeSchema.nullable(),
    about: z.string().nullable().openapi({ description: 'The refund it is about' }),
    reference: z.string().nullable(),
    key: z.string().nullable().openapi({ description: 'Under which the speaker said so' }),
    digest: z.string().nullable().openapi({
      description: 'Content-Digest (RFC 9530) of the message, where its signature is kept',
    }),
    proved: z.boolean().openapi({
      description:
        'False for a duty whose turn to be told came and that nobody acknowledged before the next turn: it may have been lost, and a member whose endpoint is away is not called at every turn',
    }),
    row: z.int(),
    hash: z.string(),
  })
  .openapi('Rung', { description: 'One message of the ladder, as the journal proves it' })

export const dutySchema = z
  .strictObject({
    duty: dutyKind,
    owner: z.string(),
    refundId: refundIdSchema.nullable(),
    since: instantSchema,
    attempts: z.int(),
    nextAt: instantSchema.nullable(),
    state: z.enum(['done', 'open', 'dead']),
  })
  .openapi('DutyView')

export const paymentPageSchema = z
  .strictObject({
    payment: paymentSchema,
    center: z.string(),
    lane: z.string(),
    requester: z.string(),
    responder: z.string(),
    corridor: z.string(),
    payer: z.strictObject({ reference: z.string().nullable() }).nullable().openapi({
      description: "The wallet's own word for its user; null unless it was asked for",
    }),
    codeHash: z.string().nullable(),
    hold: z.strictObject({ reference: z.string(), key: z.string() }).nullable(),
    acceptance: z.strictObject({ reference: z.string(), key: z.string() }).nullable(),
    respondBy: instantSchema,
    duties: z.array(dutySchema),
    moments: timelineSchema.shape.moments,
    ladder: z.array(rungSchema).openapi({ description: 'Who said what to whom, oldest first' }),
  })
  .openapi('PaymentPage')

/** A duty, and the payment it is of: what a member was told, or is being told. */
export const noticeSchema = dutySchema
  .extend({
    paymentId: z.string(),
    center: z.string(),
    resultCode: resultCodeSchema,
    openedAt: instantSchema,
  })
  .openapi('PendingNotice')

export const noticesSchema = z
  .strictObject({ data: z.array(noticeSchema), nextCursor: z.string().nullable(), missing })
  .openapi('Notices')

export const opsDeadLettersSchema = z
  .strictObject({
    data: z.array(
      z
        .strictObject({
          paymentId: z.string(),
          center: z.string(),
          institution: z.string(),
          duty: dutyKind,
          refundId: refundIdSchema.nullable(),
          since: instantSchema,
          attempts: z.int(),
        })
        .openapi('OpsDeadLetter'),
    ),
    more: z.boolean(),
    missing,
  })
  .openapi('OpsDeadLetters')

export const opsReplaySchema = z
  .strictObject({
    paymentId: z.string().max(64),
    institution: z.string().max(32),
    duty: dutyKind,
    refundId: refundIdSchema.nullable().default(null),
  })
  .openapi('OpsReplay')

export type FoundPayment = z.infer<typeof foundPaymentSchema>
export type RungView = z.infer<typeof rungSchema>
export type DutyView = z.infer<typeof dutySchema>
export type PaymentPage = z.infer<typeof paymentPageSchema>
