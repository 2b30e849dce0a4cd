/** Refunds: an acquirer gives back what was paid, in parts or whole, and both sides can follow each one. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { orderRefund, readRefund } from '../flows/refund.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { moneyOf } from '../wire/read.ts'
import { refundRequestSchema, refundSchema } from '../wire/refund.ts'
import { refundView } from '../wire/view.ts'
import { bodyHashOf } from './body-hash.ts'
import { readRefusals, writeRefusals } from './refusals.ts'
import { idIn, signed, worldOf } from './route.ts'

const refund = {
  description: 'The refund',
  content: { 'application/json': { schema: refundSchema } },
}

const makeRefund = createRoute({
  method: 'post',
  path: '/v1/payments/{id}/refunds',
  operationId: 'createRefund',
  tags: ['Refunds'],
  security: signed,
  summary: 'Refund a part of a payment, or all of it',
  description:
    'By the acquirer, for 366 days, up to 50 times, and never more than was paid. A refund is told by its payment and its requestId together: the lane of the payment keeps both, so a repetition is found there and nowhere else. The answer is the refund as it is queued; it is sent as soon as the cover allows, and its end is told by a notice.',
  request: {
    params: idIn,
    body: { required: true, content: { 'application/json': { schema: refundRequestSchema } } },
  },
  responses: {
    200: refund,
    ...writeRefusals(
      'PAYMENT_NOT_EXIST',
      'REPEAT_REQ_INCONSISTENT',
      'REFUND_NOT_POSSIBLE',
      'REFUND_WINDOW_EXCEEDED',
      'REFUND_AMOUNT_EXCEEDED',
      'REFUND_COUNT_EXCEEDED',
      'AMOUNT_INVALID',
    ),
  },
})

const getRefund = createRoute({
  method: 'get',
  path: '/v1/refunds/{id}',
  operationId: 'getRefund',
  tags: ['Refunds'],
  security: signed,
  summary: 'Read a refund',
  request: { params: idIn },
  responses: { 200: refund, ...readRefusals('REFUND_NOT_EXIST') },
})

export const refunds = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(makeRefund, async c => {
    const body = c.req.valid('json')
    const { requestId, amount } = body
    const order = {
      requestId,
      amount: moneyOf(amount),
      bodyHash: await bodyHashOf(body),
      evidence: c.get('evidence'),
    }
    const { id } = c.req.valid('param')
    const made = await orderRefund(c.get('institution'), id, order, worldOf(c))
    return made.ok ? c.json(refundView(made.value), 200) : problem(c, made.refusal)
  })
  .openapi(getRefund, async c => {
    const found = await readRefund(c.get('institution'), c.req.valid('param').id, worldOf(c))
    return found.ok ? c.json(refundView(found.value), 200) : problem(c, found.refusal)
  })
