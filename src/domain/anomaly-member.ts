/** What a member's requests give away: a clock that is off, and signatures that do not count. */
import { anomalyKinds, type Finding } from './anomaly.ts'
import { ShareWatch } from './anomaly-share.ts'
import { confidenceOf, Suspicion } from './anomaly-suspicion.ts'
import { Bounded } from './bounded.ts'

/** What the edges counted of one member's requests, in about a second. */
export interface MemberSignal {
  readonly institution: string
  /** Requests that counted, and those whose signature did not. */
  readonly verified: number
  readonly failed: number
  /** Of those that counted: how many were signed more than this far from our clock. */
  readonly skewed: number
  /** Mean of what their clock is ahead, milliseconds; negative where it is behind. */
  readonly skewMs: number
}

/** A request signed so far from our clock says that a clock is off; at 300 s it would be refused. */
export const SKEWED_MS = 20_000

const FAILURES = { prior: 0.005, memory: 50_000, least: 0.01, more: 0.2, times: 10 } as const
/** Requests that are late for a good reason, and what a clock that is off makes of them. */
const SKEWED_USUAL = 0.03
const SKEWED_MEANT = 0.6
const MEMBERS_MAX = 2_000
/** Observations of one signal: a busy member sends hundreds a second, and tens say as much. */
const OBSERVED_MAX = 40
const MEAN_OF = 10

interface Member {
  readonly failing: ShareWatch
  readonly skewed: Suspicion
  /** Mean of what its clock is ahead: of all requests that counted, then of so many of late. */
  skewMs: number
  counted: number
}

export class MemberWatch {
  readonly #members = new Bounded<string, Member>(MEMBERS_MAX)

  signal(signal: MemberSignal, at: number, limit: number) {
    const { institution, verified, failed, skewed } = signal
    const member = this.#members.get(institution) ?? {
      failing: new ShareWatch(FAILURES),
      skewed: new Suspicion(),
      skewMs: 0,
      counted: 0,
    }
    this.#members.set(institution, member)
    const thin = Math.min(1, OBSERVED_MAX / Math.max(verified + failed, 1))
    // Failures before successes: which came first within a second nobody knows, and a test must not care.
    for (let each = 0; each < Math.ceil(failed * thin); each += 1) {
      member.failing.observe(true, at, limit)
    }
    for (let each = 0; each < Math.floor(verified * thin); each += 1) {
      member.failing.observe(false, at, limit)
    }
    const straight = Math.floor((verified - skewed) * thin)
    const bent = Math.ceil(skewed * thin)
    member.skewed.add(bent * Math.log(SKEWED_MEANT / SKEWED_USUAL), at, limit)
    member.skewed.add(straight * Math.log((1 - SKEWED_MEANT) / (1 - SKEWED_USUAL)), at, limit)
    if (verified === 0) return
    member.counted = Math.min(member.counted + verified, MEAN_OF)
    member.skewMs += (signal.skewMs - member.skewMs) * Math.min(1, verified / member.counted)
  }

  findings(limit: number): readonly Finding[] {
    const findings: Finding[] = []
    for (const [name, { failing, skewed, skewMs }] of this.#members.entries()) {
      const subject = { dimension: 'institution', name } as const
      const rest = { subject, payments: [], paymentsSeen: 0, also: [] }
      const { suspicion, learnt } = failing
      if (suspicion.score >= limit) {
        findings.push({
          kind: 'signature_failures',
          severity: anomalyKinds.signature_failures.severity,
          facts: {
            failed: suspicion.count,
            usualShare: Math.round(learnt.mean * 1e4) / 1e4,
          },
          confidence: confidenceOf(suspicion.score),
          since: suspicion.since,
          ...rest,
        })
      }
      if (skewed.score >= limit) {
        findings.push({
          kind: 'clock_skew',
          severity: anomalyKinds.clock_skew.severity,
          facts: {
            skewSeconds: Math.round(skewMs / 1_000),
            toleratedSeconds: 300,
            requests: skewed.count,
          },
          confidence: confidenceOf(skewed.score),
          since: skewed.since,
          ...rest,
        })
      }
    }
    return findings
  }
}
