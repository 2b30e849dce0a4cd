/** What a row of the directory must be. One line per rule: the field, what it must be, and whether it is. */
import { familyById } from '../codes/families.ts'
import { allowanceKinds } from '../domain/allowance.ts'
import { currencyByCode } from '../domain/currency.ts'
import { mayCall } from '../domain/endpoint.ts'
import { EPOCH_NOTICE_MS } from '../domain/epoch.ts'
import type { Epoch } from '../domain/institution.ts'
import { type Limit, type LimitKind, limitKinds } from '../domain/limit.ts'
import { AMOUNT_MAX, decimal } from '../domain/money.ts'
import { ORDER_FAMILY } from '../domain/order.ts'
import { GATEWAY_ID } from '../domain/signature.ts'
import type { ChangeTerms, DirectoryChange, Draft, Noun, Nouns } from './directory-change.ts'

type Rule<Row> = readonly [
  field: keyof Row & string,
  says: string,
  holds: (row: Row, draft: Draft, terms: ChangeTerms) => boolean,
]

/** Clocks of providers may be ahead of ours by so much. */
const RATE_AHEAD_MS = 60_000

const whole = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max
const instant = (value: number): boolean => whole(value, 0, 8.64e15)
const market = (text: string): boolean => /^[A-Z]{2}$/.test(text)
const words = (text: string, max: number): boolean =>
  text.length > 0 && text.length <= max && /^\P{Cc}*$/u.test(text)
const basisPoints = (value: number): boolean => whole(value, 0, 10_000)
const known = (code: string): boolean => currencyByCode(code) !== undefined
const oneOf = (list: readonly string[], word: string): boolean => list.includes(word)

/** Numbers go into payment ids, so one is given once, to one, for good. */
const numberIsOwn = (
  row: { id: string; number: number },
  others: Iterable<{ id: string; number: number }>,
): boolean => [...others].every(other => (other.id === row.id) === (other.number === row.number))

const zoneIsKnown = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The epochs before this one; undefined where it is in the directory already, word for word. */
function earlier(row: Epoch, draft: Draft): readonly Epoch[] | undefined {
  const before = draft.epochsOf.get(row.institution) ?? []
  const same = before.find(({ epoch }) => epoch === row.epoch)
  const { from, center, lanes, home = null } = row
  const isSame = same?.from === from && same.center === center && same.lanes === lanes
  return isSame && (same.home ?? null) === home ? undefined : before
}

/** The other rows of the same limit. */
const sameLimit = (row: Limit, draft: Draft): readonly Limit[] =>
  [...draft.limit.values()].filter(
    other =>
      other.institution === row.institution &&
      other.scope === row.scope &&
      other.kind === row.kind &&
      other.from !== row.from,
  )

/** All payments, those of a corridor, or those with one other member. */
const isScope = ({ scope, institution }: Limit, draft: Draft): boolean =>
  scope === '*' ||
  /^[A-Z]{2}>[A-Z]{2}$/.test(scope) ||
  (scope !== institution && draft.institution.has(scope))

const hints = [
  'wnam',
  'enam',
  'sam',
  'weur',
  'eeur',
  'apac',
  'apac-ne',
  'apac-se',
  'oc',
  'afr',
  'me',
]
const roles = ['wallet', 'acquirer', 'scheme', 'provider']
const profiles: Record<string, readonly string[]> = {
  wallet: ['hold', 'debit'],
  acquirer: ['two_phase', 'single_phase'],
  scheme: ['two_phase', 'single_phase'],
}
const scenarios = ['inbound', 'outbound', 'overseas', 'local']

// biome-ignore format: a table is read by column
const table: { readonly [N in Noun]: readonly Rule<Nouns[N]>[] } = {
  center: [
    ['id', 'is 2 to 16 of a-z and 0-9', row => /^[a-z][a-z0-9]{1,15}$/.test(row.id)],
    ['number', 'is a whole number from 1 to 255', row => whole(row.number, 1, 255)],
    ['number', 'is of one center, for good', (row, draft) => numberIsOwn(row, draft.center.values())],
    ['locationHint', `is one of ${hints.join(' ')}`, row => oneOf(hints, row.locationHint)],
    // Standby shares of days, and persons of years, are placed by it: nobody may change it behind them.
    ['since', 'never changes, and is to come where persons are counted already', (row, draft, terms) => {
      const was = draft.center.get(row.id)
      const since = row.since ?? 0
      return was === undefined ? draft.allowance.size === 0 || since >= terms.now + EPOCH_NOTICE_MS : since === (was.since ?? 0)
    }],
    ['status', 'is up, draining or down', row => oneOf(['up', 'draining', 'down'], row.status ?? 'up')],
    ['statusSince', 'is an instant', row => instant(row.statusSince ?? 0)],
    ['standby', 'is null or another center', (row, draft) => row.standby == null || (row.standby !== row.id && draft.center.has(row.standby))],
  ],
  institution: [
    ['id', 'is 3 to 32 of a-z, 0-9 and hyphen, and not the gateway', row => /^[a-z0-9-]{3,32}$/.test(row.id) && row.id !== GATEWAY_ID],
    ['number', 'is a whole number from 1 to 16777215', row => whole(row.number, 1, 16_777_215)],
    ['number', 'is of one institution, for good', (row, draft) => numberIsOwn(row, draft.institution.values())],
    ['name', 'is 1 to 100 characters without control characters', row => words(row.name, 100)],
    ['role', `is one of ${roles.join(' ')}`, row => oneOf(roles, row.role)],
    ['market', 'is an ISO 3166-1 alpha-2 code', row => market(row.market)],
    ['currencies', 'are 1 to 32 different ISO 4217 codes', row => whole(row.currencies.length, 1, 32) && new Set(row.currencies).size === row.currencies.length && row.currencies.every(known)],
    ['zone', 'is an IANA time zone', row => zoneIsKnown(row.zone)],
    ['status', 'is active or suspended', row => oneOf(['active', 'suspended'], row.status)],
    ['endpoint', 'is null or an HTTPS address on a public name, without query, fragment or trailing slash', (row, _, terms) => row.endpoint === null || (/^[^?#\s]{1,200}(?<!\/)$/.test(row.endpoint) && mayCall(row.endpoint, terms.sandbox))],
    ['profile', 'is null, or hold or debit of a wallet, two_phase or single_phase of an acquirer', row => row.profile == null || oneOf(profiles[row.role] ?? [], row.profile)],
    ['inquiry', 'is null, or always or unsaid of an acquirer or a scheme', row => row.inquiry == null || (oneOf(['acquirer', 'scheme'], row.role) && oneOf(['always', 'unsaid'], row.inquiry))],
    ['refundCoverMinor', 'is null or 0 to 10^15 minor units', row => row.refundCoverMinor == null || (row.refundCoverMinor >= 0n && row.refundCoverMinor <= AMOUNT_MAX)],
  ],
  key: [
    ['id', 'is 1 to 64 of A-Z a-z 0-9 _ . : -', row => /^[A-Za-z0-9_.:-]{1,64}$/.test(row.id)],
    ['institution', 'is a member', (row, draft) => draft.institution.has(row.institution)],
    ['algorithm', 'is ed25519 or ecdsa-p256-sha256', row => oneOf(['ed25519', 'ecdsa-p256-sha256'], row.algorithm)],
    ['publicKey', 'is SubjectPublicKeyInfo in base64', row => /^[A-Za-z0-9+/]{40,200}={0,2}$/.test(row.publicKey)],
    ['notBefore', 'is an instant before notAfter', row => instant(row.notBefore) && row.notBefore < row.notAfter],
    ['notAfter', 'is an instant', row => instant(row.notAfter)],
    // What was signed under an id must verify for ever, so only its validity can change.
    ['id', 'is of another key already', (row, draft) => {
      const was = draft.key.get(row.id)
      return was === undefined || (was.institution === row.institution && was.algorithm === row.algorithm && was.publicKey === row.publicKey)
    }],
  ],
  epoch: [
    ['institution', 'is a member', (row, draft) => draft.institution.has(row.institution)],
    ['epoch', 'is a whole number from 1 to 65535', row => whole(row.epoch, 1, 65_535)],
    ['epoch', 'is above every epoch before it, which never change', (row, draft) => (earlier(row, draft) ?? []).every(was => was.epoch < row.epoch)],
    ['from', 'is an instant', row => instant(row.from)],
    ['from', 'is after the beginning of every epoch before it', (row, draft) => (earlier(row, draft) ?? []).every(was => was.from < row.from)],
    // The first epoch needs no notice: who does not know it yet does not know the institution either.
    ['from', `is at least ${EPOCH_NOTICE_MS / 1_000} s from now`, (row, draft, terms) => (earlier(row, draft) ?? []).length === 0 || row.from >= terms.now + EPOCH_NOTICE_MS],
    ['center', 'is a center', (row, draft) => draft.center.has(row.center)],
    ['lanes', 'is a whole number from 1 to 64', row => whole(row.lanes, 1, 64)],
    ['home', 'is null or another center', (row, draft) => row.home == null || (row.home !== row.center && draft.center.has(row.home))],
  ],
  route: [
    ['family', 'is a family of codes', row => familyById(row.family) !== undefined],
    ['market', 'is null or an ISO 3166-1 alpha-2 code', row => row.market === null || market(row.market)],
    ['key', 'is * or 1 to 64 printable characters without spaces', row => /^[!-~]{1,64}$/.test(row.key)],
    ['institution', 'is a member that is asked for payments', (row, draft) => oneOf(['wallet', 'acquirer', 'scheme'], draft.institution.get(row.institution)?.role ?? '')],
    ['rank', 'is a whole number from 0 to 1000', row => whole(row.rank, 0, 1_000)],
  ],
  corridor: [
    ['payerMarket', 'is an ISO 3166-1 alpha-2 code', row => market(row.payerMarket)],
    ['payeeMarket', 'is an ISO 3166-1 alpha-2 code', row => market(row.payeeMarket)],
    ['status', 'is open or closed', row => oneOf(['open', 'closed'], row.status)],
    ['singleMaxMinor', 'is null or 1 to 10^15 minor units', row => row.singleMaxMinor === null || (row.singleMaxMinor >= 1n && row.singleMaxMinor <= AMOUNT_MAX)],
    ['interchangeBp', 'is a whole number from 0 to 10000', row => basisPoints(row.interchangeBp)],
    ['serviceFeeBp', 'is a whole number from 0 to 10000', row => basisPoints(row.serviceFeeBp)],
    ['walletCancelMinutes', 'is a whole number from 0 to 1440', row => whole(row.walletCancelMinutes ?? 0, 0, 1_440)],
    ['whenPersonAway', 'is refuse or accept', row => oneOf(['refuse', 'accept'], row.whenPersonAway ?? 'refuse')],
    ['whenPersonUnstated', 'is refuse or accept', row => oneOf(['refuse', 'accept'], row.whenPersonUnstated ?? 'refuse')],
    ['serviceFeeBp', 'leaves with interchange something for the merchant', row => row.interchangeBp + row.serviceFeeBp <= 10_000],
  ],
  rate: [
    ['provider', 'is a member that quotes', (row, draft) => draft.institution.get(row.provider)?.role === 'provider'],
    ['base', 'is an ISO 4217 code', row => known(row.base)],
    ['counter', 'is another ISO 4217 code', row => known(row.counter) && row.counter !== row.base],
    ['value', 'is an exact decimal above zero with at most 18 digits on either side', row => (decimal(row.value)?.digits ?? 0n) > 0n],
    ['markupBp', 'is a whole number from 0 to 10000', row => basisPoints(row.markupBp)],
    ['asOf', 'is an instant that has come', (row, _, terms) => instant(row.asOf) && row.asOf <= terms.now + RATE_AHEAD_MS],
    ['goodForMs', 'is a second to a day', row => whole(row.goodForMs, 1_000, 86_400_000)],
  ],
  switch: [
    ['subject', 'is institution, corridor, family or scenario', row => Object.hasOwn(named, row.subject)],
    ['name', 'names one', (row, draft) => named[row.subject]?.(row.name, draft) ?? false],
    ['reason', 'is 1 to 200 characters without control characters', row => words(row.reason, 200)],
    ['until', 'is null or an instant to come', (row, _, terms) => row.until === null || (instant(row.until) && row.until > terms.now)],
  ],
  limit: [
    ['institution', 'is a member that pays or is paid', (row, draft) => oneOf(['wallet', 'acquirer', 'scheme'], draft.institution.get(row.institution)?.role ?? '')],
    ['scope', 'is *, a corridor (TH>CN) or another member', (row, draft) => isScope(row, draft)],
    ['kind', `is one of ${Object.keys(limitKinds).join(' ')}`, row => Object.hasOwn(limitKinds, row.kind)],
    ['kind', 'is net_debit only of who may owe: a wallet or a scheme', (row, draft) => row.kind !== 'net_debit' || draft.institution.get(row.institution)?.role !== 'acquirer'],
    ['kind', 'is refund_open only of who refunds: an acquirer or a scheme', (row, draft) => row.kind !== 'refund_open' || draft.institution.get(row.institution)?.role !== 'wallet'],
    ['from', 'is an instant', row => instant(row.from)],
    // Only a first row may reach back: what was in force was the rule for payments that exist.
    ['from', 'is not in the past, and never changes what is in force', (row, draft, terms) => {
      const was = draft.limit.get(`${row.institution} ${row.scope} ${row.kind} ${row.from}`)
      return row.from >= terms.now || was?.value === row.value || (was === undefined && sameLimit(row, draft).length === 0)
    }],
    ['value', 'is null or 0 to 10^15 minor units or payments', row => row.value === null || (row.value >= 0n && row.value <= valueMax(row.kind))],
  ],
  allowance: [
    ['corridor', 'is a corridor (TH>CN), or all into a market (*>CN)', row => isPool(row.corridor)],
    ['kind', `is one of ${allowanceKinds.join(' ')}`, row => oneOf(allowanceKinds, row.kind)],
    ['from', 'is an instant', row => instant(row.from)],
    ['from', 'is not in the past, and never changes what is in force', (row, draft, terms) => {
      const was = draft.allowance.get(`${row.corridor} ${row.kind} ${row.from}`)
      const isFirst = [...draft.allowance.values()].every(other => other.corridor !== row.corridor || other.kind !== row.kind)
      return row.from >= terms.now || was?.value === row.value || isFirst
    }],
    ['value', 'is null or 0 to 10^15 US cents', row => row.value === null || (row.value >= 0n && row.value <= AMOUNT_MAX)],
  ],
}

/** A corridor, or whoever pays into a market from another one. */
const isPool = (corridor: string): boolean => /^(?:[A-Z]{2}|\*)>[A-Z]{2}$/.test(corridor)

/** Payments of a second are counted in memory. */
const valueMax = (kind: LimitKind): bigint => (kind === 'per_second' ? 1_000_000n : AMOUNT_MAX)

/** Whether a switch turns off something that there is. */
const named: Record<Nouns['switch']['subject'], (name: string, draft: Draft) => boolean> = {
  institution: (name, draft) => draft.institution.has(name),
  corridor: (name, draft) => draft.corridor.has(name),
  // Links to orders are routed by what is sealed in them, and still can be switched off like a family.
  family: name => familyById(name) !== undefined || name === ORDER_FAMILY,
  scenario: name => oneOf(scenarios, name),
}

/** The rules that this row breaks: field and what it must be. */
export function rules(
  change: Extract<DirectoryChange, { put: Noun }>,
  draft: Draft,
  terms: ChangeTerms,
): readonly (readonly [field: string, says: string])[] {
  const list = table[change.put] as unknown as readonly Rule<object>[]
  return list
    .filter(([, , holds]) => !holds(change.row, draft, terms))
    .map(([field, says]) => [field, says])
}
