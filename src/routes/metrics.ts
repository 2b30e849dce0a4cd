/** The monitors' figures for machines. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { totals } from '../flows/monitor.ts'
import type { Door } from '../middleware/door.ts'
import { METRICS_TYPE, metricsText } from '../wire/metrics.ts'
import { monitorsWorld } from '../world.ts'
import { opsProblems, takes } from './ops-route.ts'

const getMetrics = createRoute({
  method: 'get',
  path: '/metrics',
  ...takes('read_network'),
  summary: 'Gather the figures',
  description:
    'OpenMetrics text; a scraper sends the header of a service token. Counters count from when a monitor began.',
  responses: {
    200: {
      description: 'OpenMetrics 1.0',
      content: { [METRICS_TYPE]: { schema: { type: 'string' } } },
    },
    ...opsProblems,
  },
})

export const metrics = new OpenAPIHono<Door>().openapi(getMetrics, async c => {
  const { centers, missing } = await totals(monitorsWorld(c.env, c.get('directory')))
  const text = metricsText(centers, missing, Date.now())
  return c.body(text, 200, { 'content-type': METRICS_TYPE }) as never
})
