/** Consumer codes, and payments of a consumer code: what wallets issue and tills send. */
import { z } from '@hono/zod-openapi'
import { CODES_MAX } from '../domain/consumer-code.ts'
import { instantSchema, memberIdSchema, moneySchema } from './money.ts'
import { documentSchema, merchantSchema } from './payment.ts'

export const codesRequestSchema = z
  .strictObject({
    requestId: memberIdSchema,
    requestedAt: instantSchema,
    count: z.int().min(1).max(CODES_MAX).default(1).openapi({
      description: 'More than one, so that the phone can show codes while it has no line',
    }),
    payerReference: memberIdSchema.openapi({
      description:
        "The wallet's own word for its user: handed back with the payment, and understood by nobody else. Where what one person may pay is counted, the same in all payments of this user",
    }),
    document: documentSchema.optional(),
  })
  .openapi('ConsumerCodesRequest')

export const codesSchema = z
  .strictObject({
    codes: z.array(
      z.strictObject({
        barcode: z.string().openapi({
          description: 'Nineteen digits, to be shown as Code 128',
          example: '9976020700012345678',
        }),
        qr: z.string().openapi({
          description: 'The same number as an EMVCo consumer-presented code, to be shown as QR',
        }),
      }),
    ),
    expiresAt: instantSchema,
  })
  .openapi('ConsumerCodes')

/** `POST /v1/payments` of an acquirer: the till has scanned its customer. */
export const chargeRequestSchema = z
  .strictObject({
    requestId: memberIdSchema,
    requestedAt: instantSchema,
    consumerCode: z.string().min(12).max(1_024).openapi({
      description: 'What was scanned, byte for byte: bar code or QR',
    }),
    amount: moneySchema.openapi({
      description: "What the merchant gets, in the acquirer's currency",
    }),
    merchant: merchantSchema,
    order: memberIdSchema,
  })
  .openapi('ChargeRequest')

/** `POST /v1/payments/{id}/authorization` of a wallet: what its user said. */
export const authorizationSchema = z
  .discriminatedUnion('result', [
    z.strictObject({ result: z.literal('S'), reference: memberIdSchema }),
    z.strictObject({ result: z.literal('F'), code: z.string().max(64).optional() }),
  ])
  .openapi('Authorization')

export type CodesRequest = z.input<typeof codesRequestSchema>
export type ConsumerCodes = z.infer<typeof codesSchema>
export type ChargeRequest = z.infer<typeof chargeRequestSchema>
export type Authorization = z.infer<typeof authorizationSchema>
