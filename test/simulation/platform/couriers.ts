/** The couriers of one center: each run of errands is an invocation of its own, called from a lane. */
import { Courier } from '../../../src/center.ts'
import type { Errand } from '../../../src/domain/errand.ts'
import { type Actor, actor } from '../agenda.ts'
import type { World } from '../world.ts'
import type { Sender } from './object.ts'
import { Unreachable } from './unreachable.ts'

export class Couriers {
  readonly #center: string
  /** The bindings, as a courier sees them. */
  readonly #env: () => object
  readonly #world: World
  readonly #running = new Set<Actor>()

  constructor(center: string, env: () => object, world: World) {
    this.#center = center
    this.#env = env
    this.#world = world
  }

  /** As a lane sees them. */
  of(lane: Sender) {
    return { run: (errands: readonly Errand[]) => this.#run(lane, errands) }
  }

  /** All that run vanish with their errands. */
  kill() {
    for (const courier of this.#running) courier.alive = false
    this.#running.clear()
  }

  #run(lane: Sender, errands: readonly Errand[]): Promise<void> {
    const { agenda, chaos, dice, hops } = this.#world
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const from = agenda.who
    const id = errands[0]?.payment.terms.paymentId
    const subject = id === undefined ? -1 : this.#world.numberOf(id)
    const courier = actor(`courier of ${this.#center}`, 0, subject)
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
      this.#running.add(courier)
      agenda.after(hops.inside(subject), courier, () => {
        const ctx = { waitUntil: (work: Promise<unknown>) => void work.catch(() => null) }
        const end = (settle: () => void) => {
          this.#running.delete(courier)
          agenda.after(1, from, settle)
        }
        new Courier(ctx as never, this.#env() as never).run(errands).then(
          () => end(resolve),
          error => end(() => reject(error)),
        )
      })
    })
    return promise
  }
}
