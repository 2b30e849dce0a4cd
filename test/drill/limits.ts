/** Limits tight enough to bind while a drill is played, so that "no overshoot" says something. */
import type { Evidence } from '../kill/evidence.ts'
import type { Stage } from './stage.ts'

/** Of one member each, with one other: the rest of its traffic goes on and shows whether it works. */
// biome-ignore format: a table is read by column
const tight = [
  { institution: 'wallet-th',   scope: 'acquirer-cn', kind: 'count_day', value: 5n },
  { institution: 'wallet-my',   scope: 'acquirer-cn', kind: 'count_day', value: 5n },
  { institution: 'wallet-vn',   scope: 'acquirer-id', kind: 'count_day', value: 4n },
  { institution: 'wallet-cn',   scope: 'acquirer-th', kind: 'count_day', value: 4n },
  { institution: 'wallet-de',   scope: 'acquirer-my', kind: 'count_day', value: 4n },
  { institution: 'acquirer-vn', scope: 'wallet-th',   kind: 'value_day', value: 400_000n },
  { institution: 'acquirer-my', scope: 'wallet-my',   kind: 'value_day', value: 12_000n },
] as const

/** The staff lowers what the box gives. */
export const bind = ({ steer, say }: Stage): Promise<void> => {
  say(`${tight.length} tight limits are set`)
  return steer(
    tight.map(({ institution, scope, kind, value }) => ({
      kind: 'set_limit',
      limit: { institution, scope, kind },
      value: value.toString(),
    })),
    'a drill needs limits that bind',
  )
}

export interface Use {
  readonly limit: string
  readonly value: bigint
  /** What committed payments took of it. */
  readonly taken: bigint
}

/** How much of each tight limit is used, by the journals. */
export function usesOf({ payments }: Evidence): readonly Use[] {
  const taken = new Map<string, bigint>()
  for (const { status, limits = [] } of payments.values()) {
    if (status !== 'committed') continue
    for (const { limit, minor } of limits) taken.set(limit, (taken.get(limit) ?? 0n) + minor)
  }
  return tight.flatMap(({ institution, scope, kind, value }) => {
    const name = `${institution} ${scope} ${kind} `
    return [...taken]
      .filter(([limit]) => limit.startsWith(name))
      .map(([limit, minor]) => ({ limit, value, taken: minor }))
  })
}
