/** Whether something happens more often than usual: a suspicion on top of a learnt share. */
import { Suspicion } from './anomaly-suspicion.ts'
import { LearntShare } from './baseline.ts'

export interface ShareTerms {
  /** What is believed before anything was seen. */
  readonly prior: number
  /** Observations after which an old one counts for little. */
  readonly memory: number
  /** So much is usual whatever was learnt: a handful is no trouble. */
  readonly least: number
  /** What is worth an alarm at the least: this much more than usual, and so many times as much. */
  readonly more: number
  readonly times: number
}

/** Beyond this part of its threshold a suspicion stops the learning, so that trouble does not become usual. */
const LEARN_BELOW = 0.5
/** The two likelihoods change slowly, so they are worked out anew only now and then. */
const RENEW = 64
/** A new normal is accepted after so long, or nothing would ever be learnt again. */
const ACCEPT_MS = 24 * 3_600_000

export class ShareWatch {
  readonly learnt: LearntShare
  readonly suspicion = new Suspicion()
  readonly #terms: ShareTerms
  #uses = 0
  #gain = 0
  #loss = 0

  constructor(terms: ShareTerms) {
    this.#terms = terms
    this.learnt = new LearntShare(terms.prior, terms.memory)
  }

  observe(happened: boolean, at: number, limit: number, payment: string | null = null) {
    if (this.learnt.isKnown) {
      if (this.#uses % RENEW === 0) this.#renew()
      this.#uses += 1
      this.suspicion.add(happened ? this.#gain : this.#loss, at, limit, payment)
      if (this.suspicion.score > limit && at - this.suspicion.since > ACCEPT_MS) {
        this.suspicion.reset()
      }
    }
    if (this.suspicion.score < limit * LEARN_BELOW) this.learnt.learn(happened)
  }

  #renew() {
    const { least, more, times } = this.#terms
    const usual = Math.max(this.learnt.most, least)
    const worse = Math.min(Math.max(usual + more, usual * times), 0.97)
    // What nearly always happens can hardly happen more often.
    const hasRoom = worse - usual >= more / 2
    this.#gain = hasRoom ? Math.log(worse / usual) : 0
    this.#loss = hasRoom ? Math.log((1 - worse) / (1 - usual)) : 0
  }
}
