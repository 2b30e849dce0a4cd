/**
 * Which events of which lanes are known: each is counted once, though runs come twice, late and out of order, and
 * those that went missing are known by their numbers and can be asked for.
 */

/** First and last `seq`, both included. */
export type Range = readonly [from: number, to: number]

export interface Hole {
  readonly lane: string
  readonly from: number
  readonly to: number
  /** Since when it is known to be missing. */
  readonly since: number
}

/** How far back a lane is caught up with when it is heard of first, or after a long absence. */
export const CATCH_UP_MAX = 5_000
/** Holes of one lane; with more, the oldest is given up. */
const HOLES_MAX = 16
/** Lanes known at a time; the one that was silent the longest is forgotten. */
const LANES_MAX = 10_000

interface Marks {
  /** Highest `seq` heard of. */
  top: number
  /** What is missing below it, lowest first. */
  holes: Hole[]
}

export class LaneMarks {
  /** In the order in which they were last heard of. */
  readonly #lanes = new Map<string, Marks>()

  get size(): number {
    return this.#lanes.size
  }

  get missing(): number {
    let count = 0
    for (const { holes } of this.#lanes.values()) {
      for (const { from, to } of holes) count += to - from + 1
    }
    return count
  }

  /** Marks a run as known, and tells which parts of it are new. */
  take(lane: string, from: number, to: number, now: number): readonly Range[] {
    const marks = this.#touch(lane, from)
    const fresh: Range[] = []
    const holes: Hole[] = []
    for (const hole of marks.holes) {
      const first = Math.max(hole.from, from)
      const last = Math.min(hole.to, to)
      if (first > last) {
        holes.push(hole)
        continue
      }
      fresh.push([first, last])
      if (hole.from < first) holes.push({ ...hole, to: first - 1 })
      if (last < hole.to) holes.push({ ...hole, from: last + 1 })
    }
    if (to > marks.top) {
      fresh.push([Math.max(from, marks.top + 1), to])
      if (from > marks.top + 1) holes.push(this.#hole(lane, marks.top + 1, from - 1, now))
      marks.top = to
    }
    marks.holes = holes.slice(-HOLES_MAX)
    return fresh
  }

  /** The lane's journal is known to reach up to `seq`: whatever is not here is missing. */
  reaches(lane: string, seq: number, now: number) {
    const marks = this.#touch(lane, seq + 1)
    if (seq <= marks.top) return
    marks.holes = [...marks.holes, this.#hole(lane, marks.top + 1, seq, now)].slice(-HOLES_MAX)
    marks.top = seq
  }

  #hole(lane: string, from: number, to: number, now: number): Hole {
    return { lane, from: Math.max(from, to - CATCH_UP_MAX + 1), to, since: now }
  }

  /** What has been missing since before this instant, the longest first. */
  holes(before: number): readonly Hole[] {
    return [...this.#lanes.values()]
      .flatMap(({ holes }) => holes.filter(({ since }) => since <= before))
      .sort((one, other) => one.since - other.since)
  }

  /** Nobody has it any more, or it is not worth asking for again. */
  giveUp({ lane, to }: Hole) {
    const marks = this.#lanes.get(lane)
    if (marks !== undefined) marks.holes = marks.holes.filter(hole => hole.to > to)
  }

  #touch(lane: string, from: number): Marks {
    const known = this.#lanes.get(lane)
    const marks = known ?? { top: Math.max(0, from - 1 - CATCH_UP_MAX), holes: [] }
    this.#lanes.delete(lane)
    this.#lanes.set(lane, marks)
    if (this.#lanes.size > LANES_MAX) {
      const silent = this.#lanes.keys().next().value
      if (silent !== undefined) this.#lanes.delete(silent)
    }
    return marks
  }

  pack(): PackedMarks {
    return [...this.#lanes].map(([lane, { top, holes }]) => [
      lane,
      top,
      holes.map(({ from, to, since }) => [from, to, since]),
    ])
  }

  static of(packed: PackedMarks): LaneMarks {
    const marks = new LaneMarks()
    for (const [lane, top, holes] of packed) {
      marks.#lanes.set(lane, {
        top,
        holes: holes.map(([from, to, since]) => ({ lane, from, to, since })),
      })
    }
    return marks
  }
}

/** As they are stored. */
export type PackedMarks = readonly (readonly [
  lane: string,
  top: number,
  holes: readonly (readonly [from: number, to: number, since: number])[],
])[]
