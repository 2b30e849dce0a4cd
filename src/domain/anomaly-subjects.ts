/** Everything that is watched by institution, by corridor and as a whole, and what is found there. */
import { type AnomalyKind, anomalyKinds, type Finding, type Severity } from './anomaly.ts'
import type { ShareWatch } from './anomaly-share.ts'
import { type PackedSubject, type Parties, WatchedSubject } from './anomaly-subject.ts'
import { confidenceOf, type Suspicion } from './anomaly-suspicion.ts'

/** Subjects of one dimension that are watched; most networks have fewer. */
export const SUBJECTS_MAX = 256
/** One of which nothing was heard for so long makes room for another; what is silent for less may be an incident. */
export const QUIET_MS = 86_400_000
/** Where there was no room, it is looked for again so much later. */
const FULL_MS = 60_000

type Watched = 'all' | 'corridor' | 'institution'

/** A finding with what is needed to see whether another one is behind it. */
export interface Candidate {
  readonly finding: Finding
  /** When anything last spoke for it. */
  readonly raisedAt: number
  /** How bad it is, to be compared within its kind: a share, or how many times the usual. */
  readonly weight: number
  readonly watched: WatchedSubject
  /** Payments by whose parties it is compared. */
  readonly parties: readonly Parties[] | undefined
}

export class WatchedSubjects {
  readonly #all = new WatchedSubject({ dimension: 'all', name: 'all' })
  readonly #named = {
    corridor: new Map<string, WatchedSubject>(),
    institution: new Map<string, WatchedSubject>(),
  }
  readonly #fullUntil = { corridor: 0, institution: 0 }

  get all(): WatchedSubject {
    return this.#all
  }

  /** Those that a payment belongs to, of which something was heard at this moment. */
  of({ wallet, acquirer, corridor }: Parties, at: number): readonly WatchedSubject[] {
    const list = [this.#all]
    const add = (dimension: 'corridor' | 'institution', name: string) => {
      const found = this.#find(dimension, name, at)
      if (found === null) return
      found.heardAt = Math.max(found.heardAt, at)
      list.push(found)
    }
    add('corridor', corridor)
    add('institution', wallet)
    if (acquirer !== wallet) add('institution', acquirer)
    return list
  }

  /** One that is watched already. */
  institution(name: string): WatchedSubject | null {
    return this.#named.institution.get(name) ?? null
  }

  #find(dimension: 'corridor' | 'institution', name: string, at: number): WatchedSubject | null {
    const named = this.#named[dimension]
    const known = named.get(name)
    if (known !== undefined) return known
    if (named.size >= SUBJECTS_MAX && !this.#makeRoom(dimension, at)) return null
    const made = new WatchedSubject({ dimension, name })
    named.set(name, made)
    return made
  }

  /** Lets the one go that was silent the longest, if that was for a day. */
  #makeRoom(dimension: 'corridor' | 'institution', at: number): boolean {
    if (at < this.#fullUntil[dimension]) return false
    const named = this.#named[dimension]
    let quietest: [name: string, heardAt: number] | null = null
    for (const [name, { heardAt }] of named) {
      if (quietest === null || heardAt < quietest[1]) quietest = [name, heardAt]
    }
    const isQuiet = quietest !== null && quietest[1] <= at - QUIET_MS
    if (isQuiet && quietest !== null) named.delete(quietest[0])
    else this.#fullUntil[dimension] = at + FULL_MS
    return isQuiet
  }

  *each(): Generator<WatchedSubject> {
    yield this.#all
    yield* this.#named.corridor.values()
    yield* this.#named.institution.values()
  }

  /** What is suspected beyond its threshold, right now. */
  candidates(at: number, limitOf: (kind: AnomalyKind) => number): readonly Candidate[] {
    return [...this.each()].flatMap(watched => [...candidatesOf(watched, at, limitOf)])
  }

  pack(): PackedSubjects {
    return [...this.each()].map(watched => [
      watched.subject.dimension as Watched,
      watched.subject.name,
      watched.pack(),
    ])
  }

  unpack(packed: PackedSubjects) {
    for (const [dimension, name, learnt] of packed) {
      const watched = dimension === 'all' ? this.#all : this.#find(dimension, name, 0)
      watched?.unpack(learnt)
    }
  }
}

export type PackedSubjects = readonly (readonly [
  dimension: Watched,
  name: string,
  learnt: PackedSubject,
])[]

const rounded = (value: number, places = 4): number =>
  Math.round(value * 10 ** places) / 10 ** places

function* candidatesOf(
  watched: WatchedSubject,
  at: number,
  limitOf: (kind: AnomalyKind) => number,
): Generator<Candidate> {
  const { failing, latency, volume } = watched
  if (failing.suspicion.score >= limitOf('success_drop')) {
    const seenShare = rounded(failing.suspicion.share)
    // Half of everything failing cannot wait; less can wait for a look.
    const severity = seenShare >= 0.5 ? 'critical' : 'warning'
    const parties = watched.failed
    yield { ...ofShare('success_drop', watched, failing, { seenShare }, severity), parties }
  }
  for (const [code, reason] of watched.reasons) {
    if (reason.suspicion.score < limitOf('refusal_shift')) continue
    const facts = { code, seenShare: rounded(reason.suspicion.share) }
    const parties = watched.refusedFor(code)
    yield { ...ofShare('refusal_shift', watched, reason, facts), parties }
  }
  const slow = latency.worst
  if (slow.suspicion.score >= limitOf('latency_rise')) {
    const facts = { ...latency.facts, seenShare: rounded(slow.suspicion.share) }
    yield ofShare('latency_rise', watched, slow, facts)
  }
  const usual = rounded(volume.expected(at), 3)
  if (volume.spike.score >= limitOf('volume_spike') && volume.isSpike) {
    const seconds = Math.max(1, Math.round((at - volume.spike.since) / 1_000))
    const perSecond = rounded(usual + volume.excess / seconds, 3)
    const facts = { perSecond, usualPerSecond: usual, seconds }
    yield ofVolume('volume_spike', watched, volume.spike, facts, perSecond / usual)
  }
  if (volume.silence.score >= limitOf('volume_silence') && volume.isSilence) {
    const seconds = Math.max(1, Math.round((at - volume.silence.since) / 1_000))
    const facts = { seconds, usualPerSecond: usual, usual: rounded(usual * seconds, 1) }
    yield ofVolume('volume_silence', watched, volume.silence, facts, 1)
  }
}

const ofShare = (
  kind: AnomalyKind,
  watched: WatchedSubject,
  { suspicion, learnt }: ShareWatch,
  facts: Record<string, number | string> & { readonly seenShare: number },
  severity: Severity = anomalyKinds[kind].severity,
): Candidate => ({
  ...candidate(watched, suspicion, facts.seenShare),
  finding: {
    ...finding(kind, watched, suspicion),
    severity,
    facts: {
      ...facts,
      usualShare: rounded(learnt.mean),
      count: suspicion.count,
      observed: suspicion.observed,
    },
    payments: suspicion.evidence,
    paymentsSeen: suspicion.count,
  },
})

const ofVolume = (
  kind: AnomalyKind,
  watched: WatchedSubject,
  suspicion: Suspicion,
  facts: Record<string, number>,
  weight: number,
): Candidate => ({
  ...candidate(watched, suspicion, weight),
  finding: { ...finding(kind, watched, suspicion), facts },
})

const candidate = (watched: WatchedSubject, { raisedAt }: Suspicion, weight: number) => ({
  watched,
  raisedAt,
  weight,
  parties: undefined,
})

const finding = (
  kind: AnomalyKind,
  { subject }: WatchedSubject,
  suspicion: Suspicion,
): Finding => ({
  kind,
  subject,
  severity: anomalyKinds[kind].severity,
  facts: {},
  confidence: confidenceOf(suspicion.score),
  payments: [],
  paymentsSeen: 0,
  also: [],
  since: suspicion.since,
})
