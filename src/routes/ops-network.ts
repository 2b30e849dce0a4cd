/** Who is signed in, and the network as the directory has it. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { readDirectory } from '../db/directory.ts'
import { rightsOf } from '../domain/access.ts'
import { directoryOf } from '../domain/directory.ts'
import { log } from '../log.ts'
import { type Door, problem } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import {
  centersSchema,
  corridorsSchema,
  familiesSchema,
  institutionSchema,
  institutionsSchema,
  meSchema,
  ratesSchema,
  switchesSchema,
} from '../wire/ops-network.ts'
import {
  centerViews,
  corridorViews,
  familyViews,
  institutionViews,
  rateViews,
  type Seen,
  switchView,
} from '../wire/ops-network-view.ts'
import { instantText } from '../wire/view.ts'
import { opsProblems, takes } from './ops-route.ts'

/** Rows of one answer. */
const LIST_MAX = 500

const querySchema = z.strictObject({
  q: z.string().max(64).optional().openapi({ description: 'Only rows with this in their names' }),
  cursor: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(LIST_MAX).default(LIST_MAX),
})

const list = <Path extends string, Schema extends z.ZodType>(
  path: Path,
  summary: string,
  schema: Schema,
) =>
  createRoute({
    method: 'get',
    path,
    ...takes('read_network'),
    summary,
    request: { query: querySchema },
    responses: {
      200: {
        description: 'As the directory has it now',
        content: { 'application/json': { schema } },
      },
      ...opsProblems,
    },
  })

const getMe = createRoute({
  method: 'get',
  path: '/ops/v1/me',
  ...takes('read_network'),
  summary: 'Read who is signed in, and what it may',
  responses: {
    200: {
      description: 'Whoever asks',
      content: { 'application/json': { schema: meSchema } },
    },
    ...opsProblems,
  },
})

const getInstitution = createRoute({
  method: 'get',
  path: '/ops/v1/institutions/{id}',
  ...takes('read_network'),
  summary: 'Read a member, with keys and epochs',
  request: { params: z.object({ id: z.string().max(64).openapi({ example: 'wallet-th' }) }) },
  responses: {
    200: {
      description: 'As the directory has it now',
      content: { 'application/json': { schema: institutionSchema } },
    },
    ...opsProblems,
  },
})

/** A part of a list that is held whole anyway; `names` are what a row is looked for by. */
function partOf<Row>(
  rows: readonly Row[],
  { q, cursor, limit }: z.infer<typeof querySchema>,
  names: (row: Row) => readonly string[],
) {
  const wanted = q?.toLowerCase()
  const found =
    wanted === undefined
      ? rows
      : rows.filter(row => names(row).some(name => name.toLowerCase().includes(wanted)))
  const from = Number(cursor ?? 0)
  const end = from + limit
  return { data: found.slice(from, end), nextCursor: end < found.length ? `${end}` : null }
}

/** The truth where it can be had, and what this isolate works with where it cannot. */
async function seenBy(c: Context<Door>): Promise<{ seen: Seen; version: number; stale: boolean }> {
  const now = Date.now()
  try {
    const rows = await readDirectory(c.env.DIRECTORY)
    return {
      seen: { rows, directory: directoryOf(rows), now },
      version: rows.version,
      stale: false,
    }
  } catch (error) {
    const directory = c.get('directory')
    log({ log: 'ops', failed: 'directory', error: String(error) })
    const { rows, version } = directory
    return { seen: { rows, directory, now }, version, stale: true }
  }
}

export const opsNetwork = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(getMe, c => {
    const staff = c.get('staff')
    const me = {
      id: staff.id,
      name: staff.name,
      roles: [...staff.roles],
      rights: [...rightsOf(staff)],
      until: instantText(staff.until),
      environment: c.env.ENVIRONMENT,
      signOut: '/console/sign-out',
    }
    return c.json(me, 200)
  })
  .openapi(
    list('/ops/v1/institutions', 'List members, with keys and epochs', institutionsSchema),
    async c => {
      const { seen, ...state } = await seenBy(c)
      return c.json(
        {
          ...state,
          ...partOf(institutionViews(seen), c.req.valid('query'), ({ id, name }) => [id, name]),
        },
        200,
      )
    },
  )
  .openapi(getInstitution, async c => {
    const { seen } = await seenBy(c)
    const { id } = c.req.valid('param')
    const found = institutionViews(seen).find(each => each.id === id)
    return found === undefined ? (problem(c, { code: 'NOT_FOUND' }) as never) : c.json(found, 200)
  })
  .openapi(list('/ops/v1/centers', 'List centers', centersSchema), async c => {
    const { seen, ...state } = await seenBy(c)
    return c.json(
      { ...state, ...partOf(centerViews(seen), c.req.valid('query'), ({ id }) => [id]) },
      200,
    )
  })
  .openapi(list('/ops/v1/corridors', 'List corridors', corridorsSchema), async c => {
    const { seen, ...state } = await seenBy(c)
    return c.json(
      { ...state, ...partOf(corridorViews(seen), c.req.valid('query'), ({ name }) => [name]) },
      200,
    )
  })
  .openapi(
    list('/ops/v1/families', 'List families of codes, with where they lead', familiesSchema),
    async c => {
      const { seen, ...state } = await seenBy(c)
      return c.json(
        {
          ...state,
          ...partOf(familyViews(seen), c.req.valid('query'), ({ family, name }) => [family, name]),
        },
        200,
      )
    },
  )
  .openapi(list('/ops/v1/rates', 'List the rates of all providers', ratesSchema), async c => {
    const { seen, ...state } = await seenBy(c)
    return c.json(
      {
        ...state,
        ...partOf(rateViews(seen), c.req.valid('query'), ({ provider, base, counter }) => [
          provider,
          `${base}/${counter}`,
        ]),
      },
      200,
    )
  })
  .openapi(list('/ops/v1/switches', 'List what is switched off', switchesSchema), async c => {
    const { seen, ...state } = await seenBy(c)
    const rows = seen.rows.switches.map(row => switchView(row, seen.now))
    return c.json({ ...state, ...partOf(rows, c.req.valid('query'), ({ name }) => [name]) }, 200)
  })
