/** Codes: what one is, where it would go, and whether the asking wallet could pay it now. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { explain } from '../flows/explain.ts'
import type { Door } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { explainRequestSchema, explanationSchema } from '../wire/code.ts'
import { explanationView } from '../wire/code-view.ts'
import { writeRefusals } from './refusals.ts'
import { worldOf } from './route.ts'

const explainCode = createRoute({
  method: 'post',
  path: '/v1/codes/explain',
  operationId: 'explainCode',
  tags: ['Codes'],
  summary: 'Explain a code',
  description:
    'What the code is, field by field with offsets; every route that fits and why it was chosen or not; and what a quote of it would meet now. A code that cannot be paid is explained all the same: the answer is 200, and `payment.refusal` says why not. Nobody is asked and nothing is kept.',
  request: {
    body: { required: true, content: { 'application/json': { schema: explainRequestSchema } } },
  },
  responses: {
    200: {
      description: 'The explanation',
      content: { 'application/json': { schema: explanationSchema } },
    },
    ...writeRefusals(),
  },
})

export const codes = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  explainCode,
  async c => {
    const explained = await explain(c.get('institution'), c.req.valid('json').code, worldOf(c))
    return c.json(explanationView(explained), 200)
  },
)
