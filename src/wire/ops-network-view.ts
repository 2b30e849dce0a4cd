/** From the directory's rows to what the staff sees of them. */

import { familyById } from '../codes/families.ts'
import type { Allowances } from '../domain/allowance.ts'
import { scenarioOf } from '../domain/corridor.ts'
import type { Directory, DirectoryRows, Switch } from '../domain/directory.ts'
import { isGood } from '../domain/fx.ts'
import { keyIsValid } from '../domain/institution.ts'
import { ORDER_FAMILY } from '../domain/order.ts'
import type {
  Centers,
  CorridorView,
  Families,
  InstitutionView,
  Rates,
  SwitchView,
} from './ops-network.ts'
import { instantText } from './view.ts'

/** Rows, the same rows as they answer questions, and the instant for which they are asked. */
export interface Seen {
  readonly rows: DirectoryRows
  readonly directory: Directory
  /** Milliseconds since 1970. */
  readonly now: number
}

export const switchView = ({ until, byTwo = false, ...rest }: Switch, now: number): SwitchView => ({
  ...rest,
  byTwo,
  until: until === null ? null : instantText(until),
  inForce: until === null || now < until,
})

function offOf({ rows, now }: Seen, subject: Switch['subject'], name: string): SwitchView | null {
  const found = rows.switches.find(each => each.subject === subject && each.name === name)
  const view = found && switchView(found, now)
  return view?.inForce === true ? view : null
}

export function institutionViews(seen: Seen): InstitutionView[] {
  const { rows, directory, now } = seen
  const keys = Map.groupBy(rows.keys, key => key.institution)
  const epochs = Map.groupBy(rows.epochs, epoch => epoch.institution)
  return rows.institutions.map(row => {
    const current = directory.epochAt(row.id, now)
    return {
      ...row,
      currencies: [...row.currencies],
      open: directory.isOpen(row.id, now),
      off: offOf(seen, 'institution', row.id),
      profile: row.profile ?? null,
      inquiry: row.inquiry ?? null,
      refundCoverMinor: row.refundCoverMinor?.toString() ?? null,
      center: current?.center ?? null,
      lanes: current?.lanes ?? null,
      keys: (keys.get(row.id) ?? []).map(({ id, algorithm, publicKey, notBefore, notAfter }) => ({
        id,
        algorithm,
        publicKey,
        notBefore: instantText(notBefore),
        notAfter: instantText(notAfter),
        valid: keyIsValid(
          { id, institution: row.id, algorithm, publicKey, notBefore, notAfter },
          row.id,
          now,
        ),
      })),
      epochs: (epochs.get(row.id) ?? [])
        .toSorted((one, other) => other.epoch - one.epoch)
        .map(({ epoch, from, center, lanes, home = null }) => ({
          epoch,
          home,
          from: instantText(from),
          center,
          lanes,
          inForce: epoch === current?.epoch,
        })),
    }
  })
}

export function centerViews({ rows, directory, now }: Seen): Centers['data'] {
  const current = rows.institutions.flatMap(({ id }) => directory.epochAt(id, now) ?? [])
  return rows.centers.map(center => {
    const { id, number, locationHint } = center
    const there = current.filter(epoch => epoch.center === id)
    return {
      id,
      number,
      locationHint,
      status: center.status ?? 'up',
      statusSince: instantText(center.statusSince ?? 0),
      standby: center.standby ?? null,
      pinned: center.pinned ?? false,
      visitors: there.filter(({ home = null }) => home !== null && home !== id).length,
      institutions: there.slice(0, SHOWN_MAX).map(({ institution }) => institution),
      lanes: there.reduce((sum, { lanes }) => sum + lanes, 0),
    }
  })
}

/** Members named with a center; the list of institutions says it of each. */
const SHOWN_MAX = 200

export const corridorViews = (seen: Seen): CorridorView[] =>
  seen.rows.corridors.map(({ singleMaxMinor, ...row }) => {
    const name = `${row.payerMarket}>${row.payeeMarket}`
    const scenario = scenarioOf(row.payerMarket, row.payeeMarket)
    const off = offOf(seen, 'corridor', name) ?? offOf(seen, 'scenario', scenario)
    return {
      ...row,
      name,
      scenario,
      open: row.status === 'open' && off === null,
      off,
      singleMaxMinor: singleMaxMinor?.toString() ?? null,
      walletCancelMinutes: row.walletCancelMinutes ?? 0,
      whenPersonAway: row.whenPersonAway ?? 'refuse',
      whenPersonUnstated: row.whenPersonUnstated ?? 'refuse',
      allowances: allowancesView(
        seen.directory.allowances(row.payerMarket, row.payeeMarket, seen.now),
      ),
    }
  })

const allowancesView = (allowances: Allowances | null): CorridorView['allowances'] =>
  allowances && {
    pool: allowances.pool,
    single: allowances.single?.toString() ?? null,
    year: allowances.year?.toString() ?? null,
    yearWithoutId: allowances.yearWithoutId?.toString() ?? null,
  }

export function familyViews(seen: Seen): Families['data'] {
  const routes = Map.groupBy(seen.rows.routes, route => route.family)
  // Nobody owns order links by a route; each says itself whose it is.
  return [...routes, [ORDER_FAMILY, []] as const].map(([family, list]) => {
    const off = offOf(seen, 'family', family)
    return {
      family,
      name: familyById(family)?.name ?? 'Order links',
      open: off === null,
      off,
      routes: list.map(({ market, key, institution, rank }) => ({
        market,
        key,
        institution,
        rank,
      })),
    }
  })
}

export const rateViews = ({ rows, directory, now }: Seen): Rates['data'] =>
  rows.rates.map(rate => {
    const { provider, base, counter, value, markupBp, asOf, goodForMs } = rate
    return {
      provider,
      base,
      counter,
      value,
      markupBp,
      asOf: instantText(asOf),
      goodUntil: instantText(asOf + goodForMs),
      usable: isGood(rate, now) && directory.isOpen(provider, now),
    }
  })
