/**
 * The live socket, `GET /ops/v1/live?center=hk`: what a monitor sends to those who watch it.
 *
 * One socket per center. The first message is a `snapshot`, or a `catch_up` where `?after=<cursor>` is still known;
 * then at most one `delta` each second, whatever the traffic. A watcher answers `{"seen":"<cursor>"}` at least
 * every ten seconds; one that falls 30 seconds behind is closed with 4008 and may come back with its cursor.
 * Cells of several centers add up; so do the bins of their sketches.
 */
import { z } from '@hono/zod-openapi'
import { alertCountsSchema, alertSchema } from './alert.ts'
import { instantSchema } from './money.ts'
import { cellSchema, centerHealthSchema, dimensionSchema, openRowSchema } from './monitor.ts'

const countSchema = z.int().nonnegative()

/** What one second added to one subject. Counts that are zero are left out. */
export const liveCellSchema = z
  .strictObject({
    dimension: dimensionSchema,
    name: z.string(),
    opened: countSchema.optional(),
    committed: countSchema.optional(),
    aborted: countSchema.optional(),
    doubted: countSchema.optional(),
    reversed: countSchema.optional(),
    refunds: countSchema.optional(),
    refused: countSchema.optional(),
    cny: z.number().optional().openapi({ description: 'Committed, in fen' }),
    usd: z.number().optional().openapi({ description: 'Committed, in cents' }),
    total: z.array(z.int()).optional().openapi({
      description:
        'Time from opening to decision: index and count of each bin, in turn. Bin i is about 1.02^(4i) milliseconds, exactly 2·g^i/(g+1) with g = (1.01/0.99)^4; within 4 %',
    }),
  })
  .openapi('LiveCell')

/** One payment of the last second; a busy second shows some and counts the rest. */
export const livePaymentSchema = z
  .strictObject({
    paymentId: z.string(),
    at: instantSchema,
    event: z.enum([
      'opened',
      'committed',
      'aborted',
      'doubted',
      'user_asked',
      'deemed',
      'reversed',
      'refunded',
    ]),
    corridor: z.string(),
    scenario: z.string(),
    family: z.string(),
    wallet: z.string(),
    acquirer: z.string(),
    resultCode: z.string(),
    payer: z.strictObject({ currency: z.string(), minor: z.string() }),
    payee: z.strictObject({ currency: z.string(), minor: z.string() }),
    ms: z.int().openapi({ description: 'Since the payment was opened' }),
  })
  .openapi('LivePayment')

export const liveDeltaSchema = z
  .strictObject({
    type: z.literal('delta'),
    center: z.string(),
    cursor: z.string(),
    at: instantSchema.openapi({ description: 'End of the second in which these came in' }),
    cells: z.array(liveCellSchema),
    cellsCut: countSchema.openapi({ description: 'Quiet subjects left out of a message too long' }),
    payments: z.array(livePaymentSchema),
    paymentsCut: countSchema,
    open: z.array(openRowSchema).optional().openapi({ description: 'Only when it has changed' }),
    alerts: z.array(alertSchema).optional().openapi({
      description: 'Alerts that changed, the worst of them first, at most 50',
    }),
    alertsLeft: countSchema.optional().openapi({
      description: 'Others that changed and come with the next messages',
    }),
    calling: alertCountsSchema,
    health: centerHealthSchema,
  })
  .openapi('LiveDelta')

export const liveSnapshotSchema = z
  .strictObject({
    type: z.literal('snapshot'),
    center: z.string(),
    cursor: z.string(),
    at: instantSchema,
    seconds: z
      .array(z.strictObject({ at: instantSchema, cell: liveCellSchema }))
      .openapi({ description: 'The last two minutes of everything together, second by second' }),
    minutes: z
      .array(z.strictObject({ start: instantSchema, cells: z.array(cellSchema) }))
      .openapi({ description: 'The last hour, minute by minute: all, scenarios and corridors' }),
    last: z.array(cellSchema).openapi({ description: 'The last sixty seconds, every dimension' }),
    payments: z.array(livePaymentSchema).openapi({ description: 'The newest, newest first' }),
    open: z.array(openRowSchema),
    alerts: z
      .array(alertSchema)
      .openapi({ description: 'Those that are not resolved, the worst first, at most 50' }),
    alertsCut: countSchema.openapi({ description: 'Others that are not resolved' }),
    calling: alertCountsSchema,
    health: centerHealthSchema,
  })
  .openapi('LiveSnapshot')

export const liveCatchUpSchema = z
  .strictObject({
    type: z.literal('catch_up'),
    center: z.string(),
    cursor: z.string(),
    deltas: z.array(liveDeltaSchema).openapi({ description: 'What was missed, oldest first' }),
  })
  .openapi('LiveCatchUp')

export const liveMessageSchema = z.discriminatedUnion('type', [
  liveSnapshotSchema,
  liveCatchUpSchema,
  liveDeltaSchema,
])

/** What a watcher says. */
export const watcherMessageSchema = z.strictObject({ seen: z.string().max(64) })

/** From the edge to the monitor: when the watcher's right to watch ends, milliseconds since 1970. */
export const UNTIL_HEADER = 'cpg-until'

export type LiveCell = z.infer<typeof liveCellSchema>
export type LivePayment = z.infer<typeof livePaymentSchema>
export type LiveDelta = z.infer<typeof liveDeltaSchema>
export type LiveSnapshot = z.infer<typeof liveSnapshotSchema>
export type LiveMessage = z.infer<typeof liveMessageSchema>
