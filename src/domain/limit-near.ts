/** Limits by how near they are to their end, over all members: what the staff should see before payers do. */
import type { Directory } from './directory.ts'
import { type Limit, limitAt, limitKinds, limitPlace } from './limit.ts'
import type { UseThere } from './share.ts'
import { dayAt } from './zone.ts'

export interface NearLimit extends Pick<Limit, 'institution' | 'scope' | 'kind'> {
  /** As it is called where it is lent. */
  readonly limit: string
  readonly currency: string | null
  readonly value: bigint
  readonly used: bigint
  readonly held: bigint
  /** Used of its value; above 1 where it has become less than was used. */
  readonly share: number
  /** Milliseconds since 1970; null where time alone does not renew it. */
  readonly resetsAt: number | null
}

/** What was used of one limit in one center, and what that is of the whole of it. */
export interface Gauged extends UseThere {
  readonly share: number
}

export interface Gauging {
  /** What each member that could be asked has used; empty for one that has used nothing. */
  readonly members: readonly (readonly [institution: string, limits: readonly Gauged[]])[]
  /** Where the way through all members goes on; null at its end. */
  readonly next: string | null
}

/**
 * Nearest first. Limits that are no more in force, were lifted or have not been used are none of them.
 *
 * @param uses of as many centers as one likes: they add up
 * @param most this many, and no more
 */
export function nearLimits(
  uses: readonly UseThere[],
  directory: Directory,
  now: number,
  most: number,
): readonly NearLimit[] {
  const byLimit = Map.groupBy(uses, ({ limit }) => limit)
  return [...byLimit]
    .flatMap(([limit, parts]) => near(limit, parts, directory, now) ?? [])
    .sort((one, other) => other.share - one.share)
    .slice(0, most)
}

function near(
  limit: string,
  parts: readonly UseThere[],
  directory: Directory,
  now: number,
): NearLimit | null {
  const { institution, scope, kind, period } = limitPlace(limit)
  const member = directory.institution(institution)
  const history = directory
    .limits(institution)
    .find(each => each.scope === scope && each.kind === kind)
  const value = history && limitAt(history, now)?.value
  if (member === undefined || value === undefined || value === null || value <= 0n) return null
  const { counts, period: over } = limitKinds[kind]
  const day = over === 'day' ? dayAt(now, member.zone) : null
  if ((day?.label ?? '-') !== period) return null
  const used = parts.reduce((sum, each) => sum + each.used, 0n)
  if (used <= 0n) return null
  return {
    ...{ limit, institution, scope, kind, value, used },
    currency: counts === 'amount' ? (member.currencies[0] ?? null) : null,
    held: parts.reduce((sum, each) => sum + each.held, 0n),
    share: Number(used) / Number(value),
    resetsAt: day?.until ?? null,
  }
}
