/** Who is signed in, and the network as the directory has it. */
import { createRoute, OpenAPIHono, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { readDirectory } from '../db/directory.ts'
import { rightsOf } from '../domain/access.ts'
import { directoryOf } from '../domain/directory.ts'
import { log } from '../log.ts'
import type { Door } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import {
  centersSchema,
  corridorsSchema,
  familiesSchema,
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
    responses: {
      200: {
        description: 'As the directory has it now',
        content: { 'application/json': { schema } },
      },
      ...opsProblems,
    },
  })

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
  .openapi(list('/ops/v1/me', 'Who is signed in, and what it may', meSchema), c => {
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
      return c.json({ ...state, data: institutionViews(seen) }, 200)
    },
  )
  .openapi(list('/ops/v1/centers', 'List centers', centersSchema), async c => {
    const { seen, ...state } = await seenBy(c)
    return c.json({ ...state, data: centerViews(seen) }, 200)
  })
  .openapi(list('/ops/v1/corridors', 'List corridors', corridorsSchema), async c => {
    const { seen, ...state } = await seenBy(c)
    return c.json({ ...state, data: corridorViews(seen) }, 200)
  })
  .openapi(
    list('/ops/v1/families', 'List families of codes, with where they lead', familiesSchema),
    async c => {
      const { seen, ...state } = await seenBy(c)
      return c.json({ ...state, data: familyViews(seen) }, 200)
    },
  )
  .openapi(list('/ops/v1/rates', 'List the rates of all providers', ratesSchema), async c => {
    const { seen, ...state } = await seenBy(c)
    return c.json({ ...state, data: rateViews(seen) }, 200)
  })
  .openapi(list('/ops/v1/switches', 'List what is switched off', switchesSchema), async c => {
    const { seen, ...state } = await seenBy(c)
    return c.json({ ...state, data: seen.rows.switches.map(row => switchView(row, seen.now)) }, 200)
  })
