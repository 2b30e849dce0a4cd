/** Money, rates and times as they travel: digits in strings, RFC 3339 in UTC. */
import { z } from '@hono/zod-openapi'

/**
 * Minor units travel as digits in a string, because a JSON number is inexact above 2^53. One pattern says it all,
 * 10^15 included: a second check would also be run on texts that are no number.
 */
const minor = z
  .string()
  .regex(
    /^(?:[1-9]\d{0,14}|10{15})$/,
    'whole minor units as digits, 1 to 10^15, without sign, point or leading zero',
  )
  .openapi({ description: 'Whole minor units, 1 to 10^15', example: '125000' })

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'an ISO 4217 alphabetic code')
  .openapi({ description: 'ISO 4217 alphabetic code', example: 'THB' })

export const moneySchema = z
  .strictObject({ currency, minor })
  .openapi('Money', { description: 'An exact amount: 125000 of THB is 1250.00 baht' })

/** Money inside an answer may be zero (a fee, say), so only its shape is fixed. */
export const answeredMoneySchema = z
  .strictObject({ currency, minor: z.string().regex(/^\d{1,16}$/) })
  .openapi('AnsweredMoney', { description: 'An exact amount, zero included' })

export type WireMoney = z.infer<typeof moneySchema>

export const instantSchema = z.iso
  .datetime({
    precision: 3,
    message: 'RFC 3339 in UTC with milliseconds, e.g. 2026-01-31T08:00:00.000Z',
  })
  .openapi({ description: 'RFC 3339, UTC, milliseconds', example: '2026-01-31T08:00:00.000Z' })

export const rateSchema = z
  .strictObject({
    provider: z.string(),
    base: currency,
    counter: currency,
    mid: z.string().openapi({ description: "The provider's mid rate, exact decimal" }),
    markupBp: z
      .int()
      .openapi({ description: 'Markup over mid in basis points, included in value' }),
    value: z.string().openapi({
      description: 'One whole unit of base costs this many whole units of counter',
      example: '4.9748',
    }),
    offers: z.int().openapi({ description: 'How many providers offered; the cheapest was taken' }),
    asOf: instantSchema.nullable().openapi({
      description: 'When its provider took it; null in payments older than this field',
    }),
    rounding: z.literal('payer_up').openapi({
      description:
        'The converted payer amount is rounded up to the next minor unit, a converted payee amount down',
    }),
  })
  .openapi('Rate')

export const feeSchema = z
  .strictObject({
    kind: z.enum(['interchange', 'service']),
    bearer: z.enum(['acquirer']),
    amount: answeredMoneySchema,
  })
  .openapi('FeeLine')

/** Ids that members choose: bounded, and of letters that survive every log, URL and file. */
export const memberIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,64}$/, '1 to 64 of A-Z a-z 0-9 _ . : -')

/** A member's text for people: bounded and without control characters. */
export const textSchema = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'no control characters')
