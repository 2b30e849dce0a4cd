/** Whether answers take longer than usual: more of them than should be are beyond what nine in ten, or nearly all, took. */
import { ShareWatch } from './anomaly-share.ts'
import { LearntQuantile } from './baseline.ts'

/** A clear delay of many, and an extreme delay of some. */
const tests = [
  { q: 0.9, times: 1.6, terms: { prior: 0.03, memory: 20_000, least: 0.02, more: 0.2, times: 4 } },
  {
    q: 0.99,
    times: 3,
    terms: { prior: 0.005, memory: 50_000, least: 0.004, more: 0.06, times: 6 },
  },
] as const

export class LatencyWatch {
  readonly #tests = tests.map(({ q, times, terms }) => ({
    quantile: new LearntQuantile(q),
    times,
    share: new ShareWatch(terms),
  }))
  readonly #median = new LearntQuantile(0.5)
  /** Of the present, in hundreds of answers: what is said to be seen. */
  #now = 0

  observe(ms: number, at: number, limit: number, payment: string) {
    const isCalm = this.worst.suspicion.score < limit / 2
    for (const { quantile, times, share } of this.#tests) {
      if (quantile.isKnown) {
        share.observe(ms > quantile.value * times, at, limit, payment)
      }
      if (isCalm) quantile.learn(ms)
    }
    if (isCalm) this.#median.learn(ms)
    this.#now = this.#now === 0 ? ms : this.#now + (ms - this.#now) / 30
  }

  /** The test that is the most suspicious. */
  get worst(): ShareWatch {
    const [one, other] = this.#tests
    if (one === undefined || other === undefined) throw new Error('there are two tests')
    return one.share.suspicion.score >= other.share.suspicion.score ? one.share : other.share
  }

  /** Milliseconds: what half of all answers take usually, nine in ten, and what they take now on average. */
  get facts(): {
    readonly usualP50Ms: number
    readonly usualP90Ms: number
    readonly nowMs: number
  } {
    return {
      usualP50Ms: Math.round(this.#median.value),
      usualP90Ms: Math.round(this.#tests[0]?.quantile.value ?? 0),
      nowMs: Math.round(this.#now),
    }
  }

  pack(): readonly (readonly [number, number])[] {
    return [
      this.#median.pack(),
      ...this.#tests.flatMap(({ quantile, share }) => [quantile.pack(), share.learnt.pack()]),
    ]
  }

  unpack([median, ...rest]: readonly (readonly [number, number])[]) {
    if (median !== undefined) this.#median.unpack(median)
    this.#tests.forEach(({ quantile, share }, at) => {
      const [place, learnt] = [rest[2 * at], rest[2 * at + 1]]
      if (place !== undefined) quantile.unpack(place)
      if (learnt !== undefined) share.learnt.unpack(learnt)
    })
  }
}
