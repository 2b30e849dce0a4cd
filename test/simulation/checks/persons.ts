/**
 * Persons: what one person has paid never exceeds the allowance, in whatever wallets (I11). A commit rests on the yes of
 * the person's object; whoever is refused had no room; and at the end what counts is what was paid, to the last cent.
 */
import type { Allowance } from '../../../src/domain/allowance.ts'
import type { Payment, PaymentEvent } from '../../../src/domain/payment.ts'
import type { Result } from '../../../src/domain/result.ts'
import type { Planned } from '../members/operators.ts'
import type { World } from '../world.ts'
import { capsIn, spanOf, wantedIn } from './allowed.ts'

type Claim = Pick<Allowance, 'pool' | 'minor'> & {
  readonly payment: string
  readonly person: string
}

/** One question to a person's object about a payment, and what came of it as far as the asker has heard. */
interface Asked extends Claim {
  readonly at: number
  /** Without end where a repetition of it may still come. */
  heardAt: number
  isInTime: boolean
  said: 'yes' | 'no' | 'lost' | null
}

/** What a person may pay under one name in one year; who is one person in two centers is found at the end. */
const keyOf = (person: string, pool: string, year: string): string => `${person} ${pool} ${year}`

type Opened = Extract<PaymentEvent, { type: 'opened' }>

/** Shares have ended before; late messages have arrived, and who took and was not heard of again was asked about. */
const PROBE_MS = 10_000
/** Whoever asks waits no longer. */
const PATIENCE_MS = 2_500
const EVER = Number.POSITIVE_INFINITY

export class Persons {
  readonly #planned: Planned
  readonly #world: World
  readonly #openings = new Map<string, Opened>()
  /** By payment. */
  readonly #asked = new Map<string, Asked[]>()
  /** Since when what it took is known to have come back to the allowance. */
  readonly #freed = new Map<string, number>()
  /** By person, pool and year: what each payment that stands has paid, US cents. */
  readonly #paid = new Map<string, Map<string, bigint>>()
  /** Persons of whom something went on uncounted, as a corridor or a lying acquirer would have it. */
  readonly #excused = new Set<string>()

  constructor(planned: Planned, world: World) {
    this.#planned = planned
    this.#world = world
  }

  /** Somebody asks a person's object, and will hear this; what is repeated by the way may come again later. */
  claimed(claim: Claim, isRepeated: boolean, said: Promise<Result<number>>) {
    const { agenda } = this.#world
    const { payment, person, pool, minor } = claim
    const asked: Asked = {
      payment,
      person,
      pool,
      minor,
      at: agenda.now,
      heardAt: EVER,
      isInTime: false,
      said: null,
    }
    this.#asked.set(payment, [...(this.#asked.get(payment) ?? []), asked])
    const heard = (says: Asked['said']) => {
      asked.said = says
      asked.isInTime = agenda.now - asked.at < PATIENCE_MS
      if (!isRepeated && says !== 'lost') asked.heardAt = agenda.now
    }
    said.then(
      ({ ok }) => heard(ok ? 'yes' : 'no'),
      () => heard('lost'),
    )
  }

  /** An event has become durable. */
  happened(id: string, event: PaymentEvent) {
    const opening = this.#openings.get(id)
    if (event.type === 'opened' && opening === undefined) {
      this.#openings.set(id, event)
      return this.#checkNamed(id, event)
    }
    const allowance = opening?.allowance
    if (opening === undefined || allowance === undefined) return
    const key = keyOf(allowance.token, allowance.pool, allowance.year)
    if (event.type === 'committed') this.#committed(id, key, allowance, opening)
    if (event.type === 'reversed') this.#paid.get(key)?.delete(id)
    if (event.type === 'duty_done' && event.duty === 'free_allowance') {
      this.#freed.set(id, this.#world.agenda.now)
    }
    const isFull = event.type === 'aborted' && event.resetsAt !== undefined
    if (isFull) this.#checkRoom(id, allowance, opening)
  }

  #committed(id: string, key: string, allowance: Allowance, opening: Opened) {
    const paid = this.#paid.get(key) ?? new Map<string, bigint>()
    this.#paid.set(key, paid.set(id, allowance.minor))
    const asked = this.#asked.get(id) ?? []
    const { acquirer = '' } = this.#world.ledger.payments.get(id) ?? {}
    const lied = this.#world.acquirers.get(acquirer)?.orders.get(id)?.lied === true
    // Some attempt may have heard nothing in time.
    const goesOn = allowance.goesOn === true && (asked.length === 0 || !asked.every(isHeard))
    if (goesOn) this.#excused.add(key)
    if (!goesOn && !asked.some(({ said }) => said === 'yes')) {
      if (lied) this.#excused.add(key)
      else this.#broken(id, 'it commits, and nobody has said that its payer may pay it')
    }
    if (this.#excused.has(key)) return
    const caps = capsIn(this.#planned, allowance, this.#span(id, opening))
    const sum = total(paid.values())
    if (caps.every(cap => cap !== null && sum > cap)) {
      this.#broken(id, `${key} allows ${caps.join(' or ')}, and ${sum} are paid`)
    }
  }

  /** When some edge judged it, the directory as old as it may have been; up to now. */
  #span(id: string, { terms, at }: Opened) {
    const { agenda, edge } = this.#world
    return spanOf(edge.sightsOf(this.#world.numberOf(id), at), terms, agenda.now)
  }

  /** What it names is what its payer, its market and its amount say, by the rows in force. */
  #checkNamed(id: string, event: Opened) {
    const { terms, allowance } = event
    const number = this.#world.numberOf(id)
    const wallet = this.#world.wallets.get(terms.requester) ? terms.requester : terms.responder
    const payer = this.#world.payers.of(wallet, number)
    const span = this.#span(id, event)
    const wanted = wantedIn(this.#planned, terms, payer, span)
    const found = allowance === undefined ? 'none' : sayOf(allowance)
    const isWanted = wanted.some(each =>
      typeof each === 'string' || allowance === undefined
        ? each === found
        : sayOf({ ...each, minor: allowance.minor }) === found &&
          allowance.minor >= each.least &&
          allowance.minor <= each.most,
    )
    if (isWanted) return
    const says = wanted.map(each =>
      typeof each === 'string' ? each : sayOf({ ...each, minor: each.least }),
    )
    this.#broken(id, `it takes of an allowance: ${found}, not ${says.join(' or ')}`)
  }

  /** Nobody is refused where everything that anybody ever asked for, and has not got back, leaves room. */
  #checkRoom(id: string, allowance: Allowance, opening: Opened) {
    const { token, pool, minor } = allowance
    const asked = Math.min(...(this.#asked.get(id) ?? []).map(({ at }) => at))
    const others = [...this.#asked].flatMap(([payment, list]) => {
      // A claim that comes after its payment was given up counts until its lane is asked.
      const freedAt = this.#freed.get(payment) ?? EVER
      const isBack = freedAt < asked && list.every(({ heardAt }) => heardAt < freedAt)
      const theirs = list.filter(each => each.person === token && each.pool === pool)
      return payment === id || isBack || theirs.length === 0 ? [] : [mostOf(theirs)]
    })
    const caps = capsIn(this.#planned, allowance, this.#span(id, opening))
    const sum = total(others) + minor
    if (caps.every(cap => cap === null || sum <= cap)) {
      this.#broken(id, `${token} ${pool} allows ${caps.join(' or ')}, and ${sum} are refused`)
    }
  }

  /** Nothing is taken for ever, nothing is forgotten, and all the rest can still be paid. */
  async checkEnd(goesOn: () => boolean): Promise<void> {
    const kept = this.#kept()
    for (const key of new Set([...this.#paid.keys(), ...kept.keys()])) {
      const wanted = total((this.#paid.get(key) ?? new Map<string, bigint>()).values())
      const found = kept.get(key) ?? []
      const sum = total(found.map(({ minor }) => minor))
      // Of what an acquirer lied about its payer was never asked.
      const isSo = sum === wanted || (this.#excused.has(key) && sum < wanted && this.#hasLied(key))
      if (!isSo) this.#broken(null, `${key}: ${wanted} are paid, and ${sum} count`)
      if (found.filter(({ minor }) => minor > 0n).length > 1) {
        this.#broken(null, `${key} is counted in several centers`)
      }
    }
    for (const [key, [first]] of kept) {
      if (first !== undefined && goesOn()) await this.#probe(key, first, goesOn)
    }
  }

  #hasLied(key: string): boolean {
    const { ledger, acquirers } = this.#world
    return [...(this.#paid.get(key)?.keys() ?? [])].some(id => {
      const { acquirer = '' } = ledger.payments.get(id) ?? {}
      return acquirers.get(acquirer)?.orders.get(id)?.lied === true
    })
  }

  /** What the objects of persons say, by person, pool and year. */
  #kept(): Map<string, Kept[]> {
    const kept = new Map<string, Kept[]>()
    for (const center of this.#world.centers.values()) {
      for (const [name, { disk }] of center.persons) {
        if (!disk.has('claims')) continue
        const [open] = disk.rows('SELECT count(*) AS count FROM claims WHERE ask_at IS NOT NULL')
        if (open?.count !== 0) this.#broken(null, `${name} still waits to hear of ${open?.count}`)
        for (const row of disk.rows('SELECT person, pool, minor FROM allowances')) {
          const [person, pool, minor] = [`${row.person}`, `${row.pool}`, BigInt(Number(row.minor))]
          const key = keyOf(person, pool, name.slice(0, 4))
          const there = { person, pool, minor, take: center.counting.getByName(name).take }
          kept.set(key, [...(kept.get(key) ?? []), there])
        }
      }
    }
    return kept
  }

  /** Whoever has paid may pay to the last cent of an allowance, and not one more. */
  async #probe(key: string, { person, pool, minor, take }: Kept, goesOn: () => boolean) {
    const { agenda } = this.#world
    const cap = minor + 100n
    const heard: boolean[] = []
    for (const more of [100n, 1n]) {
      const wanted = { payment: `probe ${key} ${more}`, person, pool, minor: more, cap }
      agenda.after(0, agenda.who, () => {
        void take({ ...wanted, askAt: agenda.now + 60 * PROBE_MS }).then(({ ok }) => heard.push(ok))
      })
      await agenda.play(agenda.now + PROBE_MS, goesOn)
    }
    if (heard.join() !== 'true,false') {
      this.#broken(null, `${key}: of all that is left 100 and then 1 are let through: ${heard}`)
    }
  }

  #broken(id: string | null, says: string) {
    this.#world.ledger.broken('I11', id, says)
  }
}

interface Kept extends Pick<Claim, 'person' | 'pool' | 'minor'> {
  take(wanted: Claim & { cap: bigint | null; askAt: number }): Promise<Result<number>>
}

const isHeard = ({ said, isInTime }: Asked): boolean => said !== null && said !== 'lost' && isInTime

const total = (minors: Iterable<bigint>): bigint =>
  [...minors].reduce((sum, minor) => sum + minor, 0n)

/** All claims of a payment count as the highest. */
const mostOf = (list: readonly Asked[]): bigint =>
  list.reduce((most, { minor, said }) => (said !== 'no' && minor > most ? minor : most), 0n)

const sayOf = ({ token, isKnown, pool, year, minor }: Payment['allowance'] & object): string =>
  `${token} ${isKnown ? 'known' : 'unknown'} ${pool} ${year} ${minor}`
