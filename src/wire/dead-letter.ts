/** Dead letters as their owner sees them. */
import { z } from '@hono/zod-openapi'
import { paymentIdSchema, refundIdSchema } from './id.ts'
import { instantSchema } from './money.ts'

const dutyKindSchema = z.enum([
  'deliver_receipt',
  'capture',
  'release_hold',
  'return_funds',
  'void_order',
  'reverse_order',
  'report_refund',
])

export const deadLetterSchema = z
  .strictObject({
    paymentId: paymentIdSchema,
    duty: dutyKindSchema,
    refundId: refundIdSchema.nullable(),
    since: instantSchema,
    attempts: z.int(),
  })
  .openapi('DeadLetter')

export const deadLettersSchema = z
  .strictObject({
    data: z.array(deadLetterSchema),
    nextCursor: z.string().nullable(),
    missing: z.array(z.string()).openapi({ description: 'Centers that could not be asked' }),
  })
  .openapi('DeadLetters')

export const replaySchema = z
  .strictObject({
    paymentId: paymentIdSchema,
    duty: dutyKindSchema,
    refundId: refundIdSchema.nullable().default(null),
  })
  .openapi('Replay')

export const replayedSchema = z
  .strictObject({
    attempts: z.int(),
    nextAt: instantSchema.nullable().openapi({
      description:
        'When it is told next if this time fails too; null where nothing is owed any more',
    }),
  })
  .openapi('Replayed')

export type DeadLetters = z.infer<typeof deadLettersSchema>
export type Replay = z.input<typeof replaySchema>
export type Replayed = z.infer<typeof replayedSchema>
