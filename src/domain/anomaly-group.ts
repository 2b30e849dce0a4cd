/**
 * One trouble shows in many places: an acquirer that is down also fails its corridors and some wallets. What shares most
 * of its payments with what was found first goes along with it, instead of being found a second time.
 */
import { type Finding, type Subject, sameSubject } from './anomaly.ts'
import type { Candidate } from './anomaly-subjects.ts'

/** So much of one's payments has to do with the other; less, where one is plainly the other thinned out. */
const SHARED = 0.7
const SHARED_THIN = 0.4
/** What was found keeps others along for so long after it has passed: the smaller a part, the longer it shows. */
const HOLD_MS = 900_000
/** Nothing new is found that nothing spoke for in so long: then it is what is left of something that has passed. */
const FRESH_MS = 60_000
/** No part is much worse than the whole: then the whole is what is in trouble. */
const EVEN = 1.5
/** Not found for so long, a trouble has passed. */
const GONE_MS = 30_000
const ALSO_MAX = 12

interface Root {
  candidate: Candidate
  /** Those that go along with it. */
  members: Candidate[]
  /** When it was last found itself, and when anything of it was. */
  foundAt: number
  lastAt: number
  /** When something last spoke for it, or for what goes along with it. */
  goesOnAt: number
}

export class Groups {
  readonly #roots: Root[] = []

  /** What is found, each trouble once. */
  gather(candidates: readonly Candidate[], at: number): readonly Finding[] {
    this.#forget(at)
    const rest: Candidate[] = []
    for (const candidate of candidates) {
      const own = this.#roots.find(root => isSame(root.candidate, candidate))
      if (own === undefined) rest.push(candidate)
      else {
        own.foundAt = at
        own.lastAt = at
        own.goesOnAt = at
        own.candidate = candidate
      }
    }
    // What is worst goes first. Everything together goes last, being in trouble for one of its parts most often; but
    // first where no part is much worse than the whole.
    const rank = ({ finding, weight }: Candidate) => {
      if (finding.subject.dimension !== 'all') return weight
      const parts = rest.filter(each => each.finding.kind === finding.kind)
      return parts.every(part => part.weight <= weight * EVEN) ? Number.MAX_VALUE : -1
    }
    for (const candidate of rest.toSorted((one, other) => rank(other) - rank(one))) {
      const root = this.#roots.find(
        each =>
          // What begins after the other has passed is a trouble of its own.
          candidate.finding.since <= each.foundAt + GONE_MS &&
          [each.candidate, ...each.members].some(member => belongTogether(member, candidate)),
      )
      if (root !== undefined) {
        root.lastAt = at
        // The whole may be well again while its part is not: then that is what goes on.
        if (at - candidate.raisedAt < FRESH_MS) root.goesOnAt = at
        const others = root.members.filter(member => !isSame(member, candidate))
        root.members = [candidate, ...others].slice(0, ALSO_MAX)
      } else if (at - candidate.raisedAt < FRESH_MS) {
        this.#roots.push({ candidate, members: [], foundAt: at, lastAt: at, goesOnAt: at })
      }
    }
    return this.#roots
      .filter(({ goesOnAt }) => goesOnAt === at)
      .map(root => ({ ...root.candidate.finding, also: alsoOf(root) }))
  }

  #forget(at: number) {
    for (let place = this.#roots.length - 1; place >= 0; place -= 1) {
      if (at - (this.#roots[place]?.lastAt ?? 0) > HOLD_MS) this.#roots.splice(place, 1)
    }
  }
}

const alsoOf = ({ members }: Root): readonly Subject[] =>
  members.map(({ finding }) => finding.subject)

const isSame = (one: Candidate, other: Candidate): boolean =>
  one.finding.kind === other.finding.kind &&
  one.finding.facts.code === other.finding.facts.code &&
  sameSubject(one.finding.subject, other.finding.subject)

function belongTogether(root: Candidate, other: Candidate): boolean {
  const { kind, subject, facts } = root.finding
  if (kind !== other.finding.kind || facts.code !== other.finding.facts.code) return false
  // Everything has to do with everything together, which says nothing.
  if (subject.dimension === 'all') return other.weight <= root.weight * EVEN
  const needed = other.weight < root.weight ? SHARED_THIN : SHARED
  return (
    other.watched.sharedWith(subject, other.parties) >= needed ||
    root.watched.sharedWith(other.finding.subject, root.parties) >= SHARED
  )
}
