/** Alerts: what was seen, what was expected, how sure, which payments are behind it, and what to do. */
import { z } from '@hono/zod-openapi'
import { anomalyKindNames } from '../domain/anomaly.ts'
import { instantSchema, memberIdSchema, textSchema } from './money.ts'

export const anomalyKindSchema = z.enum(anomalyKindNames).openapi('AnomalyKind')

export const severitySchema = z.enum(['notice', 'warning', 'critical']).openapi('Severity')

/** What an alert is about. Which payer it is, stands in `payer`, for those who may see it. */
export const subjectSchema = z
  .strictObject({
    dimension: z.enum(['all', 'corridor', 'institution', 'merchant', 'payer', 'payment', 'center']),
    name: z.string().openapi({
      description:
        'Of a payer, its wallet; empty where nobody knows whose user it is. Of a payment, its id',
    }),
  })
  .openapi('AlertSubject')

const wordsSchema = z.strictObject({
  title: z.string(),
  seen: z.string(),
  expected: z.string(),
  advice: z.string().openapi({ description: 'What to do about it' }),
})

export const alertSchema = z
  .strictObject({
    id: z.string().openapi({ example: 'alr_hk_17' }),
    center: z.string(),
    kind: anomalyKindSchema,
    subject: subjectSchema,
    payer: z.string().nullable().openapi({
      description:
        'Keyed token of the payer it is about; null in lists, on sockets, in webhooks, and unless it is asked for',
    }),
    severity: severitySchema,
    state: z.enum(['open', 'acknowledged', 'resolved']),
    says: z
      .strictObject({ en: wordsSchema, zh: wordsSchema })
      .openapi({ description: 'The same in every language of the console' }),
    facts: z
      .record(z.string(), z.union([z.number(), z.string()]))
      .openapi({ description: 'The figures behind the words; shares and rates as numbers' }),
    confidence: z.number().min(0).max(1),
    payments: z
      .array(z.string())
      .openapi({ description: 'Ids of payments behind it, newest first, at most 20' }),
    paymentsSeen: z.int().openapi({ description: 'How many there were in all' }),
    also: z
      .array(subjectSchema)
      .openapi({ description: 'Others that show the same because of the same payments' }),
    since: instantSchema.openapi({ description: 'When it began, as far as can be told' }),
    raisedAt: instantSchema,
    lastSeenAt: instantSchema,
    endedAt: instantSchema.nullable().openapi({ description: 'When it was resolved' }),
    resolvedBy: z.string().nullable().openapi({
      description: '`gateway` where it passed by itself',
    }),
    reopened: z.int().openapi({ description: 'How often it came back after it was resolved' }),
    owner: z.string().nullable().openapi({ description: 'Who acknowledged it' }),
    notes: z.array(z.strictObject({ at: instantSchema, by: z.string(), text: z.string() })),
    mutedUntil: instantSchema.nullable(),
    version: z.int().openapi({ description: 'Rises with every change of this alert' }),
  })
  .openapi('Alert')

export const alertCountsSchema = z
  .strictObject({
    critical: z.int().nonnegative(),
    warning: z.int().nonnegative(),
    notice: z.int().nonnegative(),
  })
  .openapi('AlertCounts', { description: 'Alerts that are neither resolved nor muted' })

export const alertListSchema = z
  .strictObject({
    data: z.array(alertSchema).openapi({ description: 'Newest first' }),
    nextCursor: z.string().nullable(),
    missing: z.array(z.string()).openapi({ description: 'Centers that could not be asked' }),
  })
  .openapi('AlertList')

export const alertNoteSchema = z.strictObject({ text: textSchema(1_000) }).openapi('AlertNote')

export const alertResolveSchema = z
  .strictObject({ text: textSchema(1_000).optional() })
  .openapi('ResolveAlert')

export const muteRequestSchema = z
  .strictObject({
    id: memberIdSchema.openapi({
      description:
        'Chosen by whoever asks: asked again under the same id, it is the same mute, made where a center was away before',
      example: '5f0c7a52-8f3e-4e58-9d4e-4e2b6f1f3a10',
    }),
    kind: anomalyKindSchema.nullable().default(null),
    subject: subjectSchema.nullable().default(null),
    alert: z.string().max(40).nullable().default(null).openapi({
      description: 'The alert whose subject it is, in place of `subject`: so a payer is named',
      example: 'alr_hk_17',
    }),
    from: instantSchema.optional(),
    until: instantSchema,
    reason: textSchema(200),
  })
  .openapi('MuteRequest', {
    description: 'Null means every kind, or every subject; one of them must be given',
  })

export const muteSchema = z
  .strictObject({
    id: z.string(),
    kind: anomalyKindSchema.nullable(),
    subject: subjectSchema.nullable(),
    from: instantSchema,
    until: instantSchema,
    reason: z.string(),
    by: z.string(),
    notIn: z.array(z.string()).openapi({
      description: 'Centers that are not known to have it: there it may call all the same',
    }),
  })
  .openapi('Mute')

export const muteListSchema = z
  .strictObject({ data: z.array(muteSchema), missing: z.array(z.string()) })
  .openapi('MuteList')

export type AlertView = z.infer<typeof alertSchema>
export type AlertCounts = z.infer<typeof alertCountsSchema>
export type AlertList = z.infer<typeof alertListSchema>
export type MuteRequest = z.input<typeof muteRequestSchema>
export type MuteView = z.infer<typeof muteSchema>
