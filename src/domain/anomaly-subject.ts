/** All that is watched of one institution or corridor, or of everything together. */
import type { Subject } from './anomaly.ts'
import { LatencyWatch } from './anomaly-latency.ts'
import { ShareWatch } from './anomaly-share.ts'
import { type PackedVolume, VolumeWatch } from './anomaly-volume.ts'
import type { Seen } from './window-digest.ts'

/** Failing payments: worth an alarm from fifteen in a hundred above the usual. */
const FAILING = { prior: 0.06, memory: 20_000, least: 0.02, more: 0.15, times: 3 } as const
/** Refusals that give this reason, of all refusals. */
const REASON = { prior: 0.05, memory: 3_000, least: 0.01, more: 0.45, times: 3 } as const
/** Reasons followed of one subject; the list of codes is closed, and most are rare. */
const REASONS_MAX = 24
/** Refusals and payments kept to see whom they have to do with. */
const COMPANY = 20
/** Seconds by when payments were opened, while they may still come in. */
const SECONDS = 64

/** Whom a payment has to do with. */
export type Parties = Pick<Seen, 'wallet' | 'acquirer' | 'corridor'>

export class WatchedSubject {
  readonly subject: Subject
  readonly failing = new ShareWatch(FAILING)
  readonly reasons = new Map<string, ShareWatch>()
  readonly latency = new LatencyWatch()
  readonly volume = new VolumeWatch()
  /** Newest last: the parties of payments that failed, and of any. */
  readonly failed: Parties[] = []
  /** The parties of payments that were refused for a reason. */
  readonly #refused = new Map<string, Parties[]>()
  readonly #company: Parties[] = []
  readonly #opened = new Uint16Array(SECONDS)
  /** When anything was last heard of it, milliseconds since 1970. */
  heardAt = 0

  constructor(subject: Subject) {
    this.subject = subject
  }

  opened(second: number, parties: Parties) {
    const place = second % SECONDS
    this.#opened[place] = Math.min((this.#opened[place] ?? 0) + 1, 65_535)
    note(this.#company, parties)
  }

  /** How many were opened in a second that is over; it is forgotten. */
  takeSecond(second: number): number {
    const place = second % SECONDS
    const count = this.#opened[place] ?? 0
    this.#opened[place] = 0
    return count
  }

  ended(isFailed: boolean, at: number, limit: number, id: string, parties: Parties) {
    this.failing.observe(isFailed, at, limit, id)
    if (isFailed) note(this.failed, parties)
  }

  refusedFor(code: string): readonly Parties[] | undefined {
    return this.#refused.get(code)
  }

  refused(code: string, at: number, limit: number, id: string, parties: Parties) {
    if (!this.reasons.has(code) && this.reasons.size < REASONS_MAX) {
      const watch = new ShareWatch(REASON)
      // A reason that was never given is known to be rare as well as those that were.
      const [first] = this.reasons.values()
      if (first !== undefined) watch.learnt.unpack([REASON.prior / 10, first.learnt.pack()[1]])
      this.reasons.set(code, watch)
    }
    if (this.reasons.has(code)) {
      const list = this.#refused.get(code) ?? []
      note(list, parties)
      this.#refused.set(code, list)
    }
    for (const [reason, watch] of this.reasons) {
      watch.observe(reason === code, at, limit, reason === code ? id : null)
    }
  }

  pack(): PackedSubject {
    return {
      failing: this.failing.learnt.pack(),
      reasons: [...this.reasons].map(([code, { learnt }]) => [code, ...learnt.pack()]),
      latency: this.latency.pack(),
      volume: this.volume.pack(),
      heardAt: this.heardAt,
    }
  }

  unpack({ failing, reasons, latency, volume, heardAt = 0 }: PackedSubject) {
    this.heardAt = heardAt
    this.failing.learnt.unpack(failing)
    for (const [code, mean, count] of reasons) {
      const watch = new ShareWatch(REASON)
      watch.learnt.unpack([mean, count])
      this.reasons.set(code, watch)
    }
    this.latency.unpack(latency)
    this.volume.unpack(volume)
  }

  /** The share of this subject's payments that has to do with another one. */
  sharedWith(other: Subject, list: readonly Parties[] = this.#company): number {
    if (other.dimension === 'all') return 1
    if (list.length === 0) return 0
    const shared = list.filter(parties => concerns(parties, other)).length
    return shared / list.length
  }
}

/** What was learnt, as it is stored; what is suspected is forgotten. */
export interface PackedSubject {
  readonly failing: readonly [number, number]
  readonly reasons: readonly (readonly [code: string, mean: number, count: number])[]
  readonly latency: readonly (readonly [number, number])[]
  readonly volume: PackedVolume
  /** Absent in what was stored before this was noted. */
  readonly heardAt?: number
}

function note(list: Parties[], parties: Parties) {
  list.push(parties)
  if (list.length > COMPANY) list.shift()
}

function concerns({ wallet, acquirer, corridor }: Parties, { dimension, name }: Subject): boolean {
  if (dimension === 'institution') return wallet === name || acquirer === name
  return dimension === 'corridor' && corridor === name
}
