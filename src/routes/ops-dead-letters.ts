/** What members were told and have not acknowledged: notices, dead letters, and telling one again. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { nextPaymentCursor, paymentPlaces } from '../db/cursor.ts'
import { listAllDeadLetters } from '../db/dead-letter.ts'
import { mergePages } from '../db/page.ts'
import { isNewer } from '../db/payment.ts'
import { searchPayments } from '../db/payment-search.ts'
import { deskOf, doAt } from '../desk.ts'
import { refuse } from '../domain/result.ts'
import { GATEWAY_ID } from '../domain/signature.ts'
import { askCenters } from '../flows/ask-centers.ts'
import { replay } from '../flows/replay.ts'
import { log } from '../log.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { replayedSchema } from '../wire/dead-letter.ts'
import { noticesSchema, opsDeadLettersSchema, opsReplaySchema } from '../wire/ops-payment.ts'
import { dutyView } from '../wire/ops-payment-view.ts'
import { instantText } from '../wire/view.ts'
import { projectionsOf } from '../world.ts'
import { limitSchema } from './limit.ts'
import { opsProblems, takes } from './ops-route.ts'
import { worldOf } from './route.ts'

const DAY_MS = 86_400_000

const listNotices = createRoute({
  method: 'get',
  path: '/ops/v1/notices',
  ...takes('read_payments'),
  summary: 'List what members were told, or are being told',
  description:
    'The duties of payments opened in the last day, newest payment first. `limit` counts payments; most have one notice.',
  request: {
    query: z.strictObject({
      institution: z.string().max(32).optional().openapi({ description: 'Who is told' }),
      state: z.enum(['done', 'open', 'dead']).optional(),
      cursor: z.string().max(4_096).optional(),
      limit: limitSchema,
    }),
  },
  responses: {
    200: {
      description: 'Notices',
      content: { 'application/json': { schema: noticesSchema } },
    },
    ...opsProblems,
  },
})

const listLetters = createRoute({
  method: 'get',
  path: '/ops/v1/dead-letters',
  ...takes('read_payments'),
  summary: 'List what members have not acknowledged for long, oldest first',
  request: {
    query: z.strictObject({ institution: z.string().max(32).optional(), limit: limitSchema }),
  },
  responses: {
    200: {
      description: 'Dead letters',
      content: { 'application/json': { schema: opsDeadLettersSchema } },
    },
    ...opsProblems,
  },
})

const makeReplay = createRoute({
  method: 'post',
  path: '/ops/v1/dead-letters/replay',
  ...takes('replay'),
  summary: 'Tell a member again at once',
  request: {
    body: { required: true, content: { 'application/json': { schema: opsReplaySchema } } },
  },
  responses: {
    200: {
      description: 'The duty as it now is',
      content: { 'application/json': { schema: replayedSchema } },
    },
    ...opsProblems,
  },
})

export const opsDeadLetters = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(listNotices, async c => {
    const { institution, state, cursor, limit } = c.req.valid('query')
    const places = cursor === undefined ? {} : paymentPlaces(cursor)
    if (places === null) {
      const fields = [{ pointer: '/cursor', says: 'not a cursor of this list' }]
      return problem(c, { code: 'PARAM_ILLEGAL', detail: { fields } })
    }
    const directory = c.get('directory')
    const openedTo = Date.now() + 1
    const search = {
      members: directory.rows.institutions.map(({ id }) => id),
      institution,
      // Else a page of what is done would hide what is open behind it.
      duties: state === undefined || state === 'done' ? undefined : ('open' as const),
      openedFrom: openedTo - DAY_MS,
      openedTo,
      limit,
    }
    const asked = await askCenters(
      projectionsOf(c.env),
      (database, center) => searchPayments(database, { ...search, after: places[center] ?? null }),
      log,
    )
    const page = mergePages(asked, places, isNewer, limit)
    const data = page.data.flatMap(({ terms, duties, resultCode, openedAt }) =>
      duties
        .filter(({ owner }) => institution === undefined || owner === institution)
        .map(duty => ({
          ...dutyView(duty),
          paymentId: terms.paymentId,
          center: directory.locate(terms.paymentId)?.center.id ?? '',
          resultCode,
          openedAt: instantText(openedAt),
        }))
        .filter(notice => state === undefined || notice.state === state),
    )
    return c.json({ data, nextCursor: nextPaymentCursor(page), missing: [...page.missing] }, 200)
  })
  .openapi(listLetters, async c => {
    const { institution, limit } = c.req.valid('query')
    const asked = await askCenters(
      projectionsOf(c.env),
      database => listAllDeadLetters(database, institution ?? null, limit + 1),
      log,
    )
    const missing = [...asked].flatMap(([center, page]) => (page === null ? [center] : []))
    const all = [...asked]
      .flatMap(([center, page]) => (page ?? []).map(letter => ({ ...letter, center })))
      .sort((one, other) => one.since - other.since)
    const data = all.slice(0, limit).map(({ about, since, ...letter }) => ({
      ...letter,
      refundId: about,
      since: instantText(since),
    }))
    return c.json({ data, more: all.length > limit, missing }, 200)
  })
  .openapi(makeReplay, async c => {
    const { paymentId, institution, duty, refundId } = c.req.valid('json')
    // What the gateway owes itself can be replayed too.
    const isMember = c.get('directory').institution(institution) !== undefined
    const name = refundId === null ? { duty } : { duty, about: refundId }
    const detail = { institution, ...name }
    const told = await doAt(deskOf(c), ['dead_letter.replay', paymentId], detail, async () =>
      isMember || institution === GATEWAY_ID
        ? replay({ id: institution }, paymentId, name, worldOf(c))
        : refuse('PAYMENT_NOT_EXIST'),
    )
    if (!told.ok) return problem(c, told.refusal)
    const { attempts, nextAt } = told.value
    return c.json({ attempts, nextAt: nextAt === null ? null : instantText(nextAt) }, 200)
  })
