/** Outcomes: what a switch's file says of the payments that wait for it. */
import { z } from '@hono/zod-openapi'
import { paymentIdSchema, resultCodeSchema } from './id.ts'
import { memberIdSchema } from './money.ts'
import { resultSchema, statusSchema } from './payment.ts'
import { retrySchema } from './problem.ts'

/** Lines of one call; a longer file comes in several, in any order and as often as it takes. */
export const OUTCOMES_MAX = 200

export const outcomesRequestSchema = z
  .strictObject({
    lines: z
      .array(
        z.discriminatedUnion('result', [
          z.strictObject({
            paymentId: paymentIdSchema,
            result: z.literal('S'),
            reference: memberIdSchema,
          }),
          z.strictObject({
            paymentId: paymentIdSchema,
            result: z.literal('F'),
            code: z.string().max(64).optional(),
          }),
        ]),
      )
      .min(1)
      .max(OUTCOMES_MAX),
  })
  .openapi('OutcomesRequest')

export const outcomesSchema = z
  .strictObject({
    lines: z
      .array(
        z.strictObject({
          paymentId: paymentIdSchema,
          line: z.enum(['decided', 'agreed', 'contradicted', 'refused']).openapi({
            description:
              'decided: the line decided the payment. agreed: it was decided so before. contradicted: it was decided otherwise before, and that stands. refused: the line was not heard, and code says why',
          }),
          result: resultSchema.nullable().openapi({
            description: 'What became of the payment; null where the line was refused',
          }),
          status: statusSchema.nullable(),
          code: resultCodeSchema.openapi({
            description: "The payment's result code, or why the line was refused",
          }),
          retry: retrySchema,
        }),
      )
      .openapi({ description: 'One for each line that was sent, in the same order' }),
  })
  .openapi('Outcomes')

export type OutcomesRequest = z.infer<typeof outcomesRequestSchema>
export type Outcomes = z.infer<typeof outcomesSchema>
