/** Rates: a provider says what it exchanges currencies for, and for how long it stands by that. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { takeRates } from '../db/rate.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { ratesRequestSchema, ratesTakenSchema } from '../wire/rate.ts'
import { writeRefusals } from './refusals.ts'
import { signed } from './route.ts'

const postRates = createRoute({
  method: 'post',
  path: '/v1/rates',
  operationId: 'quoteRates',
  tags: ['Quotes'],
  security: signed,
  summary: 'Quote rates',
  description:
    'By a provider, for its own pairs. A rate replaces an older one of the same pair, prices quotes until it is as old as its provider said, and nothing afterwards. A quote that was made keeps its rate until it expires.',
  request: {
    body: { required: true, content: { 'application/json': { schema: ratesRequestSchema } } },
  },
  responses: {
    200: {
      description: 'How many were taken',
      content: { 'application/json': { schema: ratesTakenSchema } },
    },
    ...writeRefusals('ACCESS_DENIED'),
  },
})

export const rates = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  postRates,
  async c => {
    const { id: provider, role } = c.get('institution')
    if (role !== 'provider') return problem(c, { code: 'ACCESS_DENIED' })
    const { asOf, goodForSeconds, rates: pairs } = c.req.valid('json')
    const offers = pairs.map(({ base, counter, mid: value, markupBp }) => ({
      provider,
      base,
      counter,
      value,
      markupBp,
      asOf: Date.parse(asOf),
      goodForMs: goodForSeconds * 1_000,
    }))
    const taken = await takeRates(c.env.DIRECTORY, offers, Date.now())
    return taken.ok ? c.json(taken.value, 200) : problem(c, taken.refusal)
  },
)
