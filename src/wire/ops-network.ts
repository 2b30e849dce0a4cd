/** The network as its staff sees it: members, centers, corridors, routes, rates and switches. */
import { z } from '@hono/zod-openapi'
import { instantSchema } from './money.ts'

const market = z.string().regex(/^[A-Z]{2}$/)

/** Of the directory: every list says of which version it is, and whether its database could be asked. */
const directoryState = {
  nextCursor: z.string().nullable().openapi({ description: 'Where the list goes on' }),
  version: z.int().openapi({ description: 'Of the directory' }),
  stale: z.boolean().openapi({
    description: 'The directory database is away; this is what the gateway works with meanwhile',
  }),
}

export const meSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    roles: z.array(z.enum(['viewer', 'operator', 'approver', 'supervisor'])),
    rights: z.array(z.string()).openapi({ description: 'What these roles may' }),
    until: instantSchema.openapi({ description: 'When the token ends' }),
    environment: z.enum(['production', 'sandbox']),
    signOut: z.string(),
  })
  .openapi('Me')

export const switchSubjectSchema = z.enum(['institution', 'corridor', 'family', 'scenario'])

export const switchSchema = z
  .strictObject({
    subject: switchSubjectSchema,
    name: z.string().openapi({ example: 'TH>CN' }),
    reason: z.string(),
    until: instantSchema.nullable().openapi({ description: 'Null for until it is lifted' }),
    inForce: z.boolean().openapi({ description: 'False once `until` has passed' }),
    byTwo: z
      .boolean()
      .openapi({ description: 'Two people agreed on it; so must two to lift it before its end' }),
  })
  .openapi('Switch')

export const epochSchema = z
  .strictObject({
    epoch: z.int(),
    from: instantSchema,
    center: z.string(),
    lanes: z.int(),
    home: z.string().nullable().openapi({ description: 'The center in whose stead it serves' }),
    inForce: z.boolean(),
  })
  .openapi('Epoch')

export const institutionKeySchema = z
  .strictObject({
    id: z.string(),
    algorithm: z.enum(['ed25519', 'ecdsa-p256-sha256']),
    publicKey: z.string().openapi({ description: 'SubjectPublicKeyInfo, base64' }),
    notBefore: instantSchema,
    notAfter: instantSchema,
    valid: z.boolean(),
  })
  .openapi('InstitutionKey')

export const institutionSchema = z
  .strictObject({
    id: z.string(),
    number: z.int(),
    name: z.string(),
    role: z.enum(['wallet', 'acquirer', 'scheme', 'provider']),
    market,
    currencies: z.array(z.string()),
    zone: z.string(),
    status: z.enum(['active', 'suspended']),
    open: z.boolean().openapi({ description: 'Active, and not switched off now' }),
    off: switchSchema.nullable().openapi({ description: 'The switch that is in force' }),
    endpoint: z.string().nullable(),
    profile: z.enum(['hold', 'debit', 'two_phase', 'single_phase']).nullable(),
    inquiry: z
      .enum(['always', 'unsaid'])
      .nullable()
      .openapi({ description: 'Whether it is asked about codes that say everything themselves' }),
    refundCoverMinor: z.string().nullable(),
    center: z.string().nullable().openapi({ description: 'Where its lanes are now' }),
    lanes: z.int().nullable(),
    keys: z.array(institutionKeySchema),
    epochs: z.array(epochSchema).openapi({ description: 'Newest first' }),
  })
  .openapi('Institution')

export const institutionsSchema = z
  .strictObject({ ...directoryState, data: z.array(institutionSchema) })
  .openapi('Institutions')

export const centersSchema = z
  .strictObject({
    ...directoryState,
    data: z.array(
      z
        .strictObject({
          id: z.string(),
          number: z.int(),
          locationHint: z.string(),
          status: z.enum(['up', 'draining', 'down']),
          statusSince: instantSchema,
          standby: z.string().nullable().openapi({ description: 'Null for any that is up' }),
          pinned: z.boolean().openapi({ description: 'Only operators change its status' }),
          visitors: z.int().openapi({ description: 'Members at home elsewhere, served here' }),
          institutions: z
            .array(z.string())
            .openapi({ description: 'Whose lanes are there now, the first 200' }),
          lanes: z.int(),
        })
        .openapi('Center'),
    ),
  })
  .openapi('Centers')

const allowancesSchema = z
  .strictObject({
    pool: z.string().openapi({ example: '*>CN', description: 'What counts together' }),
    single: z.string().nullable(),
    year: z.string().nullable(),
    yearWithoutId: z.string().nullable(),
  })
  .openapi('Allowances')

export const corridorSchema = z
  .strictObject({
    name: z.string().openapi({ example: 'TH>CN' }),
    payerMarket: market,
    payeeMarket: market,
    scenario: z.enum(['inbound', 'outbound', 'overseas', 'local']),
    status: z.enum(['open', 'closed']),
    open: z
      .boolean()
      .openapi({ description: 'Neither closed nor switched off, scenario included' }),
    off: switchSchema.nullable(),
    singleMaxMinor: z.string().nullable(),
    walletCancelMinutes: z.int().openapi({ description: 'After a commit; 0 for not at all' }),
    whenPersonAway: z.enum(['refuse', 'accept']).openapi({
      description: "What becomes of payments whose payer's allowance cannot be asked",
    }),
    whenPersonUnstated: z.enum(['refuse', 'accept']).openapi({
      description: 'What becomes of payments whose wallet does not state who pays',
    }),
    allowances: allowancesSchema.nullable().openapi({
      description: 'What one person may pay, in US cents; null where nobody is counted',
    }),
    interchangeBp: z.int(),
    serviceFeeBp: z.int(),
  })
  .openapi('Corridor')

export const corridorsSchema = z
  .strictObject({ ...directoryState, data: z.array(corridorSchema) })
  .openapi('Corridors')

export const familiesSchema = z
  .strictObject({
    ...directoryState,
    data: z.array(
      z
        .strictObject({
          family: z.string(),
          name: z.string(),
          open: z.boolean(),
          off: switchSchema.nullable(),
          routes: z.array(
            z.strictObject({
              market: market.nullable(),
              key: z.string(),
              institution: z.string(),
              rank: z.int(),
            }),
          ),
        })
        .openapi('Family'),
    ),
  })
  .openapi('Families')

export const ratesSchema = z
  .strictObject({
    ...directoryState,
    data: z.array(
      z
        .strictObject({
          provider: z.string(),
          base: z.string(),
          counter: z.string(),
          value: z.string(),
          markupBp: z.int(),
          asOf: instantSchema.openapi({ description: 'When its provider took it' }),
          goodUntil: instantSchema.openapi({ description: 'It prices nothing from then on' }),
          usable: z.boolean().openapi({ description: 'Its provider is open and stands by it' }),
        })
        .openapi('ProviderRate'),
    ),
  })
  .openapi('Rates')

export const switchesSchema = z
  .strictObject({ ...directoryState, data: z.array(switchSchema) })
  .openapi('Switches')

export type SwitchView = z.infer<typeof switchSchema>
export type InstitutionView = z.infer<typeof institutionSchema>
export type Centers = z.infer<typeof centersSchema>
export type CorridorView = z.infer<typeof corridorSchema>
export type Families = z.infer<typeof familiesSchema>
export type Rates = z.infer<typeof ratesSchema>
