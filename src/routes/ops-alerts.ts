/** Alerts, and those who tend them. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type AlertPlace, alertCursor, alertPlaces } from '../db/cursor.ts'
import { recordAt } from '../db/steer.ts'
import { deskOf } from '../desk.ts'
import type { Action } from '../domain/audit.ts'
import type { Result } from '../domain/result.ts'
import {
  type Deed,
  listAlerts,
  listMutes,
  mute,
  type PlacedAlert,
  readAlert,
  tendAlert,
  unmute,
} from '../flows/alert.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import {
  alertListSchema,
  alertNoteSchema,
  alertResolveSchema,
  alertSchema,
  muteListSchema,
  muteRequestSchema,
  muteSchema,
} from '../wire/alert.ts'
import { alertView, muteView } from '../wire/alert-view.ts'
import { monitorsWorld } from '../world.ts'
import { limitSchema } from './limit.ts'
import { opsProblems, takes } from './ops-route.ts'
import { idIn } from './route.ts'

const content = <Schema extends z.ZodType>(schema: Schema) => ({
  content: { 'application/json': { schema } },
})
const alertAnswer = { description: 'The alert as it now is', ...content(alertSchema) }

const getAlerts = createRoute({
  method: 'get',
  path: '/ops/v1/alerts',
  ...takes('read_payments'),
  summary: 'List alerts, newest first',
  request: {
    query: z.strictObject({
      state: z.enum(['open', 'acknowledged', 'resolved']).optional(),
      cursor: z.string().max(512).optional(),
      limit: limitSchema,
    }),
  },
  responses: { 200: { description: 'Alerts', ...content(alertListSchema) }, ...opsProblems },
})

const getAlert = createRoute({
  method: 'get',
  path: '/ops/v1/alerts/{id}',
  ...takes('read_payments'),
  summary: 'Read an alert',
  request: { params: idIn },
  responses: { 200: alertAnswer, ...opsProblems },
})

const acknowledgeAlert = createRoute({
  method: 'post',
  path: '/ops/v1/alerts/{id}/acknowledge',
  ...takes('tend_alerts'),
  summary: 'Take an alert upon oneself',
  description: 'Whoever does it last owns it.',
  request: { params: idIn },
  responses: { 200: alertAnswer, ...opsProblems },
})

const resolveAlert = createRoute({
  method: 'post',
  path: '/ops/v1/alerts/{id}/resolve',
  ...takes('tend_alerts'),
  summary: 'Say that it is over',
  description: 'If it begins anew within a quarter of an hour, the same alert is opened again.',
  request: { params: idIn, body: { required: true, ...content(alertResolveSchema) } },
  responses: { 200: alertAnswer, ...opsProblems },
})

const noteAlert = createRoute({
  method: 'post',
  path: '/ops/v1/alerts/{id}/notes',
  ...takes('tend_alerts'),
  summary: 'Write down what others should know of it',
  request: { params: idIn, body: { required: true, ...content(alertNoteSchema) } },
  responses: { 200: alertAnswer, ...opsProblems },
})

const getMutes = createRoute({
  method: 'get',
  path: '/ops/v1/mutes',
  ...takes('read_payments'),
  summary: 'List what is muted',
  responses: { 200: { description: 'Mutes', ...content(muteListSchema) }, ...opsProblems },
})

const makeMute = createRoute({
  method: 'post',
  path: '/ops/v1/mutes',
  ...takes('tend_alerts'),
  summary: 'Mute a kind of alert, a subject, or both, for a while',
  description:
    'What is muted is still raised and shown, and told to nobody. At the longest a week; if it lasts longer than that, it is told when the mute ends.',
  request: { body: { required: true, ...content(muteRequestSchema) } },
  responses: { 200: { description: 'The mute', ...content(muteSchema) }, ...opsProblems },
})

const dropMute = createRoute({
  method: 'delete',
  path: '/ops/v1/mutes/{id}',
  ...takes('tend_alerts'),
  summary: 'End a mute',
  request: { params: idIn },
  responses: { 204: { description: 'It is ended' }, ...opsProblems },
})

const worldOf = (c: Context<Door>) => monitorsWorld(c.env, c.get('directory'))

/** A deed is an entry of the audit chain, done or not. */
async function tend(c: Context<Door>, id: string, deed: Deed): Promise<Result<PlacedAlert>> {
  const done = await tendAlert(id, deed, c.get('staff').id, worldOf(c))
  const outcome = done.ok ? 'done' : done.refusal.code
  const action: Action = `alert.${deed.deed}`
  await recordAt(deskOf(c), [action, id, outcome], deed)
  return done
}

const view = ({ center, alert }: PlacedAlert) => alertView(center, alert)

export const opsAlerts = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(getAlerts, async c => {
    const { state = null, cursor, limit } = c.req.valid('query')
    const before = cursor === undefined ? {} : alertPlaces(cursor)
    if (before === null) {
      const fields = [{ pointer: '/cursor', says: 'not one of ours' }]
      return problem(c, { code: 'PARAM_ILLEGAL', detail: { fields } })
    }
    const { alerts, missing } = await listAlerts({ state, limit, before }, worldOf(c))
    const places: Record<string, AlertPlace> = { ...before }
    for (const { center, alert } of alerts) places[center] = [alert.raisedAt, alert.number]
    const isEnd = alerts.length < limit && missing.length === 0
    const nextCursor = isEnd ? null : alertCursor(places)
    return c.json({ data: alerts.map(view), nextCursor, missing }, 200)
  })
  .openapi(getAlert, async c => {
    const found = await readAlert(c.req.valid('param').id, worldOf(c))
    return found.ok ? c.json(view(found.value), 200) : problem(c, found.refusal)
  })
  .openapi(acknowledgeAlert, async c => {
    const done = await tend(c, c.req.valid('param').id, { deed: 'acknowledge' })
    return done.ok ? c.json(view(done.value), 200) : problem(c, done.refusal)
  })
  .openapi(resolveAlert, async c => {
    const { text = null } = c.req.valid('json')
    const done = await tend(c, c.req.valid('param').id, { deed: 'resolve', text })
    return done.ok ? c.json(view(done.value), 200) : problem(c, done.refusal)
  })
  .openapi(noteAlert, async c => {
    const { text } = c.req.valid('json')
    const done = await tend(c, c.req.valid('param').id, { deed: 'note', text })
    return done.ok ? c.json(view(done.value), 200) : problem(c, done.refusal)
  })
  .openapi(getMutes, async c => {
    const { mutes, missing } = await listMutes(worldOf(c))
    return c.json({ data: mutes.map(muteView), missing }, 200)
  })
  .openapi(makeMute, async c => {
    const { kind, subject, from, until, reason } = c.req.valid('json')
    if (kind === null && subject === null) {
      const fields = [{ pointer: '/kind', says: 'a kind, a subject, or both' }]
      return problem(c, { code: 'PARAM_ILLEGAL', detail: { fields } })
    }
    const wanted = {
      id: `mut_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`,
      kind,
      subject,
      from: from === undefined ? Date.now() : Date.parse(from),
      until: Date.parse(until),
      reason,
      by: c.get('staff').id,
    }
    const done = await mute(wanted, worldOf(c))
    const outcome = done.ok ? 'done' : done.refusal.code
    await recordAt(deskOf(c), ['alert.mute', wanted.id, outcome], wanted)
    return done.ok ? c.json(muteView(wanted), 200) : problem(c, done.refusal)
  })
  .openapi(dropMute, async c => {
    const { id } = c.req.valid('param')
    const done = await unmute(id, worldOf(c))
    const outcome = done.ok ? 'done' : done.refusal.code
    await recordAt(deskOf(c), ['alert.unmute', id, outcome], {})
    return done.ok ? c.body(null, 204) : problem(c, done.refusal)
  })
