/** Emergency plans: saved in quiet hours, rehearsed, and run as one change. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { dropPlan, isPlanTaken, listPlans, PLANS_MAX, readPlan, savePlan } from '../db/plan.ts'
import { ask, type Desk, recordAt } from '../db/steer.ts'
import { deskOf } from '../desk.ts'
import type { Action } from '../domain/audit.ts'
import { type Plan, runOf } from '../domain/plan.ts'
import type { Refusal } from '../domain/refusal.ts'
import { ok, type Result, refuse } from '../domain/result.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import {
  changeSchema,
  planNameSchema,
  planRequestSchema,
  planSchema,
  plansSchema,
  rehearsedSchema,
  runRequestSchema,
} from '../wire/ops-change.ts'
import { changeView, planView, stepOf } from '../wire/ops-change-view.ts'
import { monitorsWorld, projectionsOf } from '../world.ts'
import { factsSeen, previewOf } from './ops-preview.ts'
import { opsProblems, takes } from './ops-route.ts'

const nameIn = z.object({ name: planNameSchema.openapi({ param: { name: 'name', in: 'path' } }) })
const plan = {
  description: 'The plan',
  content: { 'application/json': { schema: planSchema } },
}

const getPlans = createRoute({
  method: 'get',
  path: '/ops/v1/plans',
  ...takes('read_changes'),
  summary: 'List emergency plans',
  responses: {
    200: { description: 'Plans', content: { 'application/json': { schema: plansSchema } } },
    ...opsProblems,
  },
})

const putPlan = createRoute({
  method: 'put',
  path: '/ops/v1/plans/{name}',
  ...takes('steer'),
  summary: 'Save an emergency plan',
  description: 'Saving ends what was rehearsed: a rehearsal is of the plan as it was then.',
  request: {
    params: nameIn,
    body: { required: true, content: { 'application/json': { schema: planRequestSchema } } },
  },
  responses: { 200: plan, ...opsProblems },
})

const deletePlan = createRoute({
  method: 'delete',
  path: '/ops/v1/plans/{name}',
  ...takes('steer'),
  summary: 'Drop an emergency plan',
  request: { params: nameIn },
  responses: { 200: plan, ...opsProblems },
})

const rehearsePlan = createRoute({
  method: 'post',
  path: '/ops/v1/plans/{name}/rehearse',
  ...takes('steer'),
  summary: 'Rehearse a plan: everything but the change itself',
  description:
    'Tries the steps on the network as it is, counts the traffic they are about, says who must approve, and marks the plan as rehearsed where all of it could be done.',
  request: { params: nameIn },
  responses: {
    200: {
      description: 'What a run would do',
      content: { 'application/json': { schema: rehearsedSchema } },
    },
    ...opsProblems,
  },
})

const runPlan = createRoute({
  method: 'post',
  path: '/ops/v1/plans/{name}/run',
  ...takes('steer'),
  summary: 'Run a plan: all of its steps as one change',
  description:
    'What is dangerous is proposed and waits for an approver, like any change; it is taken back like one, too.',
  request: {
    params: nameIn,
    body: { required: true, content: { 'application/json': { schema: runRequestSchema } } },
  },
  responses: {
    200: {
      description: 'The change as it now stands',
      content: { 'application/json': { schema: changeSchema } },
    },
    ...opsProblems,
  },
})

/** Saves, unless somebody else has saved since `seen`. */
async function save(
  desk: Desk,
  plan: Plan,
  seen: number,
  action: 'plan.save' | 'plan.rehearse',
): Promise<Result<Plan>> {
  const { name, title, steps, minutes, revision, rehearsal } = plan
  const detail = { title, steps, minutes, revision, ok: rehearsal?.ok ?? null }
  try {
    await recordAt(desk, [action, name, 'done'], detail, d1 => [savePlan(d1, plan, seen)])
    return ok(plan)
  } catch (error) {
    if (!isPlanTaken(error)) throw error
    return refuse('CHANGE_MOVED', { says: 'Somebody else has saved the plan meanwhile.' })
  }
}

/** A no, as an answer and as an entry of the audit chain: what somebody tried is as good to know as what was done. */
async function denied(
  c: Context<Door>,
  [action, name]: readonly [action: Action, name: string],
  refusal: Refusal,
  detail: object = {},
) {
  await recordAt(deskOf(c), [action, name, refusal.code], { ...refusal.detail, ...detail })
  return problem(c, refusal)
}

export const opsPlans = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(getPlans, async c => {
    const now = Date.now()
    const data = (await listPlans(c.env.DIRECTORY)).map(each => planView(each, now))
    return c.json({ data }, 200)
  })
  .openapi(putPlan, async c => {
    const { name } = c.req.valid('param')
    const { title, steps, minutes, revision: seen } = c.req.valid('json')
    const desk = deskOf(c)
    const deed = ['plan.save', name] as const
    const tried = { title, steps, minutes, revision: seen + 1 }
    const known = await readPlan(desk.db, name)
    if ((known?.revision ?? 0) !== seen) return denied(c, deed, { code: 'CHANGE_MOVED' }, tried)
    if (known === null && (await listPlans(desk.db)).length >= PLANS_MAX) {
      const says = 'There are too many plans.'
      return denied(c, deed, { code: 'CHANGE_INVALID', detail: { says } }, tried)
    }
    const plan: Plan = {
      name,
      title,
      steps: steps.map(stepOf),
      minutes,
      revision: seen + 1,
      savedBy: desk.by,
      savedAt: desk.now(),
      rehearsal: null,
    }
    const saved = await save(desk, plan, seen, 'plan.save')
    if (!saved.ok) return denied(c, deed, saved.refusal, tried)
    return c.json(planView(saved.value, desk.now()), 200)
  })
  .openapi(deletePlan, async c => {
    const { name } = c.req.valid('param')
    const desk = deskOf(c)
    const known = await readPlan(desk.db, name)
    if (known === null) return denied(c, ['plan.drop', name], { code: 'CHANGE_NOT_EXIST' })
    const { steps } = known
    await recordAt(desk, ['plan.drop', name, 'done'], { steps }, d1 => [dropPlan(d1, name)])
    return c.json(planView(known, desk.now()), 200)
  })
  .openapi(rehearsePlan, async c => {
    const { name } = c.req.valid('param')
    const desk = deskOf(c)
    const known = await readPlan(desk.db, name)
    const deed = ['plan.rehearse', name] as const
    if (known === null) return denied(c, deed, { code: 'CHANGE_NOT_EXIST' })
    const preview = await previewOf(
      desk,
      runOf(known, '', 'rehearsal'),
      projectionsOf(c.env),
      monitorsWorld(c.env, c.get('directory')),
    )
    const rehearsal = { at: desk.now(), by: desk.by, ok: preview.faults.length === 0 }
    const saved = await save(desk, { ...known, rehearsal }, known.revision, 'plan.rehearse')
    if (!saved.ok) return denied(c, deed, saved.refusal, { steps: known.steps })
    return c.json({ plan: planView(saved.value, desk.now()), preview }, 200)
  })
  .openapi(runPlan, async c => {
    const { name } = c.req.valid('param')
    const { id, reason, basis } = c.req.valid('json')
    const desk = deskOf(c)
    const known = await readPlan(desk.db, name)
    const deed = ['change.propose', id] as const
    if (known === null) return denied(c, deed, { code: 'CHANGE_NOT_EXIST' }, { plan: name })
    const seen = await factsSeen(desk.db, known.steps, basis)
    const asked = await ask(desk, runOf(known, id, reason), seen)
    if (!asked.ok) return denied(c, deed, asked.refusal, { plan: name })
    return c.json(changeView(asked.value, c.get('staff'), desk.now()), 200)
  })
