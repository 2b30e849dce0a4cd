/** Limits as institutions see them: which one is reached, and how much of each is used. */
import { z } from '@hono/zod-openapi'
import { allowanceKinds } from '../domain/allowance.ts'
import type { LimitStanding } from '../domain/limit.ts'
import { instantSchema } from './money.ts'

const countSchema = z
  .string()
  .regex(/^\d{1,16}$/)
  .openapi({ description: "Minor units of the institution's own currency, or payments" })

const kinds = [
  'single_min',
  'single_max',
  'value_day',
  'count_day',
  'per_second',
  'net_debit',
  'refund_open',
] as const

const kindsSay = [
  '`single_min`, `single_max`: of one payment.',
  "`value_day`, `count_day`: over a day of the institution's zone.",
  '`per_second`: payments opened in a second.',
  '`net_debit`: what a wallet owes and has not settled.',
  '`refund_open`: what an acquirer may have under way of refunds; more waits, queued.',
].join(' ')

const kindSchema = z.enum(kinds).openapi({ description: kindsSay })

/** Refusals name the allowances of persons, too. */
const reachedKindSchema = z.enum([...kinds, ...allowanceKinds]).openapi({
  description: [
    kindsSay,
    'What one person may pay in the corridor, in US cents, in all wallets together: `single` in one payment,',
    "`year` in a calendar year of the merchant's zone, `year_without_id` likewise of whoever has shown no document.",
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
    kind: reachedKindSchema,
    currency: z.string().nullable().openapi({ description: 'Null where payments are counted' }),
    value: countSchema.nullable().openapi({
      description:
        "Minor units of the institution's own currency, or payments, or US cents of what a person may pay; null where the limit is another member's",
    }),
    left: countSchema.nullable().openapi({
      description:
        "What is left of it for this payment; null where the limit is another member's, and of what a person may pay in a year",
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

const countOrNull = (description: string) => countSchema.nullable().openapi({ description })

export const limitUseSchema = z
  .strictObject({
    scope: scopeSchema,
    kind: kindSchema,
    currency: z.string().nullable().openapi({ description: 'Null where payments are counted' }),
    value: countOrNull('Null where the limit was lifted, or is only announced'),
    from: instantSchema
      .nullable()
      .openapi({ description: 'Since when it is in force; null where it is only announced' }),
    next: z
      .strictObject({ from: instantSchema, value: countSchema.nullable() })
      .nullable()
      .openapi({ description: 'What is announced to follow; null for nothing' }),
    used: countOrNull('Taken by payments that are open or committed; null where nothing adds up'),
    held: countOrNull(
      'Set aside where payments may come in, and not taken as far as is known: what is left lies between value less used, and that less held',
    ),
    resetsAt: instantSchema.nullable().openapi({
      description: 'When it begins anew; null where time alone does not renew it',
    }),
  })
  .openapi('LimitUse')

export const limitsSchema = z
  .strictObject({
    data: z.array(limitUseSchema),
    asOf: instantSchema.openapi({
      description: 'Use is what was known then or later; younger payments may not be in it yet',
    }),
    missing: z.array(z.string()).openapi({
      description: 'Centers that could not be asked; what was used there is not counted',
    }),
  })
  .openapi('Limits')

export const nearLimitSchema = z
  .strictObject({
    institution: z.string(),
    scope: scopeSchema,
    kind: kindSchema,
    currency: z.string().nullable().openapi({ description: 'Null where payments are counted' }),
    value: countSchema,
    used: countSchema.openapi({ description: 'Taken by payments that are open or committed' }),
    held: countSchema.openapi({ description: 'Set aside in the centers and not taken' }),
    share: z
      .number()
      .nonnegative()
      .openapi({ description: 'Used of its value; above 1 where it was lowered since' }),
    resetsAt: instantSchema.nullable().openapi({
      description: 'When it begins anew; null where time alone does not renew it',
    }),
  })
  .openapi('NearLimit')

export type NearLimitView = z.infer<typeof nearLimitSchema>
export type LimitUseView = z.infer<typeof limitUseSchema>
export type LimitsView = z.infer<typeof limitsSchema>
