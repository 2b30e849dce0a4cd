/** Baselines: what is usual, learnt from what was seen while nothing was suspected. */

/** A share is judged only after so many observations, and counts as known as well as after these before. */
const LEARN_MIN = 300
const PRIOR_WEIGHT = 50
/** Usual means up to this much above what was learnt: refusals have their hours, too. */
const TOLERANCE = 1.3
const SIGMAS = 3

/** How often something happens: a mean that forgets slowly. */
export class LearntShare {
  readonly #memory: number
  #count: number
  #mean: number

  /**
   * @param prior what is believed before anything was seen
   * @param memory observations after which an old one counts for little
   */
  constructor(prior: number, memory: number, count = 0) {
    this.#mean = prior
    this.#memory = memory
    this.#count = count
  }

  learn(happened: boolean) {
    this.#count = Math.min(this.#count + 1, this.#memory)
    this.#mean += ((happened ? 1 : 0) - this.#mean) / (this.#count + PRIOR_WEIGHT)
  }

  get isKnown(): boolean {
    return this.#count >= LEARN_MIN
  }

  get mean(): number {
    return this.#mean
  }

  /** The most that still counts as usual: what was learnt, its tolerance, and its uncertainty. */
  get most(): number {
    const error = Math.sqrt((this.#mean * (1 - this.#mean)) / (this.#count + PRIOR_WEIGHT))
    return Math.min(this.#mean * TOLERANCE + SIGMAS * error, 0.9)
  }

  pack(): readonly [mean: number, count: number] {
    return [this.#mean, this.#count]
  }

  unpack([mean, count]: readonly [mean: number, count: number]) {
    this.#mean = mean
    this.#count = count
  }
}

/** Steps of a quantile: quick at first, then so small that an hour moves it and a minute does not. */
const STEP_MIN = 0.003
const STEP_START = 20

/** A quantile that follows slowly: up where more lies above it than should, down where less does. */
export class LearntQuantile {
  readonly #q: number
  #count = 0
  #log = 0

  constructor(q: number) {
    this.#q = q
  }

  /** @param value above 0 */
  learn(value: number) {
    const log = Math.log(Math.max(value, 1))
    if (this.#count === 0) this.#log = log
    const step = Math.max(1 / (this.#count + STEP_START), STEP_MIN)
    this.#log += step * (log > this.#log ? this.#q : this.#q - 1)
    this.#count += 1
  }

  get value(): number {
    return Math.exp(this.#log)
  }

  get isKnown(): boolean {
    return this.#count >= LEARN_MIN
  }

  pack(): readonly [log: number, count: number] {
    return [this.#log, this.#count]
  }

  unpack([log, count]: readonly [log: number, count: number]) {
    this.#log = log
    this.#count = count
  }
}
