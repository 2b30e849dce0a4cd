/** Reads off at the lenders of one center how much of their limits members have used; payments do not wait for it. */
import type { Directory } from '../domain/directory.ts'
import { limitKinds } from '../domain/limit.ts'
import { type Gauging, nearLimits } from '../domain/limit-near.ts'
import { within } from '../patience.ts'
import type { LenderPort } from './world.ts'

export interface GaugePorts {
  readonly center: string
  readonly directory: Directory
  readonly now: number
  lender(institution: string): Pick<LenderPort, 'uses'>
  log(line: object): void
}

/** Members that nobody has heard of lately, in one reading. */
const REST_MAX = 8
/** Limits of one member; the rest of them are further from their end. */
const LIMITS_MAX = 50
const PATIENCE_MS = 3_000

/**
 * @param active members to read now
 * @param after goes on through all the others after this one; null for not at all
 */
export async function gauge(
  active: readonly string[],
  after: string | null,
  ports: GaugePorts,
): Promise<Gauging> {
  const { directory, center, now } = ports
  const isCounted = (id: string) =>
    directory.limits(id).some(({ kind }) => isCountedUp(limitKinds[kind].period))
  // Who is at home elsewhere is read here while it is busy here: else each would be given a lender in every center.
  const isHome = (id: string) => directory.epochAt(id, now)?.center === center
  const ids = directory.rows.institutions.map(({ id }) => id)
  const rest =
    after === null
      ? []
      : ids
          .filter(id => id > after && isHome(id) && isCounted(id))
          .sort()
          .slice(0, REST_MAX)
  const wanted = new Set([...active.filter(isCounted), ...rest])
  const read = await Promise.all([...wanted].map(id => readOff(id, ports)))
  return {
    members: read.flatMap(each => (each === null ? [] : [each])),
    next: rest.length < REST_MAX ? null : (rest.at(-1) ?? null),
  }
}

const isCountedUp = (period: string) => period === 'day' || period === 'open'

async function readOff(
  id: string,
  { directory, now, lender, log }: GaugePorts,
): Promise<Gauging['members'][number] | null> {
  try {
    const uses = await within(PATIENCE_MS, lender(id).uses())
    const byName = new Map(uses.map(use => [use.limit, use]))
    const limits = nearLimits(uses, directory, now, LIMITS_MAX).flatMap(({ limit, share }) => {
      const use = byName.get(limit)
      return use === undefined ? [] : [{ ...use, share }]
    })
    return [id, limits]
  } catch (error) {
    log({ log: 'gauge', institution: id, failed: String(error) })
    return null
  }
}
