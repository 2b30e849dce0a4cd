/**
 * Limits: what committed and open payments take never exceeds what a limit allows (I11), whoever lends what to whom. At
 * the end nothing of a limit is lost: lenders take for spent what payments have taken, and all the rest can be lent.
 */
import { CENTER_MARK, type LendingTerms, lendingTerms } from '../../../src/domain/lending.ts'
import {
  isAbout,
  type LimitKind,
  type LimitPlace,
  limitKinds,
  limitName,
  limitPlace,
  type Reserve,
} from '../../../src/domain/limit.ts'
import type { PaymentEvent } from '../../../src/domain/payment.ts'
import { placeOf } from '../../../src/domain/payment-id.ts'
import { acquirerOf, type Terms, walletOf } from '../../../src/domain/quote.ts'
import { SHARE_LIFE_MS } from '../../../src/domain/share.ts'
import { dayAt } from '../../../src/domain/zone.ts'
import type { Planned, PlannedLimit } from '../members/operators.ts'
import type { Center } from '../platform/center.ts'
import type { World } from '../world.ts'
import { spanOf } from './allowed.ts'
import type { Durable } from './ledger.ts'
import { valuesIn } from './rows.ts'

/** Of two machines; and of the directory, as the oldest snapshot has it. */
const SKEW_MS = 2_000
const SNAPSHOT_MS = 5_000
/** What was lent before a change that nobody could tell of is spent for no longer. */
const UNTOLD_MS = SHARE_LIFE_MS + SNAPSHOT_MS + SKEW_MS
/** Payments of a second are lent for no longer, by clocks that differ. */
const AHEAD_MS = 5_000
/** A lender gathers from afar; shares have ended and lenders have heard how. */
const PROBE_MS = 10_000
const SETTLED_MS = 120_000

export class Limits {
  readonly #planned: Planned
  readonly #world: World
  readonly #used = new Map<string, bigint>()
  /** What each payment has taken and not given back. */
  readonly #taken = new Map<string, Map<string, bigint>>()
  readonly #seconds = new Map<string, number>()

  constructor(planned: Planned, world: World) {
    this.#planned = planned
    this.#world = world
  }

  /** An event has become durable. */
  happened(id: string, event: PaymentEvent, known: Durable | undefined) {
    if (event.type === 'opened' && known === undefined) return this.#opened(id, event)
    if (event.type === 'aborted' || event.type === 'reversed') {
      for (const [limit, minor] of this.#taken.get(id) ?? []) this.#use(limit, -minor)
      this.#taken.delete(id)
    }
    if (event.type === 'refund_covered') this.#covered(id, event)
    const isBack = event.type === 'refund_done' || event.type === 'refund_unapplied'
    if (isBack && known !== undefined) this.#refunded(id, event.refund, known)
    if (isBack || event.type === 'refund_failed') this.#uncovered(event.refund)
  }

  #opened(id: string, event: Extract<PaymentEvent, { type: 'opened' }>) {
    const { terms, limits = [], at } = event
    const taken = new Map(limits.map(({ limit, minor }) => [limit, minor]))
    this.#checkNamed(id, taken, event)
    for (const { limit, minor } of limits) {
      const place = limitPlace(limit)
      const { period } = limitKinds[place.kind]
      if (period === 'second') {
        this.#paced(id, limit, Math.floor(at / 1_000))
        taken.delete(limit)
        continue
      }
      this.#take(id, limit, minor)
    }
    this.#taken.set(id, taken)
    this.#checkStopped(id, terms, [...taken.keys()])
    this.#checkClosed(id, terms, [...taken.keys()])
  }

  #take(id: string, limit: string, minor: bigint) {
    const used = this.#use(limit, minor)
    const allowed = this.#allowed(limitPlace(limit))
    if (allowed !== null && used > allowed) {
      this.#broken(id, `${limit} allows ${allowed}, and ${used} are taken`)
    }
  }

  /** By refund, what it has of its acquirer's cover while it is under way. */
  readonly #cover = new Map<string, readonly Reserve[]>()

  #covered(id: string, { refund, limits }: Extract<PaymentEvent, { type: 'refund_covered' }>) {
    if (this.#cover.has(refund)) this.#broken(id, `${refund} is covered a second time`)
    this.#cover.set(refund, limits)
    for (const { limit, minor } of limits) this.#take(id, limit, minor)
  }

  #uncovered(refund: string) {
    for (const { limit, minor } of this.#cover.get(refund) ?? []) this.#use(limit, -minor)
    this.#cover.set(refund, [])
  }

  #use(limit: string, minor: bigint): bigint {
    const used = (this.#used.get(limit) ?? 0n) + minor
    this.#used.set(limit, used)
    return used
  }

  /** Payments of one second of their lanes' clocks. */
  #paced(id: string, limit: string, second: number) {
    const name = `${limit} ${second}`
    const count = (this.#seconds.get(name) ?? 0) + 1
    this.#seconds.set(name, count)
    const allowed = this.#allowed(limitPlace(limit))
    if (allowed !== null && count > allowed) {
      this.#broken(id, `${limit} allows ${allowed} a second, and ${count} are opened`)
    }
  }

  /** Every limit in force that is about a payment is named by it, with all that it takes of it, and no other. */
  #checkNamed(
    id: string,
    taken: ReadonlyMap<string, bigint>,
    { terms, at }: Extract<PaymentEvent, { type: 'opened' }>,
  ) {
    const directory = this.#planned.directoryAt(at)
    const corridor = `${terms.payerMarket}>${terms.payeeMarket}`
    const [wallet, acquirer] = [walletOf(terms), acquirerOf(terms)]
    const { from, judged } = this.#judged(id, terms, at)
    for (const { institution, scope, kind, rows } of this.#series) {
      const isWallet = institution === wallet
      const isSide = isWallet || (institution === acquirer && kind !== 'net_debit')
      if (!isSide || !isAbout(scope, corridor, isWallet ? acquirer : wallet)) continue
      if (kind === 'refund_open') continue
      const member = directory.institution(institution)
      const { currency, minor } = isWallet ? terms.payer : terms.payee
      const own = currency === member?.currencies[0] ? BigInt(minor) : null
      const { counts, period } = limitKinds[kind]
      // A second is lent as the limit is when it begins.
      const since = period === 'second' ? from - (from % 1_000) : from
      const values = valuesIn(rows, since, judged)
      if (period === 'single') {
        this.#checkSingle(id, kind, own, values)
        continue
      }
      const zone = member?.zone ?? ''
      const days = [from, at - SKEW_MS, judged].map(day => dayAt(day, zone).label)
      const found = (period === 'day' ? days : ['-'])
        .map(day => taken.get(limitName({ institution, scope, kind, period: day })))
        .find(each => each !== undefined)
      const wanted = counts === 'payments' ? 1n : own
      const isMissing = found === undefined && values.every(value => value !== null)
      const isStrange = found !== undefined && values.every(value => value === null)
      const isOther = found !== undefined && (found <= 0n || (wanted !== null && found !== wanted))
      if (isMissing || isStrange || isOther) {
        this.#broken(id, `it takes ${found} of ${institution} ${scope} ${kind}, not ${wanted}`)
      }
    }
  }

  /** When some edge looked at the limits of a payment, the directory as old as it may have been. */
  #judged(id: string, terms: Terms, at: number) {
    const { agenda, edge } = this.#world
    return spanOf(edge.sightsOf(this.#world.numberOf(id), at), terms, agenda.now)
  }

  #checkSingle(
    id: string,
    kind: LimitKind,
    minor: bigint | null,
    values: readonly (bigint | null)[],
  ) {
    if (minor === null) return
    const isBeyond = (value: bigint | null) =>
      value !== null && (kind === 'single_min' ? minor < value : minor > value)
    if (values.every(isBeyond)) this.#broken(id, `${minor} is beyond ${kind} of ${values}`)
  }

  readonly #lists = new Map<string, Series>()

  /** Limits with all of their rows. */
  get #series(): readonly Series[] {
    if (this.#lists.size === 0) {
      for (const row of this.#planned.limits) {
        const { institution, scope, kind } = row
        const name = `${institution} ${scope} ${kind}`
        const rows = [...(this.#lists.get(name)?.rows ?? []), row]
        this.#lists.set(name, { institution, scope, kind, rows })
      }
    }
    return [...this.#lists.values()]
  }

  /** A refund gives back its part of what the wallet owes, rounded down, and nothing of a day. */
  #refunded(id: string, refund: string, { payerMinor, refunds }: Durable) {
    const back = refunds.get(refund)?.payerMinor ?? 0n
    const taken = this.#taken.get(id) ?? new Map<string, bigint>()
    for (const [limit, minor] of this.#first(id)) {
      if (limitKinds[limitPlace(limit).kind].period !== 'open') continue
      const part = (minor * back) / payerMinor
      taken.set(limit, (taken.get(limit) ?? 0n) - part)
      this.#use(limit, -part)
    }
  }

  /** What a payment took when it was opened. */
  readonly #opening = new Map<string, readonly (readonly [string, bigint])[]>()
  #first(id: string): readonly (readonly [string, bigint])[] {
    const known = this.#opening.get(id) ?? [...(this.#taken.get(id) ?? [])]
    this.#opening.set(id, known)
    return known
  }

  /** The most that a limit may allow by any clock of the gateway now; null where there is none. */
  #allowed({ institution, scope, kind }: LimitPlace): bigint | null {
    const { now } = this.#world.agenda
    const rows = this.#planned.limits
      .filter(row => row.institution === institution && row.scope === scope && row.kind === kind)
      .toSorted((one, other) => other.from - one.from)
    let most: bigint | null = null
    for (const row of rows) {
      if (row.from > now + SKEW_MS) continue
      // Of a limit that was lifted nothing is lent, but payments of a second are not counted then.
      if (row.value === null && kind === 'per_second') return null
      if (row.value !== null && (most === null || row.value > most)) most = row.value
      if (now >= lastOfBefore(row)) break
    }
    return most
  }

  /** Nothing is opened for a member that was stopped, once its shares were called back or have ended. */
  #checkStopped(id: string, terms: Terms, limits: readonly string[]) {
    const { now } = this.#world.agenda
    const members = [walletOf(terms), acquirerOf(terms)]
    const number = placeOf(id)?.center
    const center = [...this.#world.centers.values()].find(each => each.number === number)?.id ?? ''
    for (const { institution, from, until, recalledAt } of this.#planned.stops) {
      const limited = limits.some(limit => limitPlace(limit).institution === institution)
      const told = Math.min(recalledAt.get(center) ?? Number.MAX_SAFE_INTEGER, from + UNTOLD_MS)
      if (limited && members.includes(institution) && now >= told && now < until) {
        this.#broken(id, `it is opened in ${center} although ${institution} is stopped`)
      }
    }
  }

  /** Nothing is opened in a corridor that was closed, on shares of whoever's were called back for it. */
  #checkClosed(id: string, { payerMarket, payeeMarket }: Terms, limits: readonly string[]) {
    const { now } = this.#world.agenda
    const number = placeOf(id)?.center
    const center = [...this.#world.centers.values()].find(each => each.number === number)?.id ?? ''
    for (const { corridor, until, recalledAt } of this.#planned.closings) {
      if (corridor !== `${payerMarket}>${payeeMarket}` || now >= until) continue
      for (const limit of limits) {
        const { institution, kind } = limitPlace(limit)
        // What is lent of a second is over with it, and not called back.
        if (limitKinds[kind].period === 'second') continue
        const told = recalledAt.get(`${institution} ${center}`)
        if (told !== undefined && now >= told) {
          this.#broken(id, `it is opened in ${center} on ${limit} although ${corridor} is closed`)
        }
      }
    }
  }

  /** Whatever was lent and not taken has come back, and can be lent to the last of it (headroom lost: none). */
  async checkEnd(goesOn: () => boolean): Promise<void> {
    const { agenda } = this.#world
    await agenda.play(agenda.now + SETTLED_MS, goesOn)
    const out = this.#out()
    for (const limit of new Set([...this.#used.keys(), ...out.keys()])) {
      const [used, lent] = [this.#used.get(limit) ?? 0n, out.get(limit) ?? 0n]
      if (used !== lent) this.#broken(null, `${limit}: ${used} are taken, lenders say ${lent}`)
    }
    for (const [index, limit] of this.#inForce().entries()) {
      if (goesOn()) await this.#probe(limit, index, goesOn)
    }
  }

  /**
   * What is surely left of a limit for a center, beside all that was lent, and all that a center out of reach holds: its
   * lanes' shares, and what it may lend by itself. Where the root is out of reach, what the center itself has. Null where
   * it was not always the same kind of limit, and where the center is itself out of reach.
   */
  roomOf(limit: string, asker: string): bigint | null {
    const { institution, scope, kind } = limitPlace(limit)
    const { now } = this.#world.agenda
    const rows = this.#series.find(
      each => each.institution === institution && each.scope === scope && each.kind === kind,
    )
    const values = valuesIn(rows?.rows ?? [], now - UNTOLD_MS, now + SKEW_MS)
    let least: bigint | null = null
    for (const value of values) {
      if (value === null) return null
      if (least === null || value < least) least = value
    }
    if (least === null) return null
    const sight = { directory: this.#planned.directoryAt(now), confirmedAt: now }
    const terms = lendingTerms(limit, asker, sight, now)
    const apart = [...this.#world.centers.values()].filter(({ isApart }) => isApart)
    if (terms === null || apart.some(({ id }) => id === asker)) return null
    if (apart.some(({ id }) => id === terms.home)) return this.#ownRoom(limit, asker, terms)
    const withheld = this.#withheld(limit, apart, terms)
    const [used, out] = [this.#used.get(limit) ?? 0n, this.#out().get(limit) ?? 0n]
    return least - withheld - (used > out ? used : out)
  }

  /** What centers out of reach hold of a limit and have not lent to their lanes. */
  #withheld(limit: string, apart: readonly Center[], { home, kept }: LendingTerms): bigint {
    return apart.reduce((sum, center) => {
      const has = kept + this.#given(limit, home, center.id)
      const out = this.#out([center]).get(limit) ?? 0n
      return has > out ? sum + has - out : sum
    }, 0n)
  }

  /** What a center can lend while nobody reaches the root: its own part, and what it has of the root's. */
  #ownRoom(
    limit: string,
    asker: string,
    { home, portion, isLowered }: LendingTerms,
  ): bigint | null {
    const center = this.#world.centers.get(asker)
    // Where it has become less only the root knows what is left.
    if (isLowered || center === undefined) return null
    return portion + this.#given(limit, home, asker) - (this.#out([center]).get(limit) ?? 0n)
  }

  /** What the root has lent to a center, and not got back. */
  #given(limit: string, home: string, borrower: string): bigint {
    const root = this.#world.centers.get(home)
    if (root === undefined) return 0n
    return this.#lentBy(root).get(`${limit} ${CENTER_MARK}${borrower}`) ?? 0n
  }

  /** By limit: what lenders of these centers take for spent with their lanes. */
  #out(centers: Iterable<Center> = this.#world.centers.values()): Map<string, bigint> {
    const out = new Map<string, bigint>()
    for (const center of centers) {
      for (const [name, minor] of this.#lentBy(center)) {
        const [limit, borrower] = partsOf(name)
        if (!borrower.startsWith(CENTER_MARK)) out.set(limit, (out.get(limit) ?? 0n) + minor)
      }
    }
    return out
  }

  /** By limit and borrower: what the lenders of a center take for spent. */
  #lentBy({ lenders }: Center): Map<string, bigint> {
    const lent = new Map<string, bigint>()
    for (const { disk } of lenders.values()) {
      // One that nobody has reached yet.
      if (!disk.has('loan')) continue
      for (const row of disk.rows('SELECT limit_name, borrower, granted, returned FROM loan')) {
        const minor = BigInt(String(row.granted)) - BigInt(String(row.returned))
        lent.set(`${row.limit_name} ${row.borrower}`, minor)
      }
    }
    return lent
  }

  /** Limits that count now, over the period that is now. */
  #inForce(): readonly string[] {
    const { now } = this.#world.agenda
    const directory = this.#planned.directoryAt(now)
    return this.#series.flatMap(({ institution, scope, kind, rows }) => {
      const { period } = limitKinds[kind]
      if (period === 'second' || period === 'single') return []
      if (valuesIn(rows, now, now)[0] === null) return []
      const zone = directory.institution(institution)?.zone ?? ''
      const label = period === 'day' ? dayAt(now, zone).label : '-'
      return limitName({ institution, scope, kind, period: label })
    })
  }

  /** A lane of any center is lent all that is left, and nothing beyond it. */
  async #probe(limit: string, index: number, goesOn: () => boolean): Promise<void> {
    const { agenda, dice, centers } = this.#world
    const { institution } = limitPlace(limit)
    const center = dice.pick([...centers.values()], 'probe', index)
    const room = (this.#allowed(limitPlace(limit)) ?? 0n) - (this.#used.get(limit) ?? 0n)
    let granted = 0n
    for (const need of room > 0n ? [room, 1n] : [1n]) {
      const used = granted
      const share = { limit, granted, returned: 0n, used, need, want: 0n }
      const ask = { borrower: 'probe', at: agenda.now, shares: [share], paces: [] }
      agenda.after(0, agenda.who, () => {
        void center.lending
          .getByName(institution)
          .draw(ask)
          .then(drawn => {
            granted = drawn.ok ? (drawn.value.grants[0]?.granted ?? 0n) : -1n
          })
      })
      await agenda.play(agenda.now + PROBE_MS, goesOn)
    }
    const wanted = room > 0n ? room : 0n
    if (granted !== wanted) {
      this.#broken(null, `${limit}: ${wanted} are left, and ${center.id} lends ${granted}`)
    }
  }

  #broken(id: string | null, says: string) {
    this.#world.ledger.broken('I11', id, says)
  }
}

interface Series extends Omit<LimitPlace, 'period'> {
  readonly rows: readonly PlannedLimit[]
}

/** A limit's name, and a borrower's, which has no space. */
function partsOf(name: string): readonly [limit: string, borrower: string] {
  const at = name.lastIndexOf(' ')
  return [name.slice(0, at), name.slice(at + 1)]
}

/** What was lent under the row before may be spent until it has been called back, or has ended. */
function lastOfBefore({ kind, from, knownAt, recalledAt }: PlannedLimit): number {
  // Payments of a second are lent a little ahead, and are over by themselves.
  if (kind === 'per_second') return Math.max(from, knownAt + SNAPSHOT_MS) + AHEAD_MS
  return Math.max(from, recalledAt ?? knownAt + UNTOLD_MS)
}
