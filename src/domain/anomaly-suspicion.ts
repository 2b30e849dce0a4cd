/**
 * Suspicion: a sequential test. It adds up how much likelier each observation is if something is wrong than if all is
 * well, never below zero (Page's CUSUM), and speaks up when the sum is beyond a threshold.
 *
 * Why this and no limit on a rate: the sum needs no window, so it is quick where much is wrong and patient where little
 * is. And its false alarms can be bounded beforehand: with a threshold of h it takes at least e^h observations on
 * average until one is false (Lorden, 1971), whatever is observed, as long as "all is well" is not too strict.
 */
import { EVIDENCE_MAX } from './anomaly.ts'

/**
 * @param testsPerDay observations a day of all streams of one kind together
 * @param falsePerDay how many false alarms of this kind a day may have
 */
export const threshold = (testsPerDay: number, falsePerDay: number): number =>
  Math.log(testsPerDay / falsePerDay)

/** Before anything is seen, the odds that something is wrong at this moment: once in 160,000. */
const PRIOR = 12

/** How probable it is that something is wrong, by Bayes from the odds before and what was seen. */
export const confidenceOf = (score: number): number =>
  Math.round(1e4 / (1 + Math.exp(PRIOR - score))) / 1e4

/** How far beyond its threshold a sum may go: so it comes back soon when all is well again. */
const HEADROOM = 8

export class Suspicion {
  #score = 0
  #since = 0
  #raisedAt = 0
  #count = 0
  #observed = 0
  #evidence: string[] = []

  get score(): number {
    return this.#score
  }

  /** When the sum last left zero: the likeliest moment at which it began. */
  get since(): number {
    return this.#since
  }

  /** When it was last raised. */
  get raisedAt(): number {
    return this.#raisedAt
  }

  /** Observations that raised it since then. */
  get count(): number {
    return this.#count
  }

  /** All observations since then. */
  get observed(): number {
    return this.#observed
  }

  /** The share of them in all observations since then. */
  get share(): number {
    return this.#observed === 0 ? 0 : this.#count / this.#observed
  }

  /** Payments among them, newest first. */
  get evidence(): readonly string[] {
    return this.#evidence.toReversed()
  }

  /**
   * @param gain logarithm of how much likelier this is if something is wrong
   * @param payment the one that was observed, where it is one
   */
  add(gain: number, at: number, limit: number, payment: string | null = null) {
    if (this.#score === 0 && gain <= 0) return
    if (this.#score === 0) {
      this.#since = at
      this.#count = 0
      this.#observed = 0
      this.#evidence = []
    }
    this.#observed += 1
    if (gain > 0) {
      this.#raisedAt = at
      this.#count += 1
      if (payment !== null) {
        this.#evidence.push(payment)
        if (this.#evidence.length > EVIDENCE_MAX) this.#evidence.shift()
      }
    }
    this.#score = Math.min(Math.max(this.#score + gain, 0), limit + HEADROOM)
  }

  reset() {
    this.#score = 0
  }
}
