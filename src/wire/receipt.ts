/** A receipt by itself, and as what a till prints or a phone shows. */
import { z } from '@hono/zod-openapi'
import { paymentIdSchema } from './id.ts'

export const receiptSchema = z
  .strictObject({
    paymentId: paymentIdSchema,
    receipt: z.string().openapi({
      description:
        "The gateway's signed receipt: a JWS of type `cpg-receipt`, about 400 characters, at the most 740",
    }),
    qr: z.string().openapi({ description: 'The same as a QR code: an SVG document' }),
  })
  .openapi('Receipt')

export type ReceiptView = z.infer<typeof receiptSchema>
