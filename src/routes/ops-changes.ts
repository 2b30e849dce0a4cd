/** Steering: previews, changes, second persons, and the way back. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type ChangePlace, listChanges, readChange } from '../db/change.ts'
import { ask, decideAbout, recordAt, takeBack } from '../db/steer.ts'
import { deskOf } from '../desk.ts'
import type { Action } from '../domain/audit.ts'
import type { Change } from '../domain/change.ts'
import type { Result } from '../domain/result.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import {
  changeRequestSchema,
  changeSchema,
  changesSchema,
  previewRequestSchema,
  previewSchema,
  undoRequestSchema,
} from '../wire/ops-change.ts'
import { changeView, endOf, stepOf } from '../wire/ops-change-view.ts'
import { monitorsWorld, projectionsOf } from '../world.ts'
import { limitSchema } from './limit.ts'
import { factsSeen, previewOf, previewOfChange } from './ops-preview.ts'
import { opsProblems, takes } from './ops-route.ts'
import { idIn } from './route.ts'

const change = {
  description: 'The change as it now stands',
  content: { 'application/json': { schema: changeSchema } },
}
const body = <Schema extends z.ZodType>(schema: Schema) =>
  ({ required: true, content: { 'application/json': { schema } } }) as const

const makePreview = createRoute({
  method: 'post',
  path: '/ops/v1/changes/preview',
  ...takes('read_changes'),
  summary: 'See what a change would touch',
  request: { body: body(previewRequestSchema) },
  responses: {
    200: {
      description: 'The steps, their dangers, and the traffic of the last hour',
      content: { 'application/json': { schema: previewSchema } },
    },
    ...opsProblems,
  },
})

const lookAtChange = createRoute({
  method: 'post',
  path: '/ops/v1/changes/{id}/preview',
  ...takes('read_changes'),
  summary: 'See what a proposed change would touch now',
  description:
    'For whoever is to approve it: the same sight of things that whoever proposed it had.',
  request: { params: idIn },
  responses: {
    200: {
      description: 'The steps, their dangers, and the traffic of the last hour',
      content: { 'application/json': { schema: previewSchema } },
    },
    ...opsProblems,
  },
})

const makeChange = createRoute({
  method: 'post',
  path: '/ops/v1/changes',
  ...takes('steer'),
  summary: 'Change the traffic, or propose to',
  description:
    'In force everywhere within five seconds. What is dangerous is proposed, and waits half an hour for an approver who is somebody else. All steps happen or none.',
  request: { body: body(changeRequestSchema) },
  responses: { 200: change, ...opsProblems },
})

const getChanges = createRoute({
  method: 'get',
  path: '/ops/v1/changes',
  ...takes('read_changes'),
  summary: 'List changes, newest first',
  request: {
    query: z.strictObject({
      status: z
        .enum(['proposed', 'applied', 'rejected', 'withdrawn', 'undone'])
        .optional()
        .openapi({
          description:
            'As kept: what has expired since is still listed as proposed, and what is announced as applied',
        }),
      cursor: z.string().max(256).optional(),
      limit: limitSchema,
    }),
  },
  responses: {
    200: {
      description: 'Changes',
      content: { 'application/json': { schema: changesSchema } },
    },
    ...opsProblems,
  },
})

const getChange = createRoute({
  method: 'get',
  path: '/ops/v1/changes/{id}',
  ...takes('read_changes'),
  summary: 'Read a change',
  request: { params: idIn },
  responses: { 200: change, ...opsProblems },
})

const verb = <const Verb extends 'approve' | 'reject' | 'withdraw'>(
  name: Verb,
  right: 'approve' | 'undo',
  summary: string,
) =>
  createRoute({
    method: 'post',
    path: `/ops/v1/changes/{id}/${name}` as const,
    ...takes(right),
    summary,
    request: { params: idIn },
    responses: { 200: change, ...opsProblems },
  })

const undoChange = createRoute({
  method: 'post',
  path: '/ops/v1/changes/{id}/undo',
  ...takes('undo'),
  summary: 'Take a change back',
  description:
    'Puts back what there was, if nobody has changed it since. At once within an hour; later, and where it takes back what took a change back, it takes two people wherever doing the same anew would, or making it did.',
  request: { params: idIn, body: body(undoRequestSchema) },
  responses: { 200: change, ...opsProblems },
})

/** The change as an answer; a no is an entry of the audit chain like a yes, which the change itself has written. */
async function answer(c: Context<Door>, action: Action, id: string, result: Result<Change>) {
  const desk = deskOf(c)
  if (!result.ok) {
    const { code, detail } = result.refusal
    await recordAt(desk, [action, id, code], detail)
    return problem(c, result.refusal)
  }
  return c.json(changeView(result.value, c.get('staff'), desk.now()), 200)
}

const cursorOf = (place: ChangePlace): string => btoa(JSON.stringify(place))

function placeIn(cursor: string): ChangePlace | null {
  try {
    const [at, id] = JSON.parse(atob(cursor))
    return Number.isSafeInteger(at) && typeof id === 'string' ? [at, id] : null
  } catch {
    return null
  }
}

export const opsChanges = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(makePreview, async c => {
    const { steps, ...end } = c.req.valid('json')
    const wish = { steps: steps.map(stepOf), ...endOf(end) }
    return c.json(
      await previewOf(
        deskOf(c),
        wish,
        projectionsOf(c.env),
        monitorsWorld(c.env, c.get('directory')),
      ),
      200,
    )
  })
  .openapi(lookAtChange, async c => {
    const found = await readChange(c.env.DIRECTORY, c.req.valid('param').id)
    if (found === null) return problem(c, { code: 'CHANGE_NOT_EXIST' })
    const monitors = monitorsWorld(c.env, c.get('directory'))
    return c.json(await previewOfChange(deskOf(c), found, projectionsOf(c.env), monitors), 200)
  })
  .openapi(makeChange, async c => {
    const { id, steps, reason, basis, ...end } = c.req.valid('json')
    const desk = deskOf(c)
    const wish = {
      id,
      steps: steps.map(stepOf),
      reason,
      ...endOf(end),
      plan: null,
      undoOf: null,
    }
    const asked = await ask(desk, wish, await factsSeen(desk.db, wish.steps, basis))
    return answer(c, 'change.propose', id, asked)
  })
  .openapi(getChanges, async c => {
    const { status, cursor, limit } = c.req.valid('query')
    const after = cursor === undefined ? null : placeIn(cursor)
    if (cursor !== undefined && after === null) {
      const fields = [{ pointer: '/cursor', says: 'not a cursor of this list' }]
      return problem(c, { code: 'PARAM_ILLEGAL', detail: { fields } })
    }
    const { changes, end } = await listChanges(c.env.DIRECTORY, { status, after, limit })
    const now = Date.now()
    const data = changes.map(each => changeView(each, c.get('staff'), now))
    return c.json({ data, nextCursor: end && cursorOf(end) }, 200)
  })
  .openapi(getChange, async c => {
    const found = await readChange(c.env.DIRECTORY, c.req.valid('param').id)
    if (found === null) return problem(c, { code: 'CHANGE_NOT_EXIST' })
    return c.json(changeView(found, c.get('staff'), Date.now()), 200)
  })
  .openapi(verb('approve', 'approve', 'Approve what somebody else proposed'), async c => {
    const { id } = c.req.valid('param')
    return answer(c, 'change.approve', id, await decideAbout(deskOf(c), id, 'approve'))
  })
  .openapi(verb('reject', 'approve', 'Reject what somebody else proposed'), async c => {
    const { id } = c.req.valid('param')
    return answer(c, 'change.reject', id, await decideAbout(deskOf(c), id, 'reject'))
  })
  .openapi(verb('withdraw', 'undo', 'Withdraw what one has proposed'), async c => {
    const { id } = c.req.valid('param')
    return answer(c, 'change.withdraw', id, await decideAbout(deskOf(c), id, 'withdraw'))
  })
  .openapi(undoChange, async c => {
    const { id } = c.req.valid('param')
    const undone = await takeBack(deskOf(c), id, c.req.valid('json'))
    return answer(c, 'change.undo', id, undone)
  })
