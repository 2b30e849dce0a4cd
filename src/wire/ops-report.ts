/** The regulator's own view: what went through, how the network is open, how it was steered. No payer is in it. */
import { z } from '@hono/zod-openapi'
import { answeredMoneySchema, instantSchema } from './money.ts'

const count = z.int().nonnegative()

const figures = {
  opened: count,
  committed: count,
  aborted: count,
  reversed: count,
  refunds: count,
  refused: count.openapi({ description: 'Requests turned away before there was a payment' }),
  successRate: z.number().nullable(),
  cny: answeredMoneySchema,
  usd: answeredMoneySchema.openapi({ description: 'What was committed, at mid rates' }),
}

export const reportRowSchema = z.strictObject({ name: z.string(), ...figures }).openapi('ReportRow')

export const reportSchema = z
  .strictObject({
    from: instantSchema,
    to: instantSchema,
    total: reportRowSchema,
    days: z.array(reportRowSchema).openapi({ description: 'By UTC date, oldest first' }),
    scenarios: z.array(reportRowSchema),
    corridors: z.array(reportRowSchema),
    institutions: z.array(reportRowSchema),
    families: z.array(reportRowSchema),
    codes: z.array(reportRowSchema).openapi({ description: 'By result code' }),
    network: z.strictObject({
      members: z.strictObject({ open: count, stopped: count }),
      corridors: z.strictObject({ open: count, closed: count }),
      centers: z.strictObject({ up: count, away: count }),
      switchedOff: count,
    }),
    steering: z
      .strictObject({
        applied: count,
        proposed: count,
        rejected: count,
        undone: count,
        more: z.boolean().openapi({ description: 'There were more than were counted' }),
      })
      .openapi({ description: 'Changes of this time, as they now stand' }),
    audit: z
      .strictObject({ entries: count, hash: z.string() })
      .openapi({ description: 'How long the audit chain is, and its last hash' }),
    missing: z
      .array(z.string())
      .openapi({ description: 'Centers whose monitor could not be asked' }),
  })
  .openapi('Report')

export type ReportRow = z.infer<typeof reportRowSchema>
export type Report = z.infer<typeof reportSchema>
