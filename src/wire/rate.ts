/** Rates as providers quote them. */
import { z } from '@hono/zod-openapi'
import { instantSchema } from './money.ts'

/** Pairs in one call: all of them become one change of the directory. */
export const RATES_MAX = 200

const currency = z.string().regex(/^[A-Z]{3}$/)

export const ratesRequestSchema = z
  .strictObject({
    asOf: instantSchema.openapi({ description: 'When these rates were taken' }),
    goodForSeconds: z.int().min(1).max(86_400).openapi({
      description: 'For how long the provider stands by them; they price nothing afterwards',
    }),
    rates: z
      .array(
        z.strictObject({
          base: currency,
          counter: currency,
          mid: z
            .string()
            .max(40)
            .openapi({ description: 'Whole units of counter for one of base', example: '4.5596' }),
          markupBp: z.int().min(0).max(10_000),
        }),
      )
      .min(1)
      .max(RATES_MAX),
  })
  .openapi('RatesRequest')

export const ratesTakenSchema = z
  .strictObject({
    taken: z.int().openapi({ description: 'In force everywhere within five seconds' }),
    kept: z.int().openapi({ description: 'Pairs of which a rate as new or newer was there' }),
  })
  .openapi('RatesTaken')

export type RatesRequest = z.infer<typeof ratesRequestSchema>
export type RatesTaken = z.infer<typeof ratesTakenSchema>
