/** Reports for whoever supervises the network: counted by the monitors, which know no payers. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { auditHead } from '../db/audit.ts'
import { listChanges } from '../db/change.ts'
import { isUp } from '../domain/directory.ts'
import { emptyCell, Window } from '../domain/window.ts'
import { backwards, type Stretch } from '../flows/monitor.ts'
import type { Door } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { reportSchema } from '../wire/ops-report.ts'
import { daysCsv, reportCsv } from '../wire/ops-report-csv.ts'
import { reportRow, reportRows } from '../wire/ops-report-view.ts'
import { instantText } from '../wire/view.ts'
import { monitorsWorld } from '../world.ts'
import { opsProblems, takes } from './ops-route.ts'

const DAY_MS = 86_400_000
/** Days in one report: a quarter. Monitors keep two years. */
const DAYS_MAX = 92
/** Changes looked at. */
const CHANGES_MAX = 500

const daysIn = z.strictObject({
  days: z.coerce.number().int().min(1).max(DAYS_MAX).default(30).openapi({
    description: 'How many days, today included',
  }),
})

const getReport = createRoute({
  method: 'get',
  path: '/ops/v1/reports/traffic',
  ...takes('read_reports'),
  summary: 'Report what went through, and how it was steered',
  description:
    'Whole UTC days up to the present one, all centers together, counted by the monitors. Nothing in it leads to a payer or a payment.',
  request: { query: daysIn },
  responses: {
    200: {
      description: 'The report',
      content: { 'application/json': { schema: reportSchema } },
    },
    ...opsProblems,
  },
})

const getTable = createRoute({
  method: 'get',
  path: '/ops/v1/reports/traffic.csv',
  ...takes('read_reports'),
  summary: 'Report what went through, as a table',
  description:
    'A row for each UTC day and each scenario, corridor, institution, family and result code of it, and for all of them together (`all`). Values in major units. A center that could not be asked is a row with the dimension `missing`. Nothing in it leads to a payer or a payment.',
  request: { query: daysIn },
  responses: {
    200: { description: 'The table', content: { 'text/csv': { schema: z.string() } } },
    ...opsProblems,
  },
})

const dayOf = ({ start, cells }: Stretch['periods'][number]) =>
  reportRow(instantText(start).slice(0, 10), cells.find('all', 'all') ?? emptyCell())

const firstDay = (days: number, now: number) => now - (now % DAY_MS) - (days - 1) * DAY_MS

/**
 * All days from `from` on, as rows of some kind, oldest first. What was counted of a part is let go before the next is
 * read; a center that was away for one of them is missing in the whole.
 */
async function daysOf<Row>(
  c: Context<Door>,
  { from, now }: { readonly from: number; readonly now: number },
  rowsOf: (periods: Stretch['periods']) => readonly Row[],
): Promise<{ rows: readonly Row[]; missing: string[] }> {
  const wanted = { span: 'day', from, until: now + 1, dimension: null, name: null } as const
  const parts: (readonly Row[])[] = []
  const missing = new Set<string>()
  const world = monitorsWorld(c.env, c.get('directory'))
  for await (const part of backwards({ ...wanted, hops: false }, world)) {
    parts.push(rowsOf(part.periods))
    for (const center of part.missing) missing.add(center)
  }
  return { rows: parts.reverse().flat(), missing: [...missing] }
}

export const opsReports = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(getTable, async c => {
    const { days } = c.req.valid('query')
    const now = Date.now()
    const from = firstDay(days, now)
    const { rows, missing } = await daysOf(c, { from, now }, periods => [daysCsv(periods)])
    const [first, last] = [from, now].map(at => instantText(at).slice(0, 10))
    return c.body(reportCsv(rows.join(''), missing), 200, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="traffic-${first}-${last}.csv"`,
    })
  })
  .openapi(getReport, async c => {
    const { days } = c.req.valid('query')
    const now = Date.now()
    const from = firstDay(days, now)
    const directory = c.get('directory')
    const all = new Window()
    const [{ rows, missing }, { changes, end }, head] = await Promise.all([
      daysOf(c, { from, now }, periods => {
        for (const { cells } of periods) all.merge(cells)
        return periods.map(dayOf)
      }),
      listChanges(c.env.DIRECTORY, { after: null, limit: CHANGES_MAX }),
      auditHead(c.env.DIRECTORY),
    ])
    const { institutions, corridors, centers, switches } = directory.rows
    const open = institutions.filter(({ id }) => directory.isOpen(id, now)).length
    const openCorridors = corridors.filter(
      ({ status, payerMarket, payeeMarket }) =>
        status === 'open' && !directory.isOff('corridor', `${payerMarket}>${payeeMarket}`, now),
    ).length
    const up = centers.filter(isUp).length
    const recent = changes.filter(({ at }) => at >= from)
    const counted = (status: string) => recent.filter(each => each.status === status).length
    const report = {
      from: instantText(from),
      to: instantText(now),
      total: reportRow('all', all.find('all', 'all') ?? emptyCell()),
      days: [...rows],
      scenarios: reportRows(all, 'scenario'),
      corridors: reportRows(all, 'corridor'),
      institutions: reportRows(all, 'institution'),
      families: reportRows(all, 'family'),
      codes: reportRows(all, 'code'),
      network: {
        members: { open, stopped: institutions.length - open },
        corridors: { open: openCorridors, closed: corridors.length - openCorridors },
        centers: { up, away: centers.length - up },
        switchedOff: switches.filter(({ until }) => until === null || now < until).length,
      },
      steering: {
        applied: counted('applied'),
        proposed: counted('proposed'),
        rejected: counted('rejected') + counted('withdrawn'),
        undone: counted('undone'),
        more: end !== null && end[0] >= from,
      },
      audit: { entries: head.seq, hash: head.hash },
      missing,
    }
    return c.json(report, 200)
  })
