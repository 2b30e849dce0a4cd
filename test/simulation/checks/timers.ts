/** Timers: no lane sleeps past what it must do (I3). */
import type { LaneHost } from '../platform/object.ts'
import type { World } from '../world.ts'

/** A lane whose alarm failed comes back this soon. */
const AGAIN_MS = 2_000
/** Two instances of a lane may differ in their clocks by this much. */
const CLOCKS_MS = 200

export class Timers {
  readonly #world: World
  #looks = 0

  constructor(world: World) {
    this.#world = world
  }

  /** No durable payment that needs the clock is without an alarm that comes in time (I3). */
  check(host: LaneHost, undecided: number) {
    // To count costs more than all else in here, and a timer that is missing stays missing.
    this.#looks += 1
    if (this.#looks % 16 === 0) this.#count(host, undecided)
    if (host.disk.isHandlingAlarm) return
    const [row] = host.disk.rows('SELECT min(due) AS due FROM payment WHERE due IS NOT NULL')
    if (row?.due == null) return
    const due = Number(row.due)
    const latest = Math.max(due, this.#world.agenda.now) + AGAIN_MS + CLOCKS_MS
    const { alarm } = host.disk
    if (alarm === null)
      this.#world.ledger.broken('I3', null, `${host.name} has a timer at ${due} and no alarm`)
    else if (alarm > latest) {
      this.#world.ledger.broken(
        'I3',
        null,
        `${host.name} has a timer at ${due} and its alarm at ${alarm}`,
      )
    }
  }

  #count(host: LaneHost, undecided: number) {
    const timed = host.disk.rows('SELECT count(*) AS number FROM payment WHERE due IS NOT NULL')
    if (Number(timed[0]?.number) < undecided) {
      this.#world.ledger.broken(
        'I3',
        null,
        `${host.name} has ${undecided} open payments and fewer timers`,
      )
    }
  }
}
