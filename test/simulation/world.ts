/**
 * The world: two wallets, every scheme, the edge and two centers in virtual time, and whatever goes wrong between them.
 * Payments are made while faults are on; then the faults end, and everything must settle.
 */

import type { Directory } from '../../src/domain/directory.ts'
import type { GatewayKeys } from '../../src/peers/ports.ts'
import { Agenda } from './agenda.ts'
import { checkAnchors } from './checks/anchors.ts'
import { checkBooks, checkHolds, checkRefunds } from './checks/books.ts'
import { Hearing } from './checks/hearing.ts'
import { checkJournals } from './checks/journals.ts'
import { Ledger, type Violation } from './checks/ledger.ts'
import { checkProjections } from './checks/projections.ts'
import { Timers } from './checks/timers.ts'
import { Dice } from './dice.ts'
import { Edge } from './edge.ts'
import { type Allows, Chaos } from './faults.ts'
import { Acquirer } from './members/acquirer.ts'
import { centers, chargers, type Directories, directories, payers, tills } from './members/cast.ts'
import { Members } from './members/members.ts'
import { Wallet } from './members/wallet.ts'
import { Center } from './platform/center.ts'
import { Hops } from './platform/hops.ts'
import { enter } from './stage.ts'

export interface Plan {
  readonly seed: number
  readonly payments: number
  /** Leaves out payments and faults; by default none. */
  readonly only?: ReadonlySet<number>
  readonly allows?: Allows
  /** Hears what happens, one line at a time. */
  readonly tell?: (atMs: number, line: object) => void
}

export interface History {
  readonly seed: number
  /** Payments that were opened. */
  readonly payments: number
  readonly committed: number
  readonly aborted: number
  /** Of the committed ones, those that were taken back. */
  readonly reversed: number
  readonly refunds: number
  readonly violations: readonly Violation[]
  readonly faults: Readonly<Record<string, number>>
  /** Each fault by its own name, where somebody listens. */
  readonly fired: ReadonlySet<string>
}

export const STARTS_AT = Date.UTC(2026, 9, 1)
/** Between two purchases on average. */
const PACE_MS = 25
/** Faults go on this long after the last purchase. */
const AFTERMATH_MS = 15_000
/** I10: agreement after links are restored. */
const AGREED_MS = 60_000
/** Then quotes end, and the last late messages arrive. */
const REST_MS = 900_000
/** Of the purchases, those in which the shop scans the user. */
const CPM_SHARE = 0.3
/** Clocks of members are this far off at the most. */
const MEMBER_SKEW_MS = 2_000

export class World {
  readonly startsAt = STARTS_AT
  readonly agenda = new Agenda(STARTS_AT)
  readonly dice: Dice
  readonly chaos: Chaos
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
  readonly edgeEnv: object
  readonly #plan: Plan
  readonly #endsAt: number
  readonly #directories: Directories
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
    this.ledger = new Ledger(this)
    this.hearing = new Hearing(this)
    this.timers = new Timers(this)
    this.members = new Members(this)
    this.#endsAt = STARTS_AT + plan.payments * PACE_MS + AFTERMATH_MS
    const movesAt = this.dice.between(STARTS_AT, this.#endsAt, 'epoch', 0)
    this.#directories = directories(Math.floor(movesAt))
    this.#closed = this.#stretches('corridor closed', 0)
    this.centers = new Map(centers.map(({ id, number }) => [id, this.#center(id, number)]))
    this.edge = new Edge(this)
    this.acquirers = new Map(this.#acquirers().map(each => [each.id, each]))
    this.wallets = new Map(this.#wallets().map(each => [each.id, each]))
    const lanes = (id: string) => this.centers.get(id)?.fromEdge
    this.edgeEnv = {
      LANE_HK: lanes('hk'),
      LANE_SG: lanes('sg'),
      CODEBOOK_HK: this.centers.get('hk')?.codebooksFromEdge,
      CODEBOOK_SG: this.centers.get('sg')?.codebooksFromEdge,
      ENVIRONMENT: 'sandbox',
      SEAL_KEYS: '{}',
    }
  }

  #stretches(kind: Parameters<Chaos['stretches']>[0], subject: number) {
    return this.chaos.stretches(kind, subject, STARTS_AT, this.#endsAt)
  }

  #center(id: string, number: number): Center {
    const weather = {
      cutOff: this.#stretches('center cut off', number),
      projectionDown: this.#stretches('projection down', number),
      restarts: this.#stretches('all restarted', number),
    }
    return new Center(id, number, weather, this)
  }

  #weather(number: number) {
    return {
      down: this.#stretches('member down', number),
      deaf: this.#stretches('member deaf', number),
      slow: this.#stretches('member slow', number),
    }
  }

  #skew(number: number): number {
    return this.dice.between(-MEMBER_SKEW_MS, MEMBER_SKEW_MS, 'member skew', number)
  }

  #acquirers(): Acquirer[] {
    return [...new Set(tills.map(till => till.acquirer))].map((id, index) => {
      const acquirer = new Acquirer(id, this.#skew(200 + index), this)
      this.members.admit(acquirer, this.#weather(200 + index))
      return acquirer
    })
  }

  #wallets(): Wallet[] {
    const made = payers.map(({ id, currencies }, index) => {
      const wallet = new Wallet(id, currencies[0], this.#skew(300 + index), this)
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
  held(ageMs?: number): { readonly directory: Directory; readonly confirmedAt: number } {
    const { agenda, dice } = this
    const age = ageMs ?? dice.between(0, 5_000, 'age of a snapshot', agenda.who.subject)
    return { directory: this.directory(), confirmedAt: agenda.clock() - age }
  }

  /** Which purchase a payment is; whoever acts for one names it first. */
  numberOf(paymentId: string): number {
    const known = this.#numbers.get(paymentId)
    if (known !== undefined) return known
    const { subject } = this.agenda.who
    if (subject >= 0 && paymentId !== '') this.#numbers.set(paymentId, subject)
    return subject
  }

  note(line: object) {
    this.#plan.tell?.(this.agenda.now - STARTS_AT, line)
  }

  async play(): Promise<History> {
    this.#arrivals()
    const goesOn = () => this.ledger.violations.length === 0
    await this.agenda.play(this.#endsAt, goesOn)
    this.chaos.end()
    const restored = this.agenda.now
    await this.agenda.play(restored + AGREED_MS, goesOn)
    if (goesOn()) checkBooks(this, ({ openedAt }) => openedAt < restored)
    await this.agenda.play(restored + REST_MS, goesOn)
    if (goesOn()) this.#checkEnd()
    return this.#history()
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
      agenda.after(place * PACE_MS, wallet.who, () => {
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

  #checkEnd() {
    checkBooks(this, () => true)
    checkHolds(this)
    checkRefunds(this)
    checkJournals(this)
    checkAnchors(this)
    checkProjections(this)
  }

  #history(): History {
    const payments = [...this.ledger.payments.values()]
    for (const center of this.centers.values()) center.close()
    return {
      seed: this.#plan.seed,
      payments: payments.length,
      committed: payments.filter(({ decision }) => decision === 'committed').length,
      aborted: payments.filter(({ decision }) => decision === 'aborted').length,
      reversed: payments.filter(({ reversed }) => reversed).length,
      refunds: payments.reduce((sum, { refunds }) => sum + refunds.size, 0),
      violations: this.ledger.violations,
      faults: this.chaos.struck,
      fired: this.chaos.fired,
    }
  }
}
