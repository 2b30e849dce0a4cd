/** The monitors: how everything goes now, what went before, and the socket on which it moves. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { nearLimits } from '../domain/limit-near.ts'
import { Shared } from '../domain/shared.ts'
import { figures, missingOf, openAt, overview, windows } from '../flows/monitor.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { nearLimitView } from '../wire/limit-view.ts'
import { liveMessageSchema, UNTIL_HEADER } from '../wire/live.ts'
import { instantSchema } from '../wire/money.ts'
import {
  dimensionSchema,
  figuresSchema,
  type Overview,
  openListSchema,
  overviewSchema,
  type WindowCell,
  type WindowName,
  windowSchema,
  windowsSchema,
} from '../wire/monitor.ts'
import { cellView, healthView, openView } from '../wire/monitor-view.ts'
import { instantText } from '../wire/view.ts'
import { monitorOf, monitorsWorld } from '../world.ts'
import { opsProblems, takes } from './ops-route.ts'

const getOverview = createRoute({
  method: 'get',
  path: '/ops/v1/monitor',
  ...takes('read_network'),
  summary: 'See how everything goes',
  description:
    'The last sixty seconds of all centers together, what is open, which limits are nearest to their end, and how each center is.',
  responses: {
    200: {
      description: 'As the monitors see it now',
      content: { 'application/json': { schema: overviewSchema } },
    },
    ...opsProblems,
  },
})

const spanQuery = {
  window: windowSchema.default('minute'),
  last: z.coerce.number().int().min(1).max(120).default(60).openapi({
    description: 'How many periods, up to the present one or the one of `until`',
  }),
  until: instantSchema.optional().openapi({ description: 'An instant of the last period' }),
}

const getWindows = createRoute({
  method: 'get',
  path: '/ops/v1/monitor/windows',
  ...takes('read_network'),
  summary: 'See what went before',
  description:
    'The last periods of one length, all centers together. Seconds are kept for two minutes and are those in which things came here; longer periods are those in which they happened: minutes are kept for two days, hours for two months, days for two years.',
  request: {
    query: z.object({
      ...spanQuery,
      dimension: dimensionSchema.default('all'),
      name: z.string().max(64).optional(),
    }),
  },
  responses: {
    200: {
      description: 'Periods in which something happened, oldest first',
      content: { 'application/json': { schema: windowsSchema } },
    },
    ...opsProblems,
  },
})

const getFigures = createRoute({
  method: 'get',
  path: '/ops/v1/monitor/figures',
  ...takes('read_network'),
  summary: 'See what went before, added up',
  description:
    'The same periods together, for each name of one dimension, and for everything: quantiles are those of all payments of the stretch.',
  request: {
    query: z.object({
      ...spanQuery,
      dimension: dimensionSchema.default('all'),
      name: z.string().max(64).optional().openapi({ description: 'Only this one of it' }),
    }),
  },
  responses: {
    200: {
      description: 'Busiest first',
      content: { 'application/json': { schema: figuresSchema } },
    },
    ...opsProblems,
  },
})

const getOpen = createRoute({
  method: 'get',
  path: '/ops/v1/institutions/{id}/open',
  ...takes('read_network'),
  summary: 'See what waits for a member, by age',
  description:
    'Payments that are undecided because it has not answered, and what it owes or has not acknowledged.',
  request: { params: z.object({ id: z.string().max(64).openapi({ example: 'acquirer-th' }) }) },
  responses: {
    200: {
      description: 'As the monitors see it now',
      content: { 'application/json': { schema: openListSchema } },
    },
    ...opsProblems,
  },
})

const getLive = createRoute({
  method: 'get',
  path: '/ops/v1/live',
  ...takes('read_payments'),
  summary: 'Watch one center live',
  description:
    'A WebSocket of one center; who wants to see all opens one for each, and adds up. First comes a `snapshot`, or a `catch_up` for a cursor that is still known, then about once a second a `delta` if anything has changed. Say `{"seen": "<cursor>"}` at least every ten seconds.',
  request: {
    query: z.object({
      center: z.string().max(16).openapi({ example: 'hk' }),
      after: z
        .string()
        .max(64)
        .optional()
        .openapi({ description: 'The last cursor that was seen' }),
    }),
  },
  responses: {
    101: {
      description: 'Messages as the schema tells',
      content: { 'application/json': { schema: liveMessageSchema } },
    },
    426: { description: 'This is a WebSocket' },
    ...opsProblems,
  },
})

/** An overview is the same for all who may see it, so an isolate asks the monitors once a second, however many look. */
const SHARED_MS = 1_000
const overviews = new WeakMap<Door['Bindings'], Shared<string>>()

function sharedOf(env: Door['Bindings']): Shared<string> {
  const known = overviews.get(env)
  if (known !== undefined) return known
  const made = new Shared<string>(SHARED_MS)
  overviews.set(env, made)
  return made
}

const jsonOf = (c: Context<Door>, text: string) =>
  c.body(text, 200, { 'content-type': 'application/json' }) as never

/** Limits of an overview. */
const NEAR_MAX = 20

const lengthMs = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

interface Asked {
  readonly window: WindowName
  readonly last: number
  readonly until?: string | undefined
}

/** Whole periods, up to the present one or that of `until`. */
function stretchOf({ window: span, last, until }: Asked, now: number) {
  const end = until === undefined ? now : Date.parse(until)
  const from = end - (end % lengthMs[span]) - (last - 1) * lengthMs[span]
  return { span, from, until: end + 1, ends: Math.min(from + last * lengthMs[span], now) }
}

const stretchView = ({ span, from, ends }: ReturnType<typeof stretchOf>) => ({
  window: span,
  from: instantText(from),
  until: instantText(ends),
})

/** A result code opens nothing, so what ended counts as well. */
const weightOf = ({ opened, committed, aborted, refused }: WindowCell): number =>
  Math.max(opened, committed + aborted) + refused

const worldOf = (c: Context<Door>) => monitorsWorld(c.env, c.get('directory'))

export const opsMonitor = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(getOverview, async c => {
    const now = Date.now()
    const shared = sharedOf(c.env)
    const known = shared.get(now)
    if (known !== null) return jsonOf(c, known)
    const { reports, lastMinute, open, alerts, limits } = await overview(worldOf(c))
    const answer = {
      at: instantText(now),
      centers: [...reports].map(([center, report]) =>
        healthView(center, report?.pulse ?? null, report?.watchers ?? 0, now),
      ),
      minute: [...lastMinute.cells()].map(cellView),
      open: open.map(openView),
      limits: nearLimits(limits, c.get('directory'), now, NEAR_MAX).map(nearLimitView),
      alerts,
      missing: missingOf(reports),
    } satisfies Overview
    return jsonOf(c, shared.keep(JSON.stringify(answer), now))
  })
  .openapi(getWindows, async c => {
    const { dimension, name = null, ...asked } = c.req.valid('query')
    const stretch = stretchOf(asked, Date.now())
    const read = await windows({ ...stretch, dimension, name }, worldOf(c))
    const { periods, missing, from, isCut } = read
    const views = periods.map(({ start, cells }) => ({
      start: instantText(start),
      cells: [...cells.cells()].map(cellView),
    }))
    const answer = {
      ...stretchView({ ...stretch, from }),
      periods: views,
      cut: isCut,
      missing,
    }
    return c.json(answer, 200)
  })
  .openapi(getFigures, async c => {
    const { dimension, name = null, ...asked } = c.req.valid('query')
    const stretch = stretchOf(asked, Date.now())
    const { sum, missing } = await figures({ ...stretch, dimension, name }, worldOf(c))
    const cells = [...sum.cells()].map(cellView)
    const answer = {
      ...stretchView(stretch),
      all: cells.find(cell => cell.dimension === 'all') ?? null,
      data: cells
        .filter(cell => cell.dimension === dimension)
        .sort((one, other) => weightOf(other) - weightOf(one)),
      missing,
    }
    return c.json(answer, 200)
  })
  .openapi(getOpen, async c => {
    const { id } = c.req.valid('param')
    if (c.get('directory').institution(id) === undefined) {
      return problem(c, { code: 'NOT_FOUND' }) as never
    }
    const { open, missing } = await openAt(id, worldOf(c))
    return c.json({ at: instantText(Date.now()), data: open.map(openView), missing }, 200)
  })
  .openapi(getLive, c => {
    const { center } = c.req.valid('query')
    const monitor = monitorOf(c.env, c.get('directory'), center)
    if (monitor === undefined) return problem(c, { code: 'NOT_FOUND' }) as never
    // From here on the platform carries the socket by itself; this Worker is out of it.
    const asked = new Request(c.req.raw)
    asked.headers.set(UNTIL_HEADER, `${c.get('staff').until}`)
    return monitor.fetch(asked) as never
  })
