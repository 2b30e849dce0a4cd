/** Payments: pay a quote, read one by id or by its request, list one's own. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Payment } from '../domain/payment.ts'
import { receiptFor } from '../flows/duty.ts'
import { pay } from '../flows/pay.ts'
import { readPayment } from '../flows/read.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { hexOf, sha256 } from '../trust/digest.ts'
import { paymentSchema, payRequestSchema } from '../wire/payment.ts'
import { paymentView } from '../wire/view.ts'
import { requestedAtOf } from './requested-at.ts'
import { problems, worldOf } from './route.ts'

const payment = {
  description: 'The payment',
  content: { 'application/json': { schema: paymentSchema } },
}

const makePayment = createRoute({
  method: 'post',
  path: '/v1/payments',
  summary: 'Pay a quote',
  description:
    'The wallet holds the money first. The same request again gets the payment as it now is; another body under the same requestId is refused.',
  request: {
    body: { required: true, content: { 'application/json': { schema: payRequestSchema } } },
  },
  responses: { 200: payment, ...problems },
})

/** Long polls end before any proxy on the way loses patience. */
const WAIT_MAX_S = 25

const getPayment = createRoute({
  method: 'get',
  path: '/v1/payments/{id}',
  summary: 'Read a payment, or wait for its decision',
  request: {
    params: z.object({
      id: z
        .string()
        .max(64)
        .openapi({ param: { name: 'id', in: 'path' } }),
    }),
    query: z.object({
      wait: z.coerce.number().min(0).max(WAIT_MAX_S).default(0).openapi({
        description: 'Seconds to wait for the decision, 0 to 25; answers as soon as it is made',
      }),
    }),
  },
  responses: { 200: payment, ...problems },
})

const encoder = new TextEncoder()

/** Over the fields in the schema's order, so that only another meaning is another body. */
const bodyHashOf = async (body: unknown) =>
  hexOf(await sha256(encoder.encode(JSON.stringify(body))))

async function answer(c: Context<Door>, found: Payment) {
  return c.json(paymentView(found, await receiptFor(found, worldOf(c))), 200)
}

export const payments = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(makePayment, async c => {
    const body = c.req.valid('json')
    const asked = requestedAtOf(body.requestedAt, Date.now())
    if (!asked.ok) return problem(c, asked.refusal)
    const order = {
      requestId: body.requestId,
      requestedAt: asked.value,
      quote: body.quote,
      holdReference: body.hold.reference,
      holdKey: c.get('keyId'),
      bodyHash: await bodyHashOf(body),
    }
    const paid = await pay(c.get('institution'), order, worldOf(c))
    return paid.ok ? answer(c, paid.value) : problem(c, paid.refusal)
  })
  .openapi(getPayment, async c => {
    const { id } = c.req.valid('param')
    const { wait } = c.req.valid('query')
    const found = await readPayment(c.get('institution'), id, wait * 1000, worldOf(c))
    return found.ok ? answer(c, found.value) : problem(c, found.refusal)
  })
