/** Refusals as RFC 9457 problem details, with the result code a program acts on. */
import { z } from '@hono/zod-openapi'
import { type Refusal, resultCodes } from '../domain/refusal.ts'
import { limitStandingSchema, limitStandingView } from './limit.ts'
import { resultCodeSchema } from './payment.ts'

export const retrySchema = z.enum(['never', 'same', 'later', 'new_quote', 'new_code', 'inquire'])

export const problemSchema = z
  .strictObject({
    type: z.string().openapi({ example: '/problems#QUOTE_EXPIRED' }),
    title: z.string(),
    status: z.int(),
    code: resultCodeSchema,
    /** What became of the payment: F or U, or null where the call says nothing about one. */
    result: z.enum(['S', 'F', 'U']).nullable(),
    retry: retrySchema,
    acts: z.enum(['nobody', 'user', 'wallet', 'acquirer', 'requester', 'operator', 'gateway']),
    detail: z.string().optional(),
    errors: z.array(z.strictObject({ pointer: z.string(), says: z.string() })).optional(),
    limit: limitStandingSchema.optional().openapi({
      description: 'The limit that is reached, how much is left of it, and when it begins anew',
    }),
    opened: z.literal(false).optional().openapi({
      description: 'False where this call opened nothing, for certain; an earlier one may have',
    }),
    retryAfterMs: z.int().optional().openapi({
      description: 'When the same request may be sent again; also as Retry-After, in whole seconds',
    }),
    requestId: z.string().optional().openapi({ description: 'Of the HTTP request, for support' }),
    traceId: z.string().optional().openapi({
      description: 'W3C trace of the request: the one in its traceparent, or one that began here',
    }),
  })
  .openapi('Problem')

export type Problem = z.infer<typeof problemSchema>

export const PROBLEM_TYPE = 'application/problem+json'

export function problemOf(
  { code, detail }: Refusal,
  requestId?: string,
  traceId?: string,
): Problem {
  const row = resultCodes[code]
  return {
    type: `/problems#${code}`,
    title: row.says,
    status: row.http,
    code,
    result: detail?.undecided === true || detail?.notOpened === true ? null : row.outcome,
    retry: row.retry,
    acts: row.acts,
    ...(detail?.says === undefined ? {} : { detail: detail.says }),
    ...(detail?.fields === undefined ? {} : { errors: [...detail.fields] }),
    ...(detail?.limit === undefined ? {} : { limit: limitStandingView(detail.limit) }),
    ...(detail?.notOpened === undefined ? {} : { opened: false as const }),
    ...(detail?.retryAfterMs === undefined ? {} : { retryAfterMs: detail.retryAfterMs }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(traceId === undefined ? {} : { traceId }),
  }
}
