/** The audit chain: read, and computed anew. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { listAudit, readAuditEntry, verifyAudit } from '../db/audit.ts'
import { AUDIT_START } from '../domain/audit.ts'
import type { Door } from '../middleware/door.ts'
import { malformed } from '../middleware/malformed.ts'
import { auditListSchema, auditVerifiedSchema } from '../wire/ops-audit.ts'
import { instantText } from '../wire/view.ts'
import { limitSchema } from './limit.ts'
import { opsProblems, takes } from './ops-route.ts'

const getAudit = createRoute({
  method: 'get',
  path: '/ops/v1/audit',
  ...takes('read_audit'),
  summary: 'List what the staff did, and was not let do, newest first',
  request: {
    query: z.strictObject({
      actor: z.string().max(254).optional(),
      action: z.string().max(40).optional(),
      subject: z.string().max(200).optional(),
      outcome: z.enum(['begun', 'done', 'refused']).optional(),
      cursor: z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
      limit: limitSchema,
    }),
  },
  responses: {
    200: {
      description: 'Entries of the chain',
      content: { 'application/json': { schema: auditListSchema } },
    },
    ...opsProblems,
  },
})

const verify = createRoute({
  method: 'get',
  path: '/ops/v1/audit/verify',
  ...takes('read_audit'),
  summary: 'Compute the audit chain anew',
  description:
    'From the beginning, or from an entry whose hash was kept elsewhere: the log of the Workers has every one. One call computes ten thousand entries.',
  request: {
    query: z.strictObject({
      from: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .openapi({ description: 'Entry to begin after' }),
      hash: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional()
        .openapi({ description: 'What its hash must be' }),
    }),
  },
  responses: {
    200: {
      description: 'Whether it is a chain',
      content: { 'application/json': { schema: auditVerifiedSchema } },
    },
    ...opsProblems,
  },
})

export const opsAudit = new OpenAPIHono<Door>({ defaultHook: malformed })
  .openapi(getAudit, async c => {
    const { cursor, limit, ...filter } = c.req.valid('query')
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
    const { entries, end } = await listAudit(c.env.DIRECTORY, { ...filter, before, limit })
    const data = entries.map(({ at, roles, ...entry }) => ({
      ...entry,
      at: instantText(at),
      roles: [...roles],
    }))
    return c.json({ data, nextCursor: end === null ? null : `${end}` }, 200)
  })
  .openapi(verify, async c => {
    const { from, hash } = c.req.valid('query')
    const found = from === 0 ? AUDIT_START : await readAuditEntry(c.env.DIRECTORY, from)
    const isKept = found !== null && (hash === undefined || hash === found.hash)
    if (!isKept) {
      const fault = { fault: 'anchor', seq: from } as const
      return c.json(
        { ok: false, from, seq: from, hash: found?.hash ?? '', fault, more: false },
        200,
      )
    }
    const verified = await verifyAudit(c.env.DIRECTORY, found)
    return c.json({ ok: verified.fault === null, from, ...verified }, 200)
  })
