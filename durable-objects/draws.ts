/**
 * How a lane's purse is kept filled: before it runs dry, behind the back of its payments, and while one waits only
 * where it is empty. One flight at a time goes to each institution's lender; whoever comes meanwhile shares the next.
 */
import { type LimitStanding, limitPlace, type Reserve } from '../src/domain/limit.ts'
import { type Result, refuse } from '../src/domain/result.ts'
import {
  type Ask,
  type Drawn,
  type Lent,
  type Report,
  SHARE_LIFE_MS,
  SHARE_MARGIN_MS,
  unspent,
} from '../src/domain/share.ts'
import { isPace, type Purse } from './purse.ts'
import { secondOf } from './tokens.ts'
import { type Use, Uses } from './uses.ts'
import { within } from './within.ts'

export interface DrawPorts {
  now(): number
  /** Resolves after `ms`, or never once the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
  /** Asks the center's lender of an institution. Throws when it cannot be reached. */
  draw(institution: string, ask: Ask): Promise<Result<Drawn>>
  /** Wakes the lane at this instant or earlier. */
  arm(at: number): void
  /** Goes on behind the answer; must not fail whoever starts it. */
  after(work: Promise<unknown>): void
  /** Hears of what should not happen; must not throw. */
  failed(what: string, error: unknown): void
}

/** A lender that gathers from afar takes up to two seconds; one that has not answered by then is away. */
const PATIENCE_MS = 3_000
/** Between two flights that nobody waits for, and at the most between two attempts to tell an absent lender. */
const REST_MS = 250
const REST_MAX_MS = 60_000
/** A lender that gave less than was wanted has little left: it is not asked again at once unless somebody waits. */
const SHORT_REST_MS = 2_000
/** An edge and a lender see the same directory within so much. */
const UNKNOWN_MS = 2_000

interface Line {
  /** What payments lack that wait for the next flight. */
  needs: Map<string, bigint>
  flying: Promise<Result<Drawn>> | null
  next: Promise<Result<Drawn>> | null
  restUntil: number
  restMs: number
  /** When the flight that is on its way has landed or is lost; 0 where none is. */
  landsBy: number
}

export class Draws {
  readonly #lane: string
  readonly #purse: Purse
  readonly #ports: DrawPorts
  readonly #lines = new Map<string, Line>()
  readonly #uses = new Uses()
  readonly #standings = new Map<string, LimitStanding>()
  /** Of these there may be more than their lender knows of. */
  readonly #unsure = new Set<string>()
  /** What payments wait for that have been told to come again. */
  readonly #awaited = new Map<string, bigint>()

  /** @param lane the name under which lenders know it */
  constructor(lane: string, purse: Purse, ports: DrawPorts) {
    this.#lane = lane
    this.#purse = purse
    this.#ports = ports
  }

  /**
   * Fetches what a payment lacks. Null where there is enough of it now.
   *
   * Refusals: LIMIT_PERIOD, LIMIT_RATE, BUSY, CENTER_UNAVAILABLE, and MEMBER_SUSPENDED of a lender that lends no more.
   */
  async fetch(short: readonly Reserve[], requester: string): Promise<Result<never> | null> {
    const institutions = new Set(short.map(({ limit }) => limitPlace(limit).institution))
    for (const { limit, minor } of short) {
      const { needs } = this.#line(limitPlace(limit).institution)
      needs.set(limit, (needs.get(limit) ?? 0n) + minor)
      this.#awaited.set(limit, (this.#awaited.get(limit) ?? 0n) + minor)
    }
    const drawn = await Promise.all([...institutions].map(each => this.#flight(each)))
    const refused = drawn.find(each => !each.ok)
    if (refused?.ok === false) return refused
    const now = this.#ports.now()
    const lacking = short.find(({ limit, minor }) => this.#purse.spendable(limit, now) < minor)
    return lacking === undefined ? null : this.#refusal(lacking, requester, now)
  }

  /** What was fetched for a payment has been taken by it, or is not wanted any more. */
  done(short: readonly Reserve[]) {
    for (const { limit, minor } of short) {
      const awaited = (this.#awaited.get(limit) ?? 0n) - minor
      if (awaited > 0n) this.#awaited.set(limit, awaited)
      else this.#awaited.delete(limit)
    }
  }

  /** Gives back what is unspent of these limits, but for what payments wait for: somebody else needs it. */
  yield(lent: readonly Lent[]): readonly Report[] {
    this.#purse.learn(lent)
    const limits = lent.map(({ limit }) => limit)
    return this.#purse.giveBack(limits, this.#awaited)
  }

  #refusal({ limit, minor }: Reserve, requester: string, now: number): Result<never> {
    const left = unspent(this.#purse.share(limit))
    // There is enough, but not for the moment: the limit is about to change, or what was lent was recalled just now.
    if (left >= minor) return refuse('BUSY', { notOpened: true, retryAfterMs: SHARE_MARGIN_MS })
    const known = this.#standings.get(limit)
    // The lender does not know of it yet, or not any more: an edge saw the directory change a moment before.
    if (known === undefined) return refuse('BUSY', { notOpened: true, retryAfterMs: UNKNOWN_MS })
    if (this.#unsure.has(limit)) {
      return refuse('CENTER_UNAVAILABLE', { notOpened: true, retryAfterMs: UNKNOWN_MS })
    }
    const detail = { notOpened: true, limit: toldTo(requester, known, left) } as const
    if (!isPace(limit)) return refuse('LIMIT_PERIOD', detail)
    return refuse('LIMIT_RATE', { ...detail, retryAfterMs: 1_000 - (now % 1_000) })
  }

  /** Payments have taken these: fetches more before there is too little, and renews what is in use. */
  taken(reserves: readonly Reserve[]) {
    const now = this.#ports.now()
    const low = new Set<string>()
    for (const { limit, minor } of reserves) {
      const use = this.#uses.note(limit, minor, now)
      if (this.#isLow(limit, use, now)) low.add(limitPlace(limit).institution)
    }
    for (const institution of low) {
      const line = this.#line(institution)
      if (line.flying === null && line.next === null && now >= line.restUntil) {
        line.restUntil = now + REST_MS
        this.#ports.after(this.#flight(institution))
      }
    }
  }

  #isLow(limit: string, use: Use, now: number): boolean {
    if (isPace(limit)) {
      const { granted } = this.#purse.tokens.at(limit, secondOf(now) + 1)
      return now % 1_000 >= 500 && granted === 0
    }
    const share = this.#purse.share(limit)
    return unspent(share) < use.target / 2n || share.expiresAt - now < SHARE_LIFE_MS / 2
  }

  /** Gives back what has run out, and tells lenders how shares have ended. */
  async wake(): Promise<void> {
    const now = this.#ports.now()
    const due = this.#purse.untold(now).filter(each => now >= this.#opensAt(each))
    await Promise.all(
      due.map(institution => {
        const limits = this.#purse.limitsOf(institution)
        this.#purse.giveBack(limits.filter(limit => this.#purse.share(limit).expiresAt <= now))
        return this.#flight(institution)
      }),
    )
  }

  /** When `wake` next has something to do, or null. */
  get dueAt(): number | null {
    const { dueAt } = this.#purse
    if (dueAt === null) return null
    const waiting = this.#purse.untold(Math.max(dueAt, this.#ports.now()))
    return Math.max(dueAt, Math.min(...waiting.map(each => this.#opensAt(each))))
  }

  /** Before this a lender is not told by itself: it was told just now, or is being told. */
  #opensAt(institution: string): number {
    const { restUntil, landsBy } = this.#line(institution)
    return Math.max(restUntil, landsBy)
  }

  #line(institution: string): Line {
    const known = this.#lines.get(institution)
    if (known !== undefined) return known
    const made = {
      needs: new Map(),
      flying: null,
      next: null,
      restUntil: 0,
      restMs: REST_MS,
      landsBy: 0,
    }
    this.#lines.set(institution, made)
    return made
  }

  /** The flight that takes along what is needed now: the next one, if one is on its way. */
  #flight(institution: string): Promise<Result<Drawn>> {
    const line = this.#line(institution)
    line.next ??= this.#depart(institution, line)
    return line.next
  }

  async #depart(institution: string, line: Line): Promise<Result<Drawn>> {
    // Whoever comes within this turn comes along.
    await (line.flying ?? Promise.resolve())
    line.flying = line.next
    line.next = null
    line.landsBy = this.#ports.now() + PATIENCE_MS
    try {
      return await this.#fly(institution, line)
    } finally {
      line.flying = null
      line.landsBy = 0
      const { dueAt } = this
      if (dueAt !== null) this.#ports.arm(dueAt)
    }
  }

  /** Never rejects, so that no flight strands the next one. */
  async #fly(institution: string, line: Line): Promise<Result<Drawn>> {
    const ask = this.#askOf(institution, line.needs)
    line.needs = new Map()
    try {
      const drawn = await within(PATIENCE_MS, this.#ports.draw(institution, ask), this.#ports.pause)
      line.restMs = REST_MS
      if (drawn.ok) this.#receive(institution, ask, drawn.value)
      // A lender that lends no more has heard how shares ended, and is not told at every turn.
      else {
        line.restUntil = this.#ports.now() + SHORT_REST_MS
        if (drawn.refusal.code === 'MEMBER_SUSPENDED') this.#purse.told(ask.shares)
      }
      return drawn
    } catch (error) {
      line.restMs = Math.min(line.restMs * 2, REST_MAX_MS)
      line.restUntil = this.#ports.now() + line.restMs
      this.#ports.failed(`drawing on limits of ${institution}`, error)
      return refuse('CENTER_UNAVAILABLE')
    }
  }

  #askOf(institution: string, needs: ReadonlyMap<string, bigint>): Ask {
    const at = this.#ports.now()
    const limits = new Set([...needs.keys(), ...this.#purse.limitsOf(institution)])
    const shares = this.#purse.reports([...limits].filter(limit => !isPace(limit))).map(report => {
      const { limit, granted, returned, used } = report
      const lacking = (needs.get(limit) ?? 0n) - (granted - returned - used)
      const need = lacking > 0n ? lacking : 0n
      return { ...report, need, want: this.#uses.want(limit, lacking, at) }
    })
    const second = secondOf(at)
    const paced = new Set([...needs.keys(), ...this.#uses.limitsOf(institution)].filter(isPace))
    const paces = [...paced].map(limit => {
      const { granted, taken } = this.#purse.tokens.at(limit, second)
      const lacking = Number(needs.get(limit) ?? 0n) - (granted - taken)
      const before = this.#purse.tokens.at(limit, second + 1).granted
      const want = Math.ceil(Math.max(taken, lacking) * NEXT_SECOND) - before
      return { limit, second, need: Math.max(lacking, 0), want: Math.max(want, 0) }
    })
    return { borrower: this.#lane, at, shares, paces, recalls: this.#purse.recallsOf(institution) }
  }

  #receive(institution: string, ask: Ask, { recalls, version, grants, paces }: Drawn) {
    for (const { limit, standing } of [...grants, ...paces]) this.#standings.set(limit, standing)
    // Of what is not lent any more, whoever still asks has seen an older directory.
    const known = new Set(grants.map(({ limit }) => limit))
    for (const { limit } of ask.shares) if (!known.has(limit)) this.#standings.delete(limit)
    for (const { limit, isUnsure } of [...grants, ...paces]) {
      if (isUnsure) this.#unsure.add(limit)
      else this.#unsure.delete(limit)
    }
    for (const { limit, second, count, next } of this.#purse.isOld(institution, recalls)
      ? []
      : paces) {
      this.#purse.tokens.add(limit, second, count)
      this.#purse.tokens.add(limit, second + 1, next)
    }
    this.#purse.heed(institution, version)
    this.#purse.receive(institution, recalls, ask.shares, grants)
    const now = this.#ports.now()
    const isShort = ask.shares.some(({ limit, want }) => want > unspent(this.#purse.share(limit)))
    if (isShort) this.#line(institution).restUntil = now + SHORT_REST_MS
  }
}

/** Of the payments of a second, so many are fetched for the next one. */
const NEXT_SECOND = 1.25

/** What an institution has left is its own business. */
const toldTo = (requester: string, standing: LimitStanding, unspentHere: bigint): LimitStanding =>
  standing.institution === requester
    ? { ...standing, left: (standing.left ?? 0n) + unspentHere }
    : { ...standing, value: null, left: null }
