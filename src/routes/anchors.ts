/** Anchors: what a member keeps so that nobody, the gateway included, can rewrite what happened. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { lastAnchor } from '../db/anchor.ts'
import { askCenters } from '../flows/ask-centers.ts'
import { log } from '../log.ts'
import type { Door } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { anchorListSchema } from '../wire/anchor.ts'
import { instantText } from '../wire/view.ts'
import { projectionsOf } from '../world.ts'
import { readRefusals } from './refusals.ts'
import { signed } from './route.ts'

const getAnchors = createRoute({
  method: 'get',
  path: '/v1/anchors',
  operationId: 'listAnchors',
  tags: ['Events'],
  security: signed,
  summary: 'Read the newest anchor of each center',
  description:
    'One hash stands for all journals of a center up to the minute before. Keep the signed answer now and then, once a day is plenty: `cpg verify --anchors` shows with it whether anything before was changed since.',
  responses: {
    200: {
      description: 'One anchor of each center that has any',
      content: { 'application/json': { schema: anchorListSchema } },
    },
    ...readRefusals(),
  },
})

export const anchors = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  getAnchors,
  async c => {
    const asked = await askCenters(
      projectionsOf(c.env),
      // In a list, because a center that was never anchored is not one that could not be asked.
      async (database, center) => [await lastAnchor(database, center)],
      log,
    )
    const said = [...asked.values()].flatMap(list => list?.[0] ?? [])
    const data = said.map(({ center, number, at, hash }) => ({
      center,
      number,
      at: instantText(at),
      hash,
    }))
    const missing = [...asked].filter(([, list]) => list === null).map(([center]) => center)
    return c.json({ data, missing }, 200)
  },
)
