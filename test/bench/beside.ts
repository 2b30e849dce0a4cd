/** Calls beside a load, over connections of their own, so that what becomes of them keeps none of the load waiting. */
import { Line } from './load.ts'

export class Beside {
  readonly #port: number
  readonly #calls: Buffer[]
  readonly #idle: Line[] = []
  readonly #all = new Set<Line>()
  readonly #open = new Set<Promise<void>>()
  #pace: NodeJS.Timeout | undefined

  constructor(port: number, calls: Buffer[]) {
    this.#port = port
    this.#calls = calls
  }

  /** Sends one and does not wait for it. */
  send() {
    const call = this.#calls.pop()
    if (call === undefined) throw new Error('the calls beside came to an end')
    const line = this.#idle.pop() ?? new Line(this.#port)
    this.#all.add(line)
    const work = line
      .call(call)
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        this.#idle.push(line)
        this.#open.delete(work)
      })
    this.#open.add(work)
  }

  /** Sends so many a second by the clock, until told otherwise. */
  pace(perSecond: number) {
    clearInterval(this.#pace)
    this.#pace = setInterval(() => {
      // Who runs out between two turns is noticed in the next one.
      if (this.#calls.length > 0) this.send()
    }, 1_000 / perSecond)
  }

  /** The same calls, one of these beside after so many of them. */
  after<Call>(each: number, calls: Call[]): { pop(): Call | undefined } {
    clearInterval(this.#pace)
    let count = 0
    return {
      pop: () => {
        count += 1
        if (count % each === 0 && calls.length > 0) this.send()
        return calls.pop()
      },
    }
  }

  /** Once each has been answered, or is known to be lost. */
  async end() {
    clearInterval(this.#pace)
    await Promise.all(this.#open)
    for (const line of this.#all) line.close()
  }

  /** Without waiting for any. */
  drop() {
    clearInterval(this.#pace)
    for (const line of this.#all) line.close()
  }
}
