/**
 * Simulated traffic of one center, second by second: season, days that differ, slow noise, busloads of tourists, people
 * who try again, shops that give back the day's returns in the evening, travellers, runs that come late. And incidents.
 */

import type { UsedCode } from '../../src/domain/anomaly-code.ts'
import type { MemberSignal } from '../../src/domain/anomaly-member.ts'
import { SKEWED_MS } from '../../src/domain/anomaly-member.ts'
import { travelMs } from '../../src/domain/anomaly-travel.ts'
import type { ResultCode } from '../../src/domain/refusal.ts'
import type { Seen, Sighting } from '../../src/domain/window-digest.ts'
import { Chance } from './anomaly-chance.ts'
import type { Incident } from './anomaly-incidents.ts'
import {
  acquirers,
  type Corridor,
  corridors,
  type Shop,
  season,
  shop,
  shopsOf,
  wallets,
} from './anomaly-network.ts'

/** What a monitor would be told. */
export interface Told {
  readonly seen: Seen
  readonly sighting: Sighting
  readonly answerMs: number | null
  readonly isNews: boolean
}

export interface Second {
  readonly told: readonly Told[]
  readonly signals: readonly MemberSignal[]
  readonly used: readonly UsedCode[]
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

interface Wish {
  readonly at: number
  readonly corridor: Corridor
  readonly shop?: Shop
  readonly person?: string | null
  readonly order?: string
  readonly limitShare?: number
  /** How probable it is that it fails, besides everything else. */
  readonly fails?: number
}

/** Slow noise around one: most of it is gone after `minutes`. */
class Drift {
  #log = 0
  readonly #keep: number
  readonly #sigma: number
  constructor(sigma: number, minutes: number) {
    this.#keep = Math.exp(-1 / minutes)
    this.#sigma = sigma
  }
  minute(chance: Chance) {
    const fresh = this.#sigma * Math.sqrt(1 - this.#keep ** 2)
    this.#log = this.#log * this.#keep + fresh * chance.normal()
  }
  get factor(): number {
    return Math.exp(this.#log)
  }
}

const members = [...wallets, ...acquirers]

export class Traffic {
  readonly #chance: Chance
  readonly #perSecond: number
  readonly #incidents: readonly Incident[]
  readonly #shops = new Map<string, Shop[]>()
  readonly #weights = new Map<string, number[]>()
  readonly #people = new Map<string, string[]>()
  readonly #volume = new Map(corridors.map(({ name }) => [name, new Drift(0.12, 20)]))
  readonly #failing = new Map(members.map(({ id }) => [id, new Drift(0.25, 30)]))
  readonly #slow = new Map(members.map(({ id }) => [id, new Drift(0.06, 30)]))
  readonly #clocks = new Map(members.map(({ id }) => [id, 0]))
  readonly #wishes = new Map<number, Wish[]>()
  readonly #arriving = new Map<number, Told[]>()
  readonly #moving: { at: number; wallet: string; to: string; person: string }[] = []
  /** Consumer codes that tills will be refused. */
  #used: UsedCode[] = []
  #day = { number: -1, factor: 1 }
  #hiccup = { from: 0, until: 0 }
  #made = 0
  /** The last consumer-presented payment by wallet and market, and the last paid order of each acquirer. */
  readonly #lastOrder = new Map<
    string,
    { shop: Shop; order: string; corridor: Corridor; person: string | null }
  >()

  constructor(seed: number, perSecond: number, incidents: readonly Incident[]) {
    this.#chance = new Chance(seed)
    this.#perSecond = perSecond
    this.#incidents = incidents
    for (const acquirer of acquirers) {
      this.#shops.set(acquirer.id, shopsOf(acquirer, this.#chance))
      this.#weigh(acquirer.id)
    }
    for (const { wallet, acquirer, share } of corridors) {
      const count = Math.round(120_000 * share) + 50
      const pool = Array.from({ length: count }, (_, at) => `${wallet.id}/${acquirer.market}/${at}`)
      this.#people.set(`${wallet.id} ${acquirer.market}`, pool)
    }
    for (const { id } of members) this.#clocks.set(id, this.#chance.normal() * 1_500)
    for (const each of incidents) this.#play(each)
  }

  /** Shops that are there from the beginning, with what they sell and give back in ten days. */
  get shops(): readonly {
    readonly id: string
    readonly sales: number
    readonly refunds: number
  }[] {
    return [...this.#shops].flatMap(([acquirer, shops]) => {
      const all = shops.reduce((sum, { weight }) => sum + weight, 0)
      const { share } = acquirers.find(({ id }) => id === acquirer)!
      return shops.map(({ id, weight, refunds }) => {
        const sales = Math.round((10 * 86_400 * this.#perSecond * share * weight) / all)
        return { id, sales, refunds: Math.round(sales * refunds) }
      })
    })
  }

  /** What a corridor usually has at this moment, but for noise. */
  usual({ share }: Corridor, at: number): number {
    return this.#perSecond * share * season(at)
  }

  /** Everything that comes in during the second that begins now. */
  second(at: number): Second {
    const active = this.#incidents.filter(({ from, until }) => at >= from - 1_000 && at < until)
    if (at % MINUTE === 0) this.#minute(at)
    for (const corridor of corridors) {
      const factor = this.#volume.get(corridor.name)?.factor ?? 1
      const rate = this.usual(corridor, at) * this.#day.factor * factor * volumeOf(corridor, active)
      const count = this.#chance.poisson(rate)
      for (let made = 0; made < count; made += 1) {
        this.#pay({ at: at + this.#chance.below(1_000), corridor }, active)
      }
    }
    for (const wish of this.#wishes.get(at / 1_000) ?? []) this.#pay(wish, active)
    this.#wishes.delete(at / 1_000)
    const told = this.#arriving.get(at / 1_000) ?? []
    this.#arriving.delete(at / 1_000)
    const used = this.#used.filter(code => code.at < at)
    this.#used = this.#used.filter(code => code.at >= at)
    return { told, signals: members.map(({ id }) => this.#signal(id, at, active)), used }
  }

  #minute(at: number) {
    const chance = this.#chance
    for (const drift of [
      ...this.#volume.values(),
      ...this.#failing.values(),
      ...this.#slow.values(),
    ]) {
      drift.minute(chance)
    }
    const number = Math.floor(at / DAY)
    if (number !== this.#day.number) this.#day = { number, factor: Math.exp(0.1 * chance.normal()) }
    // A queue that holds things up for some seconds, every few hours.
    if (chance.happens(1 / 180)) {
      const from = at + chance.below(MINUTE)
      this.#hiccup = { from, until: from + chance.between(4_000, 12_000) }
    }
    // A busload: one corridor, few shops, a minute.
    if (chance.happens(0.6)) {
      const corridor = chance.choose(corridors, ({ share }) => share * season(at))
      const shops = [this.#shop(corridor), this.#shop(corridor)]
      const size = Math.ceil(chance.between(4, 24) * Math.min(season(at), 1))
      for (let each = 0; each < size; each += 1) {
        this.#wish({ at: at + chance.below(MINUTE), corridor, shop: chance.pick(shops) })
      }
    }
    // A till that heard no answer presents the same code again.
    if (chance.happens(1 / 30)) {
      const { id } = chance.choose(acquirers, ({ share }) => share)
      const then = at + chance.below(MINUTE)
      this.#used.push({ at: then, acquirer: id, before: id, usedBy: `u${at}` })
    }
    // A shop opens; one in twenty with a party.
    if (chance.happens(1 / 20)) this.#open(at, chance.happens(0.05))
    for (let each = 0; each < 3; each += 1) this.#move(at)
    this.#arrive(at)
  }

  #open(at: number, isParty: boolean) {
    const chance = this.#chance
    const acquirer = chance.choose(acquirers, ({ share }) => share)
    const made = shop(acquirer, `${acquirer.id}/new${Math.floor(at / MINUTE)}`, 0.0005, chance)
    this.#shops.get(acquirer.id)?.push(made)
    this.#weigh(acquirer.id)
    if (!isParty) return
    const own = corridors.filter(corridor => corridor.acquirer === acquirer)
    for (let each = 0; each < 60; each += 1) {
      const corridor = chance.choose(own, ({ share }) => share)
      this.#wish({ at: at + chance.below(HOUR), corridor, shop: made })
    }
  }

  /** A traveller leaves one market and pays in another one once it can be there. */
  #move(at: number) {
    const chance = this.#chance
    const corridor = chance.choose(corridors, ({ share }) => share)
    const pool = this.#people.get(`${corridor.wallet.id} ${corridor.acquirer.market}`) ?? []
    if (pool.length < 20) return
    const [person = ''] = pool.splice(chance.below(pool.length), 1)
    const to = chance.pick(acquirers.filter(({ id }) => id !== corridor.acquirer.id)).market
    const needed = Math.max(travelMs(corridor.acquirer.market, to), 20 * MINUTE)
    const arrives = at + needed * chance.between(1.03, 3) + MINUTE
    this.#moving.push({ at: arrives, wallet: corridor.wallet.id, to, person })
  }

  #arrive(at: number) {
    for (let place = this.#moving.length - 1; place >= 0; place -= 1) {
      const { at: then, wallet, to, person } = this.#moving[place]!
      if (then > at) continue
      this.#people.get(`${wallet} ${to}`)?.push(person)
      this.#moving.splice(place, 1)
    }
  }

  #weigh(acquirer: string) {
    let sum = 0
    this.#weights.set(
      acquirer,
      (this.#shops.get(acquirer) ?? []).map(({ weight }) => {
        sum += weight
        return sum
      }),
    )
  }

  #shop({ acquirer }: Corridor): Shop {
    const sums = this.#weights.get(acquirer.id)!
    const wanted = this.#chance.next() * (sums.at(-1) ?? 0)
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) > wanted) high = middle
      else low = middle + 1
    }
    return this.#shops.get(acquirer.id)![low]!
  }

  #wish(wish: Wish) {
    const second = Math.floor(wish.at / 1_000)
    const list = this.#wishes.get(second)
    if (list === undefined) this.#wishes.set(second, [wish])
    else list.push(wish)
  }

  #person({ wallet, acquirer }: Corridor): string | null {
    const pool = this.#people.get(`${wallet.id} ${acquirer.market}`) ?? []
    return pool.length === 0 ? null : pool[this.#chance.below(pool.length)]!
  }

  #tell(seen: Seen, sighting: Sighting, answerMs: number | null, isNews = true) {
    const late = this.#chance.between(200, 1_400)
    let arrives = sighting.at + late
    const { from, until } = this.#hiccup
    if (arrives >= from && arrives < until) arrives = until
    const second = Math.ceil(arrives / 1_000)
    const list = this.#arriving.get(second)
    const told = { seen, sighting, answerMs, isNews }
    if (list === undefined) this.#arriving.set(second, [told])
    else list.push(told)
  }

  #pay(wish: Wish, active: readonly Incident[]) {
    const chance = this.#chance
    const { at, corridor } = wish
    const { wallet, acquirer } = corridor
    const sold = wish.shop ?? this.#shop(corridor)
    const isCpm = wish.person !== undefined ? wish.person !== null : chance.happens(0.3)
    const person = wish.person !== undefined ? wish.person : isCpm ? this.#person(corridor) : null
    const responder = isCpm ? wallet.id : acquirer.id
    const isNear = wish.limitShare === undefined && chance.happens(sold.near)
    const usd = Math.round(100 * Math.exp(2.5 + 1.1 * chance.normal()))
    const limitShare =
      wish.limitShare ?? (isNear ? chance.between(0.9, 0.999) : usd / 100 / acquirer.limitUsd)
    this.#made += 1
    const order = wish.order ?? `o${this.#made}`
    const seen: Seen = {
      id: `p${this.#made}`,
      version: 1,
      openedAt: at,
      quotedAt: at - 20_000,
      wallet: wallet.id,
      acquirer: acquirer.id,
      responder,
      corridor: corridor.name,
      scenario: corridor.scenario,
      family: acquirer.family,
      code: 'PAYMENT_IN_PROCESS',
      payer: ['CNY', '1'],
      payee: ['CNY', '1'],
      cny: usd * 7,
      usd,
      payeeMarket: acquirer.market,
      merchant: sold.id,
      order,
      person,
      limitShare: limitShare > 1 ? null : limitShare,
      unfinished: [],
    }
    const of = { seq: 0, of: 0 }
    this.#tell(seen, { ...of, at, what: 'opened' }, null)
    const fate = this.#fate(corridor, responder, at, active, wish.fails ?? 0)
    const ended = at + fate.ms
    if (fate.doubtMs !== null) {
      this.#tell(seen, { ...of, at: at + fate.doubtMs, what: 'doubted' }, null)
    }
    const isNews = fate.doubtMs === null
    const answerMs = fate.code === 'DEADLINE_EXCEEDED' ? null : fate.ms
    if (fate.code === null) {
      this.#tell(seen, { ...of, at: ended, what: 'committed' }, answerMs, isNews)
      if (!isCpm) this.#lastOrder.set(acquirer.id, { shop: sold, order, corridor, person })
      if (chance.happens(sold.refunds)) this.#refund(seen, ended, sold)
      return
    }
    this.#tell(seen, { ...of, at: ended, what: 'aborted', code: fate.code }, answerMs, isNews)
    // People try again, and often fail again.
    if (wish.fails === undefined && chance.happens(0.3)) {
      const again = ended + chance.between(8_000, 40_000)
      this.#wish({ ...wish, at: again, shop: sold, person, fails: 0.5 })
    }
  }

  #fate(
    { wallet, acquirer, name }: Corridor,
    responder: string,
    at: number,
    active: readonly Incident[],
    besides: number,
  ): { ms: number; doubtMs: number | null; code: ResultCode | null } {
    const chance = this.#chance
    const isWallets = responder === wallet.id
    const noise = this.#slow.get(responder)?.factor ?? 1
    const [median, spread] = isWallets ? [190, 0.5] : [acquirer.answerMs, acquirer.spread]
    const busy = 0.95 + 0.05 * season(at)
    let ms = median * Math.exp(spread * chance.normal()) * noise * busy
    let isSilent = chance.happens(0.0015)
    let fails = besides
    let reason: string | null = null
    const usual =
      wallet.refuses * (this.#failing.get(wallet.id)?.factor ?? 1) +
      acquirer.refuses * (this.#failing.get(acquirer.id)?.factor ?? 1)
    let share = usual * (1.15 - 0.15 * season(at))
    for (const incident of active) {
      if (at < incident.from || !incident.concerns({ wallet, acquirer, name } as Corridor)) continue
      if (incident.kind === 'latency_rise' && incident.touches.has(responder))
        ms *= incident.strength
      if (incident.kind === 'success_drop') {
        if (incident.variant === 'silent') isSilent ||= chance.happens(incident.strength)
        else fails = Math.max(fails, incident.strength)
      }
      if (incident.kind === 'refusal_shift') {
        share *= 2
        if (chance.happens(incident.strength)) reason = incident.variant
      }
    }
    if (isSilent || ms > 8_000) {
      const decided = 8_000 + chance.between(500, 7_000)
      const isLost = chance.happens(0.5)
      return {
        ms: isLost ? 15_000 : decided,
        doubtMs: 8_000,
        code: isLost ? 'DEADLINE_EXCEEDED' : null,
      }
    }
    if (!chance.happens(Math.min(share + fails, 1))) return { ms, doubtMs: null, code: null }
    const reasons = chance.happens(wallet.refuses / (wallet.refuses + acquirer.refuses))
      ? wallet.reasons
      : acquirer.reasons
    const code = (reason ?? chance.choose(reasons, ([, weight]) => weight)[0]) as ResultCode
    return { ms, doubtMs: null, code }
  }

  #refund(seen: Seen, after: number, { isBatch }: Shop) {
    const chance = this.#chance
    const evening = 14 * HOUR
    const at = isBatch
      ? after -
        (after % DAY) +
        evening +
        (after % DAY > evening ? DAY : 0) +
        chance.below(3 * MINUTE)
      : after + MINUTE - 6 * HOUR * Math.log(1 - chance.next())
    this.#tell(seen, { seq: 0, of: 0, at, what: 'refund_queued' }, null)
  }

  #signal(id: string, at: number, active: readonly Incident[]): MemberSignal {
    const chance = this.#chance
    const own = members.find(member => member.id === id)!
    const requests = chance.poisson(2 * this.#perSecond * own.share * season(at))
    let failed = chance.poisson(requests * 0.0002)
    // Somebody tries out a new key now and then.
    if (chance.happens(1 / 20_000)) failed += 1 + chance.below(3)
    let clock = this.#clocks.get(id) ?? 0
    let isSkewed = Math.abs(clock) > SKEWED_MS
    for (const incident of active) {
      if (at < incident.from || !incident.touches.has(id)) continue
      if (incident.kind === 'signature_failures')
        failed += chance.poisson(requests * incident.strength)
      if (incident.kind === 'clock_skew') {
        clock += incident.strength * 1_000 * (incident.variant === 'ahead' ? 1 : -1)
        isSkewed = true
      }
    }
    const late = chance.poisson(requests * 0.002)
    const verified = Math.max(requests - failed, 0)
    return {
      institution: id,
      verified,
      failed,
      skewed: isSkewed ? verified : Math.min(late, verified),
      skewMs: clock + 200 * chance.normal(),
    }
  }

  /** Incidents that are deeds of somebody: played as wishes of their own. */
  #play(incident: Incident) {
    const chance = this.#chance
    const { kind, from, strength, touches, variant } = incident
    const corridor = chance.choose(corridors, ({ share }) => share)
    const every = strength * 1_000
    switch (kind) {
      case 'payer_travel': {
        const abroad = chance.pick(
          corridors.filter(
            ({ wallet, acquirer }) =>
              wallet === corridor.wallet && travelMs(corridor.acquirer.market, acquirer.market) > 0,
          ),
        )
        const person = `${corridor.wallet.id}/twin/${from}`
        const apart = chance.between(1, 45) * MINUTE
        this.#wish({ at: from - apart, corridor, person, fails: 0 })
        this.#wish({ at: from, corridor: abroad, person, fails: 0 })
        touches.add(person)
        return
      }
      case 'structuring': {
        const person = variant === 'payer' ? `${corridor.wallet.id}/careful/${from}` : null
        const sold = this.#shop(corridor)
        for (let each = 0; each < 16; each += 1) {
          const at = from + each * every
          const where = person === null ? sold : this.#shop(corridor)
          this.#wish({
            at,
            corridor,
            shop: where,
            person,
            limitShare: chance.between(0.91, 0.999),
            fails: 0,
          })
          touches.add(where.id)
        }
        if (person !== null) touches.add(person)
        incident.until = from + 20 * every
        return
      }
      case 'merchant_burst': {
        const made = shop(corridor.acquirer, `${corridor.acquirer.id}/burst${from}`, 0, chance)
        const own = corridors.filter(({ acquirer }) => acquirer === corridor.acquirer)
        for (let each = 0; each < 90; each += 1) {
          const at = from + each * every
          this.#wish({
            at,
            corridor: chance.choose(own, ({ share }) => share),
            shop: made,
            fails: 0,
          })
        }
        touches.add(made.id)
        incident.until = from + 90 * every
        return
      }
      case 'refund_abuse': {
        // One of the many shops that sell a little.
        const shops = this.#shops.get(corridor.acquirer.id)!
        const robbed = shops[chance.between(150, shops.length - 1) | 0]!
        const count = 60
        for (let each = 0; each < count; each += 1) {
          const at = from + each * every
          const seen = this.#oldSale(corridor, robbed, at, each)
          this.#tell(seen, { seq: 0, of: 0, at, what: 'refund_queued' }, null)
        }
        touches.add(robbed.id)
        incident.until = from + count * every
        return
      }
      case 'code_twice': {
        if (variant === 'cpm') {
          const [one, other] = [corridor.acquirer.id, chance.pick(acquirers).id]
          const elsewhere = other === one ? acquirers.find(({ id }) => id !== one)!.id : other
          const usedBy = `u${from}`
          this.#used.push({ at: from, acquirer: elsewhere, before: one, usedBy })
          touches.add(usedBy)
          return
        }
        const sold = this.#shop(corridor)
        const order = `copied${from}`
        this.#wish({ at: from - 30_000, corridor, shop: sold, order, person: null, fails: -1 })
        const other = chance.pick(
          corridors.filter(each => each.acquirer === corridor.acquirer && each !== corridor),
        )
        for (let each = 0; each < 3; each += 1) {
          this.#wish({
            at: from + each * 4_000,
            corridor: other,
            shop: sold,
            order,
            person: null,
            fails: 0,
          })
        }
        touches.add(sold.id)
        return
      }
      default:
        return
    }
  }

  #oldSale(
    { wallet, acquirer, name, scenario }: Corridor,
    sold: Shop,
    at: number,
    number: number,
  ): Seen {
    return {
      id: `old${at}-${number}`,
      version: 5,
      openedAt: at - 5 * DAY,
      quotedAt: at - 5 * DAY,
      wallet: wallet.id,
      acquirer: acquirer.id,
      responder: acquirer.id,
      corridor: name,
      scenario,
      family: acquirer.family,
      code: 'SUCCESS',
      payer: ['CNY', '1'],
      payee: ['CNY', '1'],
      cny: 7_000,
      usd: 1_000,
      payeeMarket: acquirer.market,
      merchant: sold.id,
      order: `old${at}-${number}`,
      person: null,
      limitShare: null,
      unfinished: [],
    }
  }
}

function volumeOf(corridor: Corridor, active: readonly Incident[]): number {
  let factor = 1
  for (const incident of active) {
    const isVolume = incident.kind === 'volume_spike' || incident.kind === 'volume_silence'
    if (isVolume && incident.concerns(corridor)) factor *= incident.strength
  }
  return factor
}
