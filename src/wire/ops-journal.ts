/** A lane's journal for an auditor: its rows as they are stored, and what they are verified with. */
import { z } from '@hono/zod-openapi'

const keySchema = z.strictObject({
  id: z.string(),
  institution: z.string(),
  algorithm: z.enum(['ed25519', 'ecdsa-p256-sha256']),
  publicKey: z.string().openapi({ description: 'SubjectPublicKeyInfo, base64' }),
})

const anchorSchema = z.strictObject({
  center: z.string(),
  number: z.int(),
  at: z.int(),
  heads: z.array(z.tuple([z.string(), z.int(), z.string()])),
  hash: z.string(),
})

/** What does not change from page to page; with the first page only. */
const proofSchema = z.strictObject({
  anchors: z.array(z.strictObject({ keeper: z.string(), anchors: z.array(anchorSchema) })),
  memberKeys: z.array(keySchema),
  gatewayKeys: z.array(keySchema),
})

export const journalPageSchema = z
  .strictObject({
    center: z.string(),
    lane: z.string(),
    proof: proofSchema.nullable(),
    rows: z
      .array(z.tuple([z.int(), z.string(), z.string()]))
      .openapi({ description: 'Name, body and hash of each row' }),
    next: z.int().nullable().openapi({ description: 'Send as `after` to go on; null at the end' }),
  })
  .openapi('JournalPage')

export type JournalPage = z.infer<typeof journalPageSchema>
