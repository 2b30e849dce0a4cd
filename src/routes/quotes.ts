/** Quotes: from a scanned code to what it would cost, binding until it expires. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { responderCodes } from '../domain/refusal.ts'
import { resolve } from '../flows/resolve.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { quoteRequestSchema, quoteSchema } from '../wire/payment.ts'
import { moneyOf } from '../wire/read.ts'
import { quoteView } from '../wire/view.ts'
import { writeRefusals } from './refusals.ts'
import { firstRequestedAt } from './requested-at.ts'
import { personIn, signed, worldOf } from './route.ts'

const makeQuote = createRoute({
  method: 'post',
  path: '/v1/quotes',
  operationId: 'createQuote',
  tags: ['Quotes'],
  security: signed,
  summary: 'Quote a scanned code',
  description:
    'Reads the code, asks its acquirer for merchant and order where the code does not say them, and prices the payment. Nothing is written: the quote is the sealed token.',
  request: {
    body: { required: true, content: { 'application/json': { schema: quoteRequestSchema } } },
  },
  responses: {
    200: { description: 'The quote', content: { 'application/json': { schema: quoteSchema } } },
    ...writeRefusals(
      'CODE_INVALID',
      'CODE_EXPIRED',
      'CODE_UNSUPPORTED',
      'NO_ROUTE',
      'CORRIDOR_CLOSED',
      'AMOUNT_MISSING',
      'AMOUNT_MISMATCH',
      'AMOUNT_INVALID',
      'RATE_UNAVAILABLE',
      'RATE_STALE',
      'LIMIT_SINGLE',
      'LIMIT_ID_REQUIRED',
      'LIMIT_PERSON',
      'ALLOWANCE_UNKNOWN',
      'RESOLVE_TIMEOUT',
      'PEER_ERROR',
      'ACCESS_DENIED',
      ...responderCodes,
    ),
  },
})

export const quotes = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  makeQuote,
  async c => {
    const { requestId, requestedAt, code, amount, currency, payer } = c.req.valid('json')
    const asked = firstRequestedAt(requestedAt, Date.now())
    if (!asked.ok) return problem(c, asked.refusal)
    const order = {
      requestId,
      requestedAt: asked.value,
      code,
      amount: amount === undefined ? null : moneyOf(amount),
      currency: currency ?? null,
      person: payer === undefined ? null : await personIn(c, payer.reference, payer.document),
    }
    const quote = await resolve(c.get('institution'), order, worldOf(c))
    if (!quote.ok) return problem(c, quote.refusal)
    return c.json(quoteView(quote.value.terms, quote.value.token), 200)
  },
)
