/**
 * Virtual time: what happens next, to whom, and in which order. Nothing here knows the real clock.
 *
 * Between two steps every promise that can go on has gone on, and nothing in the world waits for anything real, so one
 * seed is one history.
 */

/** Whoever does something: an invocation, an instance of a lane, a member. Once it is gone, its steps never happen. */
export interface Actor {
  readonly name: string
  /** Its clock shows this much more than the world's. */
  readonly skewMs: number
  /** The payment it acts for, if it is one. */
  readonly subject: number
  alive: boolean
}

export const actor = (name: string, skewMs = 0, subject = -1): Actor => ({
  name,
  skewMs,
  subject,
  alive: true,
})

interface Step {
  readonly at: number
  readonly order: number
  readonly who: Actor
  /** Null once it is called off. */
  run: (() => void) | null
}

/** Something that may be called off before it happens. */
export type Timer = Pick<Step, 'run'>

/** Steps of one run at the most: a world that never comes to rest must not hang whoever watches it. */
const STEPS_MAX = 20_000_000

export class Agenda {
  readonly #heap: Step[] = []
  #order = 0
  #at: number
  /** Who is acting. Whatever a promise does goes on in the name of the step that settled it. */
  who: Actor = actor('nobody')

  constructor(from: number) {
    this.#at = from
  }

  /** The world's own time, milliseconds since 1970. */
  get now(): number {
    return this.#at
  }

  /** What the clock of whoever acts shows. */
  clock(): number {
    return Math.floor(this.#at + this.who.skewMs)
  }

  after(ms: number, who: Actor, run: () => void): Timer {
    const step = { at: this.#at + Math.max(0, ms), order: this.#order++, who, run }
    this.#push(step)
    return step
  }

  /** Resolves for whoever acts, if it is still there. */
  pause(ms: number): Promise<void> {
    return new Promise(resolve => this.after(ms, this.who, resolve))
  }

  /** Runs until an instant or until nothing is left or worth watching. Resolves with the last step's promises gone on. */
  play(until: number, goesOn: () => boolean): Promise<void> {
    // From outside of any promise: inside of one, others cannot be made to go on.
    return new Promise((resolve, reject) =>
      setImmediate(() => {
        try {
          this.#run(until, goesOn)
          resolve()
        } catch (error) {
          reject(error)
        }
      }),
    )
  }

  #run(until: number, goesOn: () => boolean) {
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      const [next] = this.#heap
      if (next === undefined || next.at > until) break
      this.#pop()
      if (!next.who.alive || next.run === null) continue
      this.#at = next.at
      this.who = next.who
      next.run()
      drain()
      if (!goesOn()) return
    }
    if (this.#at < until) this.#at = until
  }

  #push(step: Step) {
    const heap = this.#heap
    let place = heap.push(step) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(step, heap[parent] as Step)) break
      heap[place] = heap[parent] as Step
      place = parent
    }
    heap[place] = step
  }

  #pop() {
    const heap = this.#heap
    const last = heap.pop() as Step
    if (heap.length === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Step, heap[child] as Step))
        child += 1
      if (!isBefore(heap[child] as Step, last)) break
      heap[place] = heap[child] as Step
      place = child
    }
    heap[place] = last
  }
}

const isBefore = (one: Step, other: Step): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

/**
 * Lets every promise go on that can. Node does the same after each callback; a turn of its event loop for every step
 * would cost as much as the step.
 */
const drain = (process as unknown as { _tickCallback(): void })._tickCallback
if (typeof drain !== 'function')
  throw new Error('this Node lets no promise go on between two steps')
