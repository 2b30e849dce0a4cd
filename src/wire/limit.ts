/** Limits as institutions see them: which one is reached, and how much of each is used. */
import { z } from '@hono/zod-openapi'
import type { LimitStanding } from '../domain/limit.ts'
import { instantSchema } from './money.ts'

const countSchema = z
  .string()
  .regex(/^\d{1,16}$/)
  .openapi({ description: "Minor units of the institution's own currency, or payments" })

const kindSchema = z
  .enum(['single_min', 'single_max', 'value_day', 'count_day', 'per_second', 'net_debit'])
  .openapi({
    description: [
      '`single_min`, `single_max`: of one payment.',
      "`value_day`, `count_day`: over a day of the institution's zone.",
      '`per_second`: payments opened in a second.',
      '`net_debit`: what a wallet owes and has not settled.',
    ].join(' '),
  })

const scopeSchema = z.string().openapi({
  description: 'All payments (`*`), those of a corridor (`TH>CN`), or those with one other member',
})

export const limitStandingSchema = z
  .strictObject({
    institution: z.string().nullable().openapi({
      description: 'Whose limit it is; null where it is a rule of the corridor',
    }),
    scope: scopeSchema,
    kind: kindSchema,
    currency: z.string().nullable().openapi({ description: 'Null where payments are counted' }),
    value: countSchema.nullable(),
    left: countSchema.nullable().openapi({
      description: "What is left of it for this payment; null where the limit is another member's",
    }),
    resetsAt: instantSchema.nullable().openapi({
      description: 'When it begins anew; null where time alone does not renew it',
    }),
  })
  .openapi('LimitStanding')

export type LimitStandingView = z.infer<typeof limitStandingSchema>

export const limitStandingView = ({
  value,
  left,
  resetsAt,
  ...limit
}: LimitStanding): LimitStandingView => ({
  ...limit,
  value: value === null ? null : value.toString(),
  left: left === null ? null : left.toString(),
  resetsAt: resetsAt === null ? null : new Date(resetsAt).toISOString(),
})
