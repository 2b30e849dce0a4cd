/**
 * Signals: what an edge sees and no lane ever hears of: whose signatures count, whose clock is off, what is turned away.
 *
 * An isolate adds them up and tells the monitors about once a second: cheap, and bounded whatever is sent to it.
 */
import type { UsedCode } from './anomaly-code.ts'
import { type MemberSignal, SKEWED_MS } from './anomaly-member.ts'

export interface SignalBatch {
  readonly members: readonly MemberSignal[]
  /** Requests turned away: by whom they said they were, why, how many. */
  readonly refused: readonly (readonly [institution: string, code: string, count: number])[]
  readonly used: readonly UsedCode[]
}

/** Members and refusals of one second; what is beyond is left out, because a flood of names is no member. */
const MEMBERS_MAX = 500
const REFUSED_MAX = 500
const USED_MAX = 20

interface Counted {
  verified: number
  failed: number
  skewed: number
  skewSum: number
}

export class Signals {
  #members = new Map<string, Counted>()
  #refused = new Map<string, [institution: string, code: string, count: number]>()
  #used: UsedCode[] = []

  get isEmpty(): boolean {
    return this.#members.size + this.#refused.size + this.#used.length === 0
  }

  /** @param skewMs what the member's clock is ahead of ours, as far as the request tells */
  verified(institution: string, skewMs: number) {
    const member = this.#member(institution)
    if (member === null) return
    member.verified += 1
    member.skewSum += skewMs
    if (Math.abs(skewMs) > SKEWED_MS) member.skewed += 1
  }

  failed(institution: string) {
    const member = this.#member(institution)
    if (member !== null) member.failed += 1
  }

  refused(institution: string, code: string) {
    const name = `${institution} ${code}`
    const known = this.#refused.get(name)
    if (known !== undefined) known[2] += 1
    else if (this.#refused.size < REFUSED_MAX) this.#refused.set(name, [institution, code, 1])
  }

  used(code: UsedCode) {
    if (this.#used.length < USED_MAX) this.#used.push(code)
  }

  #member(institution: string): Counted | null {
    const known = this.#members.get(institution)
    if (known !== undefined) return known
    if (this.#members.size >= MEMBERS_MAX) return null
    const made = { verified: 0, failed: 0, skewed: 0, skewSum: 0 }
    this.#members.set(institution, made)
    return made
  }

  /**
   * Everything since the last time, for each center what is its own.
   *
   * @param centerOf the center of a member; null for who is none, and then the first center hears of it
   */
  take(centers: readonly string[], centerOf: (institution: string) => string | null) {
    const batches = new Map(
      centers.map(center => [center, { members: [], refused: [], used: [] } as Batch]),
    )
    const of = (institution: string) =>
      batches.get(centerOf(institution) ?? '') ?? batches.get(centers[0] ?? '')
    for (const [institution, { verified, failed, skewed, skewSum }] of this.#members) {
      const skewMs = verified === 0 ? 0 : skewSum / verified
      of(institution)?.members.push({ institution, verified, failed, skewed, skewMs })
    }
    for (const row of this.#refused.values()) of(row[0])?.refused.push(row)
    for (const code of this.#used) of(code.acquirer)?.used.push(code)
    this.#members = new Map()
    this.#refused = new Map()
    this.#used = []
    const isNews = ({ members, refused, used }: Batch) =>
      members.length + refused.length + used.length > 0
    return new Map<string, SignalBatch>([...batches].filter(([, batch]) => isNews(batch)))
  }
}

interface Batch extends SignalBatch {
  readonly members: MemberSignal[]
  readonly refused: [string, string, number][]
  readonly used: UsedCode[]
}
