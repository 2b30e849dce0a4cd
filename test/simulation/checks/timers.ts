/** Timers: no lane sleeps past what it must do (I3). Judged by what the journals say, not by what lanes note of it. */
import { apply, dueAt, type Payment, type PaymentEvent } from '../../../src/domain/payment.ts'
import type { LaneHost } from '../platform/object.ts'
import type { World } from '../world.ts'

/** A lane whose alarm failed comes back this soon. */
const AGAIN_MS = 2_000

export class Timers {
  readonly #world: World
  readonly #payments = new Map<string, Payment>()
  /** By lane, when each of its payments needs the clock. */
  readonly #dues = new Map<LaneHost, Map<string, number>>()

  constructor(world: World) {
    this.#world = world
  }

  /** An event has become durable. */
  happened(host: LaneHost, id: string, event: PaymentEvent) {
    const payment = apply(this.#payments.get(id) ?? null, event)
    this.#payments.set(id, payment)
    const dues = this.#dues.get(host) ?? new Map<string, number>()
    this.#dues.set(host, dues)
    const due = dueAt(payment)
    if (due === null) dues.delete(id)
    else dues.set(id, due)
  }

  /** No durable payment that needs the clock is without an alarm that comes in time (I3). */
  check(host: LaneHost, undecided: number) {
    const dues = this.#dues.get(host)
    if ((dues?.size ?? 0) < undecided) {
      this.#broken(`${host.name} has ${undecided} open payments and fewer timers`)
    }
    if (host.disk.isHandlingAlarm || dues === undefined || dues.size === 0) return
    let due = Number.POSITIVE_INFINITY
    for (const each of dues.values()) if (each < due) due = each
    const { agenda, clocks } = this.#world
    // Two instances of a lane may differ by twice as much as either is off.
    const latest = Math.max(due, agenda.now) + AGAIN_MS + 4 * clocks.gatewayMs
    const { alarm } = host.disk
    if (alarm === null) this.#broken(`${host.name} has a timer at ${due} and no alarm`)
    else if (alarm > latest) {
      this.#broken(`${host.name} has a timer at ${due} and its alarm at ${alarm}`)
    }
  }

  #broken(says: string) {
    this.#world.ledger.broken('I3', null, says)
  }
}
