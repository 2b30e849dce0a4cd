/**
 * Vigil: what one center thinks of the others, when it votes a center lost, and what it may promise meanwhile.
 *
 * A center is lost when a majority of the others say so at the same time. Each of them says so only after it had
 * nothing good from the center for three seconds, and a vote counts for two. As long as a center is well, the others
 * grant it time: until the grant ends they do not vote. So a center that cannot reach the directory still knows that
 * no epoch of its lanes can have been written by those who would take them over, and its lanes go on.
 */
import type { Center } from './directory.ts'
import { CLOCK_SKEW_MS } from './epoch.ts'

/** Between two probes of each center. */
export const PROBE_PACE_MS = 500
/** A probe that has no answer by then is missed; light around the world takes a quarter of it. */
export const PROBE_TIMEOUT_MS = 1_000
/** Nothing good for so long, and so many probes missed, is a loss. One stall of our own is at most two misses. */
const LOST_AFTER_MS = 3_000
const LOST_MISSES = 3
/** A vote counts for so long; whoever acts on it must have written by then. */
const VOTE_MS = 2_000
/** The last grant goes out before the first probe is missed, and ends when a vote may begin. */
const GRANT_MS = LOST_AFTER_MS - PROBE_TIMEOUT_MS - PROBE_PACE_MS - CLOCK_SKEW_MS
/**
 * Who cannot reach the directory could not act on votes either, and grants time generously, so that a hiccup of the
 * network between centers does not stop lanes that nobody could move.
 */
const LONG_GRANT_MS = 10_000
/** An order lasts until everybody is free to vote by it. */
const ORDER_MS = LONG_GRANT_MS + VOTE_MS + LOST_AFTER_MS
/** The directory is away when it was last seen longer ago than this. */
const DIRECTORY_AWAY_MS = 3_000
/** A center that is back is well after so many good probes in a row. */
const WELL_AFTER = 30
/** And it gets its lanes back so long after they were moved, unless somebody pins it. */
const HOLD_OFF_MS = 300_000
/** Edges say what they see: so many of them, each with so many calls that failed and none that went well. */
const EDGES_MIN = 2
const EDGE_MISSES = 5
/** An edge that says nothing more has nothing more to complain of. */
const EDGE_FORGOTTEN_MS = 2_000
/** Edges listened to at a time. */
const EDGES_MAX = 1_000

/** What two centers tell each other with every probe. Instants are milliseconds since 1970, by the speaker's clock. */
export interface Word {
  readonly from: string
  readonly at: number
  /** The speaker will not vote against the listener before this; null where it will not say so. */
  readonly grantUntil: number | null
  /** The directory as the speaker knows it, and when it was last known to be so. */
  readonly version: number
  readonly confirmedAt: number
  /** Whom it says to be lost, and until when the vote counts. */
  readonly votes: Readonly<Record<string, number>>
  /** Whom it found well for some time. */
  readonly well: readonly string[]
}

/** What an edge says about a center it cannot reach. */
export interface Complaint {
  /** Of the edge's isolate. */
  readonly edge: string
  readonly center: string
  /** Calls that failed since the last one that went well. */
  readonly misses: number
}

interface View {
  /** When the last good probe was sent. */
  goodAt: number
  misses: number
  goodRun: number
  /** The last thing it said. */
  word: Word | null
  /** Since when it has granted us time without a gap, and until when. */
  grantedFrom: number
  grantedUntil: number
  /** Until when we have granted it time, and until when our vote against it counts. */
  grantUntil: number
  voteUntil: number
  /** An operator says that it is lost, until then. */
  orderedUntil: number
  complaints: Map<string, { misses: number; since: number; at: number }>
}

export class Vigil {
  readonly #me: string
  readonly #startedAt: number
  readonly #views = new Map<string, View>()
  #version = 0
  #confirmedAt = 0
  /** No epoch was written before this instant that the directory in hand does not have. */
  #covered = 0
  /** Somebody may be writing epochs without a vote until then. */
  #heldUntil = 0

  /** @param startedAt votes and grants of an earlier life may count for some time after it */
  constructor(me: string, startedAt: number) {
    this.#me = me
    this.#startedAt = startedAt
    this.held(startedAt + VOTE_MS + CLOCK_SKEW_MS)
  }

  /** The directory was seen. */
  confirmed(version: number, confirmedAt: number) {
    if (version < this.#version) return
    this.#version = version
    this.#confirmedAt = Math.max(this.#confirmedAt, confirmedAt)
    this.#covered = Math.max(this.#covered, this.#confirmedAt)
  }

  /** What to say to a center; what is granted here is kept. */
  wordTo(center: string, now: number): Word {
    const view = this.#view(center, now)
    this.#forget(view, now)
    const mayGrant =
      !this.#isSuspect(view, now) &&
      now >= Math.max(view.voteUntil, this.#startedAt + VOTE_MS) + CLOCK_SKEW_MS
    const isAway = now - this.#confirmedAt > DIRECTORY_AWAY_MS
    if (mayGrant) view.grantUntil = now + (isAway ? LONG_GRANT_MS : GRANT_MS)
    return {
      from: this.#me,
      at: now,
      grantUntil: mayGrant ? view.grantUntil : null,
      version: this.#version,
      confirmedAt: this.#confirmedAt,
      votes: this.#votes(now),
      well: [...this.#views].flatMap(([id, { goodRun }]) => (goodRun >= WELL_AFTER ? [id] : [])),
    }
  }

  /** Takes in what a center said, asked or unasked. */
  heard(word: Word, now: number) {
    const view = this.#view(word.from, now)
    if (view.word !== null && view.word.at > word.at) return
    view.word = word
    if (word.grantUntil !== null) {
      // A run of grants without a gap is one promise from its beginning on.
      if (word.at > view.grantedUntil) view.grantedFrom = word.at
      view.grantedUntil = Math.max(view.grantedUntil, word.grantUntil)
    }
    if (word.version === this.#version) this.confirmed(word.version, word.confirmedAt)
  }

  /** Whether that center knows a newer directory than this one. */
  isBehind(word: Word): boolean {
    return word.version > this.#version
  }

  /** A probe came back in time, and the center said that its lanes answer. */
  good(center: string, sentAt: number, now: number) {
    const view = this.#view(center, now)
    view.goodAt = Math.max(view.goodAt, sentAt)
    view.misses = 0
    view.goodRun += 1
  }

  missed(center: string, now: number) {
    const view = this.#view(center, now)
    view.misses += 1
    view.goodRun = 0
  }

  complained({ edge, center, misses }: Complaint, now: number) {
    const { complaints } = this.#view(center, now)
    const since = complaints.get(edge)?.since ?? now
    if (misses === 0) complaints.delete(edge)
    else if (complaints.has(edge) || complaints.size < EDGES_MAX) {
      complaints.set(edge, { misses, since, at: now })
    }
  }

  /** An operator says that a center is lost, whatever is seen of it. */
  ordered(center: string, now: number) {
    this.#view(center, now).orderedUntil = now + ORDER_MS
  }

  /** Somebody is about to write epochs; until then only the directory itself says what is written. */
  held(until: number) {
    this.#heldUntil = Math.max(this.#heldUntil, until)
  }

  /** Casts this center's votes, as far as its grants let it. */
  vote(centers: readonly Center[], now: number) {
    for (const { id } of centers) {
      if (id === this.#me) continue
      const view = this.#view(id, now)
      this.#forget(view, now)
      const free = Math.max(view.grantUntil, this.#startedAt + LONG_GRANT_MS) + CLOCK_SKEW_MS
      if (!this.#seemsLost(view, now) || now < free) continue
      view.voteUntil = now + VOTE_MS
      // Who may vote about us depends on who is down, and that is about to change.
      this.held(view.voteUntil + CLOCK_SKEW_MS)
    }
  }

  /** Centers that a majority of the others says to be lost, and until when that may be acted upon. */
  lost(centers: readonly Center[], now: number): readonly { center: string; until: number }[] {
    return centers.flatMap(center => {
      const { id, status = 'up', pinned = false } = center
      if (id === this.#me || status === 'down') return []
      if (pinned && now >= this.#view(id, now).orderedUntil) return []
      const observers = observersOf(centers, id)
      const votes = observers
        .map(observer => this.#voteOf(observer, id, now))
        .filter(until => until > now)
        .toSorted((one, other) => other - one)
      const last = votes[majorityOf(observers.length) - 1]
      return last === undefined ? [] : [{ center: id, until: last - CLOCK_SKEW_MS }]
    })
  }

  /** Centers that may have their lanes back. */
  returned(centers: readonly Center[], now: number): readonly string[] {
    return centers.flatMap(({ id, status = 'up', statusSince = 0, pinned = false }) => {
      const mayReturn = status === 'down' && !pinned && now >= statusSince + HOLD_OFF_MS
      if (!mayReturn) return []
      const observers = observersOf(centers, id)
      const well = observers.filter(observer => this.#isWell(observer, id, now))
      return well.length >= majorityOf(observers.length) ? [id] : []
    })
  }

  /**
   * The instant up to which no epoch can have been written that the directory in hand does not have: since it was
   * last seen, or because so many centers have granted time that those who have not are no majority.
   */
  covered(centers: readonly Center[], now: number): number {
    const observers = observersOf(centers, this.#me)
    const needed = observers.length - majorityOf(observers.length) + 1
    const isHeld = this.#covered < this.#heldUntil
    const granted = observers
      .flatMap(id => this.#views.get(id) ?? [])
      .filter(({ grantedFrom }) => grantedFrom + CLOCK_SKEW_MS <= this.#covered)
      .map(({ grantedUntil }) => grantedUntil - CLOCK_SKEW_MS)
      .toSorted((one, other) => other - one)
    const until = granted[needed - 1]
    // Never ahead of now: whoever is about to write says so first, and must not find us sure of what is to come.
    if (until !== undefined && !isHeld) {
      this.#covered = Math.max(this.#covered, Math.min(until, now))
    }
    return this.#covered
  }

  #votes(now: number): Record<string, number> {
    const counting = [...this.#views].filter(([, { voteUntil }]) => voteUntil > now)
    return Object.fromEntries(counting.map(([id, { voteUntil }]) => [id, voteUntil]))
  }

  #voteOf(observer: string, center: string, now: number): number {
    if (observer === this.#me) return this.#view(center, now).voteUntil
    return this.#views.get(observer)?.word?.votes[center] ?? 0
  }

  #isWell(observer: string, center: string, now: number): boolean {
    if (observer === this.#me) return this.#view(center, now).goodRun >= WELL_AFTER
    const word = this.#views.get(observer)?.word
    return word != null && now - word.at < LOST_AFTER_MS && word.well.includes(center)
  }

  #isSuspect(view: View, now: number): boolean {
    return view.misses > 0 || this.#edges(view).length >= EDGES_MIN || now < view.orderedUntil
  }

  #seemsLost(view: View, now: number): boolean {
    const isSilent = view.misses >= LOST_MISSES && now - view.goodAt >= LOST_AFTER_MS
    const edges = this.#edges(view).filter(({ since }) => now - since >= LOST_AFTER_MS)
    return isSilent || edges.length >= EDGES_MIN || now < view.orderedUntil
  }

  #edges({ complaints }: View) {
    return [...complaints.values()].filter(({ misses }) => misses >= EDGE_MISSES)
  }

  #forget({ complaints }: View, now: number) {
    for (const [edge, { at }] of complaints) {
      if (now - at > EDGE_FORGOTTEN_MS) complaints.delete(edge)
    }
  }

  #view(center: string, now: number): View {
    const known = this.#views.get(center)
    if (known !== undefined) return known
    const made: View = {
      // Nobody is lost before it was looked at for as long as anybody else.
      goodAt: now,
      misses: 0,
      goodRun: 0,
      word: null,
      grantedFrom: 0,
      grantedUntil: 0,
      grantUntil: 0,
      voteUntil: 0,
      orderedUntil: 0,
      complaints: new Map(),
    }
    this.#views.set(center, made)
    return made
  }
}

/** Those whose votes count about a center: whoever is lost itself has none. */
const observersOf = (centers: readonly Center[], id: string): readonly string[] =>
  centers.filter(each => each.id !== id && each.status !== 'down').map(each => each.id)

const majorityOf = (count: number): number => Math.floor(count / 2) + 1
