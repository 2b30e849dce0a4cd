/** Limits: what an institution may be party to, and how much of it is used. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readLimits } from '../flows/limits.ts'
import type { Door } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { limitsSchema } from '../wire/limit.ts'
import { limitsView } from '../wire/limit-view.ts'
import { lendersOf } from '../world.ts'
import { readRefusals } from './refusals.ts'
import { signed, worldOf } from './route.ts'

const getLimits = createRoute({
  method: 'get',
  path: '/v1/limits',
  operationId: 'listLimits',
  tags: ['Limits'],
  security: signed,
  summary: 'Read the own limits, with use so far',
  description:
    'Every limit of this institution that is in force, what is announced to follow it, and what payments have taken of it so far. Headroom is set aside where payments come in, so use is known to within what is held there, as of the instant stated.',
  responses: {
    200: {
      description: 'The limits',
      content: { 'application/json': { schema: limitsSchema } },
    },
    ...readRefusals(),
  },
})

export const limits = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  getLimits,
  async c => {
    const institution = c.get('institution')
    const world = worldOf(c)
    const lenders = lendersOf(c.env, world.directory)(institution.id)
    return c.json(limitsView(await readLimits(institution, lenders, world)), 200)
  },
)
