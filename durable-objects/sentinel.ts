/**
 * Sentinel: one in each center. It watches the other centers, says which of them are lost, and moves what a lost one
 * served; and it tells its own lanes how far they may trust what is known of the directory.
 *
 * This shell only binds the platform: the other sentinels, the directory, the clock. What a sentinel thinks is in
 * `domain/vigil`. It keeps nothing: whoever forgets is careful for some seconds.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Held } from '../src/db/snapshot.ts'
import { steer } from '../src/db/steering.ts'
import { type Center, type DirectoryRows, directoryOf } from '../src/domain/directory.ts'
import type { KnownEpoch } from '../src/domain/epoch.ts'
import { planLoss, planReturn } from '../src/domain/epoch-plan.ts'
import { assert } from '../src/domain/result.ts'
import {
  type Complaint,
  PROBE_PACE_MS,
  PROBE_TIMEOUT_MS,
  Vigil,
  type Word,
} from '../src/domain/vigil.ts'
import type { CenterEnv } from '../src/env.ts'
import { log, logError } from '../src/log.ts'
import { within } from '../src/patience.ts'
import {
  holdCenters,
  type SentinelPort,
  type SentinelWord,
  sentinelOf,
  type Vouch,
} from '../src/sentinels.ts'
import { snapshotOf } from '../src/snapshot.ts'

/** One alarm keeps watch for so long; the next one is set before, so that a crash does not end the watch. */
const ROUND_MS = 10_000
/** Between two looks at the directory. */
const LOOK_MS = 1_000
/** The lane that is asked whether lanes answer. It never has a payment. */
const CANARY = '0:0:0'
/** Lanes that have not answered for so long do not. */
const SICK_MS = 2_000

export class Sentinel extends DurableObject<CenterEnv> implements SentinelPort {
  readonly #me: string
  readonly #vigil: Vigil
  #held: Held | null = null
  #lookedAt = 0
  #canaryAskedAt = 0
  #canaryHeardAt = Date.now()
  readonly #moving = new Set<string>()

  constructor(ctx: DurableObjectState, env: CenterEnv) {
    super(ctx, env)
    const name = ctx.id.name
    assert(name !== undefined, 'a sentinel is addressed by the name of its center')
    this.#me = name
    this.#vigil = new Vigil(name, Date.now())
    void ctx.storage.setAlarm(Date.now())
  }

  /** Another sentinel looks whether we are here, and says what it thinks of everybody. */
  probe(word: Word): SentinelWord {
    this.#hear(word)
    const now = Date.now()
    return { word: this.#vigil.wordTo(word.from, now), well: now - this.#canaryHeardAt < SICK_MS }
  }

  /** An edge tells of a center that it cannot reach, or that it reaches again. */
  complain(complaint: Complaint): void {
    this.#vigil.complained(complaint, Date.now())
  }

  /** An operator gives up a center. */
  order(center: string): void {
    this.#vigil.ordered(center, Date.now())
  }

  /** Somebody is about to write epochs, and will have done so by then. */
  hold(untilMs: number): void {
    this.#vigil.held(untilMs)
  }

  /** What is known of an epoch of this center's lanes; null where nothing is. */
  known(institution: number, epoch: number): KnownEpoch | null {
    if (this.#held === null) return null
    const { directory } = this.#held
    const requester = directory.institutionByNumber(institution)
    const bounds = requester && directory.epochBounds(requester.id, epoch)
    const confirmedAt = this.#vigil.covered(directory.centers, Date.now())
    return bounds === undefined ? null : { ...bounds, confirmedAt }
  }

  /** The same of all epochs at once, for whoever has this version of the directory; null where nothing is known. */
  vouch(version: number): Vouch | null {
    if (this.#held === null) return null
    const { directory } = this.#held
    const confirmedAt = this.#vigil.covered(directory.centers, Date.now())
    const rows = directory.version > version ? directory.rows : null
    return { version: directory.version, confirmedAt, rows }
  }

  /** The directory, for a sentinel that does not reach it. */
  rows(): { readonly rows: DirectoryRows; readonly confirmedAt: number } | null {
    return this.#held && { rows: this.#held.directory.rows, confirmedAt: this.#held.confirmedAt }
  }

  override async alarm(): Promise<void> {
    const end = Date.now() + ROUND_MS
    await this.ctx.storage.setAlarm(end + PROBE_PACE_MS)
    while (Date.now() < end) {
      try {
        this.#turn()
      } catch (error) {
        logError({ log: 'sentinel', failed: 'a turn', error: String(error) })
      }
      await scheduler.wait(PROBE_PACE_MS)
    }
    await this.ctx.storage.setAlarm(Date.now())
  }

  #turn() {
    const now = Date.now()
    if (now - this.#lookedAt >= LOOK_MS) {
      this.#lookedAt = now
      void this.#look(now)
    }
    if (now - this.#canaryAskedAt >= PROBE_TIMEOUT_MS) {
      this.#canaryAskedAt = now
      void this.#askCanary()
    }
    this.#vigil.vote(this.#centers, now)
    // Behind the vote, so that the others hear of it at once.
    for (const { id } of this.#centers) if (id !== this.#me) void this.#probe(id)
    this.#judge(now)
  }

  get #centers(): readonly Center[] {
    return this.#held?.directory.centers ?? []
  }

  #judge(now: number) {
    for (const { center, until } of this.#vigil.lost(this.#centers, now)) {
      void this.#move(center, 'lost', () =>
        steer(this.env.DIRECTORY, planLoss(center), { now: Date.now, by: until }),
      )
    }
    for (const center of this.#vigil.returned(this.#centers, now)) {
      const before = () => holdCenters(this.env)
      void this.#move(center, 'returned', () =>
        steer(this.env.DIRECTORY, planReturn(center), { now: Date.now, before }),
      )
    }
  }

  async #move(center: string, event: string, work: () => ReturnType<typeof steer>) {
    if (this.#moving.has(center)) return
    this.#moving.add(center)
    try {
      const steered = await work()
      if (!steered.ok) {
        log({ log: 'center', event: 'stays', center, code: steered.refusal.code })
      } else if (steered.value.centers.length > 0) {
        const { version, epochs } = steered.value
        log({ log: 'center', event, center, by: this.#me, version, institutions: epochs.length })
      }
      await this.#look(Date.now())
    } catch (error) {
      logError({ log: 'sentinel', failed: event, center, error: String(error) })
    } finally {
      this.#moving.delete(center)
    }
  }

  async #look(now: number) {
    try {
      const after = (work: Promise<unknown>) => this.ctx.waitUntil(work)
      this.#take(await snapshotOf(this.env).renewed(now, after))
    } catch {
      // The snapshot has said so in the log, and the other sentinels may know.
    }
  }

  #take(held: Held) {
    const before = this.#held
    if (before !== null && before.directory.version > held.directory.version) return
    const isOlder =
      before?.directory.version === held.directory.version && before.confirmedAt > held.confirmedAt
    if (!isOlder) this.#held = held
    this.#vigil.confirmed(held.directory.version, held.confirmedAt)
  }

  async #probe(id: string) {
    const sentAt = Date.now()
    const word = this.#vigil.wordTo(id, sentAt)
    try {
      const answer = await within(PROBE_TIMEOUT_MS, sentinelOf(this.env, id).probe(word))
      this.#hear(answer.word)
      if (answer.well) this.#vigil.good(id, sentAt, Date.now())
      else this.#vigil.missed(id, Date.now())
    } catch {
      this.#vigil.missed(id, Date.now())
    }
  }

  #hear(word: Word) {
    this.#vigil.heard(word, Date.now())
    if (this.#vigil.isBehind(word)) void this.#learnFrom(word.from)
    // A vote may be the one that was missing.
    if (Object.keys(word.votes).length > 0) this.#judge(Date.now())
  }

  /** Takes the directory from another center that has a newer one. */
  async #learnFrom(id: string) {
    if (this.#moving.has('')) return
    this.#moving.add('')
    try {
      const known = await within(PROBE_TIMEOUT_MS, sentinelOf(this.env, id).rows())
      if (known !== null) {
        this.#take({ directory: directoryOf(known.rows), confirmedAt: known.confirmedAt })
      }
    } catch {
      // The next word brings the next try.
    } finally {
      this.#moving.delete('')
    }
  }

  async #askCanary() {
    try {
      const lane = this.env.LANE.getByName(CANARY) as unknown as { read(id: string): unknown }
      await within(PROBE_TIMEOUT_MS, Promise.resolve(lane.read('')))
      this.#canaryHeardAt = Date.now()
    } catch (error) {
      logError({ log: 'sentinel', failed: 'own lanes', error: String(error) })
    }
  }
}
