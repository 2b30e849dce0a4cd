/**
 * A Durable Object on its platform: made by its first call, called over a network that may fail, killed at any step,
 * made again from its disk. Runs the real classes.
 */
import type { Codebook } from '../../../durable-objects/codebook.ts'
import type { Institution } from '../../../durable-objects/institution.ts'
import type { Lane } from '../../../durable-objects/lane.ts'
import type { Person } from '../../../durable-objects/person.ts'
import type { KnownEpoch } from '../../../src/domain/epoch.ts'
import type { Message } from '../../../src/domain/payment.ts'
import type { Ask, Lent } from '../../../src/domain/share.ts'
import { type Actor, actor } from '../agenda.ts'
import type { World } from '../world.ts'
import type { Center } from './center.ts'
import { Disk, type JournalRow } from './disk.ts'
import { Unreachable } from './unreachable.ts'

interface Instance<Thing> {
  readonly thing: Thing
  readonly who: Actor
  /** Calls that have not been answered: they fail when the instance is gone. */
  readonly open: Set<() => void>
}

/** A commit is durable when three of five followers have it. */
const COMMIT_MS = 4
/** The platform tries a failed alarm again, this soon at first and this often. */
const ALARM_RETRY_MS = 2_000
const ALARM_RETRIES = 6
/** A lane whose projection is away wakes for nothing, too, but with growing patience. */
const RESTLESS = 100

/** What an object may have besides its methods. */
interface Alarmed {
  alarm?(): Promise<void>
}

/** A message is repeated within this time. */
const REPEAT_MS = 60_000

/** Whatever leaves it by itself waits for its writes. */
export type Sender = Pick<ObjectHost<object>, 'send'>
export type LaneHost = ObjectHost<Lane>
export type LenderHost = ObjectHost<Institution>
export type PersonHost = ObjectHost<Person>

export class ObjectHost<Thing extends object> {
  readonly name: string
  readonly number: number
  readonly disk: Disk
  readonly #world: World
  readonly #make: (ctx: object) => Thing
  readonly #center: Center
  readonly #platform: Actor
  /** Wakes for ever, because it watches. */
  readonly #isWatch: boolean
  #isRetired = false
  #instance: Instance<Thing> | null = null
  #alarmSet = 0
  #alarmAt: number | null = null
  #alarmTries = 0
  /** An alarm that is late comes by then. */
  lateUntil = 0
  /** Alarms since something last came of one, to see a lane that never rests. */
  #idleAlarms = 0

  constructor(
    name: string,
    number: number,
    center: Center,
    world: World,
    make: (ctx: object) => Thing,
    durable: (host: ObjectHost<Thing>, rows: readonly JournalRow[]) => void,
    isWatch = false,
  ) {
    this.#isWatch = isWatch
    this.#make = make
    this.name = name
    this.number = number
    this.#center = center
    this.#world = world
    this.#platform = actor(`platform of ${name}`)
    this.disk = new Disk({
      soon: flush => this.#flushSoon(flush),
      isGone: () => !world.agenda.who.alive,
      mayWrite: () => {
        if (world.chaos.strikes('disk full', number)) throw new Error('disk full')
      },
      durable: (rows, shares) => {
        durable(this, rows)
        if (rows.length > 0 || shares) this.#idleAlarms = 0
        this.#setAlarm()
      },
    })
  }

  /** One remote call. Rejects where the object cannot be reached, or is gone before it answered. */
  call<T>(subject: number, work: (thing: Thing) => T | Promise<T>): Promise<T> {
    const { agenda, chaos, hops } = this.#world
    const caller = agenda.who
    return new Promise((resolve, reject) => {
      const fail = () => {
        const retryable = this.#world.dice.draw('retryable', subject) < 0.5
        agenda.after(hops.inside(subject), caller, () => reject(new Unreachable(retryable)))
      }
      if (chaos.strikes('request lost', subject)) return fail()
      agenda.after(hops.inside(subject), this.#platform, () => {
        if (this.#center.isLost) return fail()
        if (chaos.strikes('lane killed', subject)) {
          this.kill('between two steps')
          return fail()
        }
        const instance = this.#awake()
        instance.open.add(fail)
        const leave = (arrive: () => void) => {
          if (!instance.who.alive) return
          this.disk.gate(() => this.#leave(instance, subject, fail, caller, arrive))
        }
        // In the name of the lane from here on, because its promises go on within this step.
        agenda.who = instance.who
        this.#run(() => work(instance.thing)).then(
          value => leave(() => resolve(this.#world.hearing.left(value))),
          error => leave(() => reject(error)),
        )
      })
    })
  }

  async #run<T>(work: () => T | Promise<T>): Promise<T> {
    return work()
  }

  #leave(
    instance: Instance<Thing>,
    subject: number,
    fail: () => void,
    to: Actor,
    arrive: () => void,
  ) {
    const { agenda, chaos, hops } = this.#world
    instance.open.delete(fail)
    if (chaos.strikes('answer lost', subject)) fail()
    else agenda.after(hops.inside(subject), to, arrive)
    if (chaos.strikes('killed after answer', subject)) this.kill('just after an answer')
  }

  /** The id of its center. */
  get center(): string {
    return this.#center.id
  }

  /** Whatever leaves the lane by itself waits for its writes, too. */
  send(leave: () => void) {
    this.disk.gate(leave)
  }

  kill(when: string) {
    this.disk.crash()
    const instance = this.#instance
    if (instance === null) return
    this.#world.note({ lane: this.name, killed: when })
    instance.who.alive = false
    this.#instance = null
    for (const fail of instance.open) fail()
    this.#setAlarm()
  }

  /** It wakes no more by itself. */
  retire() {
    this.#isRetired = true
    this.kill('at the end of its watch')
  }

  #awake(): Instance<Thing> {
    if (this.#instance !== null) return this.#instance
    const { agenda, clocks } = this.#world
    const skewMs = clocks.ofGateway('lane', this.number)
    const who = actor(`lane ${this.name}`, skewMs)
    agenda.who = who
    const ctx = {
      id: { name: this.name },
      storage: this.disk.storage,
      exports: { Courier: this.#center.couriers.of(this) },
      waitUntil: (work: Promise<unknown>) => void work.catch(() => null),
    }
    this.#instance = { thing: this.#make(ctx), who, open: new Set() }
    return this.#instance
  }

  #flushSoon(flush: () => void) {
    const { agenda, chaos, dice } = this.#world
    const ms = dice.between(COMMIT_MS / 2, COMMIT_MS * 2, 'commit', this.number)
    agenda.after(ms, agenda.who, () => {
      if (chaos.strikes('commit failed', this.number))
        return this.kill('with its writes not durable')
      if (chaos.strikes('killed at commit', this.number)) {
        this.disk.flush()
        return this.kill('at the moment of its commit')
      }
      flush()
    })
  }

  /** Fires what is durably set, once it has come. One that is set already stays as late as it is. */
  #setAlarm() {
    const at = this.disk.isHandlingAlarm ? null : this.disk.alarm
    if (at === this.#alarmAt) return
    this.#alarmAt = at
    this.#alarmSet += 1
    if (at === null) return
    const { agenda, chaos, dice } = this.#world
    const set = this.#alarmSet
    const late = chaos.strikes('alarm late', this.number)
      ? dice.between(100, 60_000, 'late', this.number)
      : 0
    if (late > 0) this.lateUntil = Math.max(this.lateUntil, at + late)
    agenda.after(at - agenda.now + late, this.#platform, () => {
      if (set === this.#alarmSet) this.#fire()
    })
  }

  #fire() {
    const { agenda, chaos } = this.#world
    if (this.#isRetired) return
    if (this.#center.isLost) {
      const set = this.#alarmSet
      agenda.after(this.#center.backAt - agenda.now, this.#platform, () => {
        if (set === this.#alarmSet) this.#fire()
      })
      return
    }
    if (!this.#isWatch) this.#countAlarm()
    this.#alarmAt = null
    this.disk.alarmBegins()
    const instance = this.#awake()
    agenda.who = instance.who
    const done = () => {
      if (!instance.who.alive) return
      this.disk.alarmDone()
      this.#setAlarm()
      if (chaos.strikes('alarm twice', this.number)) {
        agenda.after(1, this.#platform, () => {
          if (!this.disk.isHandlingAlarm) this.#fire()
        })
      }
    }
    this.#run(() => (instance.thing as Alarmed).alarm?.()).then(
      () => {
        this.#alarmTries = 0
        this.disk.gate(done)
      },
      () => this.disk.gate(() => this.#retry(done)),
    )
  }

  #countAlarm() {
    this.#idleAlarms += 1
    if (this.#idleAlarms !== RESTLESS) return
    this.#world.ledger.broken('rest', null, `${this.name} wakes ${RESTLESS} times for nothing`)
  }

  /** An alarm that threw comes back, unless the handler set another one. */
  #retry(done: () => void) {
    const { agenda } = this.#world
    done()
    this.#alarmTries += 1
    if (this.disk.alarm !== null || this.#alarmTries > ALARM_RETRIES) return
    const set = this.#alarmSet
    agenda.after(ALARM_RETRY_MS * 2 ** (this.#alarmTries - 1), this.#platform, () => {
      if (set === this.#alarmSet) this.#fire()
    })
  }
}

/** The lane as callers see it, by the way of this subject's messages. */
export const laneStub = (host: LaneHost, world: World) => ({
  submit: (id: string, message: Message, known?: KnownEpoch) =>
    host.call(world.numberOf(id), async lane => {
      const said = await lane.submit(id, message, known)
      world.refusals?.heard(host, message, said)
      return said
    }),
  seek: (id: string, requestedAt: number, known?: KnownEpoch) =>
    host.call(world.numberOf(id), lane => lane.seek(id, requestedAt, known)),
  read: (id: string) => host.call(world.numberOf(id), lane => lane.read(id)),
  wait: (id: string, patienceMs: number) =>
    host.call(world.numberOf(id), lane => lane.wait(id, patienceMs)),
  counted: (ids: readonly string[]) => host.call(-host.number, lane => lane.counted(ids)),
  acknowledge: (seq: number) => host.call(-host.number, lane => lane.acknowledge(seq)),
  head: () => host.call(-host.number, async lane => lane.head()),
  yieldShares: (lent: readonly Lent[]) => host.call(-host.number, lane => lane.yieldShares(lent)),
  recallShares: (institution: string, recalls: number, version: number) =>
    host.call(-host.number, lane => lane.recallShares(institution, recalls, version)),
})

/**
 * A lender as lanes, other lenders and operators see it. What asks it may be repeated by the way, because what both
 * sides count only rises.
 */
export function lenderStub(host: LenderHost, { agenda, chaos, dice }: World) {
  const subject = -host.number
  const ask = <T>(work: (lender: Institution) => T | Promise<T>): Promise<T> => {
    if (chaos.strikes('duplicated', subject)) {
      const later = dice.draw('repeated', subject) ** 4 * REPEAT_MS
      agenda.after(later, agenda.who, () => void host.call(subject, work).catch(() => null))
    }
    return host.call(subject, work)
  }
  return {
    draw: (wanted: Ask) => ask(lender => lender.draw(wanted)),
    cede: (lent: readonly Lent[]) => ask(lender => lender.cede(lent)),
    recall: (version: number) => ask(lender => lender.recall(version)),
    uses: () => ask(lender => lender.uses()),
  }
}

export type Wanted = Parameters<Person['take']>[0]

/**
 * Allowances of persons as the edge and couriers see them, by the way of the payment's own messages. What is asked may be
 * repeated by the way: a claim that nobody knows of takes nothing more.
 */
export function personStub(host: PersonHost, world: World) {
  const { agenda, chaos, dice, persons } = world
  let isRepeated = false
  const ask = <T>(
    payment: string,
    about: string,
    wanted: (person: Person) => Promise<T>,
  ): Promise<T> => {
    const subject = world.numberOf(payment)
    isRepeated = chaos.strikes('duplicated', subject)
    const work = (person: Person) => {
      world.note({ person: about, payment: subject })
      return wanted(person)
    }
    if (isRepeated) {
      const later = dice.draw('repeated', subject) ** 4 * REPEAT_MS
      agenda.after(later, agenda.who, () => void host.call(subject, work).catch(() => null))
    }
    return host.call(subject, work)
  }
  return {
    take: (wanted: Wanted) => {
      const said = ask(wanted.payment, `take ${wanted.minor}`, person => person.take(wanted))
      persons?.claimed(wanted, isRepeated, said)
      return said
    },
    drop: (payment: string, claim: number) =>
      ask(payment, 'drop a claim', person => person.drop(payment, claim)),
    lower: (payment: string, minor: bigint) =>
      ask(payment, `count ${minor} at most`, person => person.lower(payment, minor)),
  }
}

/** A codebook as the edge sees it, by the way of whoever asks. */
export const codebookStub = (host: ObjectHost<Codebook>, world: World) => ({
  issue: (wanted: Parameters<Codebook['issue']>[0]) =>
    host.call(world.agenda.who.subject, book => book.issue(wanted)),
  use: (token: string, paymentId: string) =>
    host.call(world.agenda.who.subject, book => book.use(token, paymentId)),
})
