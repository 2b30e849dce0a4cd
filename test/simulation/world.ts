/**
 * The world: two wallets, every scheme, the edge and two centers in virtual time, and whatever goes wrong between them.
 * Payments are made while faults are on; then the faults end, and everything must settle.
 */

import type { ChangeOutcome } from '../../src/db/directory.ts'
import type { Directory } from '../../src/domain/directory.ts'
import type { GatewayKeys } from '../../src/peers/ports.ts'
import { Agenda, actor } from './agenda.ts'
import { checkAnchors } from './checks/anchors.ts'
import { checkBooks, checkHolds, checkMoney, checkRefunds } from './checks/books.ts'
import { checkEpochs } from './checks/epochs.ts'
import { Hearing } from './checks/hearing.ts'
import { checkJournals } from './checks/journals.ts'
import { type Durable, Ledger, lastOf } from './checks/ledger.ts'
import { Limits } from './checks/limits.ts'
import { Persons } from './checks/persons.ts'
import { checkProjections } from './checks/projections.ts'
import { Refusals } from './checks/refusals.ts'
import { Timers } from './checks/timers.ts'
import { Clocks } from './clocks.ts'
import { Dice } from './dice.ts'
import { Edge } from './edge.ts'
import { type Allows, Chaos } from './faults.ts'
import { type History, historyOf } from './history.ts'
import {
  apartOn,
  blindOn,
  EDGES_OFF,
  EDGES_ON,
  type Island,
  islandsOf,
  sinceWhen,
} from './islands.ts'
import { Acquirer } from './members/acquirer.ts'
import {
  centers,
  chargers,
  type Directories,
  directories,
  limitedCenters,
  payers,
  tills,
} from './members/cast.ts'
import { Members } from './members/members.ts'
import { operate, type Planned, planLimits } from './members/operators.ts'
import { Payers } from './members/payers.ts'
import { steerCenters } from './members/steering.ts'
import { Wallet } from './members/wallet.ts'
import { Center } from './platform/center.ts'
import { Hops } from './platform/hops.ts'
import type { Steered } from './platform/steered.ts'
import { enter } from './stage.ts'

export interface Plan {
  readonly seed: number
  readonly payments: number
  /** Members have limits, and a third center lends, too. */
  readonly limits?: boolean
  /** Leaves out payments and faults; by default none. */
  readonly only?: ReadonlySet<number>
  readonly allows?: Allows
  /** Hears what happens, one line at a time. */
  readonly tell?: (atMs: number, line: object) => void
}

/** Between two purchases on average. */
const PACE_MS = 25
/** With limits, so that shares end and are lent again while people pay. */
const LIMITED_PACE_MS = 150
/** Faults go on this long after the last purchase. */
const AFTERMATH_MS = 15_000
/** I10: agreement after links are restored. */
const AGREED_MS = 60_000
/** And after the deadline where nothing was cut. */
const TOLD_MS = 5_000
/** Then quotes end, days are cut, and the last late messages arrive. */
const REST_MS = 1_080_000
/** Of the worlds with limits, those whose centers are watched and may be lost. */
const WATCHED_SHARE = 0.4
/** There payments are further apart, so that a loss is noticed and mended while people pay. */
const WATCHED_PACE_MS = 300
/** Sentinels that have just begun keep what an earlier life may have promised: nobody pays meanwhile. */
const QUIET_MS = 12_000
/** Of the worlds whose centers are watched, those in which the last purchases come while lost centers get their lanes back. */
const RETURN_SHARE = 0.3
const RETURN_MS = 270_000
/** Purchases of ten that come then. */
const LATE_OF_TEN = 2
/** Of the purchases, those in which the shop scans the user. */
const CPM_SHARE = 0.3

type Written = Parameters<Steered['write']>
type Steering = [Written[1], Written[2], Written[3], Written[4]]

const isWaiting = ({ deemed, decision }: Durable): boolean => deemed && decision === null

export class World {
  readonly agenda: Agenda
  readonly dice: Dice
  readonly chaos: Chaos
  readonly clocks: Clocks
  readonly hops: Hops
  readonly ledger: Ledger
  readonly hearing: Hearing
  readonly timers: Timers
  readonly members: Members
  readonly edge: Edge
  readonly centers: ReadonlyMap<string, Center>
  readonly wallets: ReadonlyMap<string, Wallet>
  readonly acquirers: ReadonlyMap<string, Acquirer>
  readonly gatewayKeys: string
  readonly keys: GatewayKeys
  readonly edgeEnv: { readonly DIRECTORY: object }
  readonly #plan: Plan
  /** When faults end. */
  readonly endsAt: number
  /** Its centers have real sentinels, which may move what one of them serves. */
  readonly #isWatched: boolean
  #hasBegun = false
  readonly #paceMs: number
  /** People still pay while lost centers get their lanes back. */
  readonly #isReturn: boolean
  /** Before the first purchase. */
  readonly #quietMs: number
  readonly #directories: Directories
  /** What the directory says from when on, where limits are played. */
  readonly #planned: Planned | null
  readonly limits: Limits | null
  readonly refusals: Refusals | null
  readonly persons: Persons | null
  readonly payers: Payers
  readonly islands: readonly Island[]
  readonly #closed: readonly { readonly from: number; readonly until: number }[]
  readonly #numbers = new Map<string, number>()

  constructor(plan: Plan, gateway: { readonly stored: string; readonly keys: GatewayKeys }) {
    enter(this)
    this.#plan = plan
    this.gatewayKeys = gateway.stored
    this.keys = gateway.keys
    this.dice = new Dice(plan.seed)
    const heard = plan.tell === undefined ? null : (id: string) => this.note({ fault: id })
    this.chaos = new Chaos(this.dice, plan.allows ?? (() => true), heard)
    this.hops = new Hops(this.dice, this.chaos)
    const isLimited = plan.limits === true
    this.#isWatched = isLimited && this.dice.draw('watched', 0) < WATCHED_SHARE
    this.#isReturn = this.#isWatched && this.dice.draw('returns', 0) < RETURN_SHARE
    this.#quietMs = this.#isWatched ? QUIET_MS : 0
    this.#paceMs = this.#isWatched ? WATCHED_PACE_MS : isLimited ? LIMITED_PACE_MS : PACE_MS
    const livelyMs = this.#quietMs + plan.payments * this.#paceMs + AFTERMATH_MS
    this.clocks = new Clocks(this.dice, this.chaos, livelyMs, isLimited, this.#isWatched)
    const { startsAt } = this.clocks
    this.agenda = new Agenda(startsAt)
    this.#hasBegun = true
    this.ledger = new Ledger(this)
    this.hearing = new Hearing(this)
    this.timers = new Timers(this)
    this.members = new Members(this)
    this.endsAt = startsAt + livelyMs
    const movesAt = this.dice.between(startsAt, this.endsAt, 'epoch', 0)
    this.#directories = directories(Math.floor(movesAt))
    this.#closed = this.#stretches('corridor closed', 0)
    const span = { startsAt, endsAt: this.endsAt, payments: plan.payments }
    this.#planned = plan.limits === true ? planLimits(this.dice, span, this.#closed) : null
    this.limits = this.#planned === null ? null : new Limits(this.#planned, this)
    this.refusals = this.#planned === null ? null : new Refusals(this)
    this.persons = this.#planned === null ? null : new Persons(this.#planned, this)
    this.payers = new Payers(this.dice)
    const islands = this.#isWatched ? this.#stretches('island', 0) : []
    this.islands = islandsOf(islands, this.dice)
    const there = this.#planned === null ? centers : limitedCenters
    this.centers = new Map(there.map(({ id, number }) => [id, this.#center(id, number)]))
    this.edge = new Edge(this)
    this.acquirers = new Map(this.#acquirers().map(each => [each.id, each]))
    this.wallets = new Map(this.#wallets().map(each => [each.id, each]))
    const bindings = [...this.centers.values()].map(({ fromEdge }) => fromEdge)
    const seenAt = () => this.edgeSeenAt
    const directory = {
      get seenAt() {
        return seenAt()
      },
    }
    const rest = { ENVIRONMENT: 'sandbox', SEAL_KEYS: '{}', DIRECTORY: directory }
    this.edgeEnv = Object.assign({}, ...bindings, rest)
    if (this.#planned !== null) operate(this.#planned, this)
    if (this.#isWatched) steerCenters(this)
  }

  #stretches(kind: Parameters<Chaos['stretches']>[0], subject: number) {
    return this.chaos.stretches(kind, subject, this.clocks.startsAt, this.endsAt)
  }

  /** Those that come only where limits are played. */
  #limited(kind: Parameters<Chaos['stretches']>[0], subject: number) {
    return this.#planned === null ? [] : this.#stretches(kind, subject)
  }

  /** When the edge that acts now last reached the directory. */
  get edgeSeenAt(): number {
    const { now, who } = this.agenda
    return sinceWhen(blindOn(this.islands, who.subject % 2 === 1 ? EDGES_ON : EDGES_OFF), now)
  }

  #center(id: string, number: number): Center {
    const weather = {
      lost: this.#isWatched ? this.#stretches('center lost', number) : [],
      cutOff: this.#stretches('center cut off', number),
      projectionDown: this.#stretches('projection down', number),
      restarts: this.#stretches('all restarted', number),
      apart: [...apartOn(this.islands, id), ...this.#limited('centers apart', number)],
      blind: [...blindOn(this.islands, id), ...this.#limited('directory away', number)],
    }
    return new Center(id, number, weather, this.#isWatched, this)
  }

  #weather(number: number) {
    return {
      down: this.#stretches('member down', number),
      deaf: this.#stretches('member deaf', number),
      slow: this.#stretches('member slow', number),
    }
  }

  #acquirers(): Acquirer[] {
    return [...new Set(tills.map(till => till.acquirer))].map((id, index) => {
      const acquirer = new Acquirer(id, this.clocks.ofMember(200 + index), this)
      this.members.admit(acquirer, this.#weather(200 + index))
      return acquirer
    })
  }

  #wallets(): Wallet[] {
    const made = payers.map(({ id, currencies }, index) => {
      const wallet = new Wallet(id, currencies[0], this.clocks.ofMember(300 + index), this)
      this.members.admit(wallet, this.#weather(300 + index))
      return wallet
    })
    made.forEach((wallet, index) => {
      wallet.other = made[(index + 1) % made.length] ?? null
    })
    return made
  }

  /** The directory as some isolate has it, which may be some seconds old. */
  directory(): Directory {
    const { agenda, dice } = this
    if (this.#closed.length === 0) return this.#directories.open
    const asOf = agenda.now - dice.between(0, 5_000, 'snapshot', agenda.who.subject)
    const isClosed = this.#closed.some(({ from, until }) => asOf >= from && asOf < until)
    return isClosed ? this.#directories.closed : this.#directories.open
  }

  /** The directory as some isolate has it, and since when; as it is now for one that has just asked. */
  held(
    ageMs?: number,
    seenAt = this.agenda.now,
  ): { readonly directory: Directory; readonly confirmedAt: number } {
    const { agenda, dice } = this
    const drawn = ageMs ?? dice.between(0, 5_000, 'age of a snapshot', agenda.who.subject)
    const age = Math.max(drawn, agenda.now - seenAt)
    return { directory: this.directoryAt(agenda.now - age), confirmedAt: agenda.clock() - age }
  }

  /** What the directory said at an instant, where that is played. */
  directoryAt(at: number): Directory {
    return this.#planned?.directoryAt(at) ?? this.directory()
  }

  /** Which purchase a payment is; whoever acts for one names it first. */
  numberOf(paymentId: string): number {
    const known = this.#numbers.get(paymentId)
    if (known !== undefined) return known
    const { subject } = this.agenda.who
    if (subject >= 0 && paymentId !== '') this.#numbers.set(paymentId, subject)
    return subject
  }

  /** Whether an epoch was written while people paid. */
  isSteered(institution: string, epoch: number): boolean {
    return this.#planned?.steered.has(institution, epoch) === true
  }

  /** Somebody writes centers and epochs, where that is played. */
  steer(...[expected, changes, terms, when]: Steering): ChangeOutcome {
    const steered = this.#planned?.steered
    if (steered === undefined) throw new Error('nobody steers this world')
    return steered.write(this.directoryAt(when.at), expected, changes, terms, when)
  }

  note(line: object) {
    this.#plan.tell?.(this.#hasBegun ? this.agenda.now - this.clocks.startsAt : 0, line)
  }

  async play(): Promise<History> {
    this.#arrivals()
    const goesOn = () => this.ledger.violations.length === 0
    await this.agenda.play(this.endsAt, goesOn)
    this.chaos.end()
    const restored = this.agenda.now
    const watch = this.#isReturn ? RETURN_MS + 2 * AGREED_MS : 0
    this.agenda.after(watch, actor('end of the watch'), () => {
      for (const center of this.centers.values()) center.endWatch()
    })
    for (const agreedMs of [AGREED_MS, 2 * AGREED_MS + TOLD_MS]) {
      await this.agenda.play(restored + agreedMs, goesOn)
      if (goesOn()) this.#checkAgreed(restored)
    }
    await this.agenda.play(restored + REST_MS, goesOn)
    const silent = [...this.ledger.payments.values()].filter(isWaiting)
    if (goesOn() && silent.length > 0) await this.#files(silent, goesOn)
    if (goesOn()) this.#checkEnd()
    if (goesOn()) await this.limits?.checkEnd(goesOn)
    if (goesOn()) await this.persons?.checkEnd(goesOn)
    for (const center of this.centers.values()) center.close()
    const { seed, payments, only } = this.#plan
    return historyOf(this, seed, only?.size ?? payments)
  }

  #arrivals() {
    const { agenda, dice } = this
    const wallets = [...this.wallets.values()]
    const bursts = dice.draw('bursts', 0) < 0.3
    for (let number = 0; number < this.#plan.payments; number += 1) {
      const wallet = wallets[number % wallets.length]
      // In one world of three everybody pays at the same moments, so that commits carry many payments.
      const place = bursts ? Math.floor(number / 25) * 25 : number + dice.draw('arrival', number)
      if (wallet === undefined || this.#plan.only?.has(number) === false) continue
      const isLate = this.#isReturn && number % 10 >= 10 - LATE_OF_TEN
      const lateMs = isLate ? this.endsAt + RETURN_MS - agenda.now : this.#quietMs
      agenda.after(lateMs + place * this.#paceMs, wallet.who, () => {
        this.#purchase(wallet, number).catch(error => {
          this.ledger.broken('crash', null, `${wallet.id}, purchase ${number}: ${error}`)
        })
      })
    }
  }

  /** Either the user scans the shop, or the shop scans the user. */
  async #purchase(wallet: Wallet, number: number): Promise<void> {
    const { agenda, dice } = this
    if (dice.draw('presentment', number) >= CPM_SHARE) return wallet.purchase(number)
    const code = await wallet.show(number)
    const till = this.acquirers.get(dice.pick(chargers, 'charger', number))
    if (code === null || till === undefined) return
    agenda.after(dice.between(500, 5_000, 'queue at the till', number), till.who, () => {
      till.charge(number, code).catch(error => {
        this.ledger.broken('crash', null, `${till.id}, sale ${number}: ${error}`)
      })
    })
  }

  /** Who opened what before the links were restored agrees by now, if it had to be decided by now. */
  #checkAgreed(restored: number) {
    const { agenda, clocks } = this
    const toldMs = TOLD_MS + 2 * clocks.gatewayMs
    checkBooks(this, payment => {
      // One whose alarm was late when the links were restored has as long from then on.
      const isDue = Math.max(lastOf(payment), payment.host.lateUntil) + toldMs <= agenda.now
      // What is deemed waits for its switch's file.
      return payment.openedAt < restored && isDue && !isWaiting(payment)
    })
  }

  /** A switch that was silent sends its file; what is missing in it is aborted at T+1. */
  async #files(silent: readonly Durable[], goesOn: () => boolean): Promise<void> {
    const isMissing = this.dice.draw('missing in a file', 0) < 0.25
    const told = isMissing ? silent.slice(1) : silent
    for (const [id, theirs] of Map.groupBy(told, ({ acquirer }) => acquirer)) {
      const acquirer = this.acquirers.get(id)
      if (acquirer === undefined) throw new Error(`${id} is no acquirer`)
      this.agenda.after(0, acquirer.who, () => {
        void acquirer.file(theirs.map(({ paymentId }) => paymentId))
      })
    }
    await this.agenda.play(this.agenda.now + AGREED_MS, goesOn)
    const [missing] = silent
    if (isMissing && missing !== undefined && goesOn()) {
      await this.agenda.play(lastOf(missing) + AGREED_MS, goesOn)
    }
  }

  #checkEnd() {
    checkEpochs(this)
    checkBooks(this, () => true)
    checkHolds(this)
    checkRefunds(this)
    checkMoney(this)
    checkJournals(this)
    checkAnchors(this)
    checkProjections(this)
  }
}
