/** An institution's payments: one by the request that made it, or a list, newest first. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { nextPaymentCursor, paymentPlaces } from '../db/cursor.ts'
import { mergePages } from '../db/page.ts'
import { isNewer, listPayments } from '../db/payment.ts'
import { askCenters } from '../flows/ask-centers.ts'
import { receiptFor } from '../flows/duty.ts'
import { readRequested } from '../flows/read.ts'
import { log } from '../log.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { instantSchema, memberIdSchema } from '../wire/money.ts'
import { paymentListSchema, paymentSchema, scenarioSchema, statusSchema } from '../wire/payment.ts'
import { paymentView } from '../wire/view.ts'
import { projectionsOf } from '../world.ts'
import { limitSchema } from './limit.ts'
import { readRefusals } from './refusals.ts'
import { signed, worldOf } from './route.ts'

const market = z.string().regex(/^[A-Z]{2}$/)

const querySchema = z.strictObject({
  requestId: memberIdSchema.optional(),
  requestedAt: instantSchema.optional().openapi({
    description: 'With requestId: answers that one payment, straight from where it is decided',
  }),
  status: statusSchema.optional(),
  result: z.enum(['S', 'F', 'U']).optional(),
  scenario: scenarioSchema.optional(),
  family: z.string().max(32).optional(),
  payerMarket: market.optional(),
  payeeMarket: market.optional(),
  openedFrom: instantSchema.optional(),
  openedTo: instantSchema.optional(),
  cursor: z.string().max(2_048).optional(),
  limit: limitSchema,
})

const getPayments = createRoute({
  method: 'get',
  path: '/v1/payments',
  operationId: 'listPayments',
  tags: ['Payments'],
  security: signed,
  summary: 'List payments, or find one by its request',
  description:
    'The list is read from the projections of all centers and may trail a decision by a second or two; a payment by requestId and requestedAt never does.',
  request: { query: querySchema },
  responses: {
    200: {
      description: 'A page of payments, or the one payment of that request',
      content: { 'application/json': { schema: z.union([paymentListSchema, paymentSchema]) } },
    },
    ...readRefusals('PAYMENT_NOT_EXIST'),
  },
})

export const paymentList = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  getPayments,
  async c => {
    const { requestedAt, cursor, limit, openedFrom, openedTo, ...filter } = c.req.valid('query')
    const institution = c.get('institution')
    const world = worldOf(c)

    if (filter.requestId !== undefined && requestedAt !== undefined) {
      const request = { requestId: filter.requestId, requestedAt: Date.parse(requestedAt) }
      const found = await readRequested(institution, request, world)
      if (!found.ok) return problem(c, found.refusal)
      return c.json(paymentView(found.value, await receiptFor(found.value, world)), 200)
    }

    const places = cursor === undefined ? {} : paymentPlaces(cursor)
    if (places === null) {
      const fields = [{ pointer: '/cursor', says: 'not a cursor of this list' }]
      return problem(c, { code: 'PARAM_ILLEGAL', detail: { fields } })
    }
    const asked = await askCenters(
      projectionsOf(c.env),
      (database, center) =>
        listPayments(database, {
          ...filter,
          institution: institution.id,
          openedFrom: openedFrom === undefined ? undefined : Date.parse(openedFrom),
          openedTo: openedTo === undefined ? undefined : Date.parse(openedTo),
          after: places[center] ?? null,
          limit,
        }),
      log,
    )
    const page = mergePages(asked, places, isNewer, limit)
    const data = await Promise.all(
      page.data.map(async payment => paymentView(payment, await receiptFor(payment, world))),
    )
    return c.json({ data, nextCursor: nextPaymentCursor(page), missing: [...page.missing] }, 200)
  },
)
