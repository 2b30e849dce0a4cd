/**
 * What waits for an endpoint that was away, perhaps for an hour: it is told as soon as the endpoint is well again, as
 * much at a time as the breaker has room for, and the acknowledgements bring the rest.
 */
import {
  type Errand,
  type Heard,
  memberOf,
  promptOf,
  repeatedErrandsOf,
} from '../src/domain/errand.ts'
import type { Message } from '../src/domain/payment.ts'
import type { Breaker } from './breaker.ts'
import type { Journal } from './journal.ts'
import type { WaitingPlace } from './timers.ts'

export interface BacklogPorts {
  now(): number
  pause(ms: number): Promise<void>
  submit(id: string, message: Message): Promise<unknown>
  failed(what: string, error: unknown): void
}

/** Payments looked at in one step, so that a long backlog never holds the lane. */
const PAGE = 128
/** No attempt waits longer than this for the next one, so nothing that waited at the beginning is due later. */
const WAIT_MAX_MS = 3_600_000
const START: WaitingPlace = { due: 0, id: '' }

/** How far the backlog of one member has been read, and up to where it is to be read. */
interface Reading {
  place: WaitingPlace
  readonly until: number
}

export class Backlog {
  readonly #journal: Journal
  readonly #breaker: Breaker
  readonly #ports: BacklogPorts
  readonly #readings = new Map<string, Reading>()
  readonly #busy = new Set<string>()

  constructor(journal: Journal, breaker: Breaker, ports: BacklogPorts) {
    this.#journal = journal
    this.#breaker = breaker
    this.#ports = ports
  }

  /** A member has acknowledged something. */
  async heard(heard: Heard): Promise<void> {
    const { owner } = heard
    if (this.#breaker.heard(heard)) this.#readings.delete(owner)
    if (this.#busy.has(owner)) return
    this.#busy.add(owner)
    try {
      while (await this.#tellSome(owner));
    } catch (error) {
      this.#ports.failed(`telling ${owner} what waits for it`, error)
    } finally {
      this.#busy.delete(owner)
    }
  }

  /** False once all has been told, or as much as may be under way. */
  async #tellSome(owner: string): Promise<boolean> {
    const room = this.#breaker.room(owner, this.#ports.now())
    if (room === 0) return false
    const until = this.#ports.now() + WAIT_MAX_MS
    const reading = this.#readings.get(owner) ?? { place: START, until }
    this.#readings.set(owner, reading)
    const page = this.#journal.waiting(reading.place, PAGE)
    const errands: Errand[] = []
    for (const place of page) {
      if (errands.length >= room || place.due > reading.until) break
      const waiting = repeatedErrands(this.#journal, place)
      const theirs = waiting.filter(each => memberOf(each) === owner)
      errands.push(...theirs.filter(each => !this.#breaker.isUnderWay(each)))
      reading.place = place
    }
    await Promise.all(errands.map(each => this.#tell(each)))
    const last = page.at(-1)
    if (errands.length < room && (page.length < PAGE || (last?.due ?? 0) > reading.until)) {
      this.#breaker.recovered(owner)
      this.#readings.delete(owner)
      return false
    }
    await this.#ports.pause(1)
    return true
  }

  #tell(errand: Errand): Promise<unknown> {
    return this.#ports.submit(errand.payment.terms.paymentId, promptOf(errand))
  }
}

/** What cannot be read waits for nobody here: its own timer says so, and no other payment may wait for it. */
function repeatedErrands(journal: Journal, { id }: WaitingPlace): readonly Errand[] {
  try {
    const payment = journal.load(id)
    return payment === null ? [] : repeatedErrandsOf(payment)
  } catch {
    return []
  }
}

/** What a lane that starts finds told before and unacknowledged: the part that is due first. */
export const waitingErrands = (journal: Journal): readonly Errand[] =>
  journal.waiting(START, PAGE).flatMap(place => repeatedErrands(journal, place))
