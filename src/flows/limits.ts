/** Limits of an institution with their use so far, put together from all centers. */
import type { Institution } from '../domain/institution.ts'
import {
  type Limit,
  type LimitHistory,
  limitAt,
  limitKinds,
  limitName,
  nextLimit,
} from '../domain/limit.ts'
import type { UseThere } from '../domain/share.ts'
import { dayAt } from '../domain/zone.ts'
import { askCenters } from './ask-centers.ts'
import type { LenderPort, World } from './world.ts'

export interface LimitUse extends Pick<Limit, 'scope' | 'kind' | 'value'> {
  /** Null where nothing of it has been in force yet. */
  readonly from: number | null
  readonly currency: string | null
  /** The row that is announced; null where there is none. */
  readonly next: Pick<Limit, 'from' | 'value'> | null
  /** Taken by payments; null where nothing is counted up. */
  readonly used: bigint | null
  /** Lent to lanes and not taken yet, as far as they have said. */
  readonly held: bigint | null
  readonly resetsAt: number | null
}

export interface Limits {
  readonly limits: readonly LimitUse[]
  /** Use is at least as young as this; milliseconds since 1970. */
  readonly asOf: number
  /** Centers that could not be asked: what was used there is not counted. */
  readonly missing: readonly string[]
}

/** @param lenders of this institution, by center */
export async function readLimits(
  { id, currencies, zone }: Institution,
  lenders: Readonly<Record<string, LenderPort>>,
  { directory, now, log }: Pick<World, 'directory' | 'now' | 'log'>,
): Promise<Limits> {
  const at = now()
  const histories = directory.limits(id)
  const isCounted = histories.some(({ kind }) => limitKinds[kind].period !== 'single')
  const asked = await askCenters(isCounted ? lenders : {}, lender => lender.uses(), log)
  const uses = [...asked.values()].flatMap(list => list ?? [])
  const useOf = (history: LimitHistory): LimitUse => {
    const { scope, kind } = history
    const row = limitAt(history, at)
    const { counts, period } = limitKinds[kind]
    const day = period === 'day' ? dayAt(at, zone) : null
    const name = limitName({ institution: id, scope, kind, period: day?.label ?? '-' })
    const next = nextLimit(history, at)
    return {
      ...{ scope, kind, from: row?.from ?? null, value: row?.value ?? null },
      currency: counts === 'amount' ? (currencies[0] ?? null) : null,
      next: next === undefined ? null : { from: next.from, value: next.value },
      ...(period === 'day' || period === 'open' ? sumOf(uses, name) : { used: null, held: null }),
      resetsAt: day?.until ?? null,
    }
  }
  return {
    limits: histories.map(useOf),
    asOf: uses.reduce((oldest, { asOf }) => Math.min(oldest, asOf ?? oldest), at),
    missing: [...asked].flatMap(([center, list]) => (list === null ? [center] : [])),
  }
}

function sumOf(uses: readonly UseThere[], name: string) {
  const of = uses.filter(({ limit }) => limit === name)
  return {
    used: of.reduce((sum, { used }) => sum + used, 0n),
    held: of.reduce((sum, { held }) => sum + held, 0n),
  }
}
