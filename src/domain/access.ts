/**
 * Access: who of the staff may do what. A person proves who it is with a token of the house's identity service; the
 * configuration says which of its groups, addresses and services have which role; this table says what a role may.
 */
import { ok, type Result, refuse } from './result.ts'

export const staffRoles = ['viewer', 'operator', 'approver', 'supervisor'] as const
export type StaffRole = (typeof staffRoles)[number]

/**
 * What each role may, and whether doing so is worth an entry in the audit chain. A supervisor is the regulator: it
 * reads everything but who the payers are, and touches nothing.
 */
// biome-ignore format: a table is read by column
const rights = {
  read_network:   { roles: ['viewer', 'operator', 'approver', 'supervisor'] },
  read_payments:  { roles: ['viewer', 'operator', 'approver', 'supervisor'] },
  read_payers:    { roles: [          'operator', 'approver'              ] },
  read_reports:   { roles: ['viewer', 'operator', 'approver', 'supervisor'] },
  read_changes:   { roles: ['viewer', 'operator', 'approver', 'supervisor'] },
  read_audit:     { roles: [          'operator', 'approver', 'supervisor'] },
  replay:         { roles: [          'operator'                          ] },
  steer:          { roles: [          'operator'                          ] },
  approve:        { roles: [                      'approver'              ] },
  undo:           { roles: [          'operator', 'approver'              ] },
  tend_alerts:    { roles: [          'operator', 'approver'              ] },
} as const satisfies Record<string, { roles: readonly StaffRole[] }>

export type Right = keyof typeof rights
export const allRights = Object.keys(rights) as readonly Right[]

/** One who is signed in. */
export interface Staff {
  /** What the identity service calls it: an address of a person, `service:` and a name of a machine. */
  readonly id: string
  readonly name: string
  readonly roles: readonly StaffRole[]
  /** When the token ends, milliseconds since 1970. */
  readonly until: number
}

export const may = ({ roles }: Pick<Staff, 'roles'>, right: Right): boolean =>
  roles.some(role => (rights[right].roles as readonly StaffRole[]).includes(role))

export const rightsOf = (staff: Pick<Staff, 'roles'>): readonly Right[] =>
  allRights.filter(right => may(staff, right))

/** Who has a role: `group:` and a group's id, `email:` and an address, `service:` and a service token's name. */
export type Grants = Readonly<Partial<Record<StaffRole, readonly string[]>>>

/** What a verified token says, as far as it is used. */
export interface AccessClaims {
  readonly email?: unknown
  readonly name?: unknown
  /** Of a service token, which is no person and has no address. */
  readonly common_name?: unknown
  readonly groups?: unknown
  readonly custom?: unknown
  readonly exp: number
}

/** Longer names are cut, because they go into every entry of the audit chain. */
const NAME_MAX = 100
/** Groups looked at: a token with more is none that this was made for. */
const GROUPS_MAX = 500

/**
 * Who this token lets in. Refuses with ACCESS_DENIED whoever has no role here, and names nobody.
 *
 * Whoever supervises has no other role, whatever the configuration says: the regulator's view must not depend on
 * nobody having made a mistake in a list of groups.
 */
export function staffOf(claims: AccessClaims, grants: Grants): Result<Staff> {
  const email = textOf(claims.email)?.toLowerCase()
  const service = textOf(claims.common_name)
  const id = email ?? (service === undefined ? undefined : `service:${service}`)
  if (id === undefined) return refuse('ACCESS_DENIED', { says: 'The token names nobody.' })

  const custom = (claims.custom ?? {}) as { groups?: unknown; name?: unknown }
  const held = new Set([
    ...(email === undefined ? [] : [`email:${email}`]),
    ...(service === undefined ? [] : [`service:${service}`]),
    ...groupsOf(claims.groups),
    ...groupsOf(custom.groups),
  ])
  const given = staffRoles.filter(role => grants[role]?.some(grant => held.has(grant)))
  if (given.length === 0)
    return refuse('ACCESS_DENIED', { says: 'Nobody gave this person a role.' })
  const roles = given.includes('supervisor') ? (['supervisor'] as const) : given
  const name = textOf(claims.name) ?? textOf(custom.name) ?? id
  return ok({ id, name: name.slice(0, NAME_MAX), roles, until: claims.exp * 1_000 })
}

const textOf = (claim: unknown): string | undefined =>
  typeof claim === 'string' && /^\P{Cc}{1,254}$/u.test(claim) ? claim : undefined

const groupsOf = (claim: unknown): readonly string[] =>
  (Array.isArray(claim) ? claim.slice(0, GROUPS_MAX) : [])
    .filter(group => typeof group === 'string')
    .map(group => `group:${group}`)

/**
 * Whether a request that changes something, or opens a socket, comes from our own pages or from no page at all. A
 * browser sends the cookie with whatever another site makes it send; what it cannot forge is `Origin`, and it sends
 * a header of ours only after asking us first, which we never allow.
 */
export function isOwnCall(
  { origin, site, marked }: { origin: string | null; site: string | null; marked: boolean },
  own: string,
): boolean {
  if (site !== null && site !== 'same-origin' && site !== 'none') return false
  return origin === null ? marked : origin === own
}
