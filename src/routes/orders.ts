/** Orders: an acquirer turns an order of its merchant's into a link that every wallet can pay. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { createOrder } from '../flows/order.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { orderCodeSchema, orderRequestSchema } from '../wire/order.ts'
import { moneyOf } from '../wire/read.ts'
import { instantText } from '../wire/view.ts'
import { writeRefusals } from './refusals.ts'
import { signed, worldOf } from './route.ts'

const makeOrder = createRoute({
  method: 'post',
  path: '/v1/orders',
  operationId: 'createOrder',
  tags: ['Orders'],
  security: signed,
  summary: 'Create an order code',
  description:
    'Nothing is kept here: the link is the order, sealed. Asked for again it is another link to the same order. When a wallet brings it, the acquirer is asked about the order like about any code; of two wallets the first whose payment it accepts pays it, and the other hears ORDER_PAID.',
  request: {
    body: { required: true, content: { 'application/json': { schema: orderRequestSchema } } },
  },
  responses: {
    200: {
      description: 'The order code',
      content: { 'application/json': { schema: orderCodeSchema } },
    },
    ...writeRefusals('ACCESS_DENIED', 'AMOUNT_INVALID'),
  },
})

export const orders = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  makeOrder,
  async c => {
    const { order, amount, expiresAt } = c.req.valid('json')
    const wanted = {
      order,
      amount: moneyOf(amount),
      expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
    }
    const { origin } = new URL(c.req.url)
    const made = await createOrder(c.get('institution'), wanted, origin, worldOf(c))
    if (!made.ok) return problem(c, made.refusal)
    const { code, expiresAt: end } = made.value
    return c.json({ order, code, expiresAt: instantText(end) }, 200)
  },
)
