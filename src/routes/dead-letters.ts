/** Dead letters: what an institution has not acknowledged for minutes, kept and told every hour until it does. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { deadLetterPlaces, nextDeadLetterCursor } from '../db/cursor.ts'
import { isOlder, listDeadLetters } from '../db/dead-letter.ts'
import { mergePages } from '../db/page.ts'
import type { MemberDuty } from '../domain/duty.ts'
import { askCenters } from '../flows/ask-centers.ts'
import { replay } from '../flows/replay.ts'
import { log } from '../log.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { deadLettersSchema, replayedSchema, replaySchema } from '../wire/dead-letter.ts'
import { instantText } from '../wire/view.ts'
import { projectionsOf } from '../world.ts'
import { limitSchema } from './limit.ts'
import { readRefusals, writeRefusals } from './refusals.ts'
import { signed, worldOf } from './route.ts'

const getDeadLetters = createRoute({
  method: 'get',
  path: '/v1/dead-letters',
  operationId: 'listDeadLetters',
  tags: ['Events'],
  security: signed,
  summary: 'List what has not been acknowledged',
  description:
    'Duties of this institution that were told at least eight times without an answer that counts, oldest first. They stay, and are told every hour, until they are acknowledged.',
  request: {
    query: z.strictObject({ cursor: z.string().max(2_048).optional(), limit: limitSchema }),
  },
  responses: {
    200: {
      description: 'The dead letters',
      content: { 'application/json': { schema: deadLettersSchema } },
    },
    ...readRefusals(),
  },
})

const makeReplay = createRoute({
  method: 'post',
  path: '/v1/dead-letters/replay',
  operationId: 'replayDeadLetter',
  tags: ['Events'],
  security: signed,
  summary: 'Have one told again at once',
  request: { body: { required: true, content: { 'application/json': { schema: replaySchema } } } },
  responses: {
    200: {
      description: 'The duty as it now is',
      content: { 'application/json': { schema: replayedSchema } },
    },
    ...writeRefusals('PAYMENT_NOT_EXIST'),
  },
})

export const deadLetters = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(getDeadLetters, async c => {
    const { cursor, limit } = c.req.valid('query')
    const places = cursor === undefined ? {} : deadLetterPlaces(cursor)
    if (places === null) {
      const fields = [{ pointer: '/cursor', says: 'not a cursor of this list' }]
      return problem(c, { code: 'PARAM_ILLEGAL', detail: { fields } })
    }
    const institution = c.get('institution').id
    const asked = await askCenters(
      projectionsOf(c.env),
      (database, center) =>
        listDeadLetters(database, { institution, after: places[center] ?? null, limit }),
      log,
    )
    const page = mergePages(asked, places, isOlder, limit)
    const data = page.data.map(({ about, since, duty, ...letter }) => ({
      ...letter,
      // Those of a member are of its own.
      duty: duty as MemberDuty['kind'],
      refundId: about,
      since: instantText(since),
    }))
    return c.json({ data, nextCursor: nextDeadLetterCursor(page), missing: [...page.missing] }, 200)
  })
  .openapi(makeReplay, async c => {
    const { paymentId, duty, refundId } = c.req.valid('json')
    const name = refundId === null ? { duty } : { duty, about: refundId }
    const told = await replay(c.get('institution'), paymentId, name, worldOf(c))
    if (!told.ok) return problem(c, told.refusal)
    const { attempts, nextAt } = told.value
    return c.json({ attempts, nextAt: nextAt === null ? null : instantText(nextAt) }, 200)
  })
