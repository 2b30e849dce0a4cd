/** Limits with their use, as the wire has them. */
import type { NearLimit } from '../domain/limit-near.ts'
import type { Limits, LimitUse } from '../flows/limits.ts'
import type { LimitsView, NearLimitView } from './limit.ts'

const text = (count: bigint | null) => (count === null ? null : count.toString())
const instant = (at: number) => new Date(at).toISOString()

const useView = ({ value, from, next, used, held, resetsAt, ...limit }: LimitUse) => ({
  ...limit,
  value: text(value),
  from: from === null ? null : instant(from),
  next: next && { from: instant(next.from), value: text(next.value) },
  used: text(used),
  held: text(held),
  resetsAt: resetsAt === null ? null : instant(resetsAt),
})

export const limitsView = ({ limits, asOf, missing }: Limits): LimitsView => ({
  data: limits.map(useView),
  asOf: instant(asOf),
  missing: [...missing],
})

export const nearLimitView = ({ limit: _, ...near }: NearLimit): NearLimitView => ({
  ...near,
  value: near.value.toString(),
  used: near.used.toString(),
  held: near.held.toString(),
  resetsAt: near.resetsAt === null ? null : instant(near.resetsAt),
})
