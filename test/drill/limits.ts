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

/** Of all payments of one wallet: a tenth of it, which a center may lend by itself, is too little for a few customers. */
const rate = { institution: 'wallet-th', scope: '*', kind: 'per_second', value: 20n } as const

/** The staff bounds the payments of a second, too. Gives what says how many came in one, at the most. */
export async function pace({ steer, say, scene }: Stage): Promise<(since: number) => number> {
  const { institution, scope, kind, value } = rate
  say(`${institution} may begin ${value} payments a second`)
  const limit = { institution, scope, kind }
  await steer([{ kind: 'set_limit', limit, value: value.toString() }], 'a second is to bind')
  return since => {
    // Those that users scan begin at the wallet's home; each was told of more than once, perhaps.
    const opened = new Map(
      scene.heard.payments
        .filter(({ wallet, presentment }) => wallet === institution && presentment === 'mpm')
        .map(({ paymentId, openedAt }) => [paymentId, Date.parse(openedAt)]),
    )
    return busiest([...opened.values()].filter(at => at >= since))
  }
}

/** How many of these instants are in one second, at the most. */
const busiest = (instants: readonly number[]): number =>
  Math.max(
    0,
    ...[...Map.groupBy(instants, at => Math.floor(at / 1_000)).values()].map(
      ({ length }) => length,
    ),
  )

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
  const ofDays = tight.flatMap(({ institution, scope, kind, value }) => {
    const name = `${institution} ${scope} ${kind} `
    return [...taken]
      .filter(([limit]) => limit.startsWith(name))
      .map(([limit, minor]) => ({ limit, value, taken: minor }))
  })
  return [...ofDays, ...paceOf(payments)]
}

/** The second with the most payments, where there is a limit of those. */
function paceOf(payments: Evidence['payments']): readonly Use[] {
  const limit = `${rate.institution} ${rate.scope} ${rate.kind} -`
  const paced = [...payments.values()].filter(({ limits = [] }) =>
    limits.some(each => each.limit === limit),
  )
  const most = busiest(paced.map(({ openedAt }) => openedAt))
  return most === 0 ? [] : [{ limit, value: rate.value, taken: BigInt(most) }]
}
