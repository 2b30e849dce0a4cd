/** Payments for the staff: found by whatever is known of them, and shown whole. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { nextPaymentCursor, paymentPlaces } from '../db/cursor.ts'
import { mergePages } from '../db/page.ts'
import { isNewer } from '../db/payment.ts'
import { searchPayments } from '../db/payment-search.ts'
import { recordAt } from '../db/steer.ts'
import { auditDenied, deskOf } from '../desk.ts'
import { may } from '../domain/access.ts'
import { paymentOfRefund, placeOf } from '../domain/payment-id.ts'
import { askCenters } from '../flows/ask-centers.ts'
import { receiptFor } from '../flows/duty.ts'
import { needlesOf } from '../flows/needle.ts'
import { recall } from '../flows/recall.ts'
import { log } from '../log.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { resultCodeSchema } from '../wire/id.ts'
import { instantSchema } from '../wire/money.ts'
import { foundPaymentsSchema, paymentPageSchema } from '../wire/ops-payment.ts'
import { foundPaymentView, paymentPageView } from '../wire/ops-payment-view.ts'
import { scenarioSchema, statusSchema } from '../wire/payment.ts'
import { instantText } from '../wire/view.ts'
import { projectionsOf } from '../world.ts'
import { limitSchema } from './limit.ts'
import { opsProblems, takes } from './ops-route.ts'
import { idIn, wholeWorldOf } from './route.ts'

const DAY_MS = 86_400_000

const market = z.string().regex(/^[A-Z]{2}$/)
const institution = z.string().max(32)
const minor = z.string().regex(/^\d{1,16}$/, 'whole minor units as digits')

const querySchema = z.strictObject({
  q: z.string().min(1).max(4_096).optional().openapi({
    description:
      'Anything: an id of a payment, a refund, a request, an order, a hold, an acceptance or a merchant, or a scanned code',
  }),
  merchant: z.string().max(64).optional(),
  institution: institution.optional().openapi({ description: 'On either side' }),
  status: statusSchema.optional(),
  result: z.enum(['S', 'F', 'U']).optional(),
  resultCode: resultCodeSchema.optional(),
  scenario: scenarioSchema.optional(),
  family: z.string().max(32).optional(),
  payerMarket: market.optional(),
  payeeMarket: market.optional(),
  minAmount: minor.optional().openapi({ description: 'Minor units, of either side' }),
  maxAmount: minor.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .openapi({ description: 'Of the amount, on either side' }),
  openedFrom: instantSchema.optional().openapi({ description: 'By default a day before openedTo' }),
  openedTo: instantSchema.optional().openapi({ description: 'By default now' }),
  cursor: z.string().max(4_096).optional(),
  limit: limitSchema,
})

const findPayments = createRoute({
  method: 'get',
  path: '/ops/v1/payments',
  ...takes('read_payments'),
  summary: 'Find payments of all members',
  description:
    'Newest first, from the projections of all centers, which trail a decision by a second or two. A payment or refund id is answered by the lane itself. Everything else is searched for in a stretch of time, a day unless stated, of which one call looks at some ten thousand payments; the cursor goes on from there.',
  request: { query: querySchema },
  responses: {
    200: {
      description: 'A page of payments',
      content: { 'application/json': { schema: foundPaymentsSchema } },
    },
    ...opsProblems,
  },
})

const readPayment = createRoute({
  method: 'get',
  path: '/ops/v1/payments/{id}',
  ...takes('read_payments'),
  summary: 'Read a payment whole',
  description:
    "Straight from its lane: what it is, what is owed, what happened, who said what to whom. Who the payer is, in the wallet's own word, is shown only when asked for, by those who may see payers, and every time is an entry of the audit chain.",
  request: { params: idIn, query: z.strictObject({ payer: z.literal('show').optional() }) },
  responses: {
    200: {
      description: 'The payment',
      content: { 'application/json': { schema: paymentPageSchema } },
    },
    ...opsProblems,
  },
})

export const opsPayments = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(findPayments, async c => {
    const { q, cursor, limit, openedFrom, openedTo, minAmount, maxAmount, ...filter } =
      c.req.valid('query')
    const to = openedTo === undefined ? Date.now() + 1 : Date.parse(openedTo)
    const from = openedFrom === undefined ? to - DAY_MS : Date.parse(openedFrom)
    const searched = { from: instantText(from), to: instantText(to) }
    const world = wholeWorldOf(c)

    const id = q === undefined ? null : placeOf(q) === null ? paymentOfRefund(q) : q
    if (id !== null) {
      const found = world.directory.locate(id)
      const payment = found && (await world.lane(found.center.id, found.place).read(id))
      const data = payment ? [foundPaymentView(payment, found.center.id)] : []
      return c.json({ data, nextCursor: null, missing: [], searched }, 200)
    }

    const places = cursor === undefined ? {} : paymentPlaces(cursor)
    if (places === null) {
      const fields = [{ pointer: '/cursor', says: 'not a cursor of this list' }]
      return problem(c, { code: 'PARAM_ILLEGAL', detail: { fields } })
    }
    const search = {
      ...filter,
      members: world.directory.rows.institutions.map(each => each.id),
      needles: q === undefined ? undefined : await needlesOf(q, world),
      minMinor: minAmount === undefined ? undefined : BigInt(minAmount),
      maxMinor: maxAmount === undefined ? undefined : BigInt(maxAmount),
      openedFrom: from,
      openedTo: to,
      limit,
    }
    const asked = await askCenters(
      projectionsOf(c.env),
      (database, center) => searchPayments(database, { ...search, after: places[center] ?? null }),
      log,
    )
    const page = mergePages(asked, places, isNewer, limit)
    const data = page.data.map(payment => {
      const center = world.directory.locate(payment.terms.paymentId)?.center.id ?? ''
      return foundPaymentView(payment, center)
    })
    return c.json(
      { data, nextCursor: nextPaymentCursor(page), missing: [...page.missing], searched },
      200,
    )
  })
  .openapi(readPayment, async c => {
    const { id } = c.req.valid('param')
    const world = wholeWorldOf(c)
    const found = await recall(id, world)
    if (!found.ok) return problem(c, found.refusal)
    const showsPayer = c.req.valid('query').payer !== undefined
    if (showsPayer) {
      if (!may(c.get('staff'), 'read_payers')) {
        await auditDenied(c, 'read_payers')
        return problem(c, { code: 'ACCESS_DENIED' })
      }
      await recordAt(deskOf(c), ['payment.read', id, 'done'])
    }
    const receipt = await receiptFor(found.value.payment, world)
    return c.json(paymentPageView(found.value, receipt, showsPayer), 200)
  })
