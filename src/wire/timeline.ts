/** The flight recorder as a party sees it. */
import { z } from '@hono/zod-openapi'
import { paymentIdSchema, resultCodeSchema } from './id.ts'
import { instantSchema } from './money.ts'
import { statusSchema } from './payment.ts'

const momentSchema = z
  .strictObject({
    at: instantSchema,
    elapsedMs: z.int().openapi({ description: 'Since the payment was opened' }),
    event: z.string().openapi({ example: 'committed' }),
    by: z.enum(['wallet', 'acquirer', 'gateway']),
    status: statusSchema,
    resultCode: resultCodeSchema,
    budgetLeftMs: z.int().nullable().openapi({
      description: 'What was left of the budget then in force; null once decided',
    }),
    about: z.string().nullable().openapi({ description: 'The duty or refund it is about' }),
    reference: z.string().nullable().openapi({ description: "Of the reader's own statement" }),
    key: z.string().nullable().openapi({ description: 'Under which the reader stated it' }),
    digest: z.string().nullable().openapi({
      description: "Content-Digest (RFC 9530) of the reader's own message, as the gateway heard it",
      example: 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
    }),
    askedDigest: z.string().nullable().openapi({
      description:
        'Content-Digest of the question that the reader answered, as the gateway sent it',
    }),
    row: z.int().openapi({ description: "Row of the lane's journal" }),
    hash: z.string().openapi({ description: "The journal's chained SHA-256 at that row, hex" }),
  })
  .openapi('Moment')

export const timelineSchema = z
  .strictObject({ paymentId: paymentIdSchema, moments: z.array(momentSchema) })
  .openapi('Timeline')

export type Timeline = z.infer<typeof timelineSchema>
