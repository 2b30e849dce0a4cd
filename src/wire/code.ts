/** Codes as institutions see them: what one is, and the rules by which a wallet tells offline what can be paid. */
import { z } from '@hono/zod-openapi'
import { resultCodes } from '../domain/refusal.ts'
import { answeredMoneySchema, feeSchema, instantSchema, rateSchema } from './money.ts'

const market = z
  .string()
  .nullable()
  .openapi({ description: 'ISO 3166-1 alpha-2; null for every market', example: 'TH' })
const bp = z.int().openapi({ description: 'Basis points of the payee amount', example: 80 })

export const explainRequestSchema = z
  .strictObject({
    code: z.string().min(1).max(65_536).openapi({
      description: 'The scanned code, byte for byte',
      example: '00020101021129370016A000000677010111011300668123456785303764540612000…',
    }),
  })
  .openapi('ExplainRequest')

const saidSchema = z.strictObject({
  code: z.string().openapi({ description: 'From a closed list that only grows' }),
  says: z.string(),
})

const fieldBase = z.strictObject({
  id: z.string(),
  name: z.string(),
  at: z
    .int()
    .openapi({ description: 'Where the field begins, in UTF-16 units of the trimmed code' }),
  from: z.int().openapi({ description: 'Where its value begins' }),
  to: z.int().openapi({ description: 'Where its value ends, exclusive' }),
  value: z.string().openapi({
    description: 'Empty for a template. Digits that look like a card number are masked',
  }),
})

export interface CodeField extends z.infer<typeof fieldBase> {
  fields: CodeField[]
}

export const codeFieldSchema: z.ZodType<CodeField> = fieldBase
  .extend({
    fields: z
      .lazy(() => codeFieldSchema.array())
      .openapi({
        type: 'array',
        items: { $ref: '#/components/schemas/CodeField' },
      }),
  })
  .openapi('CodeField')

const proxySchema = z.strictObject({ type: z.string(), value: z.string() }).nullable()
const textsSchema = z.record(z.string(), z.string())

const familySchema = z.strictObject({
  id: z.string().openapi({ example: 'promptpay' }),
  name: z.string(),
  institutionKey: z
    .string()
    .nullable()
    .openapi({ description: 'The part that names the institution, if the code has one' }),
  fields: textsSchema.openapi({ description: "What the scheme's own fields say" }),
  proxy: proxySchema,
})

const candidateSchema = z.strictObject({
  institution: z.string(),
  family: z.string(),
  market,
  key: z.string().openapi({ description: 'Beginning of the institution key; `*` for every code' }),
  rank: z.int(),
  verdict: z.enum(['chosen', 'possible', 'refused']),
  reason: saidSchema,
})

export const explanationSchema = z
  .strictObject({
    valid: z.boolean(),
    payable: z.boolean(),
    errors: z.array(saidSchema.extend({ at: z.int().nullable() })),
    warnings: z.array(saidSchema),
    kind: z.enum(['mpm-emv', 'mpm-url', 'cpm-emv', 'cpm-numeric', 'other']),
    presentment: z.enum(['merchant', 'consumer']).nullable(),
    initiation: z.enum(['static', 'dynamic']).nullable(),
    families: z.array(familySchema).openapi({ description: 'Best first' }),
    country: z.string().nullable(),
    currency: z.string().nullable(),
    amount: z.string().nullable().openapi({ description: 'Major units, as the code writes them' }),
    amountMinor: z.string().nullable(),
    merchantName: z.string().nullable(),
    merchantNameLocal: z.string().nullable(),
    merchantCity: z.string().nullable(),
    merchantCityLocal: z.string().nullable(),
    language: z.string().nullable(),
    mcc: z.string().nullable(),
    postalCode: z.string().nullable(),
    tip: z
      .strictObject({
        kind: z.enum(['prompt', 'fixed', 'percentage']),
        value: z.string().nullable(),
      })
      .nullable(),
    additionalData: textsSchema.openapi({ description: 'EMVCo field 62 by sub-id' }),
    proxy: proxySchema,
    expiresAt: instantSchema.nullable(),
    fields: z.array(codeFieldSchema).openapi({ description: 'Every field with name and offsets' }),
    route: z.strictObject({
      institution: z.string().nullable().openapi({ description: 'Who owns the code' }),
      reason: saidSchema,
      candidates: z
        .array(candidateSchema)
        .openapi({ description: 'Every route that fits, in the order of preference' }),
    }),
    corridor: z
      .strictObject({
        payerMarket: z.string(),
        payeeMarket: z.string(),
        scenario: z.enum(['inbound', 'outbound', 'overseas', 'local']),
        status: z.enum(['open', 'closed']),
        interchangeBp: bp,
        serviceFeeBp: bp,
        singleMaxMinor: z.string().nullable().openapi({
          description: "The largest payment, in the payee's minor units; null for none",
        }),
      })
      .nullable(),
    payment: z.strictObject({
      possible: z
        .boolean()
        .openapi({ description: 'Whether a quote of this code would be asked for at this moment' }),
      refusal: z
        .strictObject({
          code: z.enum(Object.keys(resultCodes) as [keyof typeof resultCodes]),
          says: z.string(),
          retry: z.string(),
          acts: z.string(),
        })
        .nullable()
        .openapi({ description: 'What POST /v1/quotes would answer instead of a quote' }),
      obstacles: z
        .array(saidSchema)
        .openapi({ description: 'Everything against paying, not just the first' }),
      estimate: z
        .strictObject({
          payer: answeredMoneySchema,
          payee: answeredMoneySchema,
          rate: rateSchema.nullable(),
          fees: z.array(feeSchema),
        })
        .nullable()
        .openapi({
          description: 'What it would cost now, where the code fixes an amount; binds nobody',
        }),
    }),
    at: instantSchema,
  })
  .openapi('CodeExplanation')

export type CodeExplanation = z.infer<typeof explanationSchema>

export const codeRulesSchema = z
  .strictObject({
    version: z
      .string()
      .openapi({ description: 'Changes if and only if the rules do; the ETag is this in quotes' }),
    families: z.array(
      z.strictObject({
        family: z.string(),
        name: z.string(),
        presentment: z.enum(['merchant', 'consumer']),
        market,
        currencies: z.array(z.string()),
        accounts: z.array(
          z.strictObject({
            tags: z
              .array(z.int())
              .length(2)
              .openapi({ description: 'First and last EMVCo field id' }),
            guid: z.string().nullable(),
            country: z.string().nullable(),
          }),
        ),
        aids: z.array(z.string()),
        numbers: z.array(
          z.strictObject({ prefix: z.string(), lengths: z.array(z.int()).length(2) }),
        ),
        links: z.array(
          z.strictObject({
            scheme: z.string(),
            host: z.string().optional(),
            path: z.string().optional(),
          }),
        ),
        texts: z.array(z.string()),
        routes: z.array(z.strictObject({ market, key: z.string() })),
      }),
    ),
  })
  .openapi('CodeRules')

export type WireCodeRules = z.infer<typeof codeRulesSchema>
