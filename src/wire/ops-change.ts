/** Steering as the console and programs do it: steps, what they would touch, changes and plans. */
import { z } from '@hono/zod-openapi'
import { allowanceKinds } from '../domain/allowance.ts'
import { LANES_MAX } from '../domain/epoch-plan.ts'
import { limitKinds } from '../domain/limit.ts'
import { STEPS_MAX } from '../domain/steering.ts'
import { instantSchema, memberIdSchema, textSchema } from './money.ts'
import { cellSchema } from './monitor.ts'
import { switchSubjectSchema } from './ops-network.ts'

const missing = z
  .array(z.string())
  .openapi({ description: 'Centers that could not be asked; what they know is not in this answer' })

const nameSchema = z
  .string()
  .min(1)
  .max(64)
  .openapi({ description: '`wallet-th`, `TH>CN`, `qris`, `inbound`', example: 'TH>CN' })

const limitKind = z.enum(Object.keys(limitKinds) as [keyof typeof limitKinds])

const center = z.string().min(1).max(16)

const from = instantSchema.optional().openapi({
  description:
    'From when on it counts, now to 400 days ahead; absent for as soon as it is made. What is approved after it counts from then',
})

const limitStepSchema = z.strictObject({
  kind: z.literal('set_limit'),
  limit: z.strictObject({
    institution: z.string().max(32),
    scope: z.string().max(32).openapi({
      description: 'All payments (`*`), a corridor (`TH>CN`) or those with one member',
    }),
    kind: limitKind,
  }),
  value: z
    .string()
    .regex(/^\d{1,16}$/, 'minor units or payments, as digits')
    .nullable()
    .openapi({ description: 'Null for no limit' }),
  from,
})

const allowanceStepSchema = z.strictObject({
  kind: z.literal('set_allowance'),
  allowance: z.strictObject({
    corridor: z
      .string()
      .regex(/^(?:[A-Z]{2}|\*)>[A-Z]{2}$/)
      .openapi({ description: 'A corridor, or all into a market (`*>CN`)', example: '*>CN' }),
    kind: z.enum(allowanceKinds),
  }),
  value: z
    .string()
    .regex(/^\d{1,16}$/, 'US cents, as digits')
    .nullable()
    .openapi({ description: 'What one person may pay; null for no bound' }),
  from,
})

export const stepSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.enum(['switch_off', 'switch_on']),
      subject: switchSubjectSchema,
      name: nameSchema,
    }),
    limitStepSchema,
    allowanceStepSchema,
    z.strictObject({
      kind: z.enum(['drain_center', 'lose_center', 'return_center']).openapi({
        description:
          'Its lanes finish and another center takes what is new; the same for one that is lost; they come back',
      }),
      center,
    }),
    z.strictObject({
      kind: z.literal('pin_center'),
      center,
      pinned: z.boolean().openapi({ description: 'Only operators say whether it is lost' }),
    }),
    z.strictObject({
      kind: z.literal('set_lanes'),
      institution: z.string().max(32),
      lanes: z.int().min(1).max(LANES_MAX),
    }),
  ])
  .openapi('Step')

const nextSchema = z
  .array(z.strictObject({ value: z.string().nullable(), from: instantSchema }))
  .openapi({ description: 'What was announced, and is put back with it' })

/** A step of a change that takes another one back may also put back what was there, with its own end. */
export const anyStepSchema = z
  .union([
    stepSchema,
    limitStepSchema.extend({ next: nextSchema }),
    allowanceStepSchema.extend({ next: nextSchema }),
    z.strictObject({
      kind: z.literal('restore_switch'),
      subject: switchSubjectSchema,
      name: nameSchema,
      reason: z.string(),
      until: instantSchema.nullable(),
    }),
  ])
  .openapi('AnyStep')

const steps = z.array(stepSchema).min(1).max(STEPS_MAX)

export const dangerSchema = z
  .enum([
    'cuts_off_member',
    'reopens_member',
    'stops_scenario',
    'reopens_scenario',
    'stops_for_long',
    'reopens_early',
    'raises_limit',
    'moves_center',
    'stops_failover',
    'undoes_late',
  ])
  .openapi('Danger', { description: 'Why a change takes a second person' })

const until = instantSchema.nullable().default(null).openapi({
  description:
    'When it ends by itself, whenever it is made; null for when it is taken back, or after `seconds`',
})

/** Ten years. */
const SECONDS_MAX = 315_360_000
const seconds = z.int().min(1).max(SECONDS_MAX).nullable().default(null).openapi({
  description:
    'How long it lasts from when it is made, which may be when a second person approves it, or from when its steps begin, which then is one instant; not with `until`',
})

const endsOnce = ({ until, seconds }: { until: string | null; seconds: number | null }): boolean =>
  until === null || seconds === null
const endsTwice = { path: ['seconds'], message: 'not with until' }

export const previewRequestSchema = z
  .strictObject({ steps, until, seconds })
  .refine(endsOnce, endsTwice)
  .openapi('PreviewRequest')

export const trafficSchema = z
  .strictObject({
    from: instantSchema,
    to: instantSchema,
    payments: z.int(),
    committed: z.int(),
    open: z.int().openapi({ description: 'Undecided at this moment; they are finished as begun' }),
    value: z
      .array(z.strictObject({ currency: z.string(), minor: z.string() }))
      .openapi({ description: 'What was committed, by currency of the merchant' }),
    members: z.array(z.string()).openapi({ description: 'On either side of these payments' }),
    atLeast: z
      .boolean()
      .openapi({ description: 'There was more than was looked at: all figures are lower bounds' }),
    missing,
  })
  .openapi('AffectedTraffic')

const digits = z.string().nullable()

/** How things stand, by what kind of thing it is. */
export const standingSchema = z
  .discriminatedUnion('about', [
    z.strictObject({
      about: z.literal('switch'),
      isOff: z.boolean(),
      until: instantSchema.nullable(),
      reason: z.string().nullable(),
    }),
    z.strictObject({
      about: z.literal('amount'),
      currency: z.string().nullable().openapi({ description: 'Null where payments are counted' }),
      value: digits.openapi({ description: 'Minor units or payments; null for no bound' }),
      next: z
        .strictObject({ value: digits, from: instantSchema })
        .nullable()
        .openapi({ description: 'What is announced' }),
    }),
    z.strictObject({
      about: z.literal('lanes'),
      lanes: z.int().nullable(),
      center: z.string().nullable(),
    }),
    z.strictObject({
      about: z.literal('center'),
      status: z.enum(['up', 'draining', 'down']).nullable(),
      since: instantSchema.nullable(),
      pinned: z.boolean(),
    }),
  ])
  .openapi('Standing')

export const previewSchema = z
  .strictObject({
    version: z.int().openapi({ description: 'Of the directory' }),
    steps: z.array(
      z.strictObject({
        step: anyStepSchema,
        now: z.string().openapi({ description: 'What it touches, as it is now, in words' }),
        standing: standingSchema.openapi({ description: 'The same for programs' }),
        idle: z.boolean().openapi({ description: 'It would change nothing' }),
        lastDay: cellSchema.nullable().openapi({
          description: 'What the monitors counted of it in the last 24 hours; null where nothing',
        }),
      }),
    ),
    dangers: z.array(dangerSchema),
    needsApproval: z.boolean(),
    basis: z.string().openapi({
      description: 'Names what was looked at; sent with the change, it is made on nothing else',
    }),
    faults: z
      .array(z.strictObject({ pointer: z.string(), says: z.string() }))
      .openapi({ description: 'Why it cannot be made at all' }),
    traffic: trafficSchema.nullable().openapi({
      description:
        'What went through in the last hour of what the steps are about; null where nobody asked',
    }),
    missing: missing.openapi({
      description:
        'Centers that could not be asked for the last hour or the last day: what is not counted may be theirs',
    }),
  })
  .openapi('Preview')

const idSchema = memberIdSchema.openapi({
  description: 'Chosen by whoever asks: asked again under the same id, it is the same change',
  example: '5f0c7a52-8f3e-4e58-9d4e-4e2b6f1f3a10',
})
const reasonSchema = textSchema(200).openapi({ description: 'Why; shown, kept and audited' })

export const changeRequestSchema = z
  .strictObject({
    id: idSchema,
    steps,
    reason: reasonSchema,
    until,
    seconds,
    basis: z.string().max(64).nullable().default(null),
  })
  .refine(endsOnce, endsTwice)
  .openapi('ChangeRequest')

export const undoRequestSchema = z
  .strictObject({ id: idSchema, reason: reasonSchema })
  .openapi('UndoRequest')

const doer = z.strictObject({ id: z.string(), name: z.string() })

export const changeSchema = z
  .strictObject({
    id: z.string(),
    status: z
      .enum([
        'proposed',
        'applied',
        'rejected',
        'withdrawn',
        'undone',
        'expired',
        'announced',
        'ended',
      ])
      .openapi({
        description:
          '`expired`: nobody approved it in time. `announced`: made, and nothing of it has begun. `ended`: what it switched came back by itself',
      }),
    steps: z.array(anyStepSchema),
    reason: z.string(),
    until: instantSchema.nullable().openapi({
      description:
        'When it ends by itself; null for never, and of what lasts `seconds` until it is made',
    }),
    seconds: z.int().nullable().openapi({
      description: 'How long it lasts from when it is made, where it was asked for so',
    }),
    by: doer,
    at: instantSchema,
    dangers: z.array(dangerSchema),
    expiresAt: instantSchema
      .nullable()
      .openapi({ description: 'Until when a proposal can be approved' }),
    facts: z
      .array(z.string())
      .openapi({ description: 'What the steps touch, as it was when they were asked for' }),
    decidedBy: doer.nullable(),
    decidedAt: instantSchema.nullable(),
    version: z.int().nullable().openapi({ description: 'Of the directory, as the change made it' }),
    plan: z.string().nullable(),
    undoOf: z.string().nullable(),
    undoneBy: z.string().nullable(),
    may: z
      .array(z.enum(['approve', 'reject', 'withdraw', 'undo']))
      .openapi({ description: 'What whoever asks may do about it now' }),
  })
  .openapi('Change')

export const changesSchema = z
  .strictObject({ data: z.array(changeSchema), nextCursor: z.string().nullable() })
  .openapi('Changes')

export const planNameSchema = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'words of a-z and 0-9 with hyphens between')
  .max(40)
  .openapi({ example: 'stop-qris' })

export const planRequestSchema = z
  .strictObject({
    title: textSchema(100),
    steps: steps.superRefine((list, { addIssue }) => {
      for (const [place, step] of list.entries()) {
        if (!('from' in step) || step.from === undefined) continue
        addIssue({
          code: 'custom',
          path: [place, 'from'],
          message: 'not in a plan: it begins when it is run',
        })
      }
    }),
    minutes: z.int().min(1).max(10_080).nullable().openapi({
      description: 'How long a run lasts; null for until it is taken back',
    }),
    revision: z
      .int()
      .min(0)
      .openapi({ description: 'The one that is saved over; 0 for a new plan' }),
  })
  .openapi('PlanRequest')

export const planSchema = z
  .strictObject({
    name: planNameSchema,
    title: z.string(),
    steps: z.array(stepSchema),
    minutes: z.int().nullable(),
    revision: z.int(),
    savedBy: doer,
    savedAt: instantSchema,
    rehearsal: z
      .strictObject({ at: instantSchema, by: doer, ok: z.boolean() })
      .nullable()
      .openapi({ description: 'Of this revision' }),
    rehearsed: z.boolean().openapi({ description: 'Well, and less than thirty days ago' }),
  })
  .openapi('Plan')

export const plansSchema = z.strictObject({ data: z.array(planSchema) }).openapi('Plans')

export const rehearsedSchema = z
  .strictObject({ plan: planSchema, preview: previewSchema })
  .openapi('Rehearsed')

export const runRequestSchema = z
  .strictObject({
    id: idSchema,
    reason: reasonSchema,
    basis: z
      .string()
      .max(64)
      .nullable()
      .default(null)
      .openapi({ description: 'Of the preview or rehearsal that was looked at' }),
  })
  .openapi('RunRequest')

export type StepView = z.infer<typeof stepSchema>
export type AnyStepView = z.infer<typeof anyStepSchema>
export type TrafficView = z.infer<typeof trafficSchema>
export type StandingView = z.infer<typeof standingSchema>
export type Preview = z.infer<typeof previewSchema>
export type ChangeView = z.infer<typeof changeSchema>
export type PlanView = z.infer<typeof planSchema>
