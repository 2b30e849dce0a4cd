/**
 * The directory as one value: a snapshot of who is a member, which code leads to whom, and what is open.
 * D1 holds the truth; every edge isolate and every center works on a snapshot like this one.
 */
import { type AllowanceRow, type Allowances, allowancesAt } from './allowance.ts'
import type { Corridor } from './corridor.ts'
import type { Currency } from './currency.ts'
import type { FxRate, Market } from './fx.ts'
import { type Epoch, type Institution, type InstitutionKey, keyIsValid } from './institution.ts'
import { historiesOf, type Limit, type LimitHistory } from './limit.ts'
import { type PaymentPlace, placeOf } from './payment-id.ts'

/** Who owns codes of a family: the most specific key wins, then the lower rank. */
export interface CodeRoute {
  readonly family: string
  /** ISO 3166-1 alpha-2; null for every market. */
  readonly market: string | null
  /** A prefix of the institution key found in the code; `*` for any. */
  readonly key: string
  readonly institution: string
  readonly rank: number
}

export interface Center {
  /** 1 to 255; goes into payment ids. */
  readonly number: number
  /** `hk`, `sg`, `fra`: names its Worker, its bindings and its deployment. */
  readonly id: string
  /** Where Cloudflare is asked to place its objects. */
  readonly locationHint: string
  /** Keeps standby shares for days, and persons for years, that begin at or after this instant; absent: for all. */
  readonly since?: number
  /**
   * - `up`: the usual.
   * - `draining`: takes nothing new; its lanes finish what they have.
   * - `down`: lost, for all that is known; another center has taken over.
   */
  readonly status?: 'up' | 'draining' | 'down'
  /** Since when it has this status, milliseconds since 1970. */
  readonly statusSince?: number
  /** The center that takes over when this one is drained or lost; null for any that is up. */
  readonly standby?: string | null
  /** Only operators change the status, whatever the other centers see. */
  readonly pinned?: boolean
}

/** Whether new lanes may begin there. */
export const isUp = ({ status = 'up' }: Center): boolean => status === 'up'

/** A switch turns something off for a reason and, usually, for a time. */
export interface Switch {
  readonly subject: 'institution' | 'corridor' | 'family' | 'scenario'
  /** `wallet-th`, `TH>CN`, `qris`, `inbound`. */
  readonly name: string
  readonly reason: string
  /** Milliseconds since 1970; null for until it is lifted. */
  readonly until: number | null
  /** Whether two people agreed on it: then it takes two to lift it before its end. */
  readonly byTwo?: boolean
}

/** The rows as they are stored; `directoryOf` makes them answer questions. */
export interface DirectoryRows {
  readonly version: number
  readonly centers: readonly Center[]
  readonly institutions: readonly Institution[]
  readonly keys: readonly InstitutionKey[]
  readonly epochs: readonly Epoch[]
  readonly routes: readonly CodeRoute[]
  readonly corridors: readonly Corridor[]
  readonly rates: readonly FxRate[]
  readonly switches: readonly Switch[]
  readonly limits?: readonly Limit[]
  readonly allowances?: readonly AllowanceRow[]
}

export interface Directory {
  readonly version: number
  /** What it was made from, for those who want all of it. */
  readonly rows: DirectoryRows
  readonly centers: readonly Center[]
  readonly routes: readonly CodeRoute[]
  institution(id: string): Institution | undefined
  institutionByNumber(number: number): Institution | undefined
  /** The key, only if it is this institution's and valid now. */
  key(id: string, institution: string, now: number): InstitutionKey | undefined
  /** Active and not switched off. */
  isOpen(institution: string, now: number): boolean
  isOff(subject: Switch['subject'], name: string, now: number): boolean
  corridor(payerMarket: string, payeeMarket: string): Corridor | undefined
  /** Every provider's offer for one unit of `base` in `counter`, however old. */
  rates(base: string, counter: string): readonly FxRate[]
  /** The epoch in force for what was requested at this instant. */
  epochAt(institution: string, at: number): Epoch | undefined
  /** What one person may pay in a corridor; null where nobody's payments are counted. */
  allowances(payerMarket: string, payeeMarket: string, now: number): Allowances | null
  /** Every epoch of an institution, those to come included, the newest first. */
  epochs(institution: string): readonly Epoch[]
  /** Every limit of an institution, those to come included; an empty list for one without. */
  limits(institution: string): readonly LimitHistory[]
  /** When an epoch is in force: until the next one, null while there is none; undefined where it is not known. */
  epochBounds(
    institution: string,
    epoch: number,
  ): { readonly from: number; readonly until: number | null } | undefined
  center(id: string): Center | undefined
  /** Where a payment lives and who asked for it; undefined where the id names nothing in this network. */
  locate(
    paymentId: string,
  ): { place: PaymentPlace; center: Center; requester: Institution } | undefined
}

/** Where a price for these two currencies is found now. */
export const marketOf = (
  directory: Directory,
  payee: Currency,
  payer: Currency,
  now: number,
): Market => ({
  rates: directory.rates(payee.code, payer.code),
  isOpen: provider => directory.isOpen(provider, now),
  now,
})

/** Indexes the rows once, so that every question on the hot path is one map lookup. */
export function directoryOf(rows: DirectoryRows): Directory {
  const byId = new Map(rows.institutions.map(row => [row.id, row]))
  const byNumber = new Map(rows.institutions.map(row => [row.number, row]))
  const keys = new Map(rows.keys.map(row => [row.id, row]))
  const corridors = new Map(
    rows.corridors.map(row => [`${row.payerMarket}>${row.payeeMarket}`, row]),
  )
  const rates = Map.groupBy(rows.rates, row => `${row.base}/${row.counter}`)
  const epochs = Map.groupBy(rows.epochs, row => row.institution)
  for (const list of epochs.values()) list.sort((a, b) => b.from - a.from)
  const limits = new Map(
    [...Map.groupBy(rows.limits ?? [], row => row.institution)].map(([id, list]) => [
      id,
      historiesOf(list),
    ]),
  )
  const allowances = Map.groupBy(rows.allowances ?? [], row => row.corridor)
  const centers = new Map(rows.centers.map(row => [row.id, row]))
  const centersByNumber = new Map(rows.centers.map(row => [row.number, row]))
  const switches = new Map(rows.switches.map(row => [`${row.subject} ${row.name}`, row]))

  const isOff = (subject: Switch['subject'], name: string, now: number): boolean => {
    const off = switches.get(`${subject} ${name}`)
    return off !== undefined && (off.until === null || now < off.until)
  }
  return {
    version: rows.version,
    rows,
    centers: rows.centers,
    routes: rows.routes,
    institution: id => byId.get(id),
    institutionByNumber: number => byNumber.get(number),
    key(id, institution, now) {
      const key = keys.get(id)
      return key !== undefined && keyIsValid(key, institution, now) ? key : undefined
    },
    isOpen: (id, now) => byId.get(id)?.status === 'active' && !isOff('institution', id, now),
    isOff,
    corridor: (payer, payee) => corridors.get(`${payer}>${payee}`),
    rates: (base, counter) => rates.get(`${base}/${counter}`) ?? [],
    epochAt: (institution, at) => epochs.get(institution)?.find(epoch => at >= epoch.from),
    epochs: institution => epochs.get(institution) ?? [],
    limits: institution => limits.get(institution) ?? NONE,
    allowances: (payer, payee, now) => allowancesAt(allowances, payer, payee, now),
    epochBounds(institution, epoch) {
      const list = epochs.get(institution) ?? []
      const index = list.findIndex(each => each.epoch === epoch)
      const found = list[index]
      return found && { from: found.from, until: list[index - 1]?.from ?? null }
    },
    center: id => centers.get(id),
    locate(paymentId) {
      const place = placeOf(paymentId)
      if (place === null) return undefined
      const center = centersByNumber.get(place.center)
      const requester = byNumber.get(place.institution)
      if (center === undefined || requester === undefined) return undefined
      const isReal = isLane(place, center, epochs.get(requester.id) ?? [])
      return isReal ? { place, center, requester } : undefined
    },
  }
}

const NONE: readonly LimitHistory[] = []

const LANES_MAX = 64

/**
 * Whether there may be such a lane. An id that was made up must not reach an object, because the first call makes
 * it for good; one of the epoch after the last known is let through, because a snapshot may be old.
 *
 * @param epochs of the requester, newest first
 */
function isLane(place: PaymentPlace, center: Center, epochs: readonly Epoch[]): boolean {
  const known = epochs.find(({ epoch }) => epoch === place.epoch)
  if (known !== undefined) return known.center === center.id && place.lane < known.lanes
  return place.epoch === (epochs[0]?.epoch ?? 0) + 1 && place.lane < LANES_MAX
}
