/** One center: its lanes, its courier, its queue and its projection, with the real code of `src/center.ts`. */
import centerWorker, { Codebook, Courier, Institution, Lane, Person } from '../../../src/center.ts'
import type { Errand } from '../../../src/domain/errand.ts'
import type { Vouch } from '../../../src/sentinels.ts'
import { actor } from '../agenda.ts'
import type { Stretch } from '../faults.ts'
import type { World } from '../world.ts'
import {
  codebookStub,
  type LaneHost,
  type LenderHost,
  laneStub,
  lenderStub,
  ObjectHost,
  type PersonHost,
  personStub,
} from './object.ts'
import { openProjection, type Projection } from './projection.ts'
import { EventQueue } from './queue.ts'
import { Unreachable } from './unreachable.ts'

/** What outlives an invocation goes on by itself here. */
const invocation = { waitUntil: (work: Promise<unknown>) => void work.catch(() => null) }

export interface Weather {
  /** When no edge reaches it, when its database is away, when all its lanes are restarted. */
  readonly cutOff: readonly Stretch[]
  readonly projectionDown: readonly Stretch[]
  readonly restarts: readonly Stretch[]
  /** When the other centers do not reach it, nor it them. */
  readonly apart: readonly Stretch[]
  /** When its lenders do not reach the directory. */
  readonly blind: readonly Stretch[]
}

export class Center {
  readonly id: string
  readonly number: number
  readonly lanes = new Map<string, LaneHost>()
  readonly codebooks = new Map<string, ObjectHost<Codebook>>()
  /** Who lends here, by institution. */
  readonly lenders = new Map<string, LenderHost>()
  /** Allowances of persons, by year and shard. */
  readonly persons = new Map<string, PersonHost>()
  readonly projection: Projection
  readonly queue: EventQueue
  readonly #world: World
  readonly #cutOff: readonly Stretch[]
  readonly #apart: readonly Stretch[]
  readonly #blind: readonly Stretch[]

  constructor(id: string, number: number, weather: Weather, world: World) {
    this.id = id
    this.number = number
    this.#world = world
    this.#cutOff = weather.cutOff
    this.#apart = weather.apart
    this.#blind = weather.blind
    this.projection = openProjection(number, weather.projectionDown, world)
    this.queue = new EventQueue(`opencpg-events-${id}`, number, world, batch =>
      centerWorker.queue(batch as never, this.env(null) as never, invocation as never),
    )
    const { agenda } = world
    for (const { from } of weather.restarts) {
      agenda.after(from - agenda.now, actor(`deployment of ${id}`), () => {
        for (const lane of this.lanes.values()) lane.kill('by a deployment')
        for (const book of this.codebooks.values()) book.kill('by a deployment')
        for (const lender of this.lenders.values()) lender.kill('by a deployment')
        for (const person of this.persons.values()) person.kill('by a deployment')
      })
    }
  }

  /** The bindings, as code of this center sees them; `lane` is who publishes. */
  env(lane: LaneHost | null) {
    return {
      CENTER: this.id,
      ENVIRONMENT: 'sandbox',
      GATEWAY_KEYS: this.#world.gatewayKeys,
      DIRECTORY: {},
      LANE: this.namespace,
      INSTITUTION: this.lending,
      PERSON: this.counting,
      ...this.#others(),
      DB: this.projection.d1,
      WITNESS: this.witness.d1,
      EVENTS: { send: (body: string) => this.#publish(lane, body) },
      MONITOR: this.#monitor,
    }
  }

  /** Nothing of a payment depends on the monitor, so here it is never of use: it hangs, or is away. */
  readonly #monitor = {
    getByName: () => ({
      feed: () =>
        this.#world.dice.draw('monitor', this.number) < 0.1
          ? new Promise<never>(() => null)
          : Promise.reject(new Error('the monitor is away')),
    }),
  }

  /** The next center's database; the last one's is the first. */
  get witness(): Projection {
    const centers = [...this.#world.centers.values()]
    return (centers.find(({ number }) => number === this.number + 1) ?? centers[0] ?? this)
      .projection
  }

  /** The lanes from inside the center. */
  readonly namespace = { getByName: (name: string) => laneStub(this.#lane(name), this.#world) }

  /** The lenders from inside the center. */
  readonly lending = { getByName: (name: string) => lenderStub(this.lender(name), this.#world) }

  /** The persons from inside the center. */
  readonly counting = { getByName: (name: string) => personStub(this.person(name), this.#world) }

  /** What a center reaches of the others, by binding. */
  #bindings: object | null = null
  #others(): object {
    if (this.#bindings !== null) return this.#bindings
    const others = [...this.#world.centers.values()].filter(center => center !== this)
    this.#bindings = Object.fromEntries(
      others.flatMap(center => {
        const isGone = () => this.isApart || center.isApart
        const id = center.id.toUpperCase()
        return [
          [`INSTITUTION_${id}`, center.#lendersBut(isGone)],
          [`PERSON_${id}`, center.#personsBut(isGone)],
          [`LANE_${id}`, center.#lanesBut(isGone)],
        ]
      }),
    )
    return this.#bindings as object
  }

  /** The lenders as the edge reaches them, or not. */
  get lendersFromEdge() {
    return this.#lendersBut(() => isIn(this.#cutOff, this.#world.agenda.now))
  }

  #lendersBut(isGone: () => boolean) {
    const gone = this.#gone
    return {
      getByName: (name: string) =>
        isGone()
          ? { draw: gone, cede: gone, recall: gone, uses: gone }
          : lenderStub(this.lender(name), this.#world),
    }
  }

  /** The persons as the edge reaches them, or not. */
  get personsFromEdge() {
    return this.#personsBut(() => isIn(this.#cutOff, this.#world.agenda.now))
  }

  #personsBut(isGone: () => boolean) {
    const gone = this.#gone
    return {
      getByName: (name: string) =>
        isGone()
          ? { take: gone, drop: gone, lower: gone }
          : personStub(this.person(name), this.#world),
    }
  }

  #lanesBut(isGone: () => boolean) {
    const gone = this.#gone
    return {
      getByName: (name: string) =>
        isGone()
          ? { submit: gone, seek: gone, read: gone, wait: gone, counted: gone }
          : laneStub(this.#lane(name), this.#world),
    }
  }

  readonly #gone = async (): Promise<never> => {
    await this.#world.agenda.pause(20)
    throw new Unreachable(false)
  }

  get isApart(): boolean {
    return isIn(this.#apart, this.#world.agenda.now)
  }

  /** When its lenders last reached the directory. */
  get seenAt(): number {
    const { now } = this.#world.agenda
    return this.#blind.find(({ from, until }) => now >= from && now < until)?.from ?? now
  }

  /** What lenders know the directory by: a snapshot, and the center's sentinel. */
  get #sights() {
    const seenAt = () => this.seenAt
    const directory = {
      get seenAt() {
        return seenAt()
      },
    }
    const sentinel = { vouch: (version: number) => this.#vouch(version) }
    return {
      DIRECTORY: directory,
      [`SENTINEL_${this.id.toUpperCase()}`]: { getByName: () => sentinel },
    }
  }

  /**
   * What other centers grant: while one of them is within reach, no epoch is written that nobody here knows. Nor is one
   * written in this world that was not known from its beginning, so here it only matters how long a center may be sure.
   */
  async #vouch(version: number): Promise<Vouch> {
    const { agenda, centers } = this.#world
    const reached = this.isApart ? [this] : [...centers.values()].filter(each => !each.isApart)
    const { rows } = this.#world.directoryAt(Math.max(...reached.map(({ seenAt }) => seenAt)))
    const ageMs = reached.length > 1 ? 0 : agenda.now - this.seenAt
    const confirmedAt = agenda.clock() - ageMs
    await agenda.pause(1)
    return { version: rows.version, confirmedAt, rows: rows.version > version ? rows : null }
  }

  lender(name: string): LenderHost {
    const known = this.lenders.get(name)
    if (known !== undefined) return known
    const number = 3_400 + 100 * this.number + this.lenders.size
    const env = { ...this.env(null), ...this.#sights }
    const make = (ctx: object) => new Institution(ctx as never, env as never)
    const host = new ObjectHost(name, number, this, this.#world, make, () => undefined)
    this.lenders.set(name, host)
    return host
  }

  person(name: string): PersonHost {
    const known = this.persons.get(name)
    if (known !== undefined) return known
    const number = 3_700 + 100 * this.number + this.persons.size
    const make = (ctx: object) => new Person(ctx as never, this.env(null) as never)
    const host = new ObjectHost(name, number, this, this.#world, make, () => undefined)
    this.persons.set(name, host)
    return host
  }

  /** The lanes as the edge reaches them, or not. */
  readonly fromEdge = this.#lanesBut(() => isIn(this.#cutOff, this.#world.agenda.now))

  close() {
    for (const { disk } of this.lanes.values()) disk.close()
    for (const { disk } of this.codebooks.values()) disk.close()
    for (const { disk } of this.lenders.values()) disk.close()
    for (const { disk } of this.persons.values()) disk.close()
    this.projection.sqlite.close()
  }

  #lane(name: string): LaneHost {
    const known = this.lanes.get(name)
    if (known !== undefined) return known
    const { ledger } = this.#world
    const number = 100 * this.number + this.lanes.size
    const host: LaneHost = new ObjectHost(
      name,
      number,
      this,
      this.#world,
      ctx => {
        const lane = new Lane(ctx as never, this.env(host) as never)
        ledger.restarted(host)
        return lane
      },
      (lane, rows) => ledger.durable(lane, rows),
    )
    this.lanes.set(name, host)
    return host
  }

  /** The codebooks as the edge reaches them. */
  readonly codebooksFromEdge = {
    getByName: (name: string) => {
      const known = this.codebooks.get(name)
      if (known !== undefined) return codebookStub(known, this.#world)
      const number = 1_000 * this.number + this.codebooks.size
      const make = (ctx: object) => new Codebook(ctx as never, this.env(null) as never)
      const host = new ObjectHost(name, number, this, this.#world, make, () => undefined)
      this.codebooks.set(name, host)
      return codebookStub(host, this.#world)
    },
  }

  #publish(lane: LaneHost | null, body: string): Promise<void> {
    const { agenda, hops } = this.#world
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const who = agenda.who
    lane?.send(() => {
      const taken = this.queue.take(body)
      agenda.after(hops.inside(-this.number), who, () =>
        taken ? resolve() : reject(new Error('the queue is away')),
      )
    })
    return promise
  }

  /** Each run is an invocation of its own, called from a lane. */
  courierFor(lane: Pick<LaneHost, 'send'>) {
    return { run: (errands: readonly Errand[]) => this.#errands(lane, errands) }
  }

  #errands(lane: Pick<LaneHost, 'send'>, errands: readonly Errand[]): Promise<void> {
    const { agenda, chaos, dice, hops } = this.#world
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const from = agenda.who
    const id = errands[0]?.payment.terms.paymentId
    const subject = id === undefined ? -1 : this.#world.numberOf(id)
    const courier = actor(`courier of ${this.id}`, 0, subject)
    lane.send(() => {
      if (chaos.strikes('request lost', subject)) {
        agenda.after(1, from, () => reject(new Unreachable(true)))
        return
      }
      if (chaos.strikes('courier died', subject)) {
        const death = dice.between(0, 3_000, 'death', subject)
        agenda.after(death, actor('fate'), () => {
          courier.alive = false
        })
      }
      agenda.after(hops.inside(subject), courier, () => {
        const ctx = { waitUntil: (work: Promise<unknown>) => void work.catch(() => null) }
        const done = () => agenda.after(1, from, resolve)
        new Courier(ctx as never, this.env(null) as never).run(errands).then(done, error => {
          agenda.after(1, from, () => reject(error))
        })
      })
    })
    return promise
  }
}

const isIn = (stretches: readonly Stretch[], now: number): boolean =>
  stretches.some(({ from, until }) => now >= from && now < until)
