/** All tests together: what is seen goes in, what is found comes out, second by second. */
import { type AnomalyKind, anomalyKinds, type Finding } from './anomaly.ts'
import { CodeWatch, type UsedCode } from './anomaly-code.ts'
import { Groups } from './anomaly-group.ts'
import { type MemberSignal, MemberWatch } from './anomaly-member.ts'
import { MerchantWatch } from './anomaly-merchant.ts'
import { PayerWatch } from './anomaly-payer.ts'
import { type PackedSubjects, WatchedSubjects } from './anomaly-subjects.ts'
import { threshold } from './anomaly-suspicion.ts'
import type { Seen, Sighting } from './window-digest.ts'

/** A quiet center is judged as if it had so many payments a day. */
const PAYMENTS_MIN = 250_000
const HOUR_MS = 3_600_000
/** A second counts as over so long after its end, once anything newer was seen. */
const SETTLE_MS = 3_000
/** Without anything newer it counts as over after so long: then it is silence, and no run that is late. */
const PATIENCE_MS = 20_000
/** Payments a second: with fewer, silence is noticed within minutes at the best. */
const EXPECTED_LEAST = 0.05
/** Ends that nobody gave as a reason. */
const noReasons: ReadonlySet<string> = new Set(['DEADLINE_EXCEEDED', 'CANCELLED'])
/** Findings of the moment that wait for the next tick. */
const FOUND_MAX = 200

export class Detectors {
  readonly subjects = new WatchedSubjects()
  readonly merchants = new MerchantWatch()
  readonly #payers = new PayerWatch()
  readonly #codes = new CodeWatch()
  readonly #members = new MemberWatch()
  readonly #groups = new Groups()
  #found: Finding[] = []
  /** Seconds since 1970: up to here volumes are judged; the newest one anything was seen of. */
  #judged = 0
  #newest = 0
  #hour = { at: 0, payments: 0, most: 0 }
  #limits = limitsAt(0)

  /**
   * @param answerMs how long the responder took for its first usable word, where this is it
   * @param isNews false for what was given up on before, and is counted already
   */
  observe(seen: Seen, { what, at, code }: Sighting, answerMs: number | null, isNews: boolean) {
    const parties = this.subjects.of(seen, at)
    // What was given up on and answered later was trouble already, of another kind.
    if (answerMs !== null && isNews) this.#answered(seen, answerMs, at)
    switch (what) {
      case 'opened': {
        const second = Math.floor(at / 1_000)
        this.#newest = Math.max(this.#newest, second)
        if (second > this.#judged) for (const each of parties) each.opened(second, seen)
        this.#count(at)
        this.#find(this.#payers.opened(seen, at, this.limitOf('structuring')))
        this.#find(this.#codes.opened(seen, at))
        const limit = this.limitOf('merchant_burst')
        this.#find(this.merchants.opened(seen.merchant, seen.id, seen.usd, at, limit))
        return
      }
      case 'committed':
      case 'aborted': {
        const isPaid = what === 'committed'
        this.#codes.ended(seen, isPaid)
        if (isPaid) this.merchants.sold(seen.merchant, at)
        const limit = this.limitOf('success_drop')
        const reason = isPaid ? null : (code ?? seen.code)
        for (const each of parties) {
          if (isNews) each.ended(!isPaid, at, limit, seen.id, seen)
          if (reason === null || noReasons.has(reason)) continue
          each.refused(reason, at, this.limitOf('refusal_shift'), seen.id, seen)
        }
        return
      }
      case 'doubted':
      case 'deemed':
        if (!isNews) return
        for (const each of parties) {
          each.ended(true, at, this.limitOf('success_drop'), seen.id, seen)
        }
        return
      case 'refund_queued':
        this.#find(
          this.merchants.refunded(seen.merchant, seen.id, at, this.limitOf('refund_abuse')),
        )
        return
      default:
        return
    }
  }

  #answered(seen: Seen, ms: number, at: number) {
    const limit = this.limitOf('latency_rise')
    this.subjects.all.latency.observe(ms, at, limit, seen.id)
    this.subjects.institution(seen.responder)?.latency.observe(ms, at, limit, seen.id)
  }

  signalled(signal: MemberSignal, at: number) {
    this.#members.signal(signal, at, this.limitOf('signature_failures'))
  }

  usedCode(used: UsedCode) {
    this.#find(this.#codes.refused(used))
  }

  #find(findings: readonly Finding[]) {
    if (findings.length === 0) return
    this.#found.push(...findings)
    if (this.#found.length > FOUND_MAX) this.#found = this.#found.slice(-FOUND_MAX)
  }

  /** Everything that is held for true at this moment; call once a second. */
  tick(now: number): readonly Finding[] {
    this.#judgeSeconds(now)
    const limitOf = (kind: AnomalyKind) => this.limitOf(kind)
    const shared = this.#groups.gather(this.subjects.candidates(now, limitOf), now)
    const members = this.#members.findings(this.limitOf('signature_failures'))
    const found = this.#found
    this.#found = []
    return [...found, ...members, ...shared]
  }

  #judgeSeconds(now: number) {
    const settled = Math.min(Math.floor((now - SETTLE_MS) / 1_000), this.#newest - 1)
    const until = Math.max(settled, Math.floor((now - PATIENCE_MS) / 1_000))
    // After a pause there is nothing to judge: what was not watched was not silent.
    if (this.#judged === 0 || until - this.#judged > 60) this.#judged = until
    const limit = this.limitOf('volume_silence')
    for (let second = this.#judged + 1; second <= until; second += 1) {
      for (const each of this.subjects.each()) {
        each.volume.second(second * 1_000, each.takeSecond(second), limit)
      }
    }
    this.#judged = Math.max(this.#judged, until)
  }

  /** Whether silence would be noticed now: something is usual, and it is known what. */
  expects(now: number): boolean {
    const { volume } = this.subjects.all
    return volume.isKnown(now) && volume.expected(now) > EXPECTED_LEAST
  }

  /** Beyond what a suspicion must be: higher where more is observed, so that false alarms stay as rare. */
  limitOf(kind: AnomalyKind): number {
    return this.#limits[kind]
  }

  #count(at: number) {
    const hour = Math.floor(at / HOUR_MS)
    if (hour !== this.#hour.at) {
      // The busiest hour of late sets the bound; it fades over days.
      const most = Math.max(this.#hour.payments, this.#hour.most * 0.98)
      this.#hour = { at: hour, payments: 0, most }
      this.#limits = limitsAt(most)
    }
    this.#hour.payments += 1
  }

  pack(): PackedDetectors {
    return { subjects: this.subjects.pack(), most: this.#hour.most }
  }

  unpack({ subjects, most }: PackedDetectors) {
    this.subjects.unpack(subjects)
    this.#hour = { ...this.#hour, most }
    this.#limits = limitsAt(most)
  }
}

function limitsAt(paymentsPerHour: number): Readonly<Record<AnomalyKind, number>> {
  const payments = Math.max(paymentsPerHour * 24, PAYMENTS_MIN)
  return Object.fromEntries(
    Object.entries(anomalyKinds).map(([kind, { falsePerDay, perPayment }]) => [
      kind,
      threshold(perPayment * payments, falsePerDay),
    ]),
  ) as Record<AnomalyKind, number>
}

/** What was learnt, as it is stored. */
export interface PackedDetectors {
  readonly subjects: PackedSubjects
  readonly most: number
}
