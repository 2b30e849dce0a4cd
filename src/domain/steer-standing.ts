/** How things stand that a step would touch: as people read it, where `factOf` is what is compared. */
import { ALLOWANCE_CURRENCY } from './allowance.ts'
import type { Center, DirectoryRows } from './directory.ts'
import { limitKinds } from './limit.ts'
import { allowanceRows } from './steer-allowance.ts'
import { limitRows } from './steer-limit.ts'
import { stands, switchNameOf, switchOf } from './steer-stop.ts'
import { newestEpoch, type Step } from './steering.ts'

/** Instants in milliseconds since 1970. */
export type Standing =
  | {
      readonly about: 'switch'
      readonly isOff: boolean
      /** Of the switch that is in force; null where none is, or where it is until it is taken back. */
      readonly until: number | null
      readonly reason: string | null
    }
  | {
      readonly about: 'amount'
      /** Of minor units; null where payments are counted. */
      readonly currency: string | null
      /** Null where there is no bound. */
      readonly value: bigint | null
      readonly next: { readonly value: bigint | null; readonly from: number } | null
    }
  | { readonly about: 'lanes'; readonly lanes: number | null; readonly center: string | null }
  | {
      readonly about: 'center'
      /** Null where there is no such center. */
      readonly status: NonNullable<Center['status']> | null
      readonly since: number | null
      readonly pinned: boolean
    }

export function standingOf(step: Step, rows: DirectoryRows, now: number): Standing {
  switch (step.kind) {
    case 'set_limit':
      return amountAmong(limitRows(rows, step.limit), currencyOf(step.limit, rows), now)
    case 'set_allowance':
      return amountAmong(allowanceRows(rows, step.allowance), ALLOWANCE_CURRENCY, now)
    case 'set_lanes': {
      const { lanes = null, center = null } = newestEpoch(rows, step.institution) ?? {}
      return { about: 'lanes', lanes, center }
    }
    case 'switch_off':
    case 'switch_on':
    case 'restore_switch': {
      const row = switchOf(rows, switchNameOf(step))
      const isOff = row !== null && stands(row, now)
      return isOff
        ? { about: 'switch', isOff, until: row.until, reason: row.reason }
        : { about: 'switch', isOff, until: null, reason: null }
    }
    default:
      return centerStanding(step.center, rows)
  }
}

/** @param list newest first */
function amountAmong(
  list: readonly { readonly from: number; readonly value: bigint | null }[],
  currency: string | null,
  now: number,
): Standing {
  const value = list.find(({ from }) => from <= now)?.value ?? null
  const coming = list.findLast(({ from }) => from > now)
  const next = coming === undefined ? null : { value: coming.value, from: coming.from }
  return { about: 'amount', currency, value, next }
}

/** A limit is in its institution's own currency. */
export function currencyOf(
  { institution, kind }: Extract<Step, { kind: 'set_limit' }>['limit'],
  { institutions }: Pick<DirectoryRows, 'institutions'>,
): string | null {
  if (limitKinds[kind].counts === 'payments') return null
  return institutions.find(({ id }) => id === institution)?.currencies[0] ?? null
}

function centerStanding(id: string, { centers }: DirectoryRows): Standing {
  const center = centers.find(each => each.id === id)
  const { status = 'up', statusSince = null, pinned = false } = center ?? {}
  return {
    about: 'center',
    status: center === undefined ? null : status,
    since: statusSince,
    pinned,
  }
}
