/**
 * Tables of the directory. Columns are named and typed so that a row as drizzle reads it is the domain's row;
 * only `code_routes.market` differs.
 *
 * The generated SQL is completed by hand: every table is STRICT and WITHOUT ROWID. A test compares both.
 */
import { customType, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { AllowanceKind } from '../domain/allowance.ts'
import type { Center, Switch } from '../domain/directory.ts'
import type { Institution, SignatureAlgorithm } from '../domain/institution.ts'
import type { LimitKind } from '../domain/limit.ts'

/** Minor units up to 10^15: exact as a number, which is all that D1 binds. */
const minor = customType<{ data: bigint; driverData: number }>({
  dataType: () => 'integer',
  toDriver: Number,
  fromDriver: BigInt,
})

/** ISO 4217 codes, separated by spaces. */
const currencyList = customType<{ data: readonly string[]; driverData: string }>({
  dataType: () => 'text',
  toDriver: codes => codes.join(' '),
  fromDriver: codes => codes.split(' '),
})

/** One row. Every change of the directory raises it by one in the same transaction. */
export const directoryVersion = sqliteTable('directory_version', {
  id: integer().primaryKey(),
  version: integer().notNull(),
})

export const centers = sqliteTable('centers', {
  id: text().primaryKey(),
  number: integer().notNull().unique(),
  locationHint: text('location_hint').notNull(),
  since: integer('standby_since').notNull().default(0),
  status: text().$type<NonNullable<Center['status']>>().notNull().default('up'),
  statusSince: integer('status_since').notNull().default(0),
  standby: text(),
  pinned: integer({ mode: 'boolean' }).notNull().default(false),
})

export const institutions = sqliteTable('institutions', {
  id: text().primaryKey(),
  number: integer().notNull().unique(),
  name: text().notNull(),
  role: text().$type<Institution['role']>().notNull(),
  market: text().notNull(),
  currencies: currencyList().notNull(),
  zone: text().notNull(),
  status: text().$type<Institution['status']>().notNull(),
  endpoint: text(),
  refundCoverMinor: minor('refund_cover_minor'),
  profile: text().$type<NonNullable<Institution['profile']>>(),
  inquiry: text().$type<NonNullable<Institution['inquiry']>>(),
})

export const institutionKeys = sqliteTable('institution_keys', {
  id: text().primaryKey(),
  institution: text().notNull(),
  algorithm: text().$type<SignatureAlgorithm>().notNull(),
  publicKey: text('public_key').notNull(),
  notBefore: integer('not_before').notNull(),
  notAfter: integer('not_after').notNull(),
})

export const epochs = sqliteTable(
  'epochs',
  {
    institution: text().notNull(),
    epoch: integer().notNull(),
    from: integer('in_force_from').notNull(),
    center: text().notNull(),
    lanes: integer().notNull(),
    home: text(),
  },
  table => [primaryKey({ columns: [table.institution, table.epoch] })],
)

export const codeRoutes = sqliteTable(
  'code_routes',
  {
    family: text().notNull(),
    /** `*` is every market, null in the domain: a primary key holds no NULL. */
    market: text().notNull(),
    key: text('code_key').notNull(),
    institution: text().notNull(),
    rank: integer().notNull(),
  },
  table => [primaryKey({ columns: [table.family, table.market, table.key, table.institution] })],
)

export const corridors = sqliteTable(
  'corridors',
  {
    payerMarket: text('payer_market').notNull(),
    payeeMarket: text('payee_market').notNull(),
    status: text().$type<'open' | 'closed'>().notNull(),
    singleMaxMinor: minor('single_max_minor'),
    interchangeBp: integer('interchange_bp').notNull(),
    serviceFeeBp: integer('service_fee_bp').notNull(),
    walletCancelMinutes: integer('wallet_cancel_minutes').notNull().default(0),
    whenPersonAway: text('when_person_away')
      .$type<'refuse' | 'accept'>()
      .notNull()
      .default('refuse'),
    whenPersonUnstated: text('when_person_unstated')
      .$type<'refuse' | 'accept'>()
      .notNull()
      .default('refuse'),
  },
  table => [primaryKey({ columns: [table.payerMarket, table.payeeMarket] })],
)

export const fxRates = sqliteTable(
  'fx_rates',
  {
    provider: text().notNull(),
    base: text().notNull(),
    counter: text().notNull(),
    value: text().notNull(),
    markupBp: integer('markup_bp').notNull(),
    asOf: integer('as_of').notNull().default(0),
    goodForMs: integer('good_for_ms').notNull().default(0),
  },
  table => [primaryKey({ columns: [table.provider, table.base, table.counter] })],
)

export const switches = sqliteTable(
  'switches',
  {
    subject: text().$type<Switch['subject']>().notNull(),
    name: text().notNull(),
    reason: text().notNull(),
    until: integer('in_force_until'),
    byTwo: integer('by_two', { mode: 'boolean' }).notNull().default(false),
  },
  table => [primaryKey({ columns: [table.subject, table.name] })],
)

export const limits = sqliteTable(
  'limits',
  {
    institution: text().notNull(),
    scope: text().notNull(),
    kind: text().$type<LimitKind>().notNull(),
    from: integer('in_force_from').notNull(),
    value: minor('value_minor'),
  },
  table => [primaryKey({ columns: [table.institution, table.scope, table.kind, table.from] })],
)

export const allowances = sqliteTable(
  'allowances',
  {
    corridor: text().notNull(),
    kind: text().$type<AllowanceKind>().notNull(),
    from: integer('in_force_from').notNull(),
    value: minor('value_minor'),
  },
  table => [primaryKey({ columns: [table.corridor, table.kind, table.from] })],
)
