/** Alerts, and those who tend them. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type AlertPlace, alertCursor, alertPlaces } from '../db/cursor.ts'
import { recordAt } from '../db/steer.ts'
import { auditDenied, deskOf, doAt } from '../desk.ts'
import { may } from '../domain/access.ts'
import { type Subject, shown } from '../domain/anomaly.ts'
import type { Action } from '../domain/audit.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import {
  type Deed,
  listAlerts,
  listMutes,
  mute,
  type PlacedAlert,
  type PlacedMute,
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
  description:
    'Which payer it is about is shown only when asked for, by those who may see payers, and every time is an entry of the audit chain.',
  request: { params: idIn, query: z.strictObject({ payer: z.literal('show').optional() }) },
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
    'What is muted is still raised and shown, and told to nobody. At the longest a week; if it lasts longer than that, it is told when the mute ends. A center that could not be asked stands in `notIn`: the same request again mutes there, too.',
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

/** A deed is in the audit chain before it is done, and so is how it ended. */
function tend(c: Context<Door>, id: string, deed: Deed): Promise<Result<PlacedAlert>> {
  const action: Action = `alert.${deed.deed}`
  return doAt(deskOf(c), [action, id], deed, () =>
    tendAlert(id, deed, c.get('staff').id, worldOf(c)),
  )
}

/** What is to be muted, as the monitors call it. Refusals: PARAM_ILLEGAL, and NOT_FOUND of the alert. */
async function subjectOf(
  c: Context<Door>,
  { subject, alert }: { readonly subject: Subject | null; readonly alert: string | null },
): Promise<Result<Subject | null>> {
  if (alert === null && subject?.dimension !== 'payer') return ok(subject)
  if (alert === null || subject !== null) {
    const fields = [{ pointer: '/alert', says: 'names a payer, and stands in place of a subject' }]
    return refuse('PARAM_ILLEGAL', { fields })
  }
  const found = await readAlert(alert, worldOf(c))
  return found.ok ? ok(found.value.alert.subject) : found
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
    const { id } = c.req.valid('param')
    const found = await readAlert(id, worldOf(c))
    if (!found.ok) return problem(c, found.refusal)
    if (c.req.valid('query').payer === undefined) return c.json(view(found.value), 200)
    if (!may(c.get('staff'), 'read_payers')) {
      await auditDenied(c, 'read_payers')
      return problem(c, { code: 'ACCESS_DENIED' })
    }
    await recordAt(deskOf(c), ['alert.read', id, 'done'])
    return c.json(alertView(found.value.center, found.value.alert, true), 200)
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
    return c.json({ data: mutes.map(({ mute, notIn }) => muteView(mute, notIn)), missing }, 200)
  })
  .openapi(makeMute, async c => {
    const asked = c.req.valid('json')
    const { id, kind, subject, alert, from, until, reason } = asked
    if (kind === null && subject === null && alert === null) {
      const fields = [{ pointer: '/kind', says: 'a kind, a subject, or both' }]
      return problem(c, { code: 'PARAM_ILLEGAL', detail: { fields } })
    }
    const make = async () => {
      const about = await subjectOf(c, { subject, alert })
      if (!about.ok) return about
      const wanted = {
        id,
        kind,
        subject: about.value,
        from: from === undefined ? Date.now() : Date.parse(from),
        until: Date.parse(until),
        reason,
        by: c.get('staff').id,
      }
      return mute(wanted, worldOf(c))
    }
    // Whoever reads the chain need not know which payer it was; the alert does.
    const detail = { ...asked, subject: subject && shown(subject) }
    const notIn = ({ notIn }: PlacedMute) => ({ notIn })
    const done = await doAt(deskOf(c), ['alert.mute', id], detail, make, notIn)
    if (!done.ok) return problem(c, done.refusal)
    return c.json(muteView(done.value.mute, done.value.notIn), 200)
  })
  .openapi(dropMute, async c => {
    const { id } = c.req.valid('param')
    const done = await doAt(deskOf(c), ['alert.unmute', id], {}, () => unmute(id, worldOf(c)))
    return done.ok ? c.body(null, 204) : problem(c, done.refusal)
  })
