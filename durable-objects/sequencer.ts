/**
 * The order of a lane: takes messages, decides them one after another, and commits those that came together as one.
 *
 * Group commit: the first message of a group waits a millisecond for company, then all are decided and written
 * in one transaction, because a commit costs far more than a decision. Between load and record nothing awaits,
 * so no two decisions ever see the same payment. Everything that touches the world is a port, so that the very
 * same code runs in a Durable Object and in the simulation.
 */
import type { Standing } from '../src/domain/epoch.ts'
import {
  dutyErrandName,
  type Errand,
  errandsOf,
  firstErrandsOf,
  heardFrom,
  memberOf,
} from '../src/domain/errand.ts'
import type { Reserve } from '../src/domain/limit.ts'
import { takenBy } from '../src/domain/limit-effect.ts'
import {
  apply,
  decide,
  dueAt,
  isFinal,
  type Message,
  type Outcome,
  type Payment,
  type PaymentEvent,
} from '../src/domain/payment.ts'
import type { Barred } from '../src/domain/payment-event.ts'
import { ok, type Result, refuse } from '../src/domain/result.ts'
import { Backlog, waitingErrands } from './backlog.ts'
import { Breaker } from './breaker.ts'
import type { Draws } from './draws.ts'
import type { Change, Journal } from './journal.ts'
import type { Purse } from './purse.ts'
import { Silence } from './silence.ts'
import { Tempo } from './tempo.ts'

export interface SequencerPorts {
  now(): number
  /** Resolves after `ms`, or never once the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
  /** Wakes the lane at this instant or earlier; part of the commit it is called in. */
  arm(at: number): void
  /** Sends errands on their way; must not throw and need not finish. */
  send(errands: readonly Errand[]): void
  /** Tells of what was just committed. */
  committed(changes: readonly Change[]): void
  /** Hears of what should not happen; must not throw. */
  failed(what: string, error: unknown): void
  /** How a request of this instant stands to the lane's epoch. */
  standing(requestedAt: number): Standing
}

/** What the lane holds of limits, and how it gets more. */
export interface Limits {
  readonly purse: Purse
  readonly draws: Draws
}

/** What keeps a payment from being opened, and can be fetched. */
interface Short {
  readonly short: readonly Reserve[]
  readonly requester: string
}

type Answer = Result<Outcome> | Short

const isShort = (answer: Answer): answer is Short => 'short' in answer

interface Waiting {
  readonly id: string
  readonly message: Message
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** How long a group gathers: 1 ms is where throughput stops rising and latency has not begun to. */
const GATHER_MS = 1
/** Messages of one commit. */
const GROUP_MAX = 256
/**
 * Beyond this the lane sheds: a queue that cannot be emptied in time only spreads lateness. What is new goes
 * first; answers, timers and acknowledgements end what is under way, and have room beyond it.
 *
 * An opening may wait for a part of what its requester waits for the decision, no longer; the count bounds memory.
 */
const OPENING_WAIT_MS = 1_000
const OPENINGS_MAX = 2_048
const WAITING_MAX = 8_192
/** Whoever is shed comes again when the queue will be half of what it may be, and not at once. */
const SHED_MS = 250
/** Long polls held at a time; one more is answered at once with what is known. */
const WATCHERS_MAX = 4_096
/** A directory that cannot be asked is asked again by whoever comes back. */
const UNSURE_MS = 1_000
const UNSURE = 'The directory cannot be reached to confirm the epoch of this request.'
/** A payment that waits for longer than it takes to decide one and to tell of it will wait for a good while. */
const PATIENT_MS = 6_000
/** How often more is fetched for one opening before it has to come again. */
const FETCHES_MAX = 3
const SHORT_MS = 200
const SHORT = { notOpened: true, says: 'Others took what was fetched for this payment.' } as const
/** An edge looks at the directory again at once; one that cannot has it again within its snapshot's age. */
const BEHIND = {
  notOpened: true,
  isBehind: true,
  retryAfterMs: 2_000,
  says: 'The network was changed a moment ago.',
} as const
/** Timers fired in one go; the alarm comes back at once for the rest. */
const TIMERS_MAX = 128

export class Sequencer {
  readonly #journal: Journal
  readonly #ports: SequencerPorts
  readonly #limits: Limits
  readonly #breaker: Breaker
  readonly #backlog: Backlog
  readonly #silence = new Silence()
  readonly #waiting: Waiting[] = []
  readonly #tempo = new Tempo()
  readonly #watchers = new Map<string, Set<(payment: Payment) => void>>()
  #watching = 0
  #gathering = false

  constructor(journal: Journal, ports: SequencerPorts, limits: Limits) {
    this.#journal = journal
    this.#ports = ports
    this.#limits = limits
    this.#breaker = new Breaker(waitingErrands(journal))
    this.#backlog = new Backlog(journal, this.#breaker, {
      ...ports,
      submit: (id, message) => this.submit(id, message),
    })
  }

  /**
   * Decides a message and makes the decision durable. Refuses an opening with BUSY when it would wait too long, and with what a
   * lender says where a limit leaves too little.
   */
  async submit(id: string, message: Message): Promise<Result<Outcome>> {
    let answer = await this.#queue(id, message)
    for (let fetched = 0; isShort(answer) && fetched < FETCHES_MAX; fetched += 1) {
      const { short, requester } = answer
      const { draws } = this.#limits
      try {
        const refused = await draws.fetch(short, requester)
        answer = refused ?? (await this.#queue(id, message))
      } finally {
        draws.done(short)
      }
    }
    // Others may have taken what was fetched for this one.
    return isShort(answer) ? refuse('BUSY', { ...SHORT, retryAfterMs: SHORT_MS }) : answer
  }

  #queue(id: string, message: Message): Promise<Answer> {
    const shed = this.#shed(message.kind)
    if (shed !== null) return Promise.resolve(shed)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, message, resolve, reject })
      if (!this.#gathering) void this.#gather()
    })
  }

  /** BUSY where too much waits already; nothing was done then, for certain. */
  #shed(kind: Message['kind']): Result<never> | null {
    const count = this.#waiting.length
    const waitMs = this.#tempo.waitMs(count, this.#ports.now())
    const isOpening = kind === 'open'
    const isLate = isOpening && waitMs > OPENING_WAIT_MS
    if (!isLate && count < (isOpening ? OPENINGS_MAX : WAITING_MAX)) return null
    const retryAfterMs = Math.ceil(Math.max(waitMs - OPENING_WAIT_MS / 2, SHED_MS))
    return refuse('BUSY', { ...(isOpening ? { notOpened: true } : {}), retryAfterMs })
  }

  read(id: string): Payment | null {
    return this.#journal.load(id)
  }

  /** Why nothing that was requested then may be opened here, or null. Whatever exists is answered all the same. */
  refusalAt(requestedAt: number): Result<never> | null {
    const standing = this.#ports.standing(requestedAt)
    if (standing === 'in_force') return null
    if (standing !== 'unsure') return refuse('LANE_CLOSED', { notOpened: true })
    return refuse('BUSY', { notOpened: true, retryAfterMs: UNSURE_MS, says: UNSURE })
  }

  /** The payment once it is final, or as it is after `patienceMs`; null where there is none. */
  async wait(id: string, patienceMs: number): Promise<Payment | null> {
    const payment = this.#journal.load(id)
    if (payment === null || isFinal(payment.status)) return payment
    if (this.#watching >= WATCHERS_MAX) return payment
    const watchers = this.#watchers.get(id) ?? new Set()
    this.#watchers.set(id, watchers)
    const { promise, resolve } = Promise.withResolvers<Payment>()
    const patience = new AbortController()
    watchers.add(resolve)
    this.#watching += 1
    const final = await Promise.race([promise, this.#ports.pause(patienceMs, patience.signal)])
    this.#watching -= 1
    // A reason of its own: without one, each end makes an error and looks for its stack.
    patience.abort('over')
    watchers.delete(resolve)
    if (watchers.size === 0) this.#watchers.delete(id)
    return final ?? this.#journal.load(id)
  }

  /** Fires the timers that have come. Returns when the lane must be woken next, or null. */
  async wake(): Promise<number | null> {
    const ids = this.#journal.due(this.#ports.now(), TIMERS_MAX)
    const fired = await Promise.allSettled(ids.map(id => this.submit(id, { kind: 'timer' })))
    fired.forEach((each, index) => {
      // One payment that breaks a belief must not stop the clocks of all others; it is tried again, and seen.
      if (each.status === 'rejected') this.#ports.failed(`timer of ${ids[index]}`, each.reason)
    })
    this.#journal.saveWaiting(this.#ports.now() + PATIENT_MS)
    return this.#journal.nextDue()
  }

  async #gather() {
    this.#gathering = true
    try {
      let before: { readonly size: number; readonly at: number } | null = null
      while (this.#waiting.length > 0) {
        await this.#ports.pause(GATHER_MS)
        const at = this.#ports.now()
        if (before !== null) this.#tempo.saw(before.size, at - before.at, at)
        const group = this.#waiting.splice(0, GROUP_MAX)
        before = { size: group.length, at }
        this.#commit(group)
      }
    } finally {
      this.#gathering = false
    }
  }

  #commit(group: readonly Waiting[]) {
    const now = this.#ports.now()
    const changes = new Map<string, Change>()
    const bars = new Map<string, Barred>()
    const undo = this.#limits.purse.begin()
    let answers: (() => void)[]
    try {
      answers = this.#journal.transaction(() => {
        const decided = group.map(waiting => this.#answer(waiting, changes, bars, now))
        this.#journal.record([...changes.values()], bars)
        this.#limits.purse.record()
        return decided
      })
    } catch (error) {
      undo()
      for (const waiting of group) waiting.reject(error)
      return
    }
    const made = [...changes.values()]
    this.#arm(made)
    for (const answer of answers) answer()
    try {
      // An id that was barred is news, too: the projection must not wait for the next payment to hear of it.
      if (made.length > 0 || bars.size > 0) this.#tell(made)
    } catch (error) {
      // What is committed is committed and answered; timers and outbox come back for what was not told.
      this.#ports.failed('telling of a commit', error)
    }
  }

  /** What to answer once the group is durable. A broken belief about one payment must not fail its company. */
  #answer(
    waiting: Waiting,
    changes: Map<string, Change>,
    bars: Map<string, Barred>,
    now: number,
  ): () => void {
    try {
      const result = this.#decide(waiting, changes, bars, now)
      return () => waiting.resolve(result)
    } catch (error) {
      return () => waiting.reject(error)
    }
  }

  /** One message, on top of what the group has done to the same payment before it. */
  #decide(
    { id, message }: Waiting,
    changes: Map<string, Change>,
    bars: Map<string, Barred>,
    now: number,
  ): Answer {
    const earlier = changes.get(id)
    const before = earlier?.payment ?? this.#journal.load(id)
    // A cancel may overtake what it cancels; then the late opening hears what became of it.
    const barred = before === null && (bars.has(id) || this.#journal.isBarred(id))
    if (barred && message.kind === 'open') return refuse('CANCELLED')
    if (before === null && message.kind === 'open') {
      const refused = this.refusalAt(message.terms.requestedAt)
      if (refused !== null) return refused
      if (this.#limits.purse.isBehind(message)) return refuse('BUSY', BEHIND)
    }
    const decision = decide(before, message, now)
    if (!decision.ok) {
      if (message.kind === 'cancel' && decision.refusal.code === 'PAYMENT_BARRED' && !barred) {
        bars.set(id, { type: 'barred', at: now, requestId: message.requestId })
      }
      return decision
    }
    if (before !== null) this.#silence.hear(before, message)
    if (message.kind === 'timer' && message.invited && message.tell !== undefined) {
      this.#breaker.invite(dutyErrandName(id, message.tell))
    }
    const payment = decision.value.reduce<Payment | null>(apply, before)
    if (payment === null) return refuse('PAYMENT_NOT_EXIST')
    const { purse } = this.#limits
    const taking = takenBy(decision.value)
    const short = taking.length === 0 ? [] : purse.take(taking, now)
    if (short.length > 0) return { short, requester: payment.terms.requester }
    purse.settle(payment, decision.value)
    if (decision.value.length > 0) {
      changes.set(id, { payment, events: [...(earlier?.events ?? []), ...decision.value] })
    }
    const events = decision.value.map(event => event.type)
    return ok({ payment, events, ...this.#away(payment, events, now) })
  }

  /** Whom the one who submitted must not tell: their endpoints are away, and the lane's own timers know it. */
  #away(payment: Payment, events: readonly PaymentEvent['type'][], now: number) {
    const first = firstErrandsOf(payment, events)
    const admitted = new Set(this.#breaker.admit(first, now).map(memberOf))
    const away = first.map(memberOf).filter(owner => !admitted.has(owner))
    return away.length === 0 ? {} : { away }
  }

  /** In the same turn as the commit, so that no payment is ever durable without its timer (I3). */
  #arm(changes: readonly Change[]) {
    const instants = changes.flatMap(({ payment }) => dueAt(payment) ?? [])
    const { dueAt: toldAt } = this.#limits.draws
    if (toldAt !== null) instants.push(toldAt)
    if (instants.length > 0) this.#ports.arm(Math.min(...instants))
  }

  #tell(changes: readonly Change[]) {
    const now = this.#ports.now()
    const errands = changes.flatMap(({ payment, events }) => errandsOf(payment, events))
    const admitted = this.#silence.admit(this.#breaker.admit(errands, now), now)
    if (admitted.length > 0) this.#ports.send(admitted)
    for (const heard of changes.flatMap(({ payment, events }) => heardFrom(payment, events))) {
      void this.#backlog.heard(heard)
    }
    this.#limits.draws.taken(takenIn(changes))
    this.#ports.committed(changes)
    for (const { payment } of changes) {
      if (!isFinal(payment.status)) continue
      for (const resolve of this.#watchers.get(payment.terms.paymentId) ?? []) resolve(payment)
    }
  }
}

/** What payments opened and refunds covered in a commit have taken. */
const takenIn = (changes: readonly Change[]): readonly Reserve[] =>
  changes.flatMap(({ events }) => takenBy(events))
