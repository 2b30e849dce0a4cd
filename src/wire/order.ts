/** Orders as acquirers create them: in-app and online payments are MPM by link. */
import { z } from '@hono/zod-openapi'
import { instantSchema, memberIdSchema, moneySchema } from './money.ts'

export const orderRequestSchema = z
  .strictObject({
    order: memberIdSchema.openapi({
      description: "The acquirer's own reference; the gateway asks about the order under it",
    }),
    amount: moneySchema.openapi({ description: "What it costs, in the acquirer's currency" }),
    expiresAt: instantSchema.optional().openapi({
      description: 'Until when it can be quoted, at most 30 days from now; two hours by default',
    }),
  })
  .openapi('OrderRequest')

export const orderCodeSchema = z
  .strictObject({
    order: memberIdSchema,
    code: z.string().openapi({
      description:
        'A link: opened by a wallet from an app or page, or shown as QR. Quoted like any code',
    }),
    expiresAt: instantSchema,
  })
  .openapi('OrderCode')

export type OrderRequest = z.infer<typeof orderRequestSchema>
export type OrderCode = z.infer<typeof orderCodeSchema>
