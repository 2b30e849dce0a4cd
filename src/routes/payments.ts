/** Payments: pay a quote, cancel one, read one by id. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Payment } from '../domain/payment.ts'
import { pushAuthorization } from '../flows/authorization.ts'
import { cancel, cancelRequested } from '../flows/cancel.ts'
import { charge } from '../flows/charge.ts'
import { receiptFor } from '../flows/duty.ts'
import { pay } from '../flows/pay.ts'
import { readPayment } from '../flows/read.ts'
import { readTimeline } from '../flows/timeline.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { authorizationSchema, chargeRequestSchema } from '../wire/consumer-code.ts'
import {
  cancelRequestedSchema,
  cancelRequestSchema,
  paymentSchema,
  payRequestSchema,
} from '../wire/payment.ts'
import { moneyOf } from '../wire/read.ts'
import { timelineSchema } from '../wire/timeline.ts'
import { momentView, paymentView } from '../wire/view.ts'
import { bodyHashOf } from './body-hash.ts'
import { readRefusals, writeRefusals } from './refusals.ts'
import { requestedAtOf } from './requested-at.ts'
import { idIn, signed, wholeWorldOf, worldOf } from './route.ts'
import { verdictOf } from './said.ts'

const payment = {
  description: 'The payment',
  content: { 'application/json': { schema: paymentSchema } },
}

/** A wallet pays a quote, an acquirer charges a consumer code: one request or the other. */
const makePaymentSchema = z.union([payRequestSchema, chargeRequestSchema])

const makePayment = createRoute({
  method: 'post',
  path: '/v1/payments',
  operationId: 'createPayment',
  tags: ['Payments'],
  security: signed,
  summary: 'Pay a quote, or charge a consumer code',
  description:
    'A wallet pays a quote, for which it holds the money first. An acquirer charges the code that its till has scanned; where the payer must confirm, the answer is U and the decision can be waited for. The same request again gets the payment as it now is; another body under the same requestId is refused.',
  request: {
    body: { required: true, content: { 'application/json': { schema: makePaymentSchema } } },
  },
  responses: {
    200: payment,
    ...writeRefusals(
      'QUOTE_INVALID',
      'QUOTE_EXPIRED',
      'CODE_INVALID',
      'CODE_EXPIRED',
      'CODE_USED',
      'CODE_UNSUPPORTED',
      'NO_ROUTE',
      'CORRIDOR_CLOSED',
      'AMOUNT_INVALID',
      'RATE_UNAVAILABLE',
      'RATE_STALE',
      'LIMIT_SINGLE',
      'LIMIT_ID_REQUIRED',
      'ALLOWANCE_UNKNOWN',
      'LIMIT_PERIOD',
      'LIMIT_RATE',
      'ACCESS_DENIED',
      'CANCELLED',
      'REPEAT_REQ_INCONSISTENT',
      'LANE_CLOSED',
    ),
  },
})

const cancelPayment = createRoute({
  method: 'post',
  path: '/v1/payments/{id}/cancel',
  operationId: 'cancelPayment',
  tags: ['Payments'],
  security: signed,
  summary: 'Cancel a payment in full',
  description:
    'By its requester, or by its acquirer. Before the decision it aborts. After a commit it reverses: for the acquirer until `cancelUntil`, for a wallet only where the corridor lets it, until `walletCancelUntil`; later only a refund helps. A cancel of its requester that comes before its payment is refused with PAYMENT_BARRED, and no payment can be made under that id any more. The other side is told until it has undone its part.',
  request: {
    params: idIn,
    body: { required: true, content: { 'application/json': { schema: cancelRequestSchema } } },
  },
  responses: {
    200: payment,
    ...writeRefusals(
      'PAYMENT_NOT_EXIST',
      'PAYMENT_BARRED',
      'PAYMENT_DEEMED',
      'CANCEL_AFTER_REFUND',
      'CANCEL_WINDOW_EXCEEDED',
      'REPEAT_REQ_INCONSISTENT',
    ),
  },
})

const authorizePayment = createRoute({
  method: 'post',
  path: '/v1/payments/{id}/authorization',
  operationId: 'authorizePayment',
  tags: ['Payments'],
  security: signed,
  summary: 'Say what the payer said',
  description:
    'By the wallet that has answered USER_ACTION. The answer is the payment as it then is: a yes that comes after its deadline finds it aborted, and what was taken must be given back.',
  request: {
    params: idIn,
    body: { required: true, content: { 'application/json': { schema: authorizationSchema } } },
  },
  responses: { 200: payment, ...writeRefusals('PAYMENT_NOT_EXIST') },
})

const cancelByRequest = createRoute({
  method: 'post',
  path: '/v1/payments/cancel',
  operationId: 'cancelPaymentByRequest',
  tags: ['Payments'],
  security: signed,
  summary: 'Cancel a payment by the request that was to make it',
  description:
    'For a till that never heard an answer and so knows no id. The same as cancelling by id: what has not come yet is barred.',
  request: {
    body: { required: true, content: { 'application/json': { schema: cancelRequestedSchema } } },
  },
  responses: {
    200: payment,
    ...writeRefusals(
      'PAYMENT_NOT_EXIST',
      'PAYMENT_BARRED',
      'PAYMENT_DEEMED',
      'CANCEL_AFTER_REFUND',
      'CANCEL_WINDOW_EXCEEDED',
      'REPEAT_REQ_INCONSISTENT',
      'LANE_CLOSED',
    ),
  },
})

const getTimeline = createRoute({
  method: 'get',
  path: '/v1/payments/{id}/timeline',
  operationId: 'getTimeline',
  tags: ['Payments'],
  security: signed,
  summary: 'Read what happened to a payment, event by event',
  description:
    "From the lane's own journal, each event with what was left of its budget and with the hash of its row in the chain. Each party sees references and keys of its own statements only.",
  request: { params: idIn },
  responses: {
    200: {
      description: 'The timeline, oldest first',
      content: { 'application/json': { schema: timelineSchema } },
    },
    ...readRefusals('PAYMENT_NOT_EXIST'),
  },
})

/** Long polls end before any proxy on the way loses patience. */
const WAIT_MAX_S = 25

const getPayment = createRoute({
  method: 'get',
  path: '/v1/payments/{id}',
  operationId: 'getPayment',
  tags: ['Payments'],
  security: signed,
  summary: 'Read a payment, or wait for its decision',
  request: {
    params: idIn,
    query: z.object({
      wait: z.coerce.number().min(0).max(WAIT_MAX_S).default(0).openapi({
        description: 'Seconds to wait for the decision, 0 to 25; answers as soon as it is made',
      }),
    }),
  },
  responses: { 200: payment, ...readRefusals('PAYMENT_NOT_EXIST') },
})

async function answer(c: Context<Door>, found: Payment) {
  return c.json(paymentView(found, await receiptFor(found, worldOf(c))), 200)
}

export const payments = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(makePayment, async c => {
    const body = c.req.valid('json')
    const asked = requestedAtOf(body.requestedAt, Date.now())
    if (!asked.ok) return problem(c, asked.refusal)
    const { requestId } = body
    const order = {
      requestId,
      requestedAt: asked.value,
      bodyHash: await bodyHashOf(body),
      evidence: c.get('evidence'),
    }
    const paid = await ('consumerCode' in body
      ? charge(
          c.get('institution'),
          { ...body, ...order, amount: moneyOf(body.amount) },
          wholeWorldOf(c),
        )
      : pay(
          c.get('institution'),
          {
            ...order,
            quote: body.quote,
            holdReference: body.hold.reference,
            holdKey: c.get('keyId'),
          },
          worldOf(c),
        ))
    return paid.ok ? answer(c, paid.value) : problem(c, paid.refusal)
  })
  .openapi(cancelPayment, async c => {
    const body = c.req.valid('json')
    const evidence = c.get('evidence')
    const order = { requestId: body.requestId, bodyHash: await bodyHashOf(body), evidence }
    const { id } = c.req.valid('param')
    const cancelled = await cancel(c.get('institution'), id, order, worldOf(c))
    return cancelled.ok ? answer(c, cancelled.value) : problem(c, cancelled.refusal)
  })
  .openapi(cancelByRequest, async c => {
    const body = c.req.valid('json')
    const world = worldOf(c)
    const institution = c.get('institution')
    const { requestId, requestedAt } = body.payment
    const at = requestedAtOf(requestedAt, Date.now())
    if (!at.ok) return problem(c, at.refusal)
    const request = { requestId, requestedAt: at.value }
    const evidence = c.get('evidence')
    const order = { requestId: body.requestId, bodyHash: await bodyHashOf(body), evidence }
    const cancelled = await cancelRequested(institution, request, order, world)
    return cancelled.ok ? answer(c, cancelled.value) : problem(c, cancelled.refusal)
  })
  .openapi(authorizePayment, async c => {
    const verdict = verdictOf(c, c.req.valid('json'))
    const { id } = c.req.valid('param')
    const heard = await pushAuthorization(c.get('institution'), id, verdict, worldOf(c))
    return heard.ok ? answer(c, heard.value) : problem(c, heard.refusal)
  })
  .openapi(getTimeline, async c => {
    const { id } = c.req.valid('param')
    const found = await readTimeline(c.get('institution'), id, wholeWorldOf(c))
    if (!found.ok) return problem(c, found.refusal)
    return c.json({ paymentId: id, moments: found.value.map(momentView) }, 200)
  })
  .openapi(getPayment, async c => {
    const { id } = c.req.valid('param')
    const { wait } = c.req.valid('query')
    const found = await readPayment(c.get('institution'), id, wait * 1000, worldOf(c))
    return found.ok ? answer(c, found.value) : problem(c, found.refusal)
  })
