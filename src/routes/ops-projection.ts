/** A center's projection: how far it is, and having its lanes feed it again after it was lost. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { progressOfLanes } from '../db/lane-progress.ts'
import { deskOf, doAt } from '../desk.ts'
import { placeNamed } from '../domain/payment-id.ts'
import { ok, refuse } from '../domain/result.ts'
import { Unavailable } from '../domain/unavailable.ts'
import { type ReplayPorts, replayProjection } from '../flows/projection-replay.ts'
import { log } from '../log.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { projectionReplaySchema } from '../wire/ops-projection.ts'
import { projectionsOf } from '../world.ts'
import { opsProblems, takes } from './ops-route.ts'
import { wholeWorldOf } from './route.ts'

const request = {
  params: z.strictObject({ center: z.string().max(16).openapi({ example: 'sg' }) }),
  query: z.strictObject({
    after: z.string().max(20).optional().openapi({ description: '`next` of the answer before' }),
  }),
}
const responses = {
  200: {
    description: 'Some of its lanes, and where to go on',
    content: { 'application/json': { schema: projectionReplaySchema } },
  },
  ...opsProblems,
}

const look = createRoute({
  method: 'get',
  path: '/ops/v1/centers/{center}/projection',
  ...takes('read_network'),
  summary: 'See how far the projection of a center is behind its lanes',
  request,
  responses,
})

const makeReplay = createRoute({
  method: 'post',
  path: '/ops/v1/centers/{center}/projection/replay',
  ...takes('replay'),
  summary: 'Have the lanes of a center tell its projection again what it does not have',
  description:
    'For a database that was lost and made anew, or brought back to an earlier moment. Changes nothing where nothing is missing, so it may be repeated. Members may be told events once more, under the same ids.',
  request,
  responses,
})

export const opsProjection = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(look, async c => {
    const { chained: _, head } = wholeWorldOf(c)
    const center = c.req.valid('param').center
    const done = await page(c, center, c.req.valid('query').after, {
      tell: async place => ({ ...(await head(center, place)), isBack: false }),
    })
    return done === null ? problem(c, { code: 'NOT_FOUND' }) : c.json({ center, ...done }, 200)
  })
  .openapi(makeReplay, async c => {
    const { rewind } = wholeWorldOf(c)
    const center = c.req.valid('param').center
    const { after } = c.req.valid('query')
    const told = await doAt(
      deskOf(c),
      ['projection.replay', center],
      { after: after ?? null },
      async () => {
        const done = await page(c, center, after, {
          tell: (place, stored) => rewind(center, place, stored),
        })
        return done === null ? refuse('NOT_FOUND') : ok(done)
      },
      ({ unreached, ...done }) => ({ ...done, unreached: unreached.length }),
    )
    return told.ok ? c.json({ center, ...told.value }, 200) : problem(c, told.refusal)
  })

/** Null where there is no such center, or no such lane to go on after. */
async function page(
  c: Context<Door>,
  center: string,
  after: string | undefined,
  ports: Pick<ReplayPorts, 'tell'>,
) {
  const directory = c.get('directory')
  const known = directory.center(center)
  const databases = projectionsOf(c.env)
  const database = Object.hasOwn(databases, center) ? databases[center] : undefined
  const place = known && after !== undefined ? placeNamed(after, known.number) : null
  if (database === undefined || known === undefined) return null
  if (after !== undefined && place === null) return null
  const done = await replayProjection(directory, center, place, {
    ...ports,
    now: Date.now,
    stored: lanes =>
      progressOfLanes(database, lanes).catch(error => {
        throw new Unavailable('the projection', error)
      }),
    log,
  })
  return { ...done, unreached: [...done.unreached] }
}
