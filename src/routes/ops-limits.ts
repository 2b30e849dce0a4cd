/** Limits of any member, for the staff: the same figures that the member itself is given. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readLimits } from '../flows/limits.ts'
import { log } from '../log.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { limitsSchema } from '../wire/limit.ts'
import { limitsView } from '../wire/limit-view.ts'
import { lendersOf } from '../world.ts'
import { opsProblems, takes } from './ops-route.ts'

const getLimits = createRoute({
  method: 'get',
  path: '/ops/v1/institutions/{id}/limits',
  ...takes('read_network'),
  summary: "Read a member's limits, with use so far",
  description:
    'Every limit of the member that is in force, what is announced to follow it, what payments have taken of it, and what is set aside in the centers, as of the instant stated.',
  request: { params: z.object({ id: z.string().max(64).openapi({ example: 'wallet-th' }) }) },
  responses: {
    200: {
      description: 'The limits',
      content: { 'application/json': { schema: limitsSchema } },
    },
    ...opsProblems,
  },
})

export const opsLimits = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  getLimits,
  async c => {
    const directory = c.get('directory')
    const member = directory.institution(c.req.valid('param').id)
    if (member === undefined) return problem(c, { code: 'NOT_FOUND' }) as never
    const lenders = lendersOf(c.env, directory)(member.id)
    const world = { directory, now: Date.now, log }
    return c.json(limitsView(await readLimits(member, lenders, world)), 200)
  },
)
