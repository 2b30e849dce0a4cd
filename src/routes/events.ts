/** An institution's events, oldest first, by cursor: how a member that was away catches up. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { eventCursor, eventPlaces } from '../db/cursor.ts'
import { isEarlier, listEvents } from '../db/event.ts'
import { mergePages } from '../db/page.ts'
import { askCenters } from '../flows/ask-centers.ts'
import { receiptFor } from '../flows/duty.ts'
import { log } from '../log.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { eventListSchema } from '../wire/payment.ts'
import { instantText, paymentView } from '../wire/view.ts'
import { projectionsOf } from '../world.ts'
import { limitSchema } from './limit.ts'
import { readRefusals } from './refusals.ts'
import { signed, worldOf } from './route.ts'

const getEvents = createRoute({
  method: 'get',
  path: '/v1/events',
  operationId: 'listEvents',
  tags: ['Events'],
  security: signed,
  summary: 'Read events from a cursor on',
  description:
    'Each event shows its payment as it is now. Events of one payment come in order; the cursor goes on where the page ended, now or later.',
  request: {
    query: z.strictObject({
      after: z.string().max(2_048).optional().openapi({
        description: 'nextCursor of an earlier page; left out, from the beginning',
      }),
      limit: limitSchema,
    }),
  },
  responses: {
    200: {
      description: 'Events, oldest first',
      content: { 'application/json': { schema: eventListSchema } },
    },
    ...readRefusals(),
  },
})

export const events = new OpenAPIHono<Door>({ defaultHook: malformed }).openapi(
  getEvents,
  async c => {
    const { after, limit } = c.req.valid('query')
    const places = after === undefined ? {} : eventPlaces(after)
    if (places === null) {
      const fields = [{ pointer: '/after', says: 'not a cursor of this list' }]
      return problem(c, { code: 'PARAM_ILLEGAL', detail: { fields } })
    }
    const institution = c.get('institution').id
    const asked = await askCenters(
      projectionsOf(c.env),
      (database, center) =>
        listEvents(database, { institution, after: places[center] ?? null, limit }),
      log,
    )
    const page = mergePages(asked, places, isEarlier, limit)
    const world = worldOf(c)
    const data = await Promise.all(
      page.data.map(async ({ id, type, at, payment }) => ({
        id,
        type,
        at: instantText(at),
        payment: paymentView(payment, await receiptFor(payment, world)),
      })),
    )
    return c.json({ data, nextCursor: eventCursor(page.places), missing: [...page.missing] }, 200)
  },
)
