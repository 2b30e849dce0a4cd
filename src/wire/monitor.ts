/** What the monitors have seen, as operators and machines read it: windows, what is open, how the centers are. */
import { z } from '@hono/zod-openapi'
import { alertCountsSchema } from './alert.ts'
import { nearLimitSchema } from './limit.ts'
import { answeredMoneySchema, instantSchema } from './money.ts'

/** What a window is about. `code` is the result code; everything is also counted under `all`. */
export const dimensionSchema = z
  .enum(['all', 'scenario', 'corridor', 'institution', 'family', 'code'])
  .openapi('Dimension')

export const windowSchema = z.enum(['second', 'minute', 'hour', 'day']).openapi('Window')

/**
 * The parts of a payment's way, each by the gateway's own clock.
 * - `quote`: from the quote to the opening of the payment: the payer thinks, the wallet holds.
 * - `answer`: from the opening to the responder's first usable word.
 * - `decision`: from that word, or from the doubt where there was none, to the decision; 0 where they are one.
 * - `total`: from the opening to the decision.
 * - `delivery`: from a decision to the acknowledgement of what had to be told of it.
 */
export const hopSchema = z
  .enum(['quote', 'answer', 'decision', 'total', 'delivery'])
  .openapi('Hop', { description: "A part of a payment's way, by the gateway's own clock" })

const countSchema = z.int().nonnegative()

export const latencySchema = z
  .strictObject({
    count: countSchema,
    p50: z.number(),
    p95: z.number(),
    p99: z.number(),
  })
  .openapi('Latency', { description: 'Milliseconds; each within 1 % of the true quantile' })

export const cellSchema = z
  .strictObject({
    dimension: dimensionSchema,
    name: z.string().openapi({
      description:
        'E.g. `outbound`, `CN>TH`, `acquirer-th`, `promptpay`, `DECLINED`; `other` gathers what is beyond the bound',
      example: 'CN>TH',
    }),
    opened: countSchema,
    committed: countSchema,
    aborted: countSchema,
    doubted: countSchema.openapi({ description: 'Payments whose responder gave no usable answer' }),
    reversed: countSchema,
    refunds: countSchema,
    refused: countSchema.openapi({
      description: 'Requests turned away at the edge, before there was a payment',
    }),
    successRate: z
      .number()
      .nullable()
      .openapi({ description: 'Committed of all decided, 0 to 1; null where nothing was decided' }),
    cny: answeredMoneySchema,
    usd: answeredMoneySchema.openapi({
      description: 'What was committed, at mid rates: for watching, not for accounts',
    }),
    latency: z.partialRecord(hopSchema, latencySchema),
  })
  .openapi('WindowCell')

export const windowsSchema = z
  .strictObject({
    window: windowSchema,
    from: instantSchema.openapi({ description: 'Where the first period begins' }),
    until: instantSchema.openapi({ description: 'Where the last period ends, or the present' }),
    periods: z
      .array(z.strictObject({ start: instantSchema, cells: z.array(cellSchema) }))
      .openapi({ description: 'Oldest first; a period in which nothing happened is left out' }),
    cut: z.boolean().openapi({
      description:
        'There was too much for one answer: `from` is where it begins, and older periods are asked for with an `until` before it',
    }),
    missing: z
      .array(z.string())
      .openapi({ description: 'Centers whose monitor could not be asked' }),
  })
  .openapi('Windows')

export const figuresSchema = z
  .strictObject({
    window: windowSchema,
    from: instantSchema.openapi({ description: 'Where the first period begins' }),
    until: instantSchema.openapi({ description: 'Where the last period ends, or the present' }),
    all: cellSchema.nullable().openapi({ description: 'Null where nothing happened' }),
    data: z.array(cellSchema).openapi({ description: 'Each name of the dimension, busiest first' }),
    missing: z
      .array(z.string())
      .openapi({ description: 'Centers whose monitor could not be asked' }),
  })
  .openapi('Figures')

/** Something that is not finished: an undecided payment, or a duty nobody has acknowledged. */
export const openKindSchema = z.enum([
  'pending',
  'awaiting_user',
  'in_doubt',
  'deemed',
  'refund',
  'deliver_receipt',
  'capture',
  'release_hold',
  'return_funds',
  'void_order',
  'reverse_order',
  'report_refund',
  'count_allowance',
  'free_allowance',
])

export const openRowSchema = z
  .strictObject({
    kind: openKindSchema,
    institution: z.string().openapi({ description: 'Who must act for it to end' }),
    count: countSchema,
    byAge: z
      .strictObject({
        under10s: countSchema,
        under1m: countSchema,
        under5m: countSchema,
        under1h: countSchema,
        over1h: countSchema,
      })
      .openapi({ description: 'How many are how old; they add up to the count' }),
    oldest: z.strictObject({ paymentId: z.string(), since: instantSchema }),
  })
  .openapi('OpenRow')

export const openListSchema = z
  .strictObject({
    at: instantSchema,
    data: z.array(openRowSchema).openapi({ description: 'Most first' }),
    missing: z.array(z.string()),
  })
  .openapi('OpenList')

export const centerHealthSchema = z
  .strictObject({
    center: z.string(),
    state: z.enum(['live', 'late', 'idle', 'away']).openapi({
      description:
        '`late`: events come, but old. `idle`: none came for a minute. `away`: its monitor does not answer',
    }),
    lastEventAt: instantSchema.nullable(),
    lagMs: z
      .number()
      .nullable()
      .openapi({ description: 'How old the newest event was when it came here' }),
    lag: latencySchema.nullable().openapi({ description: 'The same, over the last minute' }),
    lanes: countSchema.openapi({ description: 'Lanes it has heard of' }),
    behind: countSchema.openapi({
      description: 'Events it knows to be missing, and has asked for',
    }),
    watchers: countSchema,
  })
  .openapi('CenterHealth')

export const overviewSchema = z
  .strictObject({
    at: instantSchema,
    centers: z.array(centerHealthSchema),
    minute: z
      .array(cellSchema)
      .openapi({ description: 'The last sixty seconds, every dimension, all centers together' }),
    open: z.array(openRowSchema).openapi({ description: 'Most first' }),
    limits: z.array(nearLimitSchema).openapi({
      description:
        'Limits of all members that are nearest to their end, nearest first, the first twenty; each as it was some seconds ago',
    }),
    alerts: alertCountsSchema,
    missing: z.array(z.string()),
  })
  .openapi('Overview')

export type Dimension = z.infer<typeof dimensionSchema>
export type WindowName = z.infer<typeof windowSchema>
export type Hop = z.infer<typeof hopSchema>
export type LatencyView = z.infer<typeof latencySchema>
export type WindowCell = z.infer<typeof cellSchema>
export type Windows = z.infer<typeof windowsSchema>
export type Figures = z.infer<typeof figuresSchema>
export type OpenRow = z.infer<typeof openRowSchema>
export type OpenList = z.infer<typeof openListSchema>
export type CenterHealth = z.infer<typeof centerHealthSchema>
export type Overview = z.infer<typeof overviewSchema>
