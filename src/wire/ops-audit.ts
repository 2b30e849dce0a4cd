/** The audit chain, as whoever may read it sees it and can compute it anew. */
import { z } from '@hono/zod-openapi'
import { instantSchema } from './money.ts'

export const auditEntrySchema = z
  .strictObject({
    seq: z.int(),
    at: instantSchema,
    by: z.strictObject({ id: z.string(), name: z.string() }),
    roles: z.array(z.string()),
    action: z.string().openapi({ example: 'change.approve' }),
    subject: z.string(),
    outcome: z.string().openapi({
      description:
        '`done`, or the result code that refused it; `begun` of what is done elsewhere than in the directory, and ends in a later entry of the same `request`',
    }),
    detail: z.string().openapi({ description: 'JSON' }),
    request: z.string().openapi({ description: 'Of the HTTP request' }),
    hash: z.string().openapi({ description: 'SHA-256, hex, over the hash before and this entry' }),
  })
  .openapi('AuditEntry')

export const auditListSchema = z
  .strictObject({ data: z.array(auditEntrySchema), nextCursor: z.string().nullable() })
  .openapi('AuditList')

export const auditVerifiedSchema = z
  .strictObject({
    ok: z.boolean(),
    from: z.int().openapi({ description: 'The entry that was trusted; 0 for the beginning' }),
    seq: z.int().openapi({ description: 'The last entry that follows from all before it' }),
    hash: z.string().openapi({ description: 'Its hash: kept elsewhere, it anchors all before it' }),
    fault: z
      .strictObject({ fault: z.enum(['gap', 'hash', 'anchor']), seq: z.int() })
      .nullable()
      .openapi({
        description:
          '`gap`: an entry is missing. `hash`: it was altered. `anchor`: it is not the one that was kept',
      }),
    more: z.boolean().openapi({ description: 'There is more behind seq; ask on from there' }),
  })
  .openapi('AuditVerified')

export type AuditEntryView = z.infer<typeof auditEntrySchema>
