/** One center: its objects, its couriers, its queue and its projection, with the real code of `src/center.ts`. */
import centerWorker, { Codebook, Institution, Lane, Person } from '../../../src/center.ts'
import { actor } from '../agenda.ts'
import type { Stretch } from '../faults.ts'
import { isIn, sinceWhen } from '../islands.ts'
import type { World } from '../world.ts'
import { Couriers } from './couriers.ts'
import { gated, type Space, within } from './gate.ts'
import {
  codebookStub,
  type LaneHost,
  type LenderHost,
  laneStub,
  lenderStub,
  ObjectHost,
  type PersonHost,
  personStub,
  type Sender,
  type Wanted,
} from './object.ts'
import { openProjection, type Projection } from './projection.ts'
import { EventQueue } from './queue.ts'
import { type Sentinels, vouching, watching } from './sentinels.ts'
import { Unreachable } from './unreachable.ts'

/** What outlives an invocation goes on by itself here. */
const invocation = { waitUntil: (work: Promise<unknown>) => void work.catch(() => null) }

export interface Weather {
  /** When nothing of it runs and nobody reaches it. */
  readonly lost: readonly Stretch[]
  /** When no edge reaches it, when its database is away, when all its objects are restarted. */
  readonly cutOff: readonly Stretch[]
  readonly projectionDown: readonly Stretch[]
  readonly restarts: readonly Stretch[]
  /** When the other centers do not reach it, nor it them. */
  readonly apart: readonly Stretch[]
  /** When it does not reach the directory. */
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
  readonly couriers: Couriers
  readonly #world: World
  readonly #weather: Weather
  readonly #sentinels: Sentinels

  /** @param isWatched whether its sentinel is a real one */
  constructor(id: string, number: number, weather: Weather, isWatched: boolean, world: World) {
    this.id = id
    this.number = number
    this.#world = world
    this.#weather = weather
    this.projection = openProjection(number, [...weather.projectionDown, ...weather.lost], world)
    this.queue = new EventQueue(`opencpg-events-${id}`, number, world, batch =>
      centerWorker.queue(batch as never, this.env as never, invocation as never),
    )
    this.couriers = new Couriers(id, () => this.env, world)
    this.#sentinels = isWatched
      ? watching(this, () => ({ ...this.env, ...this.sights }), world)
      : vouching(this, world)
    const { agenda } = world
    const kills = (stretches: readonly Stretch[], why: string, kill: () => void) => {
      for (const { from } of stretches)
        agenda.after(from - agenda.now, actor(`${why} of ${id}`), kill)
    }
    kills(weather.restarts, 'deployment', () => this.#restart())
    kills(weather.lost, 'loss', () => this.#restart())
  }

  #restart() {
    for (const host of this.#objects) host.kill('with its center')
    this.couriers.kill()
  }

  get #objects(): readonly ObjectHost<object>[] {
    const { host } = this.#sentinels
    const known = [this.lanes, this.codebooks, this.lenders, this.persons]
    return [
      ...known.flatMap(hosts => [...hosts.values()] as ObjectHost<object>[]),
      ...(host === null ? [] : [host]),
    ]
  }

  /** The bindings, as code of this center sees them that is no object. */
  get env() {
    return {
      ...this.#common,
      ...this.#spaces,
      DB: this.projection.d1,
      WITNESS: this.witness.d1,
      MONITOR: this.#monitor,
    }
  }

  /** The bindings as an object sees them. */
  #envOf(host: Sender) {
    const send = (leave: () => void) => host.send(leave)
    const spaces = Object.entries(this.#spaces).map(([name, space]) => [name, gated(space, send)])
    return {
      ...this.#common,
      ...Object.fromEntries(spaces),
      EVENTS: { send: (body: string) => this.#publish(host, body) },
    }
  }

  get #common() {
    return {
      CENTER: this.id,
      ENVIRONMENT: 'sandbox',
      GATEWAY_KEYS: this.#world.gatewayKeys,
      DIRECTORY: {},
    }
  }

  /** Objects of this center, and what it reaches of the others. */
  get #spaces(): Readonly<Record<string, Space>> {
    const own = { LANE: this.namespace, INSTITUTION: this.lending, PERSON: this.counting }
    return { ...own, ...this.#others() }
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

  readonly #writing = {
    getByName: (name: string) => codebookStub(this.#codebook(name), this.#world),
  }

  /** Its objects as the edge reaches them, or not, by binding. */
  get fromEdge(): Readonly<Record<string, Space>> {
    const isGone = () => this.isLost || isIn(this.#weather.cutOff, this.#world.agenda.now)
    const id = this.id.toUpperCase()
    return {
      ...this.#seen(isGone),
      [`CODEBOOK_${id}`]: within(this.#writing, () => this.isLost, this.#gone),
    }
  }

  /** What a center reaches of the others, by binding. */
  #bindings: Readonly<Record<string, Space>> | null = null
  #others(): Readonly<Record<string, Space>> {
    if (this.#bindings !== null) return this.#bindings
    const others = [...this.#world.centers.values()].filter(center => center !== this)
    const seen = others.map(center => center.#seen(() => this.isApart || center.isApart))
    this.#bindings = Object.assign({}, ...seen)
    return this.#bindings as Readonly<Record<string, Space>>
  }

  #seen(isGone: () => boolean): Readonly<Record<string, Space>> {
    const id = this.id.toUpperCase()
    return {
      [`LANE_${id}`]: within(this.namespace, isGone, this.#gone),
      [`INSTITUTION_${id}`]: within(this.lending, isGone, this.#gone),
      [`PERSON_${id}`]: this.#personsBut(isGone),
      [`SENTINEL_${id}`]: within(this.#sentinels.space, isGone, this.#gone),
    }
  }

  #personsBut(isGone: () => boolean): Space {
    const reached = within(this.counting, isGone, this.#gone)
    const take = (wanted: Wanted) => {
      const said = this.#gone()
      // Whoever asked has heard nothing, and nothing was taken.
      this.#world.persons?.claimed({ ...wanted, minor: 0n }, false, said)
      return said
    }
    return {
      getByName: name => {
        const stub = reached.getByName(name)
        return isGone() ? { ...stub, take } : stub
      },
    }
  }

  readonly #gone = async (): Promise<never> => {
    await this.#world.agenda.pause(20)
    throw new Unreachable(false)
  }

  /** Nothing of it runs now. */
  get isLost(): boolean {
    return isIn(this.#weather.lost, this.#world.agenda.now)
  }

  /** When what is lost now is back. */
  get backAt(): number {
    const { now } = this.#world.agenda
    const ends = this.#weather.lost.filter(each => isIn([each], now)).map(({ until }) => until)
    return Math.max(now, ...ends)
  }

  /** The other centers do not reach it. */
  get isApart(): boolean {
    return this.isLost || isIn(this.#weather.apart, this.#world.agenda.now)
  }

  /** When it last reached the directory. */
  get seenAt(): number {
    const { now } = this.#world.agenda
    return sinceWhen(this.#weather.blind, now)
  }

  /** Nobody watches any more. */
  endWatch() {
    this.#sentinels.host?.retire()
  }

  /** How it knows the directory: by a snapshot, and by its sentinel. */
  get sights() {
    const seenAt = () => this.seenAt
    const directory = {
      get seenAt() {
        return seenAt()
      },
    }
    return { DIRECTORY: directory, [`SENTINEL_${this.id.toUpperCase()}`]: this.#sentinels.space }
  }

  lender(name: string): LenderHost {
    const known = this.lenders.get(name)
    if (known !== undefined) return known
    const number = 3_400 + 100 * this.number + this.lenders.size
    const make = (ctx: object) =>
      new Institution(ctx as never, { ...this.#envOf(host), ...this.sights } as never)
    const host: LenderHost = this.#host(name, number, make)
    this.lenders.set(name, host)
    return host
  }

  person(name: string): PersonHost {
    const known = this.persons.get(name)
    if (known !== undefined) return known
    const number = 3_700 + 100 * this.number + this.persons.size
    const make = (ctx: object) => new Person(ctx as never, this.#envOf(host) as never)
    const host: PersonHost = this.#host(name, number, make)
    this.persons.set(name, host)
    return host
  }

  #host<Thing extends object>(
    name: string,
    number: number,
    make: (ctx: object) => Thing,
  ): ObjectHost<Thing> {
    return new ObjectHost(name, number, this, this.#world, make, () => undefined)
  }

  close() {
    for (const { disk } of this.#objects) disk.close()
    this.projection.sqlite.close()
  }

  #lane(name: string): LaneHost {
    const known = this.lanes.get(name)
    if (known !== undefined) return known
    const { ledger } = this.#world
    const number = 100 * this.number + this.lanes.size
    const sights = this.#sentinels.host === null ? {} : this.sights
    const host: LaneHost = new ObjectHost(
      name,
      number,
      this,
      this.#world,
      ctx => {
        const lane = new Lane(ctx as never, { ...this.#envOf(host), ...sights } as never)
        ledger.restarted(host)
        return lane
      },
      (lane, rows) => ledger.durable(lane, rows),
    )
    this.lanes.set(name, host)
    return host
  }

  #codebook(name: string): ObjectHost<Codebook> {
    const known = this.codebooks.get(name)
    if (known !== undefined) return known
    const number = 1_000 * this.number + this.codebooks.size
    const make = (ctx: object) => new Codebook(ctx as never, this.#envOf(host) as never)
    const host: ObjectHost<Codebook> = this.#host(name, number, make)
    this.codebooks.set(name, host)
    return host
  }

  #publish(lane: Sender, body: string): Promise<void> {
    const { agenda, hops } = this.#world
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const who = agenda.who
    lane.send(() => {
      const taken = this.queue.take(body)
      agenda.after(hops.inside(-this.number), who, () =>
        taken ? resolve() : reject(new Error('the queue is away')),
      )
    })
    return promise
  }
}
